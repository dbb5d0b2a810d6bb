using Coder.Domain.Prebuilds;
using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Templates;

/// <summary>A template as its author wrote it in <c>coder-template.json</c> (docs/spec/workspaces.md, section 4).</summary>
public sealed record TemplateManifest
{
    /// <summary>The name of the file, in the root of the archive.</summary>
    public const string FileName = "coder-template.json";

    /// <summary>The largest file: 1 MiB.</summary>
    public const int MaximumBytes = 1 << 20;

    /// <summary>The error of an import whose archive has no manifest.</summary>
    public const string MissingError =
        "The archive has no coder-template.json in its root. Templates written in Terraform need an external provisioner.";

    private const string ExternalAgentType = "coder_external_agent";

    /// <summary>Asked for at the import.</summary>
    public IReadOnlyList<TemplateVariable> Variables { get; init; } = [];

    /// <summary>Asked for at every build, in the order of the form.</summary>
    public IReadOnlyList<TemplateParameter> Parameters { get; init; } = [];

    /// <summary>Named sets of parameter values; at most one is the default.</summary>
    public IReadOnlyList<TemplatePreset> Presets { get; init; } = [];

    /// <summary>What a build makes.</summary>
    public IReadOnlyList<ManifestResource> Resources { get; init; } = [];

    /// <summary>The app that shows an AI task; <see langword="null"/>: the template has none.</summary>
    public AppReference? AiTask { get; init; }

    /// <summary>How jobs behave in demonstrations and tests.</summary>
    public ManifestProvision Provision { get; init; } = new();

    /// <summary>Whether agents run outside of what the template makes, which is a licensed feature.</summary>
    public bool HasExternalAgent => Resources.Any(resource => resource.Type == ExternalAgentType);

    /// <summary>The resources that are there after a build.</summary>
    public IReadOnlyList<ManifestResource> ResourcesAfter(WorkspaceTransition transition) => transition switch
    {
        WorkspaceTransition.Start => Resources,
        WorkspaceTransition.Stop => [.. Resources.Where(resource => resource.Presence == ResourcePresence.Always)],
        WorkspaceTransition.Delete => [],
        _ => throw new ArgumentOutOfRangeException(nameof(transition)),
    };
}

/// <summary>A named set of parameter values.</summary>
public sealed record TemplatePreset
{
    /// <summary>Unique within the template version.</summary>
    public required string Name { get; init; }

    /// <summary>At most 128 characters; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>A picture; may be empty.</summary>
    public string Icon { get; init; } = "";

    /// <summary>Whether forms begin with it.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Values by parameter; all of them exist and fit.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How many workspaces are built before somebody asks; <see langword="null"/>: none, ever.</summary>
    public PresetPrebuilds? Prebuilds { get; init; }
}

/// <summary>The stock of prebuilt workspaces of a preset.</summary>
public sealed record PresetPrebuilds
{
    /// <summary>The number that is wanted outside of the schedules; not negative.</summary>
    public required int Instances { get; init; }

    /// <summary>The age at which an unclaimed one is replaced; <see langword="null"/>: never.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>The zone of <see cref="Schedules"/>; empty if there are none.</summary>
    public string Timezone { get; init; } = "";

    /// <summary>The hours at which another number is wanted; they do not overlap.</summary>
    public IReadOnlyList<PrebuildSchedule> Schedules { get; init; } = [];
}

/// <summary>Something that a build makes.</summary>
public sealed record ManifestResource
{
    /// <summary>At most 192 characters.</summary>
    public required string Type { get; init; }

    /// <summary>At most 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>A picture; may be empty.</summary>
    public string Icon { get; init; } = "";

    /// <summary>Whether users do not see it.</summary>
    public bool Hide { get; init; }

    /// <summary>Credits a day; not negative.</summary>
    public int DailyCost { get; init; }

    /// <inheritdoc cref="ResourcePresence"/>
    public ResourcePresence Presence { get; init; }

    /// <summary>Facts to show; the keys are unique.</summary>
    public IReadOnlyList<ResourceMetadata> Metadata { get; init; } = [];

    /// <summary>Where people work.</summary>
    public IReadOnlyList<ManifestAgent> Agents { get; init; } = [];
}

/// <summary>A fact about a resource.</summary>
/// <param name="Key">At most 1,024 characters.</param>
/// <param name="Value">At most 65,536 characters.</param>
/// <param name="Sensitive">Whether it is hidden until somebody asks.</param>
public sealed record ResourceMetadata(string Key, string Value, bool Sensitive);

/// <summary>A process that lets people into a resource.</summary>
public sealed record ManifestAgent
{
    /// <summary>Unique within the template without regard to case, because it becomes part of host names; at most 64 characters.</summary>
    public required string Name { get; init; }

    /// <inheritdoc cref="AgentOperatingSystem"/>
    public AgentOperatingSystem OperatingSystem { get; init; }

    /// <inheritdoc cref="AgentArchitecture"/>
    public AgentArchitecture Architecture { get; init; }

    /// <summary>Where sessions begin; at most 4,096 characters, empty: the home.</summary>
    public string Directory { get; init; } = "";

    /// <summary>Environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The buttons of the dashboard.</summary>
    public IReadOnlyList<DisplayApp> DisplayApps { get; init; } = [];

    /// <summary>How long it may take to connect.</summary>
    public TimeSpan ConnectionTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>What to read when it does not; may be empty.</summary>
    public string TroubleshootingUrl { get; init; } = "";

    /// <summary>A file that is shown at login; may be empty.</summary>
    public string MotdFile { get; init; } = "";

