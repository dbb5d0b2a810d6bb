namespace Coder.Cli.Provisionerd;

/// <summary>A variable of a template, as in a manifest (docs/spec/workspaces.md, section 4).</summary>
internal sealed record VariableJson(string Name, string Description, string Type, string? DefaultValue, bool Required, bool Sensitive);

/// <summary>A parameter of a template, as in a manifest.</summary>
internal sealed record ParameterJson
{
    public required string Name { get; init; }

    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    public string? Type { get; init; }

    public string? FormType { get; init; }

    public bool Mutable { get; init; }

    /// <summary>Absent: whoever builds has to give a value.</summary>
    public string? DefaultValue { get; init; }

    public string? Icon { get; init; }

    public IReadOnlyList<OptionJson>? Options { get; init; }

    public string? ValidationRegex { get; init; }

    public string? ValidationError { get; init; }

    public int? ValidationMin { get; init; }

    public int? ValidationMax { get; init; }

    public string? ValidationMonotonic { get; init; }

    public bool Ephemeral { get; init; }
}

/// <summary>One choice of a parameter.</summary>
internal sealed record OptionJson(string Name, string? Description, string Value, string? Icon);

/// <summary>A preset of a template, as in a manifest.</summary>
internal sealed record PresetJson
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public string? Icon { get; init; }

    public bool Default { get; init; }

    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    public PrebuildsJson? Prebuilds { get; init; }
}

/// <summary>How many workspaces of a preset are built before somebody asks.</summary>
internal sealed record PrebuildsJson(int Instances, ExpirationJson? ExpirationPolicy, SchedulingJson? Scheduling);

/// <summary>The age in seconds at which an unclaimed workspace is replaced.</summary>
internal sealed record ExpirationJson(int Ttl);

/// <summary>The hours at which another number is wanted.</summary>
internal sealed record SchedulingJson(string Timezone, IReadOnlyList<ScheduleJson> Schedule);

/// <summary>One of these hours.</summary>
internal sealed record ScheduleJson(string Cron, int Instances);

/// <summary>Something that a build made, as in a manifest.</summary>
internal sealed record ResourceJson
{
    public required string Type { get; init; }

    public required string Name { get; init; }

    public string? Icon { get; init; }

    public bool Hide { get; init; }

    public int DailyCost { get; init; }

    public IReadOnlyList<MetadataJson> Metadata { get; init; } = [];

    public IReadOnlyList<AgentJson> Agents { get; init; } = [];
}

/// <summary>A fact about a resource.</summary>
internal sealed record MetadataJson(string Key, string Value, bool Sensitive);

/// <summary>An agent, as in a manifest, and its token.</summary>
internal sealed record AgentJson
{
    public required string Name { get; init; }

    public required string OperatingSystem { get; init; }

    public required string Architecture { get; init; }

    public string? Directory { get; init; }

    public IReadOnlyDictionary<string, string>? Env { get; init; }

    /// <summary>Absent: the server's usual ones.</summary>
    public IReadOnlyList<string>? DisplayApps { get; init; }

    public int? ConnectionTimeoutSeconds { get; init; }

    public string? TroubleshootingUrl { get; init; }

    public string? MotdFile { get; init; }

    public int Order { get; init; }

    public IReadOnlyList<ScriptJson> Scripts { get; init; } = [];

    public IReadOnlyList<AppJson> Apps { get; init; } = [];

    /// <summary>What Terraform gave the agent's process; absent as long as that is not known.</summary>
    public string? AuthToken { get; init; }
}

/// <summary>A script of an agent, as in a manifest.</summary>
internal sealed record ScriptJson
{
    public string? DisplayName { get; init; }

    public required string Script { get; init; }

    public string? Cron { get; init; }

    public bool RunOnStart { get; init; }

    public bool RunOnStop { get; init; }

    public bool StartBlocksLogin { get; init; }

    public int TimeoutSeconds { get; init; }

    public string? Icon { get; init; }

    public string? LogPath { get; init; }
}

/// <summary>An app of an agent, as in a manifest.</summary>
internal sealed record AppJson
{
    public required string Slug { get; init; }

    public string? DisplayName { get; init; }

    public string? Icon { get; init; }

    public string? Url { get; init; }

    public string? Command { get; init; }

    public bool External { get; init; }

    public bool Subdomain { get; init; }

    public string? Share { get; init; }

    public HealthcheckJson? Healthcheck { get; init; }

    public int Order { get; init; }

    public string? Group { get; init; }

    public bool Hidden { get; init; }

    public string? OpenIn { get; init; }
}

/// <summary>How to find out whether an app works; the interval in seconds.</summary>
internal sealed record HealthcheckJson(string Url, int Interval, int Threshold);

/// <summary>The app that shows an AI task, as <c>agent/slug</c>.</summary>
internal sealed record AiTaskJson(string SidebarApp);
