using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Application.Provisioning;

/// <summary>A resource with the ids that it is stored with.</summary>
/// <param name="Id">The row.</param>
/// <param name="Resource">What the manifest or the daemon says.</param>
/// <param name="Agents">Its agents, in the same order.</param>
public sealed record PlannedResource(Guid Id, ManifestResource Resource, IReadOnlyList<PlannedAgent> Agents);

/// <summary>An agent with the ids that it is stored with.</summary>
/// <param name="Id">The row.</param>
/// <param name="Token">What the agent proves itself with.</param>
/// <param name="Agent">What the manifest or the daemon says.</param>
/// <param name="Scripts">Its scripts, in the same order.</param>
/// <param name="Apps">Its apps, in the same order.</param>
public sealed record PlannedAgent(
    Guid Id, Guid Token, ManifestAgent Agent, IReadOnlyList<PlannedScript> Scripts, IReadOnlyList<PlannedApp> Apps);

/// <summary>A script with the ids that it is stored with.</summary>
/// <param name="Id">The row.</param>
/// <param name="LogSource">What its output is filed under.</param>
/// <param name="Script">What the manifest or the daemon says.</param>
public sealed record PlannedScript(Guid Id, Guid LogSource, AgentScript Script);

/// <summary>An app with the id that it is stored with.</summary>
/// <param name="Id">The row.</param>
/// <param name="App">What the manifest or the daemon says.</param>
public sealed record PlannedApp(Guid Id, AgentApp App);

/// <summary>A preset with the id that it is stored with.</summary>
/// <param name="Id">The row.</param>
/// <param name="Preset">What the manifest or the daemon says.</param>
public sealed record PlannedPreset(Guid Id, TemplatePreset Preset);

/// <summary>A variable with its value.</summary>
/// <param name="Variable">What the manifest or the daemon says.</param>
/// <param name="Value">The given one, else the default, else the empty text.</param>
public sealed record ResolvedVariable(TemplateVariable Variable, string Value);

/// <summary>What an import leaves in the tables of its version.</summary>
public sealed record ImportedVersion
{
    /// <summary>The version.</summary>
    public required Guid Id { get; init; }

    /// <summary>When the import ends.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><see langword="null"/>: the one that the version has stays.</summary>
    public string? Readme { get; init; }

    /// <summary>Whether workspaces of it run an AI task.</summary>
    public bool HasAiTask { get; init; }

    /// <summary>Whether workspaces of it have an agent that the template does not make.</summary>
    public bool HasExternalAgent { get; init; }

    /// <summary>In the order of the form.</summary>
    public IReadOnlyList<TemplateParameter> Parameters { get; init; } = [];

    /// <summary>With their values.</summary>
    public IReadOnlyList<ResolvedVariable> Variables { get; init; } = [];

    /// <summary>With parameters and schedules.</summary>
    public IReadOnlyList<PlannedPreset> Presets { get; init; } = [];
}

/// <summary>What decides on the result of a build.</summary>
public sealed record BuildFacts
{
    /// <summary>The build.</summary>
    public required Guid BuildId { get; init; }

    /// <summary>What it does.</summary>
    public required WorkspaceTransition Transition { get; init; }

    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Its name.</summary>
    public required string WorkspaceName { get; init; }

    /// <summary>Who owns it by now.</summary>
    public required Guid OwnerId { get; init; }

    /// <summary>The owner's username.</summary>
    public required string OwnerName { get; init; }

    /// <summary>The owner's address.</summary>
    public required string OwnerEmail { get; init; }

    /// <summary>The archive of the template version.</summary>
    public required Guid FileId { get; init; }

    /// <summary>Whether somebody canceled the build.</summary>
    public required bool IsCanceled { get; init; }

    /// <summary>The rules of the template as they are stored, whatever is licensed.</summary>
    public required TemplateScheduling Scheduling { get; init; }

    /// <summary>The time to live of the workspace itself, if any.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>The schedule of the workspace as it is stored, if any.</summary>
    public string? AutostartSchedule { get; init; }

    /// <summary>The quiet hours of the owner as they are stored; may be empty.</summary>
    public string QuietHours { get; init; } = "";

    /// <summary>The parameter values of the build; a parameter without one has its default.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>The values of the version's variables.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>What placeholders stand for in the build.</summary>
    /// <param name="stage">What it does to the stock of prebuilt workspaces.</param>
    public PlaceholderValues Placeholders(PrebuildStage stage) => new()
    {
        WorkspaceId = WorkspaceId,
        WorkspaceName = WorkspaceName,
        Transition = Transition,
        OwnerId = OwnerId,
        OwnerName = OwnerName,
        OwnerEmail = OwnerEmail,
        PrebuildStage = stage,
        Parameters = Parameters,
        Variables = Variables,
    };
}

