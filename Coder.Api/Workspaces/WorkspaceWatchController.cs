using System.Net.WebSockets;
using System.Text.Json;
using Coder.Api.Http;
using Coder.Api.Http.Sockets;
using Coder.Api.Swagger;
using Coder.Application.Users;
using Coder.Application.Workspaces;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Coder.Api.Workspaces;

/// <summary>Changes of workspaces as they happen.</summary>
[Route("api/v2/workspaces/{workspace}")]
[Tags("Workspaces")]
internal sealed class WorkspaceWatchController(ISender sender, WorkspaceWatching watching) : CoderController(sender)
{
    /// <summary>Be told of changes of a workspace, by WebSocket.</summary>
    /// <remarks>
    /// A WebSocket that carries the whole workspace at its beginning and after every change of it, its latest build, that build's job and
    /// its agents. It ends with the session and with the server. A page of another origin can not open it with the session cookie.
    /// </remarks>
    /// <param name="workspace">The id.</param>
    /// <response code="200">The form of a message. The request itself is answered with 101.</response>
    /// <response code="400">This is no id, or the request asks for no WebSocket.</response>
    /// <response code="403">The page is not one of this deployment.</response>
    /// <response code="404">There is no such workspace, or you may not see it.</response>
    [HttpGet("watch-ws")]
    [ProducesResponseType<ServerSentEventJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> WatchBySocket([DocumentedAs(typeof(Guid))] string workspace) =>
        WatchAsync(workspace, id => watching.RunSocketAsync(HttpContext, Actor, id));

    /// <summary>Be told of changes of a workspace, by server-sent events.</summary>
    /// <remarks>The same as by WebSocket; new clients had better take that.</remarks>
    /// <param name="workspace">The id.</param>
    /// <response code="200">Events named ping, data and error.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="404">There is no such workspace, or you may not see it.</response>
    [HttpGet("watch")]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Watch(
        [DocumentedAs(typeof(Guid))] string workspace) => WatchAsync(workspace, id => watching.RunStreamAsync(HttpContext, Actor, id));

    private async Task<IActionResult> WatchAsync(string workspace, Func<Guid, Task<IActionResult>> run)
    {
        Guid? allowed = null;
        var refused = await SendAsync(
            new WatchWorkspace(Actor, workspace),
            id =>
            {
                allowed = id;
                return new EmptyResult();
            });
        return allowed is { } found ? await run(found) : refused;
    }
}

/// <summary>Serves those who watch workspaces, by WebSocket and by server-sent events.</summary>
internal sealed class WorkspaceWatching(
    SocketGate gate,
    SocketSessions sessions,
    WorkspaceEvents events,
    IServiceScopeFactory scopes,
    IHostApplicationLifetime lifetime,
    IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json,
    TimeProvider time)
{
    /// <summary>Refuses what is no WebSocket of ours, or serves it to its end.</summary>
    public async Task<IActionResult> RunSocketAsync(HttpContext context, Domain.Authorization.Actor actor, Guid workspace)
    {
        if (gate.Refuse(context) is { } refused)
        {
            return ErrorPresenter.Present(context, refused);
        }

        var socket = gate.New();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var sending = SendAsync();
        try
        {
            await gate.RunAsync(context, socket);
        }
        finally
        {
            await ending.CancelAsync();
            await sending;
        }

        return new EmptyResult();

        async Task SendAsync()
        {
            try
            {
                await events.RunAsync(actor, workspace, message => Task.FromResult(socket.TrySend(message)), ending.Token);
                socket.End(WebSocketCloseStatus.NormalClosure, "There is nothing to watch.");
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                // The connection has ended.
            }
        }
    }

    /// <summary>Serves a stream of events until the client, the session or the server ends it.</summary>
    public async Task<IActionResult> RunStreamAsync(HttpContext context, Domain.Authorization.Actor actor, Guid workspace)
    {
        var session = context.Features.Get<Session>() ?? throw new InvalidOperationException("A stream needs a session.");
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";

        // A proxy that waits for more would hold the events back.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var watched = sessions.Watch(actor.UserId, session.KeyId, End);
        try
        {
            await events.RunAsync(actor, workspace, SendAsync, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Either side has had enough.
        }

        return new EmptyResult();

        void End()
        {
            try
            {
                _ = ending.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It has ended already.
            }
        }

        async Task<bool> SendAsync(ServerSentEventJson message)
        {
            if (!await IsAliveAsync(session.KeyId, ending.Token))
            {
                return false;
            }

            var text = message.Data is null
                ? $"event: {message.Type}\n\n"
                : $"event: {message.Type}\ndata: {JsonSerializer.Serialize(message.Data, json.Value.SerializerOptions)}\n\n";
            await context.Response.WriteAsync(text, ending.Token);
            await context.Response.Body.FlushAsync(ending.Token);
            return true;
        }
    }

    private async Task<bool> IsAliveAsync(string key, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<ISessionLife>().AliveAsync([key], time.GetUtcNow(), ct)).Contains(key);
    }
}
