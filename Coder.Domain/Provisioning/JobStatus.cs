using Coder.Domain.Common;

namespace Coder.Domain.Provisioning;

/// <summary>
/// What has become of a provisioner job. It is never written by itself but follows from the columns of the job, see
/// <see cref="JobStatuses.Of"/>.
/// </summary>
public enum JobStatus
{
    /// <summary>Waits for a daemon.</summary>
    Pending,

    /// <summary>A daemon works on it.</summary>
    Running,

    /// <summary>Ended well.</summary>
    Succeeded,

    /// <summary>Somebody canceled it and its daemon has not acknowledged that yet.</summary>
    Canceling,

    /// <summary>Ended because somebody canceled it.</summary>
    Canceled,

    /// <summary>Ended with an error.</summary>
    Failed,

    /// <summary>There is no row of the job; no job is ever in this state.</summary>
    Unknown,
}

/// <summary>
/// The rules of <see cref="JobStatus"/> (docs/spec/workspaces.md, section 3.1) and its names on the wire and in the database.
/// </summary>
public static class JobStatuses
{
    private static readonly WireTable<JobStatus> Names =
        new("pending", "running", "succeeded", "canceling", "canceled", "failed", "unknown");

    /// <summary>Derives the status; the generated column <c>job_status</c> is the same table in SQL.</summary>
    /// <param name="startedAt">When a daemon took the job.</param>
    /// <param name="canceledAt">When somebody canceled it.</param>
    /// <param name="completedAt">When it ended.</param>
    /// <param name="error">Why it failed; the empty text is none.</param>
    public static JobStatus Of(DateTimeOffset? startedAt, DateTimeOffset? canceledAt, DateTimeOffset? completedAt, string? error) =>
        (completedAt, canceledAt, startedAt) switch
        {
            _ when !string.IsNullOrEmpty(error) => JobStatus.Failed,
            (not null, not null, _) => JobStatus.Canceled,
            (not null, null, _) => JobStatus.Succeeded,
            (null, not null, _) => JobStatus.Canceling,
            (null, null, null) => JobStatus.Pending,
            (null, null, not null) => JobStatus.Running,
        };

    /// <summary>Whether the job is still to end: pending, running or canceling.</summary>
    public static bool IsActive(this JobStatus status) => status is JobStatus.Pending or JobStatus.Running or JobStatus.Canceling;

    /// <summary>Whether the job has ended, and is never written again.</summary>
    public static bool HasEnded(this JobStatus status) => status is JobStatus.Succeeded or JobStatus.Canceled or JobStatus.Failed;

    /// <summary>The wire name.</summary>
    public static string WireName(this JobStatus status) => Names[status];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out JobStatus status) => Names.TryParse(name, out status);
}
