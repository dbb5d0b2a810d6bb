using Coder.Api.Http;
using Coder.Api.Http.Sockets;
using Coder.Application.Notifications;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Notifications;

/// <summary>Serves the WebSockets of inboxes.</summary>
internal sealed class InboxSockets(SocketGate gate, InboxFanOut fanOut)
{
    /// <summary>Refuses what is no WebSocket of ours, or serves it to its end.</summary>
    public async Task<IActionResult> RunAsync(HttpContext context, InboxWatch watch)
    {
        if (gate.Refuse(context) is { } refused)
        {
            return ErrorPresenter.Present(context, refused);
        }

        var socket = gate.New(JsonSocket.DefaultCapacity + IInboxStore.MostSince);
        using (fanOut.Add(socket, watch))
        {
            await gate.RunAsync(context, socket);
        }

        return new EmptyResult();
    }
}
