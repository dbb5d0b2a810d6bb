using System.Data;
using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>Deletes a template without workspaces. Where only prebuilt ones are left, it makes way for itself instead.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Template">The id as it stands in the path.</param>
/// <remarks>Not a transaction as a whole: of a deletion that must wait, the preparation stays although the answer is a refusal.</remarks>
public sealed record DeleteTemplate(Actor Actor, string Template) : ICommand<Done>, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.Template, AuditAction.Delete, 200);
}

internal sealed class DeleteTemplateHandler(
    IUnitOfWork unit,
    TemplateLookup lookup,
    ITemplateStore templates,
    ITemplateWorkspaces workspaces,
    TimeProvider time,
    AuditTrail audit)
    : IRequestHandler<DeleteTemplate, Result<Done>>
{
    // The reconciler removes the stock of templates that are deprecated.
    private const string Leaving = "This template is being deleted.";

    // An entry of its own, beside that of the deletion that was refused.
    private static readonly AuditedAction MadeWay = new(AuditResourceType.Template, AuditAction.Write, 200);

    public async Task<Result<Done>> Handle(DeleteTemplate request, CancellationToken cancellationToken)
    {
        var outcome = await unit.RunAsync(IsolationLevel.ReadCommitted, ct => DeleteAsync(request, ct), cancellationToken);
        if (!outcome.Is(out var left, out var error))
        {
            return error;
        }

        return left.Prebuilt == 0
            ? Done.Value
            : new Error(
                ErrorKind.Invalid,
                "All workspaces must be deleted before a template can be removed.",
                FormattableString.Invariant(
                    $"{left.Prebuilt} prebuilt workspace{(left.Prebuilt == 1 ? " is" : "s are")} being removed; try again after that."));
    }

    private async Task<Result<TemplateUse>> DeleteAsync(DeleteTemplate request, CancellationToken ct)
    {
        if (!(await lookup.LockAsync(request.Actor, request.Template, ct)).Is(out var template, out var error))
        {
            return error;
        }

        audit.About(template);
        if (!Authorizer.Can(request.Actor, PermissionAction.Delete, template.Ref))
        {
            return Error.Forbidden;
        }

        var use = await workspaces.CountAsync(template.Id, ct);
        if (use.OfPeople > 0)
        {
            return new Error(ErrorKind.Invalid, "All workspaces must be deleted before a template can be removed.");
        }

        var now = time.GetUtcNow().ToMicroseconds();
        if (use.Prebuilt == 0)
        {
            await templates.DeleteAsync(template.Id, now, ct);
            audit.Changed(TemplateAudit.Snapshot(template), null);
            await audit.WriteAsync(request.Audited, request.Actor.UserId, ct);
        }
        else if (template.Deprecated.Length == 0)
        {
            var leaving = template with { Deprecated = Leaving, UpdatedAt = now };
            await templates.UpdateAsync(leaving, ct);
            audit.Changed(TemplateAudit.Snapshot(template), TemplateAudit.Snapshot(leaving));
            await audit.WriteAsync(MadeWay, request.Actor.UserId, ct);
        }

        return use;
    }
}
