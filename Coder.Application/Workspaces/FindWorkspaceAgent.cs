using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>Decides whether the caller may see an agent, for what is shown of it as it comes.</summary>
public sealed record FindWorkspaceAgent(Actor Actor, string Id) : IQuery<AgentPlace>, IActorRequest;

internal sealed class FindWorkspaceAgentHandler(AgentLookup agents) : IRequestHandler<FindWorkspaceAgent, Result<AgentPlace>>
{
    public Task<Result<AgentPlace>> Handle(FindWorkspaceAgent request, CancellationToken cancellationToken) =>
        agents.FindAsync(request.Actor, request.Id, cancellationToken);
}
