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

    private const int Refusal = 503;

    private readonly Dictionary<Socket, LoadConnection> _connections;
    private readonly IReadOnlyList<int> _expected;
    private long _answers;
    private long _refusals;
    private volatile bool _isStopping;

    /// <summary>Connects.</summary>
    /// <param name="port">The port of the server.</param>
    /// <param name="requests">One for each connection, which repeats it.</param>
    /// <param name="expected">The statuses of answers; any other one ends the load with an exception.</param>
    public Load(int port, IEnumerable<byte[]> requests, params IReadOnlyList<int> expected)
    {
        _connections = requests.Select(request => new LoadConnection(port, request)).ToDictionary(c => c.Socket);
        _expected = expected;
    }

    /// <summary>Answers up to now.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>How many of them were 503.</summary>
    public long Refusals => Interlocked.Read(ref _refusals);

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
                if (connection.Receive() is not { } status)
                {
                    continue;
                }

                Count(status, connection);
                if (Answers >= Most || _isStopping)
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

    private void Count(int status, LoadConnection connection)
    {
        if (!_expected.Contains(status))
        {
            throw new InvalidDataException(connection.Answer);
        }

        Interlocked.Increment(ref _answers);
        if (status == Refusal)
        {
            Interlocked.Increment(ref _refusals);
        }
    }
}
