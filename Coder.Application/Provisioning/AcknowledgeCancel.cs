using Coder.Application.Common;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using MediatR;

namespace Coder.Application.Provisioning;

/// <summary>A daemon has stopped a job because somebody canceled it.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Daemon">The id as it stands in the path.</param>
/// <param name="Job">The id as it stands in the path.</param>
/// <param name="State">Base64: what is known of the workspace now; null: nothing new.</param>
public sealed record AcknowledgeCancel(DaemonCaller Caller, string Daemon, string Job, string? State) : ICommand<JobView>;

internal sealed class AcknowledgeCancelHandler(HeldJobs jobs, IJobQueue queue, IJobResults results, TimeProvider time)
    : IRequestHandler<AcknowledgeCancel, Result<JobView>>
{
    private static readonly Error NotCanceled = new(ErrorKind.Conflict, "Job has not been canceled.");

    public Task<Result<JobView>> Handle(AcknowledgeCancel request, CancellationToken cancellationToken) => jobs.RunAsync(
        request.Caller, request.Daemon, request.Job, (job, ct) => AcknowledgeAsync(request, job, ct), cancellationToken);

    private async Task<Result<JobView>> AcknowledgeAsync(AcknowledgeCancel request, LockedJob job, CancellationToken cancellationToken)
    {
        if (job.Status != JobStatus.Canceling)
        {
            return NotCanceled;
        }

        if (!ResultReader.State(request.State).Is(out var state, out var error))
        {
            return error;
        }

        var at = time.GetUtcNow().ToMicroseconds();
        await results.FailAsync(job.Id, "", null, state, at, cancellationToken);
        return await queue.EndHeldAsync(job.Id, null, null, at, cancellationToken);
    }
}
