using Coder.Api.Http;
using Coder.Api.Http.Sockets;
using Coder.Application.Workspaces;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Workspaces;

/// <summary>Serves the WebSockets of agents.</summary>
internal sealed class AgentSockets(SocketGate gate, AgentLogFanOut logs)
{
    /// <summary>Refuses what is no WebSocket of ours, or brings it the log to its end.</summary>
    public async Task<IActionResult> FollowLogAsync(HttpContext context, AgentPlace agent, long? after)
    {
        if (gate.Refuse(context) is { } refused)
        {
            return ErrorPresenter.Present(context, refused);
        }

        var socket = gate.New();
        using (logs.Add(socket, agent.AgentId, after ?? 0))
        {
            await gate.RunAsync(context, socket);
        }

        return new EmptyResult();
    }

    /// <summary>Refuses what is no WebSocket of ours, or says that there is nothing and keeps it open.</summary>
    public async Task<IActionResult> WatchMetadataAsync(HttpContext context)
    {
        if (gate.Refuse(context) is { } refused)
        {
            return ErrorPresenter.Present(context, refused);
        }

        var socket = gate.New();
        socket.TrySend(AgentMetadataMessageJson.Nothing);
        await gate.RunAsync(context, socket);
        return new EmptyResult();
    }
}
