using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Organizations;
using MediatR;

namespace Coder.Application.Organizations;

/// <summary>The members of an organization that the caller may read, ordered by username.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
public sealed record ListOrganizationMembers(Actor Actor, string Organization) : IQuery<OrganizationMembers>, IActorRequest;

/// <summary>Some members of one organization.</summary>
/// <param name="Members">The members.</param>
/// <param name="Count">How many there are, on this page and others.</param>
/// <param name="Titles">What their roles are called.</param>
public sealed record OrganizationMembers(IReadOnlyList<OrganizationMemberProfile> Members, long Count, RoleTitles Titles);

internal sealed class ListOrganizationMembersHandler(OrganizationLookup lookup, IOrganizationMemberStore members, ICustomRoleStore roles)
    : IRequestHandler<ListOrganizationMembers, Result<OrganizationMembers>>
{
    public async Task<Result<OrganizationMembers>> Handle(ListOrganizationMembers request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        var scope = Authorizer.ReadScope(request.Actor, ResourceType.OrganizationMember);
        var found = scope.Kind == ReadScopeKind.None ? [] : await members.ListAsync(organization.Id, scope, 0, 0, cancellationToken);
        var titles = await RoleTitles.ForAsync(roles, organization.Id, found.SelectMany(m => m.Membership.Roles), cancellationToken);
        return new OrganizationMembers(found, found.Count, titles);
    }
}
