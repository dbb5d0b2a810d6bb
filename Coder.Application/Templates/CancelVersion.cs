using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Application.Provisioning;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Templates;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>Cancels the import of a version.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Version">The id as it stands in the path.</param>
public sealed record CancelVersion(Actor Actor, string Version) : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.TemplateVersion, AuditAction.Write, 200);
}

internal sealed class CancelVersionHandler(TemplateLookup lookup, IJobQueue queue, TimeProvider time, AuditTrail audit)
    : IRequestHandler<CancelVersion, Result<Done>>
{
    public async Task<Result<Done>> Handle(CancelVersion request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindVersionAsync(request.Actor, request.Version, cancellationToken)).Is(out var found, out var error))
        {
            return error;
        }

        audit.About(found.Version);
        if (!Authorizer.Can(request.Actor, PermissionAction.Update, found.Ref))
        {
            return Error.Forbidden;
        }

        if (await queue.LockAsync(found.Version.JobId, cancellationToken) is not { } job)
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
