using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;

namespace Coder.Api.Http.Sockets;

/// <summary>
/// The server's end of a WebSocket that carries one JSON text a message to the client and nothing back. Sending never waits: what a
/// client does not take in time stands in a bounded queue, and a client that lets it run full is disconnected. It takes messages before
/// the connection stands, so that nothing is lost between the two.
/// </summary>
/// <param name="json">How messages are written.</param>
/// <param name="time">The clock of the time that a client has to say goodbye.</param>
/// <param name="capacity">How many messages may wait.</param>
internal sealed class JsonSocket(JsonSerializerOptions json, TimeProvider time, int capacity = JsonSocket.DefaultCapacity)
{
    public const int DefaultCapacity = 64;

    // RFC 6455 section 7.4 has its number from the registry only: "try again later".
    private const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013;

    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(5);

    private readonly Channel<byte[]> _queue = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly TaskCompletionSource<(WebSocketCloseStatus Status, string Reason)> _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Puts a message into the queue.</summary>
    /// <returns><see langword="false"/> when the connection has ended, perhaps because of this message.</returns>
    public bool TrySend<T>(T message)
    {
        if (_ended.Task.IsCompleted)
        {
            return false;
        }

        if (_queue.Writer.TryWrite(JsonSerializer.SerializeToUtf8Bytes(message, json)))
        {
            return true;
        }

        End(TryAgainLater, "The client does not keep up.");
        return false;
    }

    /// <summary>Puts a message into the queue once there is room: for messages that are there already and wait for the client.</summary>
    /// <returns><see langword="false"/> when the connection has ended.</returns>
    public async Task<bool> SendAsync<T>(T message, CancellationToken ct)
    {
        try
        {
            await _queue.Writer.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(message, json), ct);
            return true;
        }
        catch (ChannelClosedException)
        {
            return false;
        }
    }

    /// <summary>Ends the connection; what is in the queue is still sent if the client takes it. The first call counts.</summary>
    public void End(WebSocketCloseStatus status, string reason)
    {
        if (_ended.TrySetResult((status, reason)))
        {
            _queue.Writer.TryComplete();
        }
    }

    /// <summary>Sends until either side ends the connection. Never throws because of a client that has gone.</summary>
    /// <param name="socket">An accepted socket; it is closed at the end.</param>
    /// <param name="ct">Aborts the connection at once.</param>
    public async Task RunAsync(WebSocket socket, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(socket);
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var receiving = ReceiveAsync(socket, abort.Token);
        var sending = SendAsync(socket, abort.Token);
        try
        {
            await Task.WhenAny(receiving, sending, _ended.Task);

            // Sending ends too when somebody has ended the connection and all is sent, perhaps before this began.
            if (_ended.Task.IsCompleted)
            {
                await SayGoodbyeAsync(socket, sending, receiving, ct);
            }
            else if (socket.State == WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ct);
            }
        }
        catch (Exception e) when (IsGone(e))
        {
            socket.Abort();
        }
        finally
        {
            End(WebSocketCloseStatus.NormalClosure, "");
            await abort.CancelAsync();
            await Task.WhenAll(receiving, sending);
        }
    }

    private async Task SayGoodbyeAsync(WebSocket socket, Task sending, Task receiving, CancellationToken ct)
    {
        var (status, reason) = await _ended.Task;
        using var patience = new CancellationTokenSource(Goodbye, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        if (status != TryAgainLater)
        {
            await sending.WaitAsync(either.Token);
            await socket.CloseOutputAsync(status, reason, either.Token);
            await receiving.WaitAsync(either.Token);
        }
        else
        {
            // There is no use in waiting for whoever does not take what is sent.
            socket.Abort();
        }
    }

    private async Task SendAsync(WebSocket socket, CancellationToken ct)
    {
        try
        {
            await foreach (var message in _queue.Reader.ReadAllAsync(ct))
            {
                await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, ct);
            }
        }
        catch (Exception e) when (IsGone(e))
        {
            _queue.Writer.TryComplete();
        }
    }

    // The protocol answers pings only while somebody reads.
    private static async Task ReceiveAsync(WebSocket socket, CancellationToken ct)
    {
        var passedOver = new byte[1024];
        try
        {
            while ((await socket.ReceiveAsync(passedOver, ct)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception e) when (IsGone(e))
        {
            return;
        }
    }

    private static bool IsGone(Exception e) =>
        e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException;
}
