using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Templates;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>Archives a version that nothing uses, or brings it back.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Version">The id as it stands in the path.</param>
/// <param name="IsArchived">What it is to be.</param>
public sealed record ArchiveVersion(Actor Actor, string Version, bool IsArchived) : ICommand<Guid>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.TemplateVersion, AuditAction.Write, 200);
}

internal sealed class ArchiveVersionHandler(
    TemplateLookup lookup, ITemplateStore templates, ITemplateVersionStore versions, TimeProvider time, AuditTrail audit)
    : IRequestHandler<ArchiveVersion, Result<Guid>>
{
    public async Task<Result<Guid>> Handle(ArchiveVersion request, CancellationToken cancellationToken)
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

        // The template first, as everything that makes use of its versions does.
        if (found.Template is not { } template || await templates.LockAsync(template.Id, cancellationToken) is null)
        {
            return new Error(ErrorKind.Invalid, "Template version does not belong to a template.");
        }

        var before = (await versions.LockAsync(found.Version.Id, cancellationToken))!.Version;
        if ((await ChangeAsync(before, request.IsArchived, cancellationToken)) is { } refused)
        {
            return refused;
        }

        audit.Changed(TemplateAudit.Snapshot(before), TemplateAudit.Snapshot(before with { IsArchived = request.IsArchived }));
        return before.Id;
    }

    private async Task<Error?> ChangeAsync(TemplateVersion version, bool isArchived, CancellationToken ct)
    {
        var now = time.GetUtcNow().ToMicroseconds();
        if (isArchived)
        {
            return (await versions.ArchiveUnusedAsync(version.TemplateId!.Value, version.Id, failedOnly: false, now, ct)).Count == 0
                ? VersionRules.InUse(version)
                : null;
        }

        if (!version.IsArchived)
        {
            return VersionRules.NotArchived;
        }

        await versions.UpdateAsync(version with { IsArchived = false, UpdatedAt = now }, ct);
        return null;
    }
}
