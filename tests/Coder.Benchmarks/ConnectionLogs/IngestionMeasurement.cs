using System.Net;
using Coder.Application.Common;
using Coder.Benchmarks.Processes;
using Coder.Benchmarks.Report;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.ConnectionLogs;
using Coder.Infrastructure.Database;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Coder.Benchmarks.ConnectionLogs;

/// <summary>
/// Agents that report the beginning of a session and the end of an earlier one in turn, each waiting until its report is committed.
/// One by one the reports are written with a connection for each agent, and with the few connections that the product takes.
/// </summary>
internal static class IngestionMeasurement
{
    private const int Reporters = 64;
    private const int OpenSessions = 20;
    private const double Least = 10;

    public static async Task<IReadOnlyList<ResultRow>> RunAsync(
        IServiceProvider services, string connectionString, LogPlan plan, CancellationToken ct)
    {
        var driver = new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 100, AutoPrepareMinUsages = 2 };
        await using var plain = NpgsqlDataSource.Create(driver.ConnectionString);
        await using var tuned = NpgsqlDataSource.Create(DatabasePool.Tune(connectionString));
        var logger = services.GetRequiredService<BufferedConnectionLogger>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var running = logger.RunAsync(stop.Token);
        Func<ConnectionEvent, Task>[] ways =
        [
            WriteAsync,
            one => NaiveLog.UpsertAsync(NewSession(plain), one, ct),
            one => NaiveLog.UpsertAsync(NewSession(tuned), one, ct),
        ];
        var samples = ways.Select(_ => new List<Sample>()).ToArray();
        for (var round = 0; round <= plan.Rounds; round++)
        {
            for (var i = 0; i < ways.Length; i++)
            {
                var sample = await MeasureAsync(ways[i]);

                // The first round is not counted: statements are prepared and code is compiled.
                if (round > 0)
                {
                    samples[i].Add(sample);
                }
            }

            var rates = samples.Where(s => s.Count > 0).Select(s => Units.Rate(s[^1].Rate));
            Progress.Say($"ingestion: round {round} of {plan.Rounds}: {string.Join(", ", rates)}");
        }

        await stop.CancelAsync();
        await running;
        return
        [
            Row($"ingestion, {Reporters} reporters / one by one on {Reporters} connections", 1, Least),
            Row("  the same / one by one on the connections of the product", 2, null),
            Processor("  processor time of both sides for a report, one by one on 64", 1),
            Processor("  the same / one by one on the connections of the product", 2),
        ];

        async Task WriteAsync(ConnectionEvent one)
        {
            if ((await logger.WriteAsync([one], ct)).Error is { } error)
            {
                throw new InvalidOperationException(error.Message);
            }
        }

        async Task<Sample> MeasureAsync(Func<ConnectionEvent, Task> writeAsync)
        {
            var before = await DatabaseTime.OfSessionsAsync(connectionString, ct) + Environment.CpuUsage.TotalTime;
            var (written, elapsed) = await ReportAsync(services.GetRequiredService<IIds>(), writeAsync, plan.Duration, ct);
            var after = await DatabaseTime.OfSessionsAsync(connectionString, ct) + Environment.CpuUsage.TotalTime;
            return new Sample(written / elapsed.TotalSeconds, (after - before).TotalMicroseconds / written);
        }

        ResultRow Row(string name, int other, double? least) => ResultRow.Times(
            name,
            Units.Rate(Quantile.Median(samples[0].Select(s => s.Rate))),
            Units.Rate(Quantile.Median(samples[other].Select(s => s.Rate))),
            Quantile.Median(samples[0].Zip(samples[other], (o, n) => o.Rate / n.Rate)),
            least);

        ResultRow Processor(string name, int other) => ResultRow.Times(
            name,
            Units.Microseconds(Quantile.Median(samples[0].Select(s => s.ProcessorMicroseconds))),
            Units.Microseconds(Quantile.Median(samples[other].Select(s => s.ProcessorMicroseconds))),
            Quantile.Median(samples[0].Zip(samples[other], (o, n) => n.ProcessorMicroseconds / o.ProcessorMicroseconds)),
            null);
    }

    private static DbSession NewSession(NpgsqlDataSource source) => new(source, TestClock.System);

    private static async Task<(int Written, TimeSpan Elapsed)> ReportAsync(
        IIds ids, Func<ConnectionEvent, Task> writeAsync, TimeSpan duration, CancellationToken ct)
    {
        var start = TestClock.System.GetTimestamp();
        var written = await Task.WhenAll(Enumerable.Range(1, Reporters).Select(n => Task.Run(() => SendAsync(n), ct)));
        return (written.Sum(), TestClock.System.GetElapsedTime(start));

        async Task<int> SendAsync(int reporter)
        {
            var events = 0;
            var open = new Queue<ConnectionEvent>();
            while (TestClock.System.GetElapsedTime(start) < duration)
            {
                var begin = Begin(ids, reporter, LargeLog.End.AddSeconds(events));
                await writeAsync(begin);
                open.Enqueue(begin);
                events++;
                if (open.Count > OpenSessions)
                {
                    var first = open.Dequeue();
                    var end = first with { Id = ids.Sequential(), Status = ConnectionStatus.Disconnected, Time = begin.Time.AddSeconds(1), Code = 0 };
                    await writeAsync(end);
                    events++;
                }
            }

            return events;
        }
    }

    private static ConnectionEvent Begin(IIds ids, int reporter, DateTimeOffset time) => new()
    {
        Id = ids.Sequential(),
        Time = time,
        Status = ConnectionStatus.Connected,
        Type = ConnectionType.Ssh,
        OrganizationId = LargeLog.SmallOrganization,
        WorkspaceOwnerId = LargeLog.User(reporter),
        WorkspaceId = LargeLog.Workspace(reporter, 1),
        WorkspaceName = "workspace-1",
        AgentName = "main",
        Ip = IPAddress.Loopback,
        ConnectionId = ids.Random(),
    };

    private readonly record struct Sample(double Rate, double ProcessorMicroseconds);
}
