using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Application.Provisioning;
using Coder.Application.Templates;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Builds;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using MediatR;

namespace Coder.Application.Builds;

/// <summary>
/// Puts another state in the place of what a build left, without building anything: to repair what the next build begins with.
/// </summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Build">The id as it stands in the path.</param>
/// <param name="State">The state; empty: there is none.</param>
public sealed record SetBuildState(Actor Actor, string Build, ReadOnlyMemory<byte> State)
    : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.WorkspaceBuild, AuditAction.Write, 204);
}

internal sealed class SetBuildStateHandler(
    BuildLookup lookup,
    ITemplateDirectory templates,
    IBuildDirectory directory,
    IBuildStore builds,
    IJobQueue queue,
    AuditTrail audit,
    TimeProvider time)
    : IRequestHandler<SetBuildState, Result<Done>>
{
    public async Task<Result<Done>> Handle(SetBuildState request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Build, cancellationToken)).Is(out var build, out var error))
        {
            return error;
        }

        if ((await directory.ReadAsync([build.Id], cancellationToken)).GetValueOrDefault(build.Id) is not { } view)
        {
            return Error.NotFound;
        }

        audit.Changing(view);
        if (!await templates.MayChangeAsync(request.Actor, build, cancellationToken))
        {
            return Error.Forbidden;
        }

        if (await queue.LockAsync(build.JobId, cancellationToken) is not { } job)
        {
            return Error.NotFound;
        }

        if (!job.Status.HasEnded())
        {
            return BuildRules.StateInUse;
        }

        audit.StateReplaced();
        await builds.SetStateAsync(build.Id, request.State, time.GetUtcNow().ToMicroseconds(), cancellationToken);
        return Done.Value;
    }
}
