using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Application.Workspaces;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Api.Workspaces;

/// <summary>A process in a workspace through which people get into it.</summary>
public sealed record WorkspaceAgentJson
{
    /// <summary>New with every build.</summary>
    public required Guid Id { get; init; }

    /// <summary>The agent that this one is a part of.</summary>
    public required Guid? ParentId { get; init; }

    /// <summary>When its build made it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When anything of it changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it was first heard of.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? FirstConnectedAt { get; init; }

    /// <summary>When it was last heard of.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LastConnectedAt { get; init; }

    /// <summary>When it was found to be gone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? DisconnectedAt { get; init; }

    /// <summary>When its start scripts began.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When its start scripts ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ReadyAt { get; init; }

    /// <summary>Whether it is heard of.</summary>
    [WireNames(typeof(AgentStatus))]
    public required string Status { get; init; }

    /// <summary>How far it is in its life, as it last said.</summary>
    [WireNames(typeof(AgentLifecycle))]
    public required string LifecycleState { get; init; }

    /// <summary>Unique in its workspace.</summary>
    public required string Name { get; init; }

    /// <summary>The resource that it is in.</summary>
    public required Guid ResourceId { get; init; }

    /// <summary>The name of its machine at a cloud.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? InstanceId { get; init; }

    /// <summary>Its processor.</summary>
    public required string Architecture { get; init; }

    /// <summary>Environment variables of its sessions.</summary>
    public required IReadOnlyDictionary<string, string> EnvironmentVariables { get; init; }

    /// <summary>What it runs on.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>Bytes of its log.</summary>
    public required int LogsLength { get; init; }

    /// <summary>Whether its log is full, so that later lines were refused.</summary>
    public required bool LogsOverflowed { get; init; }

    /// <summary>Where its sessions begin, as its template says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Directory { get; init; }

    /// <summary>The same as a full path, as the agent found it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ExpandedDirectory { get; init; }

    /// <summary>The version of its program; empty until it says so.</summary>
    public required string Version { get; init; }

    /// <summary>The version of the protocol that it speaks; empty until it says so.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>Its apps, in the order of the template.</summary>
    public required IReadOnlyList<WorkspaceAppJson> Apps { get; init; }

    /// <summary>How far it is from each region, by the name of the region; left out until it says so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, DerpRegionJson>? Latency { get; init; }

    /// <summary>Seconds that it may take until it is heard of.</summary>
    public required int ConnectionTimeoutSeconds { get; init; }

    /// <summary>Where people find help with it; may be empty.</summary>
    public required string TroubleshootingUrl { get; init; }

    /// <summary>Programs that it is a part of.</summary>
    [DocumentedTexts("envbox", "envbuilder", "exectrace")]
    public IReadOnlyList<string> Subsystems { get; init; } = [];

    /// <summary>Whether somebody should look at it.</summary>
    public required WorkspaceAgentHealthJson Health { get; init; }

    /// <summary>The buttons that are offered for it.</summary>
    [WireNames(typeof(DisplayApp))]
    public required IReadOnlyList<string> DisplayApps { get; init; }

    /// <summary>Where lines of its log come from.</summary>
    public required IReadOnlyList<WorkspaceAgentLogSourceJson> LogSources { get; init; }

    /// <summary>Its scripts.</summary>
    public required IReadOnlyList<WorkspaceAgentScriptJson> Scripts { get; init; }

    /// <summary>Whether sessions wait for its start scripts.</summary>
    [DocumentedTexts("blocking", "non-blocking")]
    public required string StartupScriptBehavior { get; init; }

