namespace Coder.Domain.Provisioning;

/// <summary>The legal moves of a job (docs/spec/workspaces.md, section 3.1). Every end is final.</summary>
public static class JobTransitions
{
    /// <summary>The states that a job may go to next; none once it has ended.</summary>
    public static IReadOnlyList<JobStatus> From(JobStatus status) => status switch
    {
        // A pending job fails when the reaper gives up on it.
        JobStatus.Pending => [JobStatus.Running, JobStatus.Canceled, JobStatus.Failed],
        JobStatus.Running => [JobStatus.Succeeded, JobStatus.Failed, JobStatus.Canceling],
        JobStatus.Canceling => [JobStatus.Canceled, JobStatus.Failed],
        JobStatus.Succeeded or JobStatus.Canceled or JobStatus.Failed or JobStatus.Unknown => [],
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    /// <summary>Whether a job may go from one state to the other; staying is no move.</summary>
    public static bool IsLegal(JobStatus from, JobStatus to) => From(from).Contains(to);
}
