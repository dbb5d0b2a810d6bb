namespace Coder.Infrastructure.Workspaces;

/// <summary>
/// Which build of a workspace decides about what runs in it (docs/spec/workspaces.md, section 5): the newest one of which the predicate
/// is true. <c>b</c> is the build and <c>j</c> its job everywhere.
/// </summary>
internal static class CurrentBuilds
{
    /// <summary>
    /// A build that was canceled or given up before any daemon had it has changed nothing, so the one before it counts. There is always
    /// one that does: the first.
    /// </summary>
    public const string Counts = "(j.worker_id is not null or j.job_status not in ('canceled', 'failed') or b.build_number = 1)";

    /// <summary>What there is goes on until a later build has ended: a build that waits or is under way does not cut it off.</summary>
    public const string HasTakenPlace = $"j.completed_at is not null and {Counts}";
}
