using System.Text.Json;
using Coder.Application.Workspaces;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Infrastructure.Workspaces;

/// <summary>A resource as it is stored.</summary>
internal sealed record ResourceRow
{
    public Guid Id { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public Guid JobId { get; init; }

    public string Transition { get; init; } = "";

    public string Type { get; init; } = "";

    public string Name { get; init; } = "";

    public bool Hide { get; init; }

    public string Icon { get; init; } = "";

    public int DailyCost { get; init; }

    public ResourceView ToView(IEnumerable<MetadataRow> metadata, IEnumerable<AgentView> agents) => new()
    {
        Id = Id,
        CreatedAt = CreatedAt,
        JobId = JobId,
        Transition = Stored.Transition(Transition),
        Type = Type,
        Name = Name,
        Hide = Hide,
        Icon = Icon,
        DailyCost = DailyCost,
        Metadata = [.. metadata.Select(m => new ResourceMetadata(m.Key, m.Sensitive ? "" : m.Value, m.Sensitive))],
        Agents = [.. agents],
    };
}

/// <summary>A fact about a resource as it is stored.</summary>
internal sealed record MetadataRow
{
    public Guid ResourceId { get; init; }

    public string Key { get; init; } = "";

    public string Value { get; init; } = "";

    public bool Sensitive { get; init; }
}

/// <summary>An agent as it is stored.</summary>
internal sealed record AgentRow
{
    public Guid Id { get; init; }

    public Guid? ParentId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public Guid ResourceId { get; init; }

    public string Name { get; init; } = "";

    public string? InstanceId { get; init; }

    public string Architecture { get; init; } = "";

    public string OperatingSystem { get; init; } = "";

    public string Environment { get; init; } = "";

    public string Directory { get; init; } = "";

    public string ExpandedDirectory { get; init; } = "";

    public string Version { get; init; } = "";

    public string ApiVersion { get; init; } = "";

    public int ConnectionTimeoutSeconds { get; init; }

    public string TroubleshootingUrl { get; init; } = "";

    public string[] DisplayApps { get; init; } = [];

    public string Lifecycle { get; init; } = "";

    public DateTimeOffset? FirstConnectedAt { get; init; }

    public DateTimeOffset? LastConnectedAt { get; init; }

    public DateTimeOffset? DisconnectedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? ReadyAt { get; init; }

    public int LogsLength { get; init; }

    public bool LogsOverflowed { get; init; }

    public bool Simulated { get; init; }

    public AgentView ToView(
        IEnumerable<AgentScriptView> scripts, IEnumerable<AgentLogSource> sources, IEnumerable<AppView> apps) => new()
        {
            Id = Id,
            ParentId = ParentId,
            CreatedAt = CreatedAt,
            UpdatedAt = UpdatedAt,
            ResourceId = ResourceId,
            Name = Name,
            InstanceId = InstanceId,
            Architecture = Architecture,
            OperatingSystem = OperatingSystem,
            Environment = JsonSerializer.Deserialize<Dictionary<string, string>>(Environment)!,
            Directory = Directory,
            ExpandedDirectory = ExpandedDirectory,
            Version = Version,
            ApiVersion = ApiVersion,
            ConnectionTimeoutSeconds = ConnectionTimeoutSeconds,
            TroubleshootingUrl = TroubleshootingUrl,
            DisplayApps = DisplayApps,
            Lifecycle = Stored.Lifecycle(Lifecycle),
            FirstConnectedAt = FirstConnectedAt,
            LastConnectedAt = LastConnectedAt,
            DisconnectedAt = DisconnectedAt,
            StartedAt = StartedAt,
            ReadyAt = ReadyAt,
            LogsLength = LogsLength,
            LogsOverflowed = LogsOverflowed,
            Simulated = Simulated,
            Scripts = [.. scripts],
            LogSources = [.. sources],
            Apps = [.. apps],
        };
}

/// <summary>A script as it is stored.</summary>
internal sealed record ScriptRow
{
    public Guid AgentId { get; init; }

    public Guid Id { get; init; }

    public Guid LogSourceId { get; init; }

    public string DisplayName { get; init; } = "";

    public string Icon { get; init; } = "";

    public string Script { get; init; } = "";

