using Coder.Application.Common;
using Coder.Application.Provisioning;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Templates;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>Cancels a dry run.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Version">The id as it stands in the path.</param>
/// <param name="Job">The id as it stands in the path.</param>
public sealed record CancelDryRun(Actor Actor, string Version, string Job) : ICommand<Done>, ITransactional, IActorRequest;

internal sealed class CancelDryRunHandler(DryRunLookup runs, IJobQueue queue, TimeProvider time)
    : IRequestHandler<CancelDryRun, Result<Done>>
{
    public async Task<Result<Done>> Handle(CancelDryRun request, CancellationToken cancellationToken)
    {
        if (!(await runs.FindAsync(request.Actor, request.Version, request.Job, cancellationToken)).Is(out var run, out var error))
        {
            return error;
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Update, DryRunLookup.Reference(run.OrganizationId, run.InitiatorId)))
        {
            return Error.Forbidden;
        }

        if (await queue.LockAsync(run.Id, cancellationToken) is not { } job)
        {
            return Error.NotFound;
        }

        if (VersionRules.JudgeCancel(job.Status, job.CanceledAt) is { } refused)
        {
            return refused;
        }

        await queue.CancelAsync(job, time.GetUtcNow().ToMicroseconds(), cancellationToken);
        return Done.Value;
    }
}
