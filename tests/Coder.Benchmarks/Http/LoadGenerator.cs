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

/// <summary>Measures requests on 64 connections.</summary>
internal static class LoadGenerator
{
    /// <summary>Connections of one load.</summary>
    public const int Connections = 64;

    private const int MostWarmUps = 60;
    private const int QuietWarmUps = 3;
    private const double QuietShare = 0.03;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    /// <summary>Measures for a while, after a quarter of it as lead.</summary>
    public static async Task<Sample> MeasureAsync(HttpCase what, TimeSpan duration, CancellationToken ct)
    {
        using var load = new Load(what.Server.Port, Enumerable.Repeat(Request(what), Connections), 200);
        var running = load.RunAsync();
        try
        {
            await WaitAsync(duration / 4, running, ct);
            var (answers, processor, start) = (load.Answers, what.Server.ProcessorTime, TestClock.System.GetTimestamp());
            await WaitAsync(duration, running, ct);
            var elapsed = TestClock.System.GetElapsedTime(start);
            var (counted, used) = (load.Answers - answers, what.Server.ProcessorTime - processor);
            return new Sample(counted / elapsed.TotalSeconds, used.TotalMicroseconds / Math.Max(counted, 1));
        }
        finally
        {
            load.Stop();
            await running;
        }
    }

    /// <summary>Goes on until the compiler of the server has nothing left to do.</summary>
    public static async Task WarmUpAsync(HttpCase what, CancellationToken ct)
    {
        var quiet = 0;
        for (var i = 0; i < MostWarmUps && quiet < QuietWarmUps; i++)
        {
            var (compiler, all) = (what.Server.CompilerTime, what.Server.ProcessorTime);
            await MeasureAsync(what, WarmUp, ct);
            quiet = what.Server.CompilerTime - compiler < (what.Server.ProcessorTime - all) * QuietShare ? quiet + 1 : 0;
        }

        Progress.Say($"{what.Name}: {(quiet < QuietWarmUps ? "not quite warm" : "warm")}");
    }

    private static async Task WaitAsync(TimeSpan duration, Task running, CancellationToken ct)
    {
        if (await Task.WhenAny(Task.Delay(duration, TestClock.System, ct), running) == running)
        {
            await running;
        }

        ct.ThrowIfCancellationRequested();
    }

    private static byte[] Request(HttpCase what)
    {
        var credential = what.Token is null ? "" : $"{LocalClient.TokenHeader}: {what.Token}\r\n";
        var port = what.Server.Port.ToString(CultureInfo.InvariantCulture);
        return Encoding.ASCII.GetBytes($"GET {what.Path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: */*\r\n{credential}\r\n");
    }
}
