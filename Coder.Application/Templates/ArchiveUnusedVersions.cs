using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>Archives the versions of a template that nothing uses.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Template">The id as it stands in the path.</param>
/// <param name="All">Also those whose import ended well.</param>
public sealed record ArchiveUnusedVersions(Actor Actor, string Template, bool All)
    : ICommand<ArchivedVersions>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.Template, AuditAction.Write, 200);
}

/// <summary>What was archived.</summary>
/// <param name="Template">The template.</param>
/// <param name="Versions">In the order of their ids.</param>
public sealed record ArchivedVersions(Guid Template, IReadOnlyList<Guid> Versions);

internal sealed class ArchiveUnusedVersionsHandler(
    TemplateLookup lookup, ITemplateVersionStore versions, TimeProvider time, AuditTrail audit)
    : IRequestHandler<ArchiveUnusedVersions, Result<ArchivedVersions>>
{
    public async Task<Result<ArchivedVersions>> Handle(ArchiveUnusedVersions request, CancellationToken cancellationToken)
    {
        if (!(await lookup.LockAsync(request.Actor, request.Template, cancellationToken)).Is(out var template, out var error))
        {
            return error;
        }

        audit.About(template);
        if (!Authorizer.Can(request.Actor, PermissionAction.Update, template.Ref))
        {
            return Error.Forbidden;
        }

        return new ArchivedVersions(
            template.Id,
            await versions.ArchiveUnusedAsync(
                template.Id, null, failedOnly: !request.All, time.GetUtcNow().ToMicroseconds(), cancellationToken));
    }
}
