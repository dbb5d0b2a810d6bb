using System.Net.WebSockets;
using System.Text.Json;
using Coder.Api.Authentication;
using Coder.Api.Deployment;
using Coder.Application.Users;
using Coder.Domain.Common;
using Microsoft.Extensions.Options;

namespace Coder.Api.Http.Sockets;

/// <summary>
/// What all WebSocket endpoints have in common: whom they let in, the pings that keep a connection alive, and its end at the end of the
/// session or of the server.
/// </summary>
/// <example>
/// <code>
/// if (gate.Refuse(context) is { } refused) { return ErrorPresenter.Present(context, refused); }
/// var socket = gate.New();
/// using (hub.Subscribe(socket)) { await gate.RunAsync(context, socket); }
/// return new EmptyResult();
/// </code>
/// </example>
internal sealed class SocketGate(
    SocketSessions sessions,
    AccessUrl accessUrl,
    IHostApplicationLifetime lifetime,
    IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json,
    TimeProvider time)
{
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);

    /// <summary>How many connections a user may have open on one server: a few dozen pages, each with a handful.</summary>
    public const int MostOfUser = 256;

    private static readonly Error TooMany = new(
        ErrorKind.TooManyRequests, "Too many open WebSockets.", $"A user may have {MostOfUser} of them; close some first.")
    {
        RetryAfter = PingInterval,
    };

    private static readonly Error NotASocket = new(ErrorKind.Invalid, "This endpoint speaks WebSocket only.");

    private static readonly Error ForeignOrigin = new(
        ErrorKind.Forbidden, "Forbidden.", "WebSockets can not be opened from the pages of other origins.");

    /// <summary>
    /// Judges the request; authentication came before. Browsers send the session cookie along with whatever page opens a WebSocket, and
    /// unlike with other requests they let that page read the answer, so with a cookie the page must be ours.
    /// </summary>
    /// <returns>The refusal, or <see langword="null"/>.</returns>
    public Error? Refuse(HttpContext context)
    {
        if (context.Request.Headers.Origin is [{ Length: > 0 } origin]
            && context.Request.Cookies.ContainsKey(Credentials.SessionToken)
            && !IsOurs(context.Request, origin))
        {
            return ForeignOrigin;
        }

        if (!context.WebSockets.IsWebSocketRequest)
        {
            return NotASocket;
        }

        return context.Features.Get<Session>() is { } session && sessions.CountOf(session.Actor.UserId) >= MostOfUser ? TooMany : null;
    }

    /// <summary>An end for a connection that does not stand yet. Whoever sends is to know it before the client is told that it stands.</summary>
    /// <param name="capacity">How many messages may wait for the client: at least as many as are ever sent at one go.</param>
    public JsonSocket New(int capacity = JsonSocket.DefaultCapacity) => new(Options, time, capacity);

    /// <summary>Switches the connection over, and keeps it until the client, the session or the server ends it.</summary>
    public async Task RunAsync(HttpContext context, JsonSocket socket)
    {
        var session = context.Features.Get<Session>() ?? throw new InvalidOperationException("A WebSocket needs a session.");
        using var watched = sessions.Watch(session.Actor.UserId, session.KeyId, socket);

        // For one that was opened after all others were ended.
        await using var stopping = lifetime.ApplicationStopping.Register(
            () => socket.End(WebSocketCloseStatus.EndpointUnavailable, "The server is stopping."));
        var accepted = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { KeepAliveInterval = PingInterval, KeepAliveTimeout = PingInterval });
        await socket.RunAsync(accepted, context.RequestAborted);
    }

    private JsonSerializerOptions Options => json.Value.SerializerOptions;

    private bool IsOurs(HttpRequest request, string origin) =>
        IsOrigin(origin, $"{request.Scheme}://{request.Host}") || IsOrigin(origin, new Uri(accessUrl.Value).GetLeftPart(UriPartial.Authority));

    private static bool IsOrigin(string one, string other) =>
        Uri.TryCreate(one, UriKind.Absolute, out var a)
        && Uri.TryCreate(other, UriKind.Absolute, out var b)
        && Uri.Compare(a, b, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
