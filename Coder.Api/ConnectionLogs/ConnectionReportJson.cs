using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Application.ConnectionLogs;
using Coder.Domain.ConnectionLogs;

namespace Coder.Api.ConnectionLogs;

/// <summary>How much may be reported (docs/spec/connection-logs.md, sections 7.2 and 7.3).</summary>
internal static class ConnectionReports
{
    /// <summary>In bytes: a user agent of 1 MB is cut and not refused, however its characters are escaped.</summary>
    public const int MaximumBody = 4 * 1024 * 1024;

    /// <summary>Requests a minute. What an agent has kept during an outage, 2,048 reports, may come at once, one by one.</summary>
    public const int PerAgent = 6_000;

    /// <summary>Requests a minute. A proxy reports for all of its users.</summary>
    public const int PerProxy = 60_000;
}

/// <summary>One report about a session, or several in a list; then the other fields do not count.</summary>
public sealed record AgentConnectionReportJson
{
    /// <summary>The id of the session, chosen by the agent; the same for its begin and its end.</summary>
    [DocumentedAs(typeof(Guid))]
    public string? Id { get; init; }

    /// <summary>connect or disconnect.</summary>
    public string? Action { get; init; }

    /// <summary>One of the session types: ssh, vscode, jetbrains or reconnecting_pty.</summary>
    [WireNames(typeof(ConnectionType))]
    public string? Type { get; init; }

    /// <summary>When it happened; now if it is left out.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Where it came from; a text that is no address counts as none.</summary>
    public string? Ip { get; init; }

    /// <summary>The exit code of a session that ended; 0 if it is left out.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Why a session ended; cut to 1024 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>1 to 1000 reports in the order in which things happened; all are stored or none.</summary>
    public IReadOnlyList<AgentConnectionReportJson?>? Connections { get; init; }

    internal (IReadOnlyList<AgentConnectionInput?> Reports, bool IsList) ToInput() => Connections is { } list
        ? ([.. list.Select(report => report?.ToOne())], true)
        : ([ToOne()], false);

    private AgentConnectionInput ToOne() => new(Id, Action, Type, Timestamp, Ip, StatusCode, Reason);
}

/// <summary>One report about something that was opened in a browser, or several in a list; then the other fields do not count.</summary>
public sealed record ProxyConnectionReportJson
{
    /// <summary>The agent; the workspace, its owner and its organization follow from it.</summary>
    [DocumentedAs(typeof(Guid))]
    public string? AgentId { get; init; }

    /// <summary>The app; left out for ports.</summary>
    [DocumentedAs(typeof(Guid))]
    public string? AppId { get; init; }

    /// <summary>workspace_app or port_forwarding.</summary>
    [WireNames(typeof(ConnectionType))]
    public string? Type { get; init; }

    /// <summary>The slug of the app, or the port as text; cut to 256 characters.</summary>
    public string? SlugOrPort { get; init; }

    /// <summary>Who opened it; left out when not signed in.</summary>
    [DocumentedAs(typeof(Guid))]
    public string? UserId { get; init; }

    /// <summary>Where the request came from; a text that is no address counts as none.</summary>
    public string? Ip { get; init; }

    /// <summary>What the browser calls itself; cut to 1024 characters.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The HTTP status of the answer; 200 if it is left out.</summary>
    public int? StatusCode { get; init; }

    /// <summary>When it happened; now if it is left out.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>1 to 1000 reports; all are taken or none.</summary>
    public IReadOnlyList<ProxyConnectionReportJson?>? Connections { get; init; }

    internal (IReadOnlyList<WebConnectionInput?> Reports, bool IsList) ToInput() => Connections is { } list
        ? ([.. list.Select(report => report?.ToOne())], true)
        : ([ToOne()], false);

    private WebConnectionInput ToOne() => new(AgentId, AppId, Type, SlugOrPort, UserId, Ip, UserAgent, StatusCode, Timestamp);
}

/// <summary>What came of reports.</summary>
/// <param name="Recorded">The number of rows; openings of known sessions make none.</param>
public sealed record ProxyConnectionResponseJson(int Recorded);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AgentConnectionReportJson))]
[JsonSerializable(typeof(ProxyConnectionReportJson))]
[JsonSerializable(typeof(ProxyConnectionResponseJson))]
internal sealed partial class ConnectionReportsJsonContext : JsonSerializerContext;
