using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Users;

/// <summary>The site roles that users can be given, without the one that everybody has.</summary>
/// <param name="Actor">Who asks.</param>
[RequiresPermission(ResourceType.AssignRole, PermissionAction.Read)]
public sealed record ListSiteRoles(Actor Actor) : IQuery<IReadOnlyList<SiteRole>>, IActorRequest;

/// <summary>A site role, seen by somebody who may or may not give it.</summary>
/// <param name="Role">The role.</param>
/// <param name="IsAssignable">Whether the caller may give and take it.</param>
public sealed record SiteRole(Role Role, bool IsAssignable);

internal sealed class ListSiteRolesHandler(AuthorizationOptions options) : IRequestHandler<ListSiteRoles, Result<IReadOnlyList<SiteRole>>>
{
    public Task<Result<IReadOnlyList<SiteRole>>> Handle(ListSiteRoles request, CancellationToken cancellationToken)
    {
        var mayAssign = Authorizer.Can(request.Actor, new Permission(ResourceType.AssignRole, PermissionAction.Assign));
        var roles = BuiltInRoles.For(options).Site
            .Where(role => !role.IsImplied)
            .Select(role => new SiteRole(role, mayAssign && RoleAssignment.CanAssignSite(request.Actor, role.Name)))
            .ToArray();
        return Task.FromResult(Result<IReadOnlyList<SiteRole>>.From(roles));
    }
}
