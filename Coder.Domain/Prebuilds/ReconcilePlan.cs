using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Prebuilds;

/// <summary>What there is of a preset, for metrics.</summary>
/// <param name="Desired">How many are wanted now; 0 for an inactive preset.</param>
/// <param name="Running">How many run, expired ones too.</param>
/// <param name="Expired">How many of these are too old.</param>
/// <param name="Eligible">How many can be claimed now.</param>
/// <param name="Starting">How many are being made.</param>
/// <param name="Stopping">How many are being stopped.</param>
/// <param name="Deleting">How many are being deleted.</param>
public sealed record PrebuildCounts(int Desired, int Running, int Expired, int Eligible, int Starting, int Stopping, int Deleting);

/// <summary>What to do about one preset. The owner of a workspace is checked again when it is deleted: it may have been claimed.</summary>
public sealed record PresetPlan
{
    /// <summary>The preset.</summary>
    public required Guid PresetId { get; init; }

    /// <summary>What there is.</summary>
    public required PrebuildCounts Counts { get; init; }

    /// <summary>How many workspaces to make.</summary>
    public int Create { get; init; }

    /// <summary>The workspaces to delete, in this order.</summary>
    public IReadOnlyList<Guid> Delete { get; init; } = [];

    /// <summary>
    /// The workspaces whose first build nobody has begun and nobody needs: it is canceled and the workspace removed in one transaction.
    /// </summary>
    public IReadOnlyList<Guid> CancelPending { get; init; } = [];

    /// <summary>Whether the preset is to be marked as one whose builds always fail.</summary>
    public bool MarkHardLimited { get; init; }

    /// <summary>Until when nothing is done because of failures.</summary>
    public DateTimeOffset? BackoffUntil { get; init; }

    /// <summary>Why the schedules are not used, for the log.</summary>
    public SchedulingProblem? SchedulingProblem { get; init; }

    /// <summary>Whether there is anything to do.</summary>
    public bool IsEmpty => Create == 0 && Delete.Count == 0 && CancelPending.Count == 0 && !MarkHardLimited;
}

/// <summary>Decides how the stock of prebuilt workspaces becomes what is wanted (docs/spec/workspaces.md, section 9.2).</summary>
public static class ReconcilePlan
{
    /// <summary>Plans for every preset, in the order of the snapshot.</summary>
    /// <param name="snapshot">What there is.</param>
    /// <param name="options">The limits.</param>
    /// <param name="now">The time of the snapshot.</param>
    public static IReadOnlyList<PresetPlan> Of(ReconcileSnapshot snapshot, ReconcileOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(options);
        return [.. snapshot.Presets.Select(preset => Of(preset, options, now, snapshot.IsPaused))];
    }

    private static PresetPlan Of(PresetSnapshot preset, ReconcileOptions options, DateTimeOffset now, bool isPaused)
    {
        var desired = Desired(preset, now, out var problem);
        var running = preset.Prebuilds.Where(p => p.IsRunning).OrderBy(p => p.CreatedAt).ThenBy(p => p.WorkspaceId).ToList();
        var expired = running.Where(p => preset.Ttl > TimeSpan.Zero && now - p.CreatedAt > preset.Ttl).ToList();
        var fresh = running.Except(expired).ToList();
        var plan = new PresetPlan
        {
            PresetId = preset.PresetId,
            SchedulingProblem = problem,
            Counts = new PrebuildCounts(
                desired,
                running.Count,
                expired.Count,
                fresh.Count(p => p.AgentsReady),
                InProgress(preset, WorkspaceTransition.Start),
                InProgress(preset, WorkspaceTransition.Stop),
                InProgress(preset, WorkspaceTransition.Delete)),
        };
        if (isPaused)
        {
            return plan;
        }

        var spent = preset.Prebuilds.Where(p => IsSpent(p, options, now)).OrderBy(p => p.CreatedAt).ThenBy(p => p.WorkspaceId);
        if (!preset.IsActive)
        {
            return plan with
            {
                Delete = Ids(running.Concat(spent)),
                CancelPending = Ids(preset.Prebuilds.Where(
                    p => (p.Transition, p.JobStatus) is (WorkspaceTransition.Start, JobStatus.Pending))),
            };
        }

        var isHardLimited = preset.IsHardLimited || AlwaysFails(preset, options);
        plan = plan with { MarkHardLimited = isHardLimited && !preset.IsHardLimited };
        if (BackoffUntil(preset, options, desired, now) is { } until && now <= until)
        {
            return plan with { BackoffUntil = until };
        }

        var missing = Math.Clamp(desired - fresh.Count - plan.Counts.Starting, 0, desired);
        return plan with
        {
            Create = isHardLimited ? 0 : missing,
            Delete = Ids(expired.Concat(fresh.Take(Math.Max(fresh.Count - desired, 0))).Concat(spent)),
        };
    }

    private static int Desired(PresetSnapshot preset, DateTimeOffset now, out SchedulingProblem? problem)
    {
        problem = null;
        if (!preset.IsActive)
        {
            return 0;
        }

        if (preset.Schedules.Count == 0)
        {
            return preset.DesiredInstances;
        }

        return PrebuildScheduling.TryCreate(preset.Timezone, preset.Schedules, out var scheduling, out problem)
            ? scheduling.InstancesAt(now) ?? preset.DesiredInstances
            : preset.DesiredInstances;
    }

    private static int InProgress(PresetSnapshot preset, WorkspaceTransition transition) =>
        preset.Prebuilds.Count(p => p.Transition == transition && p.JobStatus is JobStatus.Pending or JobStatus.Running);

    /// <summary>Stopped, canceled or failed so long ago that nobody is going to look at it.</summary>
    private static bool IsSpent(PrebuildSnapshot prebuild, ReconcileOptions options, DateTimeOffset now) =>
        options.FailedRetention > TimeSpan.Zero
        && !prebuild.IsRunning
        && prebuild.JobStatus.HasEnded()
        && now - prebuild.JobCompletedAt > options.FailedRetention;

    private static bool AlwaysFails(PresetSnapshot preset, ReconcileOptions options)
    {
        var last = Newest(preset).Where(a => a.Status.HasEnded()).Take(options.FailureHardLimit).ToList();
        return options.FailureHardLimit > 0
            && last.Count == options.FailureHardLimit
            && last.TrueForAll(a => a.Status == JobStatus.Failed);
    }

    private static DateTimeOffset? BackoffUntil(PresetSnapshot preset, ReconcileOptions options, int desired, DateTimeOffset now)
    {
        var failures = Newest(preset).Take(desired)
            .Where(a => a.Status == JobStatus.Failed && a.CompletedAt >= now - options.BackoffLookback)
            .ToList();
        return failures.Count == 0 ? null : failures.Max(a => a.CompletedAt) + failures.Count * options.BackoffInterval;
    }

    private static IEnumerable<PrebuildAttempt> Newest(PresetSnapshot preset) => preset.Attempts.OrderByDescending(a => a.CreatedAt);

    private static List<Guid> Ids(IEnumerable<PrebuildSnapshot> prebuilds) => [.. prebuilds.Select(p => p.WorkspaceId)];
}
