using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Application.Workspaces;
using Coder.Domain.Workspaces;

namespace Coder.Api.Workspaces;

/// <summary>Reports how far an agent is in its life.</summary>
/// <param name="State">created, starting, start_timeout, start_error, ready, shutting_down, shutdown_timeout, shutdown_error or off.</param>
/// <param name="ChangedAt">When that happened; now if it is left out.</param>
public sealed record ReportLifecycleRequestJson([property: Required] string? State, DateTimeOffset? ChangedAt);

/// <summary>Adds lines to the log of an agent.</summary>
/// <param name="LogSourceId">Where they come from.</param>
/// <param name="Logs">The lines, in their order.</param>
public sealed record PatchLogsJson(string? LogSourceId, IReadOnlyList<LogJson?>? Logs);

/// <summary>A line of a log.</summary>
/// <param name="CreatedAt">When it was written; now if it is left out.</param>
/// <param name="Output">The text. A line of more than 1024 characters is stored as several.</param>
/// <param name="Level">How much it matters; info if it is left out.</param>
public sealed record LogJson(
    DateTimeOffset? CreatedAt, string? Output, [property: WireNames(typeof(Domain.Provisioning.LogLevel))] string? Level)
{
    internal static NewAgentLog ToLog(LogJson? line) => new(line?.CreatedAt, line?.Level ?? "", line?.Output ?? "");
}

/// <summary>Adds a source of log lines.</summary>
/// <param name="Id">A UUID that is unique for the agent.</param>
/// <param name="DisplayName">The name for people; at most 127 characters.</param>
/// <param name="Icon">A picture.</param>
public sealed record PostLogSourceRequestJson(string? Id, string? DisplayName, string? Icon);

/// <summary>Says what an app does.</summary>
/// <param name="AppSlug">Which app of the agent.</param>
/// <param name="State">What it does.</param>
/// <param name="Message">In its own words; at most 160 characters.</param>
/// <param name="Uri">Where to look, such as the address of a pull request.</param>
/// <param name="Icon">Of no effect; clients of old send it.</param>
/// <param name="NeedsUserAttention">Of no effect; clients of old send it.</param>
public sealed record PatchAppStatusJson(
    string? AppSlug,
    [property: WireNames(typeof(AppStatusState))] string? State,
    string? Message,
    string? Uri,
    string? Icon,
    bool? NeedsUserAttention);

/// <summary>A line of an agent's log.</summary>
/// <param name="Id">Grows within the log.</param>
/// <param name="CreatedAt">When it was written, as the agent says.</param>
/// <param name="Output">The text.</param>
/// <param name="Level">How much it matters.</param>
/// <param name="SourceId">Where it comes from; one of the log sources of the agent, or nil.</param>
public sealed record WorkspaceAgentLogJson(
    long Id,
    DateTimeOffset CreatedAt,
    string Output,
    [property: WireNames(typeof(Domain.Provisioning.LogLevel))] string Level,
    Guid SourceId)
{
    internal static WorkspaceAgentLogJson[] From(IReadOnlyList<StoredAgentLog> logs) => [.. logs.Select(From)];

    private static WorkspaceAgentLogJson From(StoredAgentLog log) => new(
        log.Id, log.Line.CreatedAt, log.Line.Output, Domain.Provisioning.LogLevels.WireName(log.Line.Level), log.SourceId);
}

/// <summary>How to run an agent outside of the resources of its workspace.</summary>
/// <param name="Command">What to run where the agent is to be; it reports to the server that the agent is ready.</param>
/// <param name="AgentToken">The token of the agent, for the header Coder-Session-Token.</param>
public sealed record ExternalAgentCredentialsJson(string Command, string AgentToken);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ReportLifecycleRequestJson))]
[JsonSerializable(typeof(PatchLogsJson))]
[JsonSerializable(typeof(PostLogSourceRequestJson))]
[JsonSerializable(typeof(WorkspaceAgentLogSourceJson))]
[JsonSerializable(typeof(PatchAppStatusJson))]
[JsonSerializable(typeof(WorkspaceAgentLogJson[]))]
[JsonSerializable(typeof(ExternalAgentCredentialsJson))]
internal sealed partial class AgentReportsJsonContext : JsonSerializerContext;
