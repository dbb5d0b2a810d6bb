using Coder.Domain.Provisioning;

namespace Coder.Application.Provisioning;

/// <summary>A stored line of a job's log.</summary>
/// <param name="Id">Grows from line to line, over all jobs.</param>
/// <param name="Line">The line.</param>
public sealed record JobLogEntry(long Id, JobLogLine Line);

/// <summary>A part of a job's log.</summary>
/// <param name="After">Only lines with greater ids; 0: from the beginning.</param>
/// <param name="Before">Only lines with smaller ids; absent: to the end.</param>
/// <param name="Limit">The most lines; the first ones.</param>
public sealed record JobLogRange(long After, long? Before, int Limit);

/// <summary>What a follower of a job's log gets at once.</summary>
/// <param name="Lines">By id.</param>
/// <param name="HasEnded">Whether the job had ended before the lines were read, so that no more of them come.</param>
public sealed record JobLogPart(IReadOnlyList<JobLogEntry> Lines, bool HasEnded);

/// <summary>The logs of jobs (docs/spec/workspaces.md, section 3.3). Who may read them is the caller's matter.</summary>
public interface IJobLogs
{
    /// <summary>Reads a part of a log.</summary>
    /// <returns>By id; without lines when there is no such job, which counts as ended.</returns>
    Task<JobLogPart> ReadAsync(Guid job, JobLogRange range, CancellationToken cancellationToken);

    /// <summary>
    /// Appends lines within the limits of <see cref="JobLog"/>, within the transaction of the caller, which holds the lock of the job.
    /// Followers hear of it at the commit.
    /// </summary>
    Task AppendAsync(Guid job, IReadOnlyCollection<JobLogLine> lines, CancellationToken cancellationToken);

    /// <summary>Appends lines that count against no limit, within the transaction of the caller: why the job ends.</summary>
    /// <param name="job">The job.</param>
    /// <param name="lines">Makes the lines, given the stage of the last one that there is.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    Task AddLastWordsAsync(Guid job, Func<string?, IReadOnlyList<JobLogLine>> lines, CancellationToken cancellationToken);
}
