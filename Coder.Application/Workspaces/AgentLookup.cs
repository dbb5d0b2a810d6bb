using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;

namespace Coder.Application.Workspaces;

/// <summary>Turns ids of paths into agents whose workspace the caller may read; to everybody else there is none.</summary>
internal sealed class AgentLookup(IAgentReader agents)
{
    /// <summary>Finds an agent.</summary>
    /// <returns>400 when the text is no id, 404 when there is no such agent or the caller may not read its workspace.</returns>
    public async Task<Result<AgentPlace>> FindAsync(Actor actor, string id, CancellationToken cancellationToken)
    {
        if (!PathIds.Parse(id).Is(out var agent, out var error))
        {
            return error;
        }

        return await agents.FindAsync(agent, cancellationToken) is { } found
            && Authorizer.Can(actor, PermissionAction.Read, found.Workspace)
                ? found
                : Error.NotFound;
    }
}
