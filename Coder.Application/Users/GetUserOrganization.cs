using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Organizations;
using MediatR;

namespace Coder.Application.Users;

/// <summary>One organization of a user; 404 when the user does not belong to it or the caller may not read it.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
public sealed record GetUserOrganization(Actor Actor, string User, string Organization) : IQuery<Organization>, IActorRequest;

internal sealed class GetUserOrganizationHandler(UserLookup users, OrganizationLookup organizations)
    : IRequestHandler<GetUserOrganization, Result<Organization>>
{
    public async Task<Result<Organization>> Handle(GetUserOrganization request, CancellationToken cancellationToken)
    {
        if (!(await users.FindAsync(request.Actor, request.User, cancellationToken)).Is(out var user, out var error)
            || !(await organizations.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out error))
        {
            return error;
        }

        return user.OrganizationIds.Contains(organization.Id) ? organization : Error.NotFound;
    }
}
