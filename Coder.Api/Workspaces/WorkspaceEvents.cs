using Coder.Api.Hosting;
using Coder.Api.Http;
using Coder.Application.Workspaces;
using Coder.Domain.Authorization;
using MediatR;

namespace Coder.Api.Workspaces;

/// <summary>
/// Makes the events of whoever watches a workspace: a ping to say that it stands, the whole workspace, and the workspace again after every
/// change; a ping whenever nothing happened for a while (docs/spec/workspaces.md, section 7.4).
/// </summary>
internal sealed class WorkspaceEvents(
    WorkspaceFanOut fanOut, IServiceScopeFactory scopes, WorkspacePresenter presenter, TimeProvider time, ILogger<WorkspaceEvents> logger)
{
    /// <summary>How often there is an event at least.</summary>
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);

    /// <summary>Sends events until it is told to stop, or the workspace is not there any more for the one who watches.</summary>
    /// <param name="actor">Who watches.</param>
    /// <param name="workspace">What is watched.</param>
    /// <param name="send">Takes an event; <see langword="false"/> when there is nobody to take it.</param>
    /// <param name="ct">Stops.</param>
    public async Task RunAsync(Actor actor, Guid workspace, Func<ServerSentEventJson, Task<bool>> send, CancellationToken ct)
    {
        // Before the first reading, or a change in between would be missed.
        using var watcher = fanOut.Watch(workspace);
        var goesOn = await send(ServerSentEventJson.Ping) && await SendAsync(actor, workspace, send, ct);
        var change = watcher.WaitAsync(ct);
        while (goesOn)
        {
            if (await IsInTimeAsync(change, ct))
            {
                await change;
                change = watcher.WaitAsync(ct);
                goesOn = await SendAsync(actor, workspace, send, ct);
            }
            else
            {
                ct.ThrowIfCancellationRequested();
                goesOn = await send(ServerSentEventJson.Ping);
            }
        }
    }

    // The timer goes as soon as nobody waits for it, or each of many changes would leave one.
    private async Task<bool> IsInTimeAsync(Task change, CancellationToken ct)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var first = await Task.WhenAny(change, Task.Delay(PingInterval, time, pause.Token));
        await pause.CancelAsync();
        return first == change;
    }

    private async Task<bool> SendAsync(Actor actor, Guid workspace, Func<ServerSentEventJson, Task<bool>> send, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var found = await scope.ServiceProvider.GetRequiredService<ISender>().Send(
                new GetWorkspace(actor, workspace.ToString(), IncludeDeleted: true), ct);
            if (found.Is(out var view, out var error))
            {
                return await send(new ServerSentEventJson("data", presenter.Show(view, actor.UserId)));
            }

            await send(new ServerSentEventJson("error", new ResponseBody(error.Message, error.Detail)));
            return false;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            HostingLog.TickFailed(logger, e, nameof(WorkspaceEvents));
            return await send(new ServerSentEventJson("error", new ResponseBody("The workspace can not be read at the moment.")));
        }
    }
}
