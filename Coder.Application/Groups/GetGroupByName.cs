using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Groups;

/// <summary>Reads a group of an organization; also without the license that it takes to change one.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
/// <param name="Name">Without regard to case.</param>
public sealed record GetGroupByName(Actor Actor, string Organization, string Name) : IQuery<GroupView>, IActorRequest;

internal sealed class GetGroupByNameHandler(OrganizationLookup lookup, IGroupStore groups) : IRequestHandler<GetGroupByName, Result<GroupView>>
{
    public async Task<Result<GroupView>> Handle(GetGroupByName request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        var filter = new GroupFilter { Organization = organization.Id, Name = request.Name };
        return await groups.ListAsync(filter, GroupSight.Of(request.Actor), cancellationToken) is [var found] ? found : Error.NotFound;
    }
}
