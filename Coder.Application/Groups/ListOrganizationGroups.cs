using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Groups;

/// <summary>The groups of an organization that the caller may read; also without the license that it takes to change one.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
public sealed record ListOrganizationGroups(Actor Actor, string Organization) : IQuery<IReadOnlyList<GroupView>>, IActorRequest;

internal sealed class ListOrganizationGroupsHandler(OrganizationLookup lookup, IGroupStore groups)
    : IRequestHandler<ListOrganizationGroups, Result<IReadOnlyList<GroupView>>>
{
    public async Task<Result<IReadOnlyList<GroupView>>> Handle(ListOrganizationGroups request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        var filter = new GroupFilter { Organization = organization.Id };
        return Result<IReadOnlyList<GroupView>>.From(await groups.ListAsync(filter, GroupSight.Of(request.Actor), cancellationToken));
    }
}
