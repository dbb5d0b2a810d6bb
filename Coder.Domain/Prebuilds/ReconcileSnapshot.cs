using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Prebuilds;

/// <summary>The limits of the reconciler (docs/spec/workspaces.md, sections 9.2 and 13 rule 3).</summary>
public sealed record ReconcileOptions
{
    /// <summary>How long to wait for each recent failure, counted from the last one.</summary>
    public TimeSpan BackoffInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a failure counts as recent.</summary>
    public TimeSpan BackoffLookback { get; init; } = TimeSpan.FromHours(1);

    /// <summary>After so many failures in a row nothing more is built for a preset; 0: never.</summary>
    public int FailureHardLimit { get; init; } = 3;

    /// <summary>How long workspaces are kept that will never be claimed, for somebody to find out why; zero: for ever.</summary>
    public TimeSpan FailedRetention { get; init; } = TimeSpan.FromHours(24);
}

/// <summary>Everything that the reconciler knows, read at one instant.</summary>
/// <param name="IsPaused">Whether somebody paused it; then nothing is built and nothing deleted.</param>
/// <param name="Presets">Every preset that ever wanted prebuilt workspaces, of old versions and deleted templates too.</param>
public sealed record ReconcileSnapshot(bool IsPaused, IReadOnlyList<PresetSnapshot> Presets);

/// <summary>One preset and its prebuilt workspaces.</summary>
public sealed record PresetSnapshot
{
    /// <summary>Whose plan it becomes.</summary>
    public required Guid PresetId { get; init; }

    /// <summary>Whether its version is the template's active one.</summary>
    public required bool IsActiveVersion { get; init; }

    /// <summary>Whether the template is gone.</summary>
    public bool TemplateDeleted { get; init; }

    /// <summary>Whether nobody may make workspaces of the template anymore.</summary>
    public bool TemplateDeprecated { get; init; }

    /// <summary>The number that is wanted outside of the schedules.</summary>
    public required int DesiredInstances { get; init; }

    /// <summary>The zone of <see cref="Schedules"/>.</summary>
    public string Timezone { get; init; } = "";

    /// <summary>When another number is wanted.</summary>
    public IReadOnlyList<PrebuildSchedule> Schedules { get; init; } = [];

    /// <summary>The age at which a running one is replaced; <see langword="null"/> or zero: never.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>Whether it was found before that its builds always fail. A new version has new presets, which are not.</summary>
    public bool IsHardLimited { get; init; }

    /// <summary>Its prebuilt workspaces that are not deleted.</summary>
    public IReadOnlyList<PrebuildSnapshot> Prebuilds { get; init; } = [];

    /// <summary>The builds that were to create its prebuilt workspaces, of deleted workspaces too; in any order.</summary>
    public IReadOnlyList<PrebuildAttempt> Attempts { get; init; } = [];

    /// <summary>Whether it is to have prebuilt workspaces.</summary>
    public bool IsActive => IsActiveVersion && !TemplateDeleted && !TemplateDeprecated;
}

/// <summary>One prebuilt workspace.</summary>
public sealed record PrebuildSnapshot
{
    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>When it was made; the oldest are deleted first.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What its latest build does.</summary>
    public required WorkspaceTransition Transition { get; init; }

    /// <summary>What has become of that build.</summary>
    public required JobStatus JobStatus { get; init; }

    /// <summary>When that build ended.</summary>
    public DateTimeOffset? JobCompletedAt { get; init; }

    /// <summary>Whether it has agents and all of them are ready.</summary>
    public bool AgentsReady { get; init; }

    /// <summary>Whether its latest build is a start that succeeded.</summary>
    public bool IsRunning => (Transition, JobStatus) is (WorkspaceTransition.Start, JobStatus.Succeeded);
}

/// <summary>A build that was to create a prebuilt workspace.</summary>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="Status">What has become of it.</param>
/// <param name="CompletedAt">When it ended.</param>
public sealed record PrebuildAttempt(DateTimeOffset CreatedAt, JobStatus Status, DateTimeOffset? CompletedAt);
