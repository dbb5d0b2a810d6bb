using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Templates;
using FluentValidation;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>Makes a version the one that new workspaces are made from.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Template">The id as it stands in the path.</param>
/// <param name="VersionId">A version of the template whose import ended well.</param>
public sealed record PromoteVersion(Actor Actor, string Template, Guid VersionId) : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.Template, AuditAction.Write, 200);
}

internal sealed class PromoteVersionValidator : AbstractValidator<PromoteVersion>
{
    public PromoteVersionValidator() => this.Field(r => r.VersionId, "id").Required();
}

internal sealed class PromoteVersionHandler(
    TemplateLookup lookup, ITemplateStore templates, ITemplateVersionStore versions, TimeProvider time, AuditTrail audit)
    : IRequestHandler<PromoteVersion, Result<Done>>
{
    public async Task<Result<Done>> Handle(PromoteVersion request, CancellationToken cancellationToken)
    {
        if (!(await lookup.LockAsync(request.Actor, request.Template, cancellationToken)).Is(out var before, out var error))
        {
            return error;
        }

        audit.About(before);
        if (!Authorizer.Can(request.Actor, PermissionAction.Update, before.Ref))
        {
            return Error.Forbidden;
        }

        // Locked, so that it is not archived meanwhile.
        if (await versions.LockAsync(request.VersionId, cancellationToken) is not { } found
            || (found.Version.TemplateId != before.Id && !await MaySeeAsync(request.Actor, found.Version, cancellationToken)))
        {
            return new Error(ErrorKind.NotFound, "Template version not found.");
        }

        if (TemplateRules.JudgePromotion(before, found.Version, found.Job.Status) is { } refused)
        {
            return refused;
        }

        var after = before with { ActiveVersionId = found.Version.Id, UpdatedAt = time.GetUtcNow().ToMicroseconds() };
        await templates.UpdateAsync(after, cancellationToken);
        audit.Changed(TemplateAudit.Snapshot(before), TemplateAudit.Snapshot(after));
        return Done.Value;
    }

    private async Task<bool> MaySeeAsync(Actor actor, TemplateVersion version, CancellationToken ct) =>
        (await lookup.FindVersionAsync(actor, version.Id.ToString(), ct)).Error is null;
}
