using System.Net;
using System.Net.Sockets;

namespace Coder.Benchmarks.Http;

/// <summary>One kept-alive connection that asks again as soon as the answer to its last request is complete.</summary>
internal sealed class LoadConnection : IDisposable
{
    private const int LargestAnswer = 64 * 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly SocketAsyncEventArgs _receive = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _buffer = new byte[LargestAnswer];
    private readonly byte[] _request;
    private readonly LoadTally _tally;
    private int _filled;

    public LoadConnection(byte[] request, LoadTally tally)
    {
        _request = request;
        _tally = tally;
        _receive.Completed += (_, _) => Continue();
    }

    /// <summary>Ends after the answer that was under way when the tally was closed.</summary>
    public Task End => _end.Task;

    /// <summary>Connects and sends the first request.</summary>
    public async Task StartAsync(int port, CancellationToken ct)
    {
        await _socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), ct);
        Ask();
        if (!Receive())
        {
            Continue();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _receive.Dispose();
    }

    private void Continue()
    {
        try
        {
            while (Take() && !Receive())
            {
            }
        }
        catch (Exception e)
        {
            _end.TrySetException(e);
        }
    }

    private void Ask()
    {
        _filled = 0;
        _socket.Send(_request);
    }

    private bool Receive()
    {
        _receive.SetBuffer(_buffer, _filled, _buffer.Length - _filled);
        return _socket.ReceiveAsync(_receive);
    }

    private bool Take()
    {
        if (_receive.SocketError != SocketError.Success || _receive.BytesTransferred == 0)
        {
            throw new IOException($"The server closed a connection: {_receive.SocketError}.");
        }

        _filled += _receive.BytesTransferred;
        if (!HttpAnswer.IsComplete(_buffer.AsSpan(0, _filled)))
        {
            return true;
        }

        if (!_tally.Add())
        {
            _end.TrySetResult();
            return false;
        }

        Ask();
        return true;
    }
}

/// <summary>Counts answers of all connections until it is closed.</summary>
internal sealed class LoadTally
{
    // However quick a server is, a run comes to an end.
    private const long Most = 50_000_000;

    private long _answers;
    private volatile bool _isClosed;

    /// <summary>Answers up to now.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Lets no connection ask again.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Counts one answer.</summary>
    /// <returns>Whether to ask again.</returns>
    public bool Add() => Interlocked.Increment(ref _answers) < Most && !_isClosed;
}
