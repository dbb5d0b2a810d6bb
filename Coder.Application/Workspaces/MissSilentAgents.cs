using Coder.Application.Common;
using Coder.Domain.Common;
using Coder.Domain.Workspaces;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>
/// Writes down which agents have gone silent or were never heard of in time, so that whoever watches their workspaces is told.
/// </summary>
/// <remarks>Only the server itself sends it. The status of an agent does not wait for it: that is derived when it is read.</remarks>
public sealed record MissSilentAgents : ICommand<int>;

internal sealed class MissSilentAgentsHandler(IAgentTokens agents, TimeProvider time) : IRequestHandler<MissSilentAgents, Result<int>>
{
    public async Task<Result<int>> Handle(MissSilentAgents request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToMicroseconds();
        var gone = await agents.MissAsync(now.Before(AgentContact.InactiveAfter), now, cancellationToken);
        return gone + await agents.TimeOutAsync(now, cancellationToken);
    }
}
