using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Coder.Benchmarks.Http;

/// <summary>One kept-alive connection, which has one request under way at any time.</summary>
internal sealed class LoadConnection : IDisposable
{
    private const int LargestAnswer = 64 * 1024;

    private readonly byte[] _buffer = new byte[LargestAnswer];
    private readonly byte[] _request;
    private int _filled;

    /// <summary>Connects to a port of this machine.</summary>
    public LoadConnection(int port, byte[] request)
    {
        _request = request;
        Socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
    }

    /// <summary>To be waited for.</summary>
    public Socket Socket { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>What has come of the answer, for people.</summary>
    public string Answer => Encoding.UTF8.GetString(_buffer, 0, _filled);

    /// <summary>Sends the request.</summary>
    public void Ask()
    {
        _filled = 0;
        Socket.Send(_request);
    }

    /// <summary>Takes what has come.</summary>
    /// <returns>The status of the answer if it is complete.</returns>
    /// <exception cref="IOException">The server closed the connection.</exception>
    public int? Receive()
    {
        var received = Socket.Receive(_buffer, _filled, _buffer.Length - _filled, SocketFlags.None);
        if (received == 0)
        {
            throw new IOException("The server closed a connection.");
        }

        _filled += received;
        return HttpAnswer.StatusOf(_buffer.AsSpan(0, _filled));
    }

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();
}
