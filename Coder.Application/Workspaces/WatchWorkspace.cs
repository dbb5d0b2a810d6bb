using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>
/// Decides whether the caller may be told of changes of a workspace. A deleted one changes no more, and whoever comes back after the
/// deletion still gets its last state.
/// </summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
public sealed record WatchWorkspace(Actor Actor, string Workspace) : IQuery<Guid>, IActorRequest;

internal sealed class WatchWorkspaceHandler(WorkspaceTargets targets) : IRequestHandler<WatchWorkspace, Result<Guid>>
{
    public async Task<Result<Guid>> Handle(WatchWorkspace request, CancellationToken cancellationToken) =>
        (await targets.FindEvenDeletedAsync(request.Actor, request.Workspace, cancellationToken)).Is(out var workspace, out var error)
            ? workspace.Id
            : error;
}
