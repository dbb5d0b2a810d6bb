using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Domain.Templates;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>Shares a template, or ends that; entries that are not named stay.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Template">The id as it stands in the path.</param>
/// <param name="Users">Role by user id; the empty role removes, also what does not exist any more.</param>
/// <param name="Groups">The same by group id.</param>
[RequiresFeature(FeatureName.TemplateRbac)]
public sealed record UpdateTemplateAcl(
    Actor Actor, string Template, IReadOnlyDictionary<string, string?> Users, IReadOnlyDictionary<string, string?> Groups)
    : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.Template, AuditAction.Write, 200);
}

internal sealed class UpdateTemplateAclHandler(
    TemplateLookup lookup, ITemplateStore templates, ITemplateAclDirectory directory, TimeProvider time, AuditTrail audit)
    : IRequestHandler<UpdateTemplateAcl, Result<Done>>
{
    public async Task<Result<Done>> Handle(UpdateTemplateAcl request, CancellationToken cancellationToken)
    {
        // Under a lock, so that of two changes at once both stay.
        if (!(await lookup.LockAsync(request.Actor, request.Template, cancellationToken)).Is(out var before, out var error))
        {
            return error;
        }

        audit.About(before);
        if (!TemplateAclChange.Parse(request.Users, request.Groups).Is(out var change, out error))
        {
            return error;
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Update, before.Ref))
        {
            return Error.Forbidden;
        }

        var users = await directory.HoldUsersAsync([.. change.Users.Select(grant => grant.Id)], cancellationToken);
        var groups = await directory.HoldGroupsAsync(
            before.OrganizationId, [.. change.Groups.Select(grant => grant.Id)], cancellationToken);
        if (change.JudgeExistence(users.ToHashSet(), groups.ToHashSet()) is { } refused)
        {
            return refused;
        }

        await templates.UpdateAclAsync(before.Id, change, time.GetUtcNow().ToMicroseconds(), cancellationToken);
        var after = (await templates.ReadAsync([before.Id], cancellationToken)).Single();
        audit.Changed(TemplateAudit.Snapshot(before), TemplateAudit.Snapshot(after));
        return Done.Value;
    }
}
