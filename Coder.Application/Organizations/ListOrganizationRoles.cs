using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Organizations;

/// <summary>All roles that members of an organization can have, the built-in ones first; without the implied one.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
public sealed record ListOrganizationRoles(Actor Actor, string Organization) : IQuery<IReadOnlyList<AssignableRole>>, IActorRequest;

/// <summary>A role, seen by somebody who may or may not give it.</summary>
/// <param name="Name">The name on the wire.</param>
/// <param name="DisplayName">The name for people.</param>
/// <param name="OrganizationId">The organization that it counts in.</param>
/// <param name="SitePermissions">What it grants in the whole deployment.</param>
/// <param name="OrganizationPermissions">What it grants and denies in the organization.</param>
/// <param name="UserPermissions">What it grants over the user's own objects.</param>
/// <param name="IsAssignable">Whether the caller may give and take it.</param>
/// <param name="IsBuiltIn">Whether it is the same everywhere.</param>
public sealed record AssignableRole(
    string Name,
    string DisplayName,
    Guid OrganizationId,
    IReadOnlyList<PermissionRule> SitePermissions,
    IReadOnlyList<PermissionRule> OrganizationPermissions,
    IReadOnlyList<PermissionRule> UserPermissions,
    bool IsAssignable,
    bool IsBuiltIn);

internal sealed class ListOrganizationRolesHandler(OrganizationLookup lookup, ICustomRoleStore roles)
    : IRequestHandler<ListOrganizationRoles, Result<IReadOnlyList<AssignableRole>>>
{
    public async Task<Result<IReadOnlyList<AssignableRole>>> Handle(ListOrganizationRoles request, CancellationToken cancellationToken)
    {
        var actor = request.Actor;
        if (!(await lookup.FindAsync(actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        var roleObject = ObjectRef.In(organization.Id, ResourceType.AssignOrgRole);
        if (!Authorizer.Can(actor, PermissionAction.Read, roleObject))
        {
            return Error.NotFound;
        }

        var mayAssign = Authorizer.Can(actor, PermissionAction.Assign, roleObject);
        var builtIn = BuiltInRoles.For(AuthorizationOptions.Default).Organization.Where(role => !role.IsImplied).Select(
            role => new AssignableRole(
                role.Name,
                role.DisplayName,
                organization.Id,
                role.SitePermissions,
                role.OrganizationPermissions,
                role.UserPermissions,
                IsAssignable(role.Name),
                IsBuiltIn: true));
        var custom = (await roles.ListAsync(organization.Id, cancellationToken)).Select(
            role => new AssignableRole(
                role.Name, role.DisplayName, organization.Id, [], role.Permissions, [], IsAssignable(role.Name), IsBuiltIn: false));
        return builtIn.Concat(custom).ToArray();

        bool IsAssignable(string name) => mayAssign && RoleAssignment.CanAssignInOrganization(actor, organization.Id, name);
    }
}
