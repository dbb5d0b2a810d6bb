using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Coder.Api.Organizations;
using Coder.Api.Swagger;
using Coder.Api.Users;
using Coder.Application.ConnectionLogs;
using Coder.Domain.ConnectionLogs;

namespace Coder.Api.ConnectionLogs;

/// <summary>A page of the connection log. The rows are written while they are read, so that a long page takes no more memory than a short one.</summary>
public sealed record ConnectionLogResponseJson
{
    private readonly ConnectionLogPage? _page;

    /// <summary>The entries, newest first.</summary>
    public required IAsyncEnumerable<ConnectionLogJson> ConnectionLogs { get; init; }

    /// <summary>How many entries match in all; -1 when that was not asked for.</summary>
    public required long Count { get; init; }

    /// <summary>Where counting stopped: a greater count means more than this. Left out when no cap was given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CountCap { get; init; }

    /// <summary>Asks for the entries that follow; left out when there are none.</summary>
    /// <remarks>Stands last: it is known once all entries were written.</remarks>
    [JsonPropertyOrder(1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NextCursor => _page?.NextCursor?.ToString();

    private ConnectionLogResponseJson(ConnectionLogPage? page) => _page = page;

    internal static ConnectionLogResponseJson From(ConnectionLogPage page, CancellationToken ct) => new(page)
    {
        ConnectionLogs = EntriesAsync(page, ct),
        Count = page.Count,
        CountCap = page.CountCap,
    };

    private static async IAsyncEnumerable<ConnectionLogJson> EntriesAsync(ConnectionLogPage page, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var view in page.ReadAsync(ct))
        {
            yield return ConnectionLogJson.From(view);
        }
    }
}

/// <summary>A session, or an opening in a browser. Exactly one of <c>web_info</c> and <c>ssh_info</c> is there.</summary>
public sealed record ConnectionLogJson
{
    /// <summary>Never changes.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset ConnectTime { get; init; }

    /// <summary>The organization of the workspace.</summary>
    public required MinimalOrganizationJson Organization { get; init; }

    /// <summary>The owner of the workspace at that time.</summary>
    public required Guid WorkspaceOwnerId { get; init; }

    /// <summary>The owner's present name; empty when the account is not stored any more.</summary>
    public required string WorkspaceOwnerUsername { get; init; }

    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The workspace's name at that time.</summary>
    public required string WorkspaceName { get; init; }

    /// <summary>The agent's name at that time.</summary>
    public required string AgentName { get; init; }

    /// <summary>Where it came from; left out when unknown.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ip { get; init; }

    /// <summary>What was connected with.</summary>
    [WireNames(typeof(ConnectionType))]
    public required string Type { get; init; }

    /// <summary>For openings in a browser.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ConnectionLogWebInfoJson? WebInfo { get; init; }

    /// <summary>For sessions of every type, not of SSH alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ConnectionLogSSHInfoJson? SshInfo { get; init; }

    internal static ConnectionLogJson From(ConnectionLogView view)
    {
        var entry = view.Entry;
        var isSession = entry.Type.IsSession();
        return new ConnectionLogJson
        {
            Id = entry.Id,
            ConnectTime = entry.ConnectTime,
            Organization = MinimalOrganizationJson.From(view.Organization),
            WorkspaceOwnerId = entry.WorkspaceOwnerId,
            WorkspaceOwnerUsername = view.WorkspaceOwnerUsername,
            WorkspaceId = entry.WorkspaceId,
            WorkspaceName = entry.WorkspaceName,
            AgentName = entry.AgentName,
            Ip = entry.Ip?.ToString(),
            Type = entry.Type.WireName(),
            WebInfo = isSession ? null : ConnectionLogWebInfoJson.From(view),
            SshInfo = isSession ? ConnectionLogSSHInfoJson.From(entry) : null,
        };
    }
}

/// <summary>What is known of an opening in a browser.</summary>
/// <param name="UserAgent">What the browser calls itself.</param>
/// <param name="User">Who opened; null for visitors who were not signed in.</param>
/// <param name="SlugOrPort">What was opened.</param>
/// <param name="StatusCode">The HTTP status of the answer.</param>
public sealed record ConnectionLogWebInfoJson(string UserAgent, UserJson? User, string SlugOrPort, int StatusCode)
{
    internal static ConnectionLogWebInfoJson From(ConnectionLogView view) => new(
        view.Entry.UserAgent ?? "",
        view.User is { } user ? UserJson.From(user with { OrganizationIds = [] }) : null,
        view.Entry.SlugOrPort ?? "",
        view.Entry.Code ?? 0);
}

/// <summary>What is known of a session.</summary>
/// <param name="ConnectionId">The id that the agent chose.</param>
/// <param name="DisconnectTime">When it ended; left out until then.</param>
/// <param name="DisconnectReason">Why it ended; left out when unknown.</param>
/// <param name="ExitCode">The exit code; left out until it ended.</param>
public sealed record ConnectionLogSSHInfoJson(
    Guid ConnectionId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? DisconnectTime,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DisconnectReason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? ExitCode)
{
    internal static ConnectionLogSSHInfoJson From(ConnectionLogEntry entry) =>
        new(entry.ConnectionId ?? Guid.Empty, entry.DisconnectTime, entry.DisconnectReason, entry.Code);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ConnectionLogResponseJson))]
[JsonSerializable(typeof(ConnectionLogJson))]
internal sealed partial class ConnectionLogsJsonContext : JsonSerializerContext;
