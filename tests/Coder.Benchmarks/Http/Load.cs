using System.Net.Sockets;

namespace Coder.Benchmarks.Http;

/// <summary>
/// Keeps connections busy from one thread, which waits for all of them at once: it shares the processors with what it measures
/// and must cost little.
/// </summary>
internal sealed class Load : IDisposable
{
    private const int WaitMicroseconds = 1_000_000;

    // However quick a server is, a load comes to an end.
    private const long Most = 50_000_000;

    private readonly Dictionary<Socket, LoadConnection> _connections;
    private long _answers;
    private volatile bool _isStopping;

    /// <summary>Connects.</summary>
    public Load(int port, byte[] request, int connections) =>
        _connections = Enumerable.Range(0, connections).Select(_ => new LoadConnection(port, request)).ToDictionary(c => c.Socket);

    /// <summary>Answers up to now.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Asks and asks again, until told to stop.</summary>
    public Task RunAsync() => Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Ends the load after what is under way.</summary>
    public void Stop() => _isStopping = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in _connections.Values)
        {
            connection.Dispose();
        }
    }

    private void Run()
    {
        foreach (var connection in _connections.Values)
        {
            connection.Ask();
        }

        // Every request gets its answer: one that is abandoned is cancelled in the database, which disturbs what is measured next.
        var ready = new List<Socket>(_connections.Count);
        var underWay = _connections.Count;
        while (underWay > 0)
        {
            ready.Clear();
            ready.AddRange(_connections.Keys);
            Socket.Select(ready, null, null, WaitMicroseconds);
            foreach (var socket in ready)
            {
                var connection = _connections[socket];
                if (!connection.Receive())
                {
                    continue;
                }

                if (Interlocked.Increment(ref _answers) >= Most || _isStopping)
                {
                    underWay--;
                }
                else
                {
                    connection.Ask();
                }
            }
        }
    }
}
