using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>A workspace by its id (docs/spec/workspaces.md, sections 7.2 and 7.4).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
/// <param name="IncludeDeleted">Whether a deleted one is shown; else it is 410.</param>
public sealed record GetWorkspace(Actor Actor, string Workspace, bool IncludeDeleted) : IQuery<WorkspaceView>, IActorRequest;

internal sealed class GetWorkspaceHandler(IWorkspaceStore workspaces, IWorkspaceDirectory directory)
    : IRequestHandler<GetWorkspace, Result<WorkspaceView>>
{
    public async Task<Result<WorkspaceView>> Handle(GetWorkspace request, CancellationToken cancellationToken)
    {
        if (!PathIds.Parse(request.Workspace).Is(out var id, out var error))
        {
            return error;
        }

        if (await workspaces.FindAsync(id, cancellationToken) is not { } workspace
            || !Authorizer.Can(request.Actor, PermissionAction.Read, workspace.Target))
        {
            return Error.NotFound;
        }

        if (workspace.Deleted && !request.IncludeDeleted)
        {
            return new Error(
                ErrorKind.Gone,
                $"Workspace \"{id}\" was deleted, you can view this workspace by specifying '?include_deleted=true' and trying again.");
        }

        return await directory.FindAsync(id, cancellationToken) is { } view ? view : Error.NotFound;
    }
}
