using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Domain.Organizations;
using MediatR;

namespace Coder.Application.Organizations;

/// <summary>Deletes a role of an organization and takes it from its members.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
/// <param name="Name">The name of the role, without regard to case. Built-in roles are none of the organization's.</param>
[RequiresFeature(FeatureName.CustomRoles)]
public sealed record DeleteCustomRole(Actor Actor, string Organization, string Name)
    : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.CustomRole, AuditAction.Delete, 204);
}

internal sealed class DeleteCustomRoleHandler(OrganizationLookup lookup, ICustomRoleStore roles, AuditTrail audit)
    : IRequestHandler<DeleteCustomRole, Result<Done>>
{
    public async Task<Result<Done>> Handle(DeleteCustomRole request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        var roleObject = ObjectRef.In(organization.Id, ResourceType.AssignOrgRole);
        if (!Authorizer.Can(request.Actor, PermissionAction.Read, roleObject)
            || await roles.LockAsync(organization.Id, CustomRoleDraft.StoredNameOf(request.Name), cancellationToken) is not { } role)
        {
            return Error.NotFound;
        }

        audit.About(role.Id, role.Role.Name, organization.Id);
        if (!Authorizer.Can(request.Actor, PermissionAction.Delete, roleObject))
        {
            return Error.Forbidden;
        }

        await roles.DeleteAsync(role.Id, cancellationToken);
        audit.Changed(OrganizationAudit.Snapshot(role.Role), null);
        return Done.Value;
    }
}