    public string Cron { get; init; } = "";

    public bool RunOnStart { get; init; }

    public bool RunOnStop { get; init; }

    public bool StartBlocksLogin { get; init; }

    public int TimeoutSeconds { get; init; }

    public string LogPath { get; init; } = "";

    public AgentScriptView ToView() => new()
    {
        Id = Id,
        LogSourceId = LogSourceId,
        DisplayName = DisplayName,
        Icon = Icon,
        Script = Script,
        Cron = Cron,
        RunOnStart = RunOnStart,
        RunOnStop = RunOnStop,
        StartBlocksLogin = StartBlocksLogin,
        TimeoutSeconds = TimeoutSeconds,
        LogPath = LogPath,
    };
}

/// <summary>A source of log lines as it is stored.</summary>
internal sealed record LogSourceRow
{
    public Guid AgentId { get; init; }

    public Guid Id { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string DisplayName { get; init; } = "";

    public string Icon { get; init; } = "";

    public AgentLogSource ToView() => new(AgentId, Id, CreatedAt, DisplayName, Icon);
}

/// <summary>An app as it is stored.</summary>
internal sealed record AppRow
{
    public Guid Id { get; init; }

    public Guid AgentId { get; init; }

    public string Slug { get; init; } = "";

    public string DisplayName { get; init; } = "";

    public string Icon { get; init; } = "";

    public string? Command { get; init; }

    public string? Url { get; init; }

    public bool External { get; init; }

    public bool Subdomain { get; init; }

    public string SharingLevel { get; init; } = "";

    public string HealthcheckUrl { get; init; } = "";

    public int HealthcheckInterval { get; init; }

    public int HealthcheckThreshold { get; init; }

    public string Health { get; init; } = "";

    public string? DisplayGroup { get; init; }

    public bool Hidden { get; init; }

    public string OpenIn { get; init; } = "";

    public AppView ToView(IEnumerable<AppStatusView> statuses) => new()
    {
        Id = Id,
        AgentId = AgentId,
        Slug = Slug,
        DisplayName = DisplayName,
        Icon = Icon,
        Command = Command,
        Url = Url,
        External = External,
        Subdomain = Subdomain,
        SharingLevel = Stored.SharingLevel(SharingLevel),
        HealthcheckUrl = HealthcheckUrl,
        HealthcheckInterval = HealthcheckInterval,
        HealthcheckThreshold = HealthcheckThreshold,
        Health = Stored.Health(Health),
        Group = DisplayGroup ?? "",
        Hidden = Hidden,
        OpenIn = Stored.OpenIn(OpenIn),
        Statuses = [.. statuses],
    };
}

/// <summary>What an app said of itself, as it is stored.</summary>
internal sealed record AppStatusRow
{
    public Guid Id { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public Guid AgentId { get; init; }

    public Guid AppId { get; init; }

    public Guid WorkspaceId { get; init; }

    public string State { get; init; } = "";

    public string Message { get; init; } = "";

    public string? Uri { get; init; }

    public AppStatusView ToView() => new(Id, CreatedAt, AgentId, AppId, WorkspaceId, Stored.AppState(State), Message, Uri);
}

/// <summary>Values of the database's enumerations. One that is unknown was written by a newer server.</summary>
internal static class Stored
{
    public static WorkspaceTransition Transition(string name) =>
        WorkspaceTransitions.TryParse(name, out var value) ? value : throw Unknown(name);

    public static AgentLifecycle Lifecycle(string name) => AgentLifecycles.TryParse(name, out var value) ? value : throw Unknown(name);

    public static AppSharingLevel SharingLevel(string name) => AppSharingLevels.TryParse(name, out var value) ? value : throw Unknown(name);

    public static AppHealth Health(string name) => AppHealths.TryParse(name, out var value) ? value : throw Unknown(name);

    public static AppOpenIn OpenIn(string name) => AppOpenIns.TryParse(name, out var value) ? value : throw Unknown(name);

    public static AppStatusState AppState(string name) => AppStatusStates.TryParse(name, out var value) ? value : throw Unknown(name);

    private static InvalidOperationException Unknown(string name) =>
        new($"The database holds \"{name}\", which this version does not know.");
}
