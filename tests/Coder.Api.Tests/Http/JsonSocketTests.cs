using System.Net.WebSockets;
using System.Text.Json;
using Coder.Api.Http.Sockets;
using Coder.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Coder.Api.Tests.Http;

public sealed class JsonSocketTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_does_not_keep_up_is_disconnected_and_the_sender_never_waits()
    {
        using var stuck = new StuckSocket();
        var socket = new JsonSocket(JsonSerializerOptions.Web, new FakeTimeProvider(), capacity: 3);
        var running = socket.RunAsync(stuck, Ct);
        socket.TrySend(0).Should().BeTrue();
        await stuck.IsSending.WaitAsync(Ct);

        var accepted = Enumerable.Range(1, 10).Select(socket.TrySend).ToList();

        accepted.Should().Equal(true, true, true, false, false, false, false, false, false, false);
        await running.WaitAsync(TimeSpan.FromSeconds(30), TestClock.System, Ct);
        stuck.IsAborted.Should().BeTrue();
    }

    [Fact]
    public async Task A_client_that_does_not_say_goodbye_has_five_seconds_for_it()
    {
        using var stuck = new StuckSocket();
        var clock = new FakeTimeProvider();
        var socket = new JsonSocket(JsonSerializerOptions.Web, clock);
        var running = socket.RunAsync(stuck, Ct);
        socket.TrySend(0);
        await stuck.IsSending.WaitAsync(Ct);

        socket.End(WebSocketCloseStatus.EndpointUnavailable, "");
        while (!running.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TestClock.System, Ct);
        }

        await running;
        stuck.IsAborted.Should().BeTrue();
        socket.TrySend(1).Should().BeFalse();
    }

    /// <summary>A connection whose other end neither reads nor writes.</summary>
    private sealed class StuckSocket : WebSocket
    {
        private readonly TaskCompletionSource _sending = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsSending => _sending.Task;

        public bool IsAborted { get; private set; }

        public override WebSocketCloseStatus? CloseStatus => null;

        public override string? CloseStatusDescription => null;

        public override WebSocketState State => IsAborted ? WebSocketState.Aborted : WebSocketState.Open;

        public override string? SubProtocol => null;

        public override void Abort() => IsAborted = true;

        public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
            Task.Delay(Timeout.InfiniteTimeSpan, TestClock.System, cancellationToken);

        public override Task CloseOutputAsync(
            WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
            Task.Delay(Timeout.InfiniteTimeSpan, TestClock.System, cancellationToken);

        public override void Dispose()
        {
        }

        public override async Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TestClock.System, cancellationToken);
            return new WebSocketReceiveResult(0, WebSocketMessageType.Close, endOfMessage: true);
        }

        public override Task SendAsync(
            ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
        {
            _sending.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TestClock.System, cancellationToken);
        }
    }
}
