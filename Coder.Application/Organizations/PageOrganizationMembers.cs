using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Organizations;

/// <summary>A page of the members of an organization, for callers who may read all of them; others are told 404.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
/// <param name="Limit">How many at most; 0 for all.</param>
/// <param name="Offset">How many to pass over; beyond the end is an empty page.</param>
public sealed record PageOrganizationMembers(Actor Actor, string Organization, int Limit, int Offset)
    : IQuery<OrganizationMembers>, IActorRequest;

internal sealed class PageOrganizationMembersHandler(OrganizationLookup lookup, IOrganizationMemberStore members, ICustomRoleStore roles)
    : IRequestHandler<PageOrganizationMembers, Result<OrganizationMembers>>
{
    public async Task<Result<OrganizationMembers>> Handle(PageOrganizationMembers request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Read, ObjectRef.OrganizationMember(organization.Id)))
        {
            return Error.NotFound;
        }

        var scope = Authorizer.ReadScope(request.Actor, ResourceType.OrganizationMember);
        var page = await members.ListAsync(organization.Id, scope, request.Limit, request.Offset, cancellationToken);
        var count = await members.CountAsync(organization.Id, scope, cancellationToken);
        var titles = await RoleTitles.ForAsync(roles, organization.Id, page.SelectMany(m => m.Membership.Roles), cancellationToken);
        return new OrganizationMembers(page, count, titles);
    }
}
