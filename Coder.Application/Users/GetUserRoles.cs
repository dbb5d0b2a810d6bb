using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Users;

/// <summary>The roles of a user, without those that everybody has; 404 to callers who may not read what is personal.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
public sealed record GetUserRoles(Actor Actor, string User) : IQuery<UserRoles>, IActorRequest;

/// <summary>The stored roles of a user.</summary>
/// <param name="Site">Roles of the deployment.</param>
/// <param name="Organizations">Each membership with its roles.</param>
public sealed record UserRoles(IReadOnlyList<string> Site, IReadOnlyList<OrganizationRoles> Organizations);

internal sealed class GetUserRolesHandler(UserLookup users, IAccountStore accounts) : IRequestHandler<GetUserRoles, Result<UserRoles>>
{
    public async Task<Result<UserRoles>> Handle(GetUserRoles request, CancellationToken cancellationToken)
    {
        if (!(await users.FindAsync(request.Actor, request.User, cancellationToken)).Is(out var user, out var error))
        {
            return error;
        }

        return Authorizer.Can(request.Actor, PermissionAction.ReadPersonal, ObjectRef.User(user.Id))
            ? new UserRoles(user.Roles, await accounts.OrganizationRolesAsync(user.Id, cancellationToken))
            : Error.NotFound;
    }
}
