using System.Data;
using Coder.Application.Common;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using MediatR;

namespace Coder.Application.Provisioning;

/// <summary>Ends jobs that nobody works on any more, or that nobody ever took (docs/spec/workspaces.md, section 3.4).</summary>
public sealed record ReapJobs : ICommand<int>;

/// <summary>How the reaper works.</summary>
/// <param name="Interval">Between two runs.</param>
/// <param name="Limits">How long jobs may be silent.</param>
public sealed record JobReaperOptions(TimeSpan Interval, ReaperLimits Limits);

/// <summary>Finds jobs that are beyond hope.</summary>
public interface IReapableJobs
{
    /// <summary>Jobs that have been silent for too long, the longest silence first.</summary>
    Task<IReadOnlyList<Guid>> ListAsync(ReaperLimits limits, DateTimeOffset now, int most, CancellationToken cancellationToken);

    /// <summary>Locks a job.</summary>
    /// <returns>Null when somebody else has locked it, who therefore works on it.</returns>
    Task<ReapableJob?> TryLockAsync(Guid job, CancellationToken cancellationToken);

    /// <summary>Gives a build that has no state that of the build before it, so that what exists is not forgotten.</summary>
    Task KeepStateAsync(Guid job, CancellationToken cancellationToken);
}

/// <summary>What decides whether a job is reaped.</summary>
public sealed record ReapableJob(DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt, DateTimeOffset UpdatedAt);

internal sealed class ReapJobsHandler(
    IReapableJobs jobs, IJobQueue queue, IJobLogs logs, IUnitOfWork work, JobReaperOptions options, TimeProvider time)
    : IRequestHandler<ReapJobs, Result<int>>
{
    public async Task<Result<int>> Handle(ReapJobs request, CancellationToken cancellationToken)
    {
        var count = 0;
        var failures = new List<Exception>();
        var silent = await jobs.ListAsync(options.Limits, time.GetUtcNow(), JobReaper.MaximumJobs, cancellationToken);
        foreach (var job in silent)
        {
            try
            {
                var outcome = await work.RunAsync(IsolationLevel.ReadCommitted, ct => ReapAsync(job, ct), cancellationToken);
                count += outcome.Match(isReaped => isReaped ? 1 : 0, _ => 0);
            }
#pragma warning disable CA1031 // one job must not keep the others alive
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                failures.Add(e);
            }
        }

        return failures.Count == 0 ? count : throw new AggregateException("Not all jobs could be reaped.", failures);
    }

    private async Task<Result<bool>> ReapAsync(Guid job, CancellationToken ct)
    {
        // It may have come back to life since it was listed.
        if (await jobs.TryLockAsync(job, ct) is not { } found
            || JobReaper.Decide(found.StartedAt, found.CompletedAt, found.UpdatedAt, options.Limits, time.GetUtcNow().ToMicroseconds())
                is not { } reaped)
        {
            return false;
        }

        await logs.AddLastWordsAsync(job, reaped.LogLines, ct);
        await jobs.KeepStateAsync(job, ct);
        await queue.EndHeldAsync(job, reaped.Error, null, reaped.CompletedAt, ct);
        return true;
    }
}