/// <summary>What the workspace had before a build.</summary>
/// <param name="Resources">Types and names.</param>
/// <param name="Tokens">Tokens by the names of agents.</param>
public sealed record BuildBefore(
    IReadOnlyCollection<(string Type, string Name)> Resources, IReadOnlyDictionary<string, Guid> Tokens);

/// <summary>What a completed build leaves in its own row.</summary>
public sealed record CompletedBuild
{
    /// <summary>The build.</summary>
    public required Guid Id { get; init; }

    /// <summary>When its job ends.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The sum over its resources.</summary>
    public int DailyCost { get; init; }

    /// <summary>Whether it runs an AI task.</summary>
    public bool HasAiTask { get; init; }

    /// <summary>The app that shows the task, if the build has it.</summary>
    public Guid? SidebarAppId { get; init; }

    /// <summary>Whether it has an agent that the template does not make.</summary>
    public bool HasExternalAgent { get; init; }

    /// <summary>What the daemon wants back; <see langword="null"/>: what the build began with stays.</summary>
    public byte[]? State { get; init; }

    /// <summary>
    /// When the workspace stops and starts by itself; <see langword="null"/>: that stays. Prebuilt workspaces are never touched.
    /// </summary>
    public StartedWorkspace? Schedule { get; init; }
}

/// <summary>What a job is to do.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Input">What it was made with.</param>
/// <param name="FileId">The archive that it works on.</param>
/// <param name="InitiatorId">Who asked for it.</param>
public sealed record JobTask(JobType Type, JobInput Input, Guid FileId, Guid InitiatorId);

/// <summary>The tables that the ends of jobs fill. Every method runs in the transaction of the caller.</summary>
public interface IJobResultStore
{
    /// <summary>Reads what a job is to do.</summary>
    /// <returns>Null when there is no such job.</returns>
    Task<JobTask?> FindJobAsync(Guid job, CancellationToken cancellationToken);

    /// <summary>
    /// Reads what decides on the result of a build. Nobody else changes its workspace, or the schedule of that, before this transaction ends.
    /// </summary>
    /// <returns>Null when there is no such build.</returns>
    Task<BuildFacts?> FindBuildAsync(Guid build, CancellationToken cancellationToken);

    /// <summary>Finds the names of a user, whatever has become of the account.</summary>
    Task<NamedUser?> FindUserAsync(Guid user, CancellationToken cancellationToken);

    /// <summary>Reads what the build before this one left; nothing when there is none.</summary>
    Task<BuildBefore> FindBeforeAsync(Guid build, CancellationToken cancellationToken);

    /// <summary>Writes what an import found, resources excepted.</summary>
    Task SaveImportAsync(ImportedVersion version, CancellationToken cancellationToken);

    /// <summary>Writes the variables of a version whose import fails, so that somebody can be asked for their values.</summary>
    Task SaveVariablesAsync(Guid version, IReadOnlyList<ResolvedVariable> variables, CancellationToken cancellationToken);

    /// <summary>Adds resources with agents, scripts, log sources, apps and metadata.</summary>
    /// <param name="job">Whose they are.</param>
    /// <param name="transition">What they are left by; of an import the build that would leave them.</param>
    /// <param name="resources">The resources.</param>
    /// <param name="isRunning">Whether the workspace runs from now on, so that simulated agents are connected and ready.</param>
    /// <param name="at">When the job ends.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    Task AddResourcesAsync(
        Guid job,
        WorkspaceTransition transition,
        IReadOnlyList<PlannedResource> resources,
        bool isRunning,
        DateTimeOffset at,
        CancellationToken cancellationToken);

    /// <summary>
    /// Writes the row of a completed build, and when its workspace starts next. A state that is absent is inherited from the build before;
    /// the agents of the builds before are noted as gone, because what this one leaves has taken their place.
    /// </summary>
    Task SaveBuildAsync(CompletedBuild build, CancellationToken cancellationToken);

    /// <summary>Writes the state of a build that failed or was canceled; an absent one is inherited from the build before.</summary>
    Task KeepStateAsync(Guid build, byte[]? state, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Marks the workspace of a build deleted, which frees its name.</summary>
    Task DeleteWorkspaceAsync(Guid build, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Counts a managed agent, once a build (docs/spec/licensing.md, section 4.6).</summary>
    Task RecordManagedAgentAsync(Guid build, DateTimeOffset at, CancellationToken cancellationToken);
}