    internal static WorkspaceAgentJson From(AgentView agent, ResourceContext context)
    {
        var status = agent.Contact.StatusAt(context.Now);
        var health = AgentHealth.Of(status, agent.Lifecycle);
        return new WorkspaceAgentJson
        {
            Id = agent.Id,
            ParentId = agent.ParentId,
            CreatedAt = agent.CreatedAt,
            UpdatedAt = agent.UpdatedAt,
            FirstConnectedAt = agent.FirstConnectedAt,
            LastConnectedAt = agent.LastConnectedAt,
            DisconnectedAt = agent.DisconnectedAt,
            StartedAt = agent.StartedAt,
            ReadyAt = agent.ReadyAt,
            Status = status.WireName(),
            LifecycleState = agent.Lifecycle.WireName(),
            Name = agent.Name,
            ResourceId = agent.ResourceId,
            InstanceId = TextOrNull(agent.InstanceId),
            Architecture = agent.Architecture,
            EnvironmentVariables = agent.Environment,
            OperatingSystem = agent.OperatingSystem,
            LogsLength = agent.LogsLength,
            LogsOverflowed = agent.LogsOverflowed,
            Directory = TextOrNull(agent.Directory),
            ExpandedDirectory = TextOrNull(agent.ExpandedDirectory),
            Version = agent.Version,
            ApiVersion = agent.ApiVersion,
            Apps = [.. agent.Apps.Select(app => WorkspaceAppJson.From(app, agent.Name, context))],
            ConnectionTimeoutSeconds = agent.ConnectionTimeoutSeconds,
            TroubleshootingUrl = agent.TroubleshootingUrl,
            Health = new WorkspaceAgentHealthJson(health.IsHealthy, TextOrNull(health.Reason)),
            DisplayApps = agent.DisplayApps,
            LogSources = [.. agent.LogSources.Select(WorkspaceAgentLogSourceJson.From)],
            Scripts = [.. agent.Scripts.Select(WorkspaceAgentScriptJson.From)],
            StartupScriptBehavior = agent.Scripts.Any(script => script is { RunOnStart: true, StartBlocksLogin: true })
                ? "blocking"
                : "non-blocking",
        };
    }

    private static string? TextOrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>Whether somebody should look at an agent.</summary>
/// <param name="Healthy">Whether nothing is wrong.</param>
/// <param name="Reason">What is wrong; left out of a healthy one.</param>
public sealed record WorkspaceAgentHealthJson(
    bool Healthy, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason);

/// <summary>How far an agent is from a region.</summary>
/// <param name="Preferred">Whether it uses this region.</param>
/// <param name="LatencyMs">Milliseconds.</param>
public sealed record DerpRegionJson(bool Preferred, double LatencyMs);

/// <summary>Where lines of an agent's log come from.</summary>
/// <param name="WorkspaceAgentId">The agent.</param>
/// <param name="Id">Unique for the agent.</param>
/// <param name="CreatedAt">When it was entered.</param>
/// <param name="DisplayName">The name for people.</param>
/// <param name="Icon">A picture; may be empty.</param>
public sealed record WorkspaceAgentLogSourceJson(Guid WorkspaceAgentId, Guid Id, DateTimeOffset CreatedAt, string DisplayName, string Icon)
{
    internal static WorkspaceAgentLogSourceJson From(AgentLogSource source) =>
        new(source.AgentId, source.Id, source.CreatedAt, source.DisplayName, source.Icon);
}

/// <summary>A script that an agent runs.</summary>
public sealed record WorkspaceAgentScriptJson
{
    /// <summary>New with every build.</summary>
    public required Guid Id { get; init; }

    /// <summary>The source that its lines have in the log.</summary>
    public required Guid LogSourceId { get; init; }

    /// <summary>The file that it writes its lines to; may be empty.</summary>
    public required string LogPath { get; init; }

    /// <summary>The text of the script.</summary>
    public required string Script { get; init; }

    /// <summary>When it runs again and again; empty if it does not.</summary>
    public required string Cron { get; init; }

    /// <summary>Whether it runs when the workspace starts.</summary>
    public required bool RunOnStart { get; init; }

    /// <summary>Whether it runs when the workspace stops.</summary>
    public required bool RunOnStop { get; init; }

    /// <summary>Whether sessions wait for it.</summary>
    public required bool StartBlocksLogin { get; init; }

    /// <summary>Nanoseconds that it may take; 0 for any time.</summary>
    public required long Timeout { get; init; }

    /// <summary>The name for people.</summary>
    public required string DisplayName { get; init; }

    internal static WorkspaceAgentScriptJson From(AgentScriptView script) => new()
    {
        Id = script.Id,
        LogSourceId = script.LogSourceId,
        LogPath = script.LogPath,
        Script = script.Script,
        Cron = script.Cron,
        RunOnStart = script.RunOnStart,
        RunOnStop = script.RunOnStop,
        StartBlocksLogin = script.StartBlocksLogin,
        Timeout = script.TimeoutSeconds * 1_000_000_000L,
        DisplayName = script.DisplayName,
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WorkspaceResourceJson[]))]
[JsonSerializable(typeof(IReadOnlyList<WorkspaceResourceJson>))]
[JsonSerializable(typeof(WorkspaceAgentJson))]
internal sealed partial class WorkspaceAgentsJsonContext : JsonSerializerContext;
