using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Application.Workspaces;

/// <summary>An agent as it is stored; what its connection times say of it is worked out where it is shown.</summary>
public sealed record AgentView
{
    public required Guid Id { get; init; }

    public Guid? ParentId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required Guid ResourceId { get; init; }

    public required string Name { get; init; }

    public string? InstanceId { get; init; }

    public string Architecture { get; init; } = "";

    public string OperatingSystem { get; init; } = "";

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public string Directory { get; init; } = "";

    public string ExpandedDirectory { get; init; } = "";

    public string Version { get; init; } = "";

    public string ApiVersion { get; init; } = "";

    public int ConnectionTimeoutSeconds { get; init; }

    public string TroubleshootingUrl { get; init; } = "";

    public IReadOnlyList<string> DisplayApps { get; init; } = [];

    public AgentLifecycle Lifecycle { get; init; }

    public DateTimeOffset? FirstConnectedAt { get; init; }

    public DateTimeOffset? LastConnectedAt { get; init; }

    public DateTimeOffset? DisconnectedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? ReadyAt { get; init; }

    public int LogsLength { get; init; }

    public bool LogsOverflowed { get; init; }

    /// <summary>There is no process behind the agent: it is connected as long as its build lasts.</summary>
    public bool Simulated { get; init; }

    public IReadOnlyList<AgentScriptView> Scripts { get; init; } = [];

    public IReadOnlyList<AgentLogSource> LogSources { get; init; } = [];

    public IReadOnlyList<AppView> Apps { get; init; } = [];

    /// <summary>What the status is derived from.</summary>
    public AgentContact Contact => new(CreatedAt, ConnectionTimeoutSeconds, FirstConnectedAt, LastConnectedAt, DisconnectedAt, Simulated);
}

/// <summary>A script of an agent.</summary>
public sealed record AgentScriptView
{
    public required Guid Id { get; init; }

    public required Guid LogSourceId { get; init; }

    public string DisplayName { get; init; } = "";

    public string Icon { get; init; } = "";

    public string Script { get; init; } = "";

    public string Cron { get; init; } = "";

    public bool RunOnStart { get; init; }

    public bool RunOnStop { get; init; }

    public bool StartBlocksLogin { get; init; }

    public int TimeoutSeconds { get; init; }

    public string LogPath { get; init; } = "";
}

/// <summary>Where lines of an agent's log come from.</summary>
public sealed record AgentLogSource(Guid AgentId, Guid Id, DateTimeOffset CreatedAt, string DisplayName, string Icon);

/// <summary>An app of an agent.</summary>
public sealed record AppView
{
    public required Guid Id { get; init; }

    public required Guid AgentId { get; init; }

    public required string Slug { get; init; }

    public string DisplayName { get; init; } = "";

    public string Icon { get; init; } = "";

    public string? Command { get; init; }

    public string? Url { get; init; }

    public bool External { get; init; }

    public bool Subdomain { get; init; }

    public AppSharingLevel SharingLevel { get; init; }

    public string HealthcheckUrl { get; init; } = "";

    public int HealthcheckInterval { get; init; }

    public int HealthcheckThreshold { get; init; }

    public AppHealth Health { get; init; }

    public string Group { get; init; } = "";

    public bool Hidden { get; init; }

    public AppOpenIn OpenIn { get; init; }

    /// <summary>What the app last said of itself, newest first.</summary>
    public IReadOnlyList<AppStatusView> Statuses { get; init; } = [];
}

/// <summary>What an app, of an AI agent as a rule, said of itself.</summary>
public sealed record AppStatusView(
    Guid Id, DateTimeOffset CreatedAt, Guid AgentId, Guid AppId, Guid WorkspaceId, AppStatusState State, string Message, string? Uri);
