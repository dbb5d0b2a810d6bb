using Coder.Benchmarks.Processes;
using Coder.Benchmarks.Report;
using Coder.Testing;

namespace Coder.Benchmarks.Start;

/// <summary>How long a person waits for the server, and what it takes of the machine when nobody uses it.</summary>
internal static class StartSuite
{
    private const int NewStarts = 3;
    private const int Restarts = 5;
    private const double MostOnNew = 3_000;
    private const double MostOnExisting = 1_500;
    private const double MostMemory = 150;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken ct)
    {
        var onNew = new List<double>();
        var onExisting = new List<double>();
        using var kept = new BenchFolder("start");

        // Not counted: it brings the programs into the cache of the disk.
        await StartAndStopAsync(kept, ct);
        for (var i = 0; i < NewStarts; i++)
        {
            using var folder = new BenchFolder("new");
            onNew.Add(await StartAndStopAsync(folder, ct));
            Progress.Say($"start on a new database: {Units.Milliseconds(onNew[^1])}");
        }

        for (var i = 0; i < Restarts; i++)
        {
            onExisting.Add(await StartAndStopAsync(kept, ct));
            Progress.Say($"start on an existing database: {Units.Milliseconds(onExisting[^1])}");
        }

        return
        [
            ResultRow.AtMost("start, existing database", Quantile.Median(onExisting), MostOnExisting, Units.Milliseconds),
            ResultRow.AtMost("start, new database", Quantile.Median(onNew), MostOnNew, Units.Milliseconds),
            ResultRow.AtMost("resident memory, idle", await IdleMemoryAsync(kept, ct), MostMemory, Units.Mebibytes),
        ];
    }

    private static async Task<double> StartAndStopAsync(BenchFolder folder, CancellationToken ct)
    {
        await using var server = await ChildServer.StartProductWithOwnDatabaseAsync(folder.Path, ct);
        return server.StartTook.TotalMilliseconds;
    }

    private static async Task<double> IdleMemoryAsync(BenchFolder folder, CancellationToken ct)
    {
        await using var server = await ChildServer.StartProductWithOwnDatabaseAsync(folder.Path, ct);
        await Task.Delay(Idle, TestClock.System, ct);
        return server.ResidentMebibytes;
    }
}
