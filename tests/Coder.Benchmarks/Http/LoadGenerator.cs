using System.Globalization;
using System.Text;
using Coder.Benchmarks.Processes;
using Coder.Testing;

namespace Coder.Benchmarks.Http;

/// <summary>A request to measure.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Server">Who serves it.</param>
/// <param name="Path">What is asked for.</param>
/// <param name="Token">The credential, or <see langword="null"/>.</param>
internal sealed record HttpCase(string Name, ChildServer Server, string Path, string? Token = null);

/// <summary>What one measurement found.</summary>
/// <param name="Rate">Answers a second.</param>
/// <param name="ProcessorMicroseconds">Processor time of the server for each answer; other programs on the machine hardly change it.</param>
internal readonly record struct Sample(double Rate, double ProcessorMicroseconds);

/// <summary>
/// Keeps 64 connections busy from one thread: the generator shares the processors with what it measures and must cost little.
/// </summary>
internal static class LoadGenerator
{
    private const int Connections = 64;

    /// <summary>One thread waits for all sockets and runs what follows itself. Must be set before the first socket is made.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOfThisProcess { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
        ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1",
    };

    /// <summary>Measures for a while, after a quarter of it as lead.</summary>
    public static async Task<Sample> MeasureAsync(HttpCase what, TimeSpan duration, CancellationToken ct)
    {
        var tally = new LoadTally();
        var connections = Enumerable.Range(0, Connections).Select(_ => new LoadConnection(Request(what), tally)).ToArray();
        try
        {
            foreach (var connection in connections)
            {
                await connection.StartAsync(what.Server.Port, ct);
            }

            var ends = Task.WhenAll(connections.Select(c => c.End));
            await WaitAsync(duration / 4, ends, ct);
            var (answers, processor, start) = (tally.Answers, what.Server.ProcessorTime, TestClock.System.GetTimestamp());
            await WaitAsync(duration, ends, ct);
            var elapsed = TestClock.System.GetElapsedTime(start);
            var (counted, used) = (tally.Answers - answers, what.Server.ProcessorTime - processor);
            tally.Close();
            await ends.WaitAsync(TimeSpan.FromSeconds(30), TestClock.System, ct);
            return new Sample(counted / elapsed.TotalSeconds, used.TotalMicroseconds / Math.Max(counted, 1));
        }
        finally
        {
            foreach (var connection in connections)
            {
                connection.Dispose();
            }
        }
    }

    // The continuation comes from the timer, so it does not stand in the way of the thread that serves the sockets.
    private static async Task WaitAsync(TimeSpan duration, Task ends, CancellationToken ct)
    {
        if (await Task.WhenAny(Task.Delay(duration, TestClock.System, ct), ends) == ends)
        {
            await ends;
        }
    }

    private static byte[] Request(HttpCase what)
    {
        var credential = what.Token is null ? "" : $"Coder-Session-Token: {what.Token}\r\n";
        var port = what.Server.Port.ToString(CultureInfo.InvariantCulture);
        return Encoding.ASCII.GetBytes($"GET {what.Path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: */*\r\n{credential}\r\n");
    }
}