    /// <summary>The position among the agents.</summary>
    public int Order { get; init; }

    /// <summary>What it runs by itself.</summary>
    public IReadOnlyList<AgentScript> Scripts { get; init; } = [];

    /// <summary>What it offers.</summary>
    public IReadOnlyList<AgentApp> Apps { get; init; } = [];

    /// <summary>Whether there is no process, and the agent counts as connected and ready while the workspace runs.</summary>
    public bool SimulateReady { get; init; }

    /// <summary>
    /// What the agent proves itself with, where a daemon has put it into what it made already; <see langword="null"/>: the server chooses.
    /// Never in a manifest.
    /// </summary>
    public Guid? AuthToken { get; init; }
}

/// <summary>A script that an agent runs.</summary>
public sealed record AgentScript
{
    /// <summary>May be empty.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>The text of the script.</summary>
    public required string Script { get; init; }

    /// <summary>When it runs again and again: five or six fields, read by the agent; empty: it does not.</summary>
    public string Cron { get; init; } = "";

    /// <summary>Whether it runs when the workspace has started.</summary>
    public bool RunOnStart { get; init; }

    /// <summary>Whether it runs before the workspace stops.</summary>
    public bool RunOnStop { get; init; }

    /// <summary>Whether people wait for it; only together with <see cref="RunOnStart"/>.</summary>
    public bool StartBlocksLogin { get; init; }

    /// <summary>When it is killed; zero: never.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>A picture; may be empty.</summary>
    public string Icon { get; init; } = "";

    /// <summary>Where the agent keeps its output; may be empty.</summary>
    public string LogPath { get; init; } = "";
}

/// <summary>Something that an agent offers: a page or a command.</summary>
public sealed record AgentApp
{
    /// <summary>Unique within the agent: lower-case letters, digits and single hyphens between them; at most 64 characters.</summary>
    public required string Slug { get; init; }

    /// <summary>At most 64 characters; may be empty.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>A picture; may be empty.</summary>
    public string Icon { get; init; } = "";

    /// <summary>Where the page is; <see langword="null"/>: there is a command instead.</summary>
    public string? Url { get; init; }

    /// <summary>What runs in a terminal; <see langword="null"/>: there is a page instead.</summary>
    public string? Command { get; init; }

    /// <summary>Whether the browser goes to <see cref="Url"/> itself.</summary>
    public bool External { get; init; }

    /// <summary>Whether the page has a host name of its own.</summary>
    public bool Subdomain { get; init; }

    /// <inheritdoc cref="AppSharingLevel"/>
    public AppSharingLevel Share { get; init; }

    /// <summary>How to find out whether it works; <see langword="null"/>: nobody asks.</summary>
    public AppHealthcheck? Healthcheck { get; init; }

    /// <summary>The position among the apps.</summary>
    public int Order { get; init; }

    /// <summary>A heading shared with other apps; may be empty.</summary>
    public string Group { get; init; } = "";

    /// <summary>Whether users do not see it.</summary>
    public bool Hidden { get; init; }

    /// <inheritdoc cref="AppOpenIn"/>
    public AppOpenIn OpenIn { get; init; }
}

/// <summary>How to find out whether an app works.</summary>
/// <param name="Url">What is asked.</param>
/// <param name="Interval">How often; whole seconds, at least one.</param>
/// <param name="Threshold">After how many failures it counts as broken; at least one.</param>
public sealed record AppHealthcheck(string Url, TimeSpan Interval, int Threshold);

/// <summary>An app of an agent, written <c>agent/slug</c>.</summary>
public sealed record AppReference(string Agent, string Slug)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Agent}/{Slug}";
}

/// <summary>How the jobs of a template behave, for demonstrations, tests and training.</summary>
public sealed record ManifestProvision
{
    /// <summary>The longest delay: 10 minutes.</summary>
    public static TimeSpan MaximumDelay { get; } = TimeSpan.FromMinutes(10);

    /// <summary>How long jobs take at least.</summary>
    public IReadOnlyDictionary<ProvisionPhase, TimeSpan> Delays { get; init; } = new Dictionary<ProvisionPhase, TimeSpan>();

    /// <summary>What jobs write into their logs, in this order.</summary>
    public IReadOnlyList<ProvisionLog> Logs { get; init; } = [];

    /// <summary>The errors with which jobs end.</summary>
    public IReadOnlyDictionary<ProvisionPhase, string> Failures { get; init; } = new Dictionary<ProvisionPhase, string>();
}

/// <summary>A log line of a job.</summary>
/// <param name="Phase">The jobs that write it.</param>
/// <param name="Level">How much it matters.</param>
/// <param name="Stage">At most 128 characters; may be empty.</param>
/// <param name="Output">The text, of any length.</param>
public sealed record ProvisionLog(ProvisionPhase Phase, LogLevel Level, string Stage, string Output);

/// <summary>Something wrong in a manifest.</summary>
/// <param name="Path">Where, as a JSON path, such as <c>$.presets[1].name</c>.</param>
/// <param name="Text">What, as one phrase, such as <c>must be unique</c>.</param>
public sealed record ManifestProblem(string Path, string Text)
{
    /// <summary>The most problems that are written into the log of an import.</summary>
    public const int MaximumLogLines = 20;

    /// <summary>The error of an import or build that ends because of this problem, which is the first one.</summary>
    public string JobError => $"Template manifest is invalid: {this}";

    /// <summary>The path and the phrase, as in a log line.</summary>
    public override string ToString() => $"{Path}: {Text}";
}
