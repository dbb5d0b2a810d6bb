using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Templates;
using FluentValidation;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>Changes name and message of a version.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Version">The id as it stands in the path.</param>
/// <param name="Name">Empty leaves it.</param>
/// <param name="Message"><see langword="null"/> leaves it.</param>
public sealed record UpdateVersion(Actor Actor, string Version, string? Name, string? Message)
    : ICommand<VersionView>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.TemplateVersion, AuditAction.Write, 200);
}

internal sealed class UpdateVersionValidator : AbstractValidator<UpdateVersion>
{
    public UpdateVersionValidator()
    {
        this.Field(r => r.Name, "name").IsVersionNameOrEmpty();
        this.Field(r => r.Message, "message").IsVersionMessage();
    }
}

internal sealed class UpdateVersionHandler(
    TemplateLookup lookup, ITemplateVersionStore versions, VersionViews views, TimeProvider time, AuditTrail audit)
    : IRequestHandler<UpdateVersion, Result<VersionView>>
{
    public async Task<Result<VersionView>> Handle(UpdateVersion request, CancellationToken cancellationToken)
    {
        if (!(await lookup.LockVersionAsync(request.Actor, request.Version, cancellationToken)).Is(out var found, out var error))
        {
            return error;
        }

        var before = found.Version;
        audit.About(before);
        if (!Authorizer.Can(request.Actor, PermissionAction.Update, found.Ref))
        {
            return Error.Forbidden;
        }

        var after = before with
        {
            Name = string.IsNullOrEmpty(request.Name) ? before.Name : request.Name,
            Message = request.Message ?? before.Message,
            UpdatedAt = time.GetUtcNow().ToMicroseconds(),
        };
        if (!await versions.UpdateAsync(after, cancellationToken))
        {
            return TemplateRules.VersionNameTaken(after.Name);
        }

        audit.About(after).Changed(TemplateAudit.Snapshot(before), TemplateAudit.Snapshot(after));
        return await views.OneAsync(after.Id, cancellationToken);
    }
}
