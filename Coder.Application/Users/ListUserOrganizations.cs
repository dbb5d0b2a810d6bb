using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Organizations;
using MediatR;

namespace Coder.Application.Users;

/// <summary>The organizations of a user that the caller may read.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
public sealed record ListUserOrganizations(Actor Actor, string User) : IQuery<IReadOnlyList<Organization>>, IActorRequest;

internal sealed class ListUserOrganizationsHandler(UserLookup users, IAccountStore accounts)
    : IRequestHandler<ListUserOrganizations, Result<IReadOnlyList<Organization>>>
{
    public async Task<Result<IReadOnlyList<Organization>>> Handle(ListUserOrganizations request, CancellationToken cancellationToken)
    {
        if (!(await users.FindAsync(request.Actor, request.User, cancellationToken)).Is(out var user, out var error))
        {
            return error;
        }

        var scope = Authorizer.ReadScope(request.Actor, ResourceType.Organization);
        return Result<IReadOnlyList<Organization>>.From(await accounts.OrganizationsAsync(user.Id, scope, cancellationToken));
    }
}
