using Coder.Domain.Provisioning;
using Coder.Domain.Users;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Lifecycle;

/// <summary>A build that nobody asked for. It is made in the name of the owner of the workspace.</summary>
/// <param name="Transition">What it does.</param>
/// <param name="Reason">Why.</param>
/// <param name="UsesActiveVersion">Whether it takes the template's active version, instead of that of the build before.</param>
public sealed record LifecycleBuild(WorkspaceTransition Transition, BuildReason Reason, bool UsesActiveVersion = false);

/// <summary>What the executor does to one workspace. A build needs a daemon that was seen recently; without one nothing is done.</summary>
/// <param name="Build">The build, if there is to be one.</param>
/// <param name="Dormancy">The dates to store, if the workspace becomes dormant.</param>
public sealed record LifecycleAction(LifecycleBuild? Build, Dormancy? Dormancy = null);

/// <summary>Decides what a tick of the lifecycle executor does to a workspace (docs/spec/workspaces.md, section 8.2).</summary>
public static class LifecycleDecision
{
    /// <summary>How long after a failed deletion the next one is tried.</summary>
    public static TimeSpan DeletionRetry { get; } = TimeSpan.FromHours(24);

    /// <summary>The tick of a run: its time cut to the minute.</summary>
    public static DateTimeOffset TickOf(DateTimeOffset now)
    {
        var utc = now.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMinute));
    }

    /// <summary>Takes the first rule that matches.</summary>
    /// <param name="facts">The workspace, as it is in the transaction that carries out the action.</param>
    /// <param name="tick">The tick, which limits are compared with.</param>
    /// <param name="now">The time that is stored when the workspace becomes dormant.</param>
    /// <returns><see langword="null"/> when nothing is to be done; always for prebuilt workspaces, and while a build goes on.</returns>
    public static LifecycleAction? Decide(LifecycleFacts facts, DateTimeOffset tick, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (facts.IsPrebuild || facts.Deleted || !facts.JobStatus.HasEnded())
        {
            return null;
        }

        return IsAutostop(facts, tick) ? Build(WorkspaceTransition.Stop, BuildReason.Autostop)
            : IsAutostart(facts, tick) ? Autostart(facts)
            : IsFailedStop(facts, tick) ? Build(WorkspaceTransition.Stop, BuildReason.Autostop)
            : IsDormancy(facts, tick) ? BecomeDormant(facts, now)
            : IsDeletion(facts, tick) ? Build(WorkspaceTransition.Delete, BuildReason.AutoDelete)
            : null;
    }

    private static bool IsAutostop(LifecycleFacts facts, DateTimeOffset tick) =>
        facts is { JobStatus: not JobStatus.Failed, Dormancy.DormantAt: null, Transition: WorkspaceTransition.Start }
        && (facts.OwnerStatus == UserStatus.Suspended || facts.Deadline <= tick);

    private static bool IsAutostart(LifecycleFacts facts, DateTimeOffset tick) =>
        facts is
        {
            OwnerStatus: UserStatus.Active,
            JobStatus: not JobStatus.Failed,
            Dormancy.DormantAt: null,
            Transition: WorkspaceTransition.Stop,
        }
        && facts.Template.NextAutostart(facts.Autostart, facts.BuildCreatedAt) <= tick;

    /// <summary>A start that failed is stopped; a stop that failed is tried again (section 13 rule 3).</summary>
    private static bool IsFailedStop(LifecycleFacts facts, DateTimeOffset tick) =>
        facts is { JobStatus: JobStatus.Failed, Transition: WorkspaceTransition.Start or WorkspaceTransition.Stop }
        && facts.Template.FailureTtl > TimeSpan.Zero
        && tick - facts.JobCompletedAt > facts.Template.FailureTtl;

    private static bool IsDormancy(LifecycleFacts facts, DateTimeOffset tick) =>
        facts.Dormancy.DormantAt is null
        && facts.Template.TimeTilDormant > TimeSpan.Zero
        && tick - facts.LastUsedAt > facts.Template.TimeTilDormant;

    private static bool IsDeletion(LifecycleFacts facts, DateTimeOffset tick) =>
        facts.Dormancy.DormantAt is not null
        && facts.Dormancy.DeletingAt < tick
        && facts.Template.TimeTilDormantAutodelete > TimeSpan.Zero
        && (facts is not { JobStatus: JobStatus.Failed, Transition: WorkspaceTransition.Delete }
            || tick - facts.JobCompletedAt > DeletionRetry);

    private static LifecycleAction Build(WorkspaceTransition transition, BuildReason reason) => new(new LifecycleBuild(transition, reason));

    private static LifecycleAction Autostart(LifecycleFacts facts) => new(new LifecycleBuild(
        WorkspaceTransition.Start,
        BuildReason.Autostart,
        UsesActiveVersion: facts.RequireActiveVersion || facts.AutomaticUpdates == AutomaticUpdates.Always));

    private static LifecycleAction BecomeDormant(LifecycleFacts facts, DateTimeOffset now) => new(
        facts.Transition == WorkspaceTransition.Start ? new LifecycleBuild(WorkspaceTransition.Stop, BuildReason.Dormancy) : null,
        Dormancy.From(now, facts.Template.TimeTilDormantAutodelete));
}
