using Coder.Api.Swagger;
using Coder.Application.Builds;

namespace Coder.Api.Builds;

/// <summary>How long the parts of a build took; what was not reported is not there.</summary>
/// <param name="ProvisionerTimings">Steps of the daemon.</param>
/// <param name="AgentScriptTimings">Scripts of agents.</param>
/// <param name="AgentConnectionTimings">From the creation of each agent until it was first heard of.</param>
public sealed record WorkspaceBuildTimingsJson(
    IReadOnlyList<ProvisionerTimingJson> ProvisionerTimings,
    IReadOnlyList<AgentScriptTimingJson> AgentScriptTimings,
    IReadOnlyList<AgentConnectionTimingJson> AgentConnectionTimings)
{
    internal static WorkspaceBuildTimingsJson From(BuildTimings timings) => new(
        [.. timings.Provisioner.Select(ProvisionerTimingJson.From)],
        [],
        [.. timings.Connections.Select(AgentConnectionTimingJson.From)]);
}

/// <summary>A step of the daemon.</summary>
/// <param name="JobId">The job.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Stage">The part of the job that it belongs to.</param>
/// <param name="Source">What made the resource.</param>
/// <param name="Action">What was done.</param>
/// <param name="Resource">What it was done to.</param>
public sealed record ProvisionerTimingJson(
    Guid JobId,
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt,
    [property: DocumentedTexts("init", "plan", "graph", "apply", "start", "stop", "cron", "connect")] string Stage,
    string Source,
    string Action,
    string Resource)
{
    internal static ProvisionerTimingJson From(ProvisionerTiming timing) => new(
        timing.JobId, timing.StartedAt, timing.EndedAt, timing.Stage, timing.Source, timing.Action, timing.Resource);
}

/// <summary>A script of an agent.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="ExitCode">What it left.</param>
/// <param name="Stage">Why it ran.</param>
/// <param name="Status">What became of it.</param>
/// <param name="DisplayName">Its name.</param>
/// <param name="WorkspaceAgentId">The agent.</param>
/// <param name="WorkspaceAgentName">The name of the agent.</param>
public sealed record AgentScriptTimingJson(
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt,
    int ExitCode,
    [property: DocumentedTexts("init", "plan", "graph", "apply", "start", "stop", "cron", "connect")] string Stage,
    string Status,
    string DisplayName,
    string WorkspaceAgentId,
    string WorkspaceAgentName);

/// <summary>The time until an agent was first heard of.</summary>
/// <param name="StartedAt">When the agent was made.</param>
/// <param name="EndedAt">When it was first heard of.</param>
/// <param name="Stage">Always connect.</param>
/// <param name="WorkspaceAgentId">The agent.</param>
/// <param name="WorkspaceAgentName">The name of the agent.</param>
public sealed record AgentConnectionTimingJson(
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt,
    [property: DocumentedTexts("init", "plan", "graph", "apply", "start", "stop", "cron", "connect")] string Stage,
    string WorkspaceAgentId,
    string WorkspaceAgentName)
{
    internal static AgentConnectionTimingJson From(ConnectionTiming timing) => new(
        timing.StartedAt, timing.EndedAt, "connect", timing.AgentId.ToString(), timing.AgentName);
}
