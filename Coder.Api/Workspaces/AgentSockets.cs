using Coder.Api.Hosting;
using Coder.Api.Http;
using Coder.Api.Http.Sockets;
using Coder.Application.Workspaces;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Workspaces;

/// <summary>Serves the WebSockets of agents.</summary>
internal sealed class AgentSockets(
    SocketGate gate, AgentLogFanOut logs, WorkspaceFanOut workspaces, IServiceScopeFactory scopes, ILogger<AgentSockets> logger)
{
    /// <summary>Refuses what is no WebSocket of ours, or brings it the log until another build takes the place of the agent's.</summary>
    public async Task<IActionResult> FollowLogAsync(HttpContext context, AgentPlace agent, long? after)
    {
        if (gate.Refuse(context) is { } refused)
        {
            return ErrorPresenter.Present(context, refused);
        }

        var socket = gate.New();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        using var follower = logs.Add(socket, agent.AgentId, after ?? 0);
        var watching = FinishWithBuildAsync(follower, agent, end.Token);
        try
        {
            await gate.RunAsync(context, socket);
        }
        finally
        {
            await end.CancelAsync();
            await watching;
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

    private async Task FinishWithBuildAsync(AgentLogFanOut.Follower follower, AgentPlace agent, CancellationToken ct)
    {
        try
        {
            // Before the first look, or a build in between would be missed.
            using var watcher = workspaces.Watch(agent.WorkspaceId);
            while (await IsCurrentAsync(agent.AgentId, ct))
            {
                await watcher.WaitAsync(ct);
            }

            follower.Finish();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The connection has ended.
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            HostingLog.TickFailed(logger, e, nameof(AgentSockets));
        }
    }

    private async Task<bool> IsCurrentAsync(Guid agent, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IAgentReader>().IsCurrentAsync(agent, ct);
    }
}
