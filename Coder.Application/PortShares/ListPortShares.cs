using Coder.Application.Common;
using Coder.Application.Workspaces;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.PortShares;
using MediatR;

namespace Coder.Application.PortShares;

/// <summary>The shared ports of a workspace (docs/spec/workspaces.md, section 7.4).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
public sealed record ListPortShares(Actor Actor, string Workspace) : IQuery<IReadOnlyList<PortShare>>, IActorRequest;

internal sealed class ListPortSharesHandler(WorkspaceTargets targets, IPortShareStore shares)
    : IRequestHandler<ListPortShares, Result<IReadOnlyList<PortShare>>>
{
    public async Task<Result<IReadOnlyList<PortShare>>> Handle(ListPortShares request, CancellationToken cancellationToken) =>
        (await targets.FindAsync(request.Actor, request.Workspace, cancellationToken)).Is(out var workspace, out var error)
            ? Result<IReadOnlyList<PortShare>>.From(await shares.ListAsync(workspace.Id, cancellationToken))
            : error;
}
