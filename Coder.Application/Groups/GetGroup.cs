using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Groups;

/// <summary>Reads a group; also without the license that it takes to change one.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Group">The id as it stands in the path.</param>
public sealed record GetGroup(Actor Actor, string Group) : IQuery<GroupView>, IActorRequest;

internal sealed class GetGroupHandler(IGroupStore groups) : IRequestHandler<GetGroup, Result<GroupView>>
{
    public async Task<Result<GroupView>> Handle(GetGroup request, CancellationToken cancellationToken)
    {
        if (!PathIds.Parse(request.Group).Is(out var id, out var error))
        {
            return error;
        }

        return await groups.ListAsync(new GroupFilter { Ids = [id] }, GroupSight.Of(request.Actor), cancellationToken) is [var found]
            ? found
            : Error.NotFound;
    }
}
