using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Groups;
using Coder.Domain.Licensing;
using MediatR;

namespace Coder.Application.Groups;

/// <summary>Deletes a group. What was shared with it is shared with its members no more.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Group">The id as it stands in the path.</param>
[RequiresFeature(FeatureName.TemplateRbac)]
public sealed record DeleteGroup(Actor Actor, string Group) : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.Group, AuditAction.Delete, 200);
}

internal sealed class DeleteGroupHandler(IGroupStore groups, AuditTrail audit) : IRequestHandler<DeleteGroup, Result<Done>>
{
    public async Task<Result<Done>> Handle(DeleteGroup request, CancellationToken cancellationToken)
    {
        if (!PathIds.Parse(request.Group).Is(out var id, out var error))
        {
            return error;
        }

        if (await groups.LockAsync(id, cancellationToken) is not { } group
            || !Authorizer.Can(request.Actor, PermissionAction.Read, ObjectRef.Group(id, group.OrganizationId)))
        {
            return Error.NotFound;
        }

        audit.About(group);
        if (!Authorizer.Can(request.Actor, PermissionAction.Delete, ObjectRef.Group(id, group.OrganizationId)))
        {
            return Error.Forbidden;
        }

        if (GroupRules.JudgeDeletion(group) is { } refused)
        {
            return refused;
        }

        audit.Changed(GroupAudit.Snapshot(group, await groups.MemberIdsAsync(id, cancellationToken)), null);
        await groups.DeleteAsync(id, cancellationToken);
        return Done.Value;
    }
}
