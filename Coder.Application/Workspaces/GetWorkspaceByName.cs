using Coder.Application.Common;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>A workspace by its owner and its name, without regard to case.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
/// <param name="Name">The name.</param>
/// <param name="IncludeDeleted">Whether the one that was deleted last counts when there is no other.</param>
public sealed record GetWorkspaceByName(Actor Actor, string User, string Name, bool IncludeDeleted) : IQuery<WorkspaceView>, IActorRequest;

internal sealed class GetWorkspaceByNameHandler(UserLookup users, IWorkspaceStore workspaces, IWorkspaceDirectory directory)
    : IRequestHandler<GetWorkspaceByName, Result<WorkspaceView>>
{
    public async Task<Result<WorkspaceView>> Handle(GetWorkspaceByName request, CancellationToken cancellationToken)
    {
        if (!(await users.FindAsync(request.Actor, request.User, cancellationToken)).Is(out var owner, out var error))
        {
            return error;
        }

        var workspace = await workspaces.FindByNameAsync(owner.Id, request.Name, request.IncludeDeleted, cancellationToken);
        return workspace is not null
            && Authorizer.Can(request.Actor, PermissionAction.Read, workspace.Target)
            && await directory.FindAsync(workspace.Id, cancellationToken) is { } view
            ? view
            : Error.NotFound;
    }
}
