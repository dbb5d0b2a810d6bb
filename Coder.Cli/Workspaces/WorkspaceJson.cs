using System.Text.Json.Serialization;
using Coder.Cli.Jobs;
using Coder.Cli.Templates;

namespace Coder.Cli.Workspaces;

/// <summary>A workspace, as far as the tool reads it.</summary>
internal sealed record WorkspaceJson
{
    public Guid Id { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string OwnerName { get; init; } = "";

    public string Name { get; init; } = "";

    public string? OrganizationName { get; init; }

    public Guid TemplateId { get; init; }

    public string? TemplateName { get; init; }

    public Guid TemplateActiveVersionId { get; init; }

    public bool TemplateRequireActiveVersion { get; init; }

    public BuildJson LatestBuild { get; init; } = new();

    public bool Outdated { get; init; }

    public string? AutostartSchedule { get; init; }

    public long? TtlMs { get; init; }

    public DateTimeOffset? DormantAt { get; init; }

    public HealthJson? Health { get; init; }

    public string? AutomaticUpdates { get; init; }

    public bool Favorite { get; init; }

    public DateTimeOffset? NextStartAt { get; init; }

    /// <summary>How the workspace is called by everybody.</summary>
    [JsonIgnore]
    public string FullName => $"{OwnerName}/{Name}";
}

/// <summary>A build, as far as the tool reads it.</summary>
internal sealed record BuildJson
{
    internal const string Start = "start";
    internal const string Stop = "stop";
    internal const string Delete = "delete";

    private static readonly JobJson Unknown = new(default, null, null, null, null, 0, 0);

    public Guid Id { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string Transition { get; init; } = "";

    public string Status { get; init; } = "";

    public string? InitiatorName { get; init; }

    public Guid TemplateVersionId { get; init; }

    public string? TemplateVersionName { get; init; }

    public int BuildNumber { get; init; }

    public int DailyCost { get; init; }

    public JobJson Job { get; init; } = Unknown;

    public MatchedProvisionersJson? MatchedProvisioners { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    public ResourceJson[]? Resources { get; init; }
}

/// <summary>Something that a build made.</summary>
internal sealed record ResourceJson(string? Type, string? Name, bool Hide, int DailyCost, AgentJson[]? Agents, MetadataJson[]? Metadata);

/// <summary>A fact about a resource.</summary>
internal sealed record MetadataJson(string? Key, string? Value, bool Sensitive);

/// <summary>An agent, as far as the tool reads it.</summary>
internal sealed record AgentJson(
    string? Name,
    string? Status,
    string? LifecycleState,
    string? OperatingSystem,
    string? Architecture,
    string? Version,
    AgentHealthJson? Health,
    AppJson[]? Apps);

/// <summary>Whether somebody should look at an agent.</summary>
internal sealed record AgentHealthJson(bool Healthy, string? Reason);

/// <summary>An app of an agent.</summary>
internal sealed record AppJson(string? Slug, string? DisplayName, string? Url, string? Command, string? SharingLevel, string? Health, bool Hidden);

/// <summary>Whether the agents of a workspace are well.</summary>
internal sealed record HealthJson(bool Healthy);

/// <summary>Body of POST /users/{user}/workspaces.</summary>
internal sealed record NewWorkspaceJson
{
    public Guid? TemplateId { get; init; }

    public Guid? TemplateVersionId { get; init; }

    public Guid? TemplateVersionPresetId { get; init; }

    public required string Name { get; init; }

    public string? AutostartSchedule { get; init; }

    public long? TtlMs { get; init; }

    public string? AutomaticUpdates { get; init; }

    public NamedValueJson[] RichParameterValues { get; init; } = [];
}

/// <summary>Body of POST /workspaces/{workspace}/builds.</summary>
internal sealed record NewBuildJson
{
    public required string Transition { get; init; }

    public Guid? TemplateVersionId { get; init; }

    public string? Reason { get; init; }

    public string? LogLevel { get; init; }

    public bool? Orphan { get; init; }

    public NamedValueJson[] RichParameterValues { get; init; } = [];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(WorkspaceJson))]
[JsonSerializable(typeof(BuildJson))]
[JsonSerializable(typeof(NewWorkspaceJson))]
[JsonSerializable(typeof(NewBuildJson))]
[JsonSerializable(typeof(NamedValueJson[]))]
[JsonSerializable(typeof(JobLogLineJson[]))]
internal sealed partial class WorkspacesJsonContext : JsonSerializerContext;
