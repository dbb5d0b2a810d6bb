using Coder.Application.Common;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using MediatR;

namespace Coder.Application.Provisioning;

/// <summary>A daemon has done a job. If somebody canceled it meanwhile, what was done is stored and the job is canceled all the same.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Daemon">The id as it stands in the path.</param>
/// <param name="Job">The id as it stands in the path.</param>
/// <param name="Result">As the daemon wrote it; what it means depends on the job.</param>
public sealed record CompleteJob(DaemonCaller Caller, string Daemon, string Job, WrittenResult Result)
    : ICommand<CompletedJob>;

/// <summary>A job that was done.</summary>
/// <param name="Job">The job as it is now.</param>
/// <param name="Agents">The agents of the build, or those that the import foresees.</param>
public sealed record CompletedJob(JobView Job, IReadOnlyList<AgentToken> Agents);

internal sealed class CompleteJobHandler(HeldJobs jobs, IJobQueue queue, IJobResults results, TimeProvider time)
    : IRequestHandler<CompleteJob, Result<CompletedJob>>
{
    public Task<Result<CompletedJob>> Handle(CompleteJob request, CancellationToken cancellationToken) => jobs.RunAsync(
        request.Caller, request.Daemon, request.Job, (job, ct) => CompleteAsync(request, job, ct), cancellationToken);

    private async Task<Result<CompletedJob>> CompleteAsync(CompleteJob request, LockedJob job, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow().ToMicroseconds();
        if (!(await WriteAsync(job, request.Result, at, cancellationToken)).Is(out var agents, out var error))
        {
            return error;
        }

        return new CompletedJob(await queue.EndHeldAsync(job.Id, null, null, at, cancellationToken), agents);
    }

    private async Task<Result<IReadOnlyList<AgentToken>>> WriteAsync(
        LockedJob job, WrittenResult result, DateTimeOffset at, CancellationToken ct)
    {
        switch (job.Type)
        {
            case JobType.TemplateVersionImport:
                return ResultReader.Import(result).Is(out var import, out var wrongImport)
                    ? await results.CompleteImportAsync(job.Id, import, at, ct)
                    : wrongImport;
            case JobType.WorkspaceBuild:
                return ResultReader.Build(result).Is(out var build, out var wrongBuild)
                    ? await results.CompleteBuildAsync(job.Id, build, at, ct)
                    : wrongBuild;
            case JobType.TemplateVersionDryRun:
                return ResultReader.Build(result).Is(out var tried, out var wrongTrial)
                    ? await results.CompleteDryRunAsync(job.Id, tried, at, ct)
                    : wrongTrial;
            default:
                throw new InvalidOperationException($"Unknown type {job.Type}.");
        }
    }
}

/// <summary>Ends jobs whose row is locked.</summary>
internal static class EndOfJobs
{
    public static async Task<JobView> EndHeldAsync(
        this IJobQueue queue, Guid job, string? error, JobErrorCode? code, DateTimeOffset at, CancellationToken ct) =>
        await queue.EndAsync(job, error, code, at, ct)
            ? (await queue.ReadAsync([job], ct))[job]
            : throw new InvalidOperationException("A locked job was ended by somebody else.");
}
