using Coder.Application.Common;
using Coder.Application.Workspaces;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.PortShares;
using MediatR;

namespace Coder.Application.PortShares;

/// <summary>Shares a port no longer (docs/spec/workspaces.md, section 7.4).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
/// <param name="AgentName">The agent, which need not be there any more.</param>
/// <param name="Port">The port.</param>
public sealed record DeletePortShare(Actor Actor, string Workspace, string AgentName, int Port) : ICommand<Done>, ITransactional, IActorRequest;

internal sealed class DeletePortShareHandler(WorkspaceTargets targets, IPortShareStore shares) : IRequestHandler<DeletePortShare, Result<Done>>
{
    public async Task<Result<Done>> Handle(DeletePortShare request, CancellationToken cancellationToken)
    {
        if (!(await targets.LockForUpdateAsync(request.Actor, request.Workspace, cancellationToken)).Is(out var workspace, out var error))
        {
            return error;
        }

        return await shares.DeleteAsync(workspace.Id, request.AgentName, request.Port, cancellationToken) ? Done.Value : PortShareRules.NotShared;
    }
}
