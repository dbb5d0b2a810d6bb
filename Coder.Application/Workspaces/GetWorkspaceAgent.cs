using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>Shows an agent (docs/spec/workspaces.md, section 7.4).</summary>
public sealed record GetWorkspaceAgent(Actor Actor, string Id) : IQuery<PlacedAgent>, IActorRequest;

/// <summary>An agent and where it is.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Place">Where it is.</param>
/// <param name="Now">The time at which its status is judged.</param>
public sealed record PlacedAgent(AgentView Agent, AgentPlace Place, DateTimeOffset Now);

internal sealed class GetWorkspaceAgentHandler(AgentLookup agents, IResourceDirectory resources, TimeProvider time)
    : IRequestHandler<GetWorkspaceAgent, Result<PlacedAgent>>
{
    public async Task<Result<PlacedAgent>> Handle(GetWorkspaceAgent request, CancellationToken cancellationToken)
    {
        if (!(await agents.FindAsync(request.Actor, request.Id, cancellationToken)).Is(out var place, out var error))
        {
            return error;
        }

        var read = await resources.ReadAsync([place.JobId], cancellationToken);

        // It may be gone since.
        return read[place.JobId].SelectMany(resource => resource.Agents).FirstOrDefault(agent => agent.Id == place.AgentId) is { } found
            ? new PlacedAgent(found, place, time.GetUtcNow())
            : Error.NotFound;
    }
}
