using System.Net;
using Coder.Application.Common;
using Coder.Application.ConnectionLogs;
using Coder.Benchmarks.Report;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.ConnectionLogs;
using Coder.Infrastructure.Database;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Benchmarks.ConnectionLogs;

/// <summary>
/// Agents that report the beginning and the end of one session after the other, each waiting until its report is committed.
/// </summary>
internal static class IngestionMeasurement
{
    private const int Reporters = 64;
    private const double Least = 10;

    public static async Task<ResultRow> RunAsync(IServiceProvider services, LogPlan plan, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var running = services.GetRequiredService<IConnectionIngestion>().RunAsync(stop.Token);
        List<double> ours = [], naive = [];
        await RateAsync(services, OursAsync, plan.Duration, ct);
        await RateAsync(naiveServices, NaiveAsync, plan.Duration, ct);
        for (var round = 0; round < plan.Rounds; round++)
        {
            ours.Add(await RateAsync(services, OursAsync, plan.Duration, ct));
            naive.Add(await RateAsync(naiveServices, NaiveAsync, plan.Duration, ct));
            Progress.Say($"ingestion: round {round + 1} of {plan.Rounds}: {Units.Rate(ours[^1])}, one by one {Units.Rate(naive[^1])}");
        }

        await stop.CancelAsync();
        await running;
        return ResultRow.Times(
            $"ingestion, {Reporters} reporters",
            Units.Rate(Quantile.Median(ours)),
            Units.Rate(Quantile.Median(naive)),
            Quantile.Median(ours.Zip(naive, (o, n) => o / n)),
            Least);
    }

    private static async Task OursAsync(IServiceProvider services, ConnectionEvent one, CancellationToken ct)
    {
        if ((await services.GetRequiredService<BufferedConnectionLogger>().WriteAsync([one], ct)).Error is { } error)
        {
            throw new InvalidOperationException(error.Message);
        }
    }

    private static async Task NaiveAsync(IServiceProvider services, ConnectionEvent one, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        await NaiveLog.UpsertAsync(scope.ServiceProvider.GetRequiredService<DbSession>(), one, ct);
    }

    private static async Task<double> RateAsync(
        IServiceProvider services, Func<IServiceProvider, ConnectionEvent, CancellationToken, Task> writeAsync, TimeSpan duration, CancellationToken ct)
    {
        var ids = services.GetRequiredService<IIds>();
        var start = TestClock.System.GetTimestamp();
        var written = await Task.WhenAll(Enumerable.Range(1, Reporters).Select(n => Task.Run(() => ReportAsync(n), ct)));
        return written.Sum() / TestClock.System.GetElapsedTime(start).TotalSeconds;

        async Task<int> ReportAsync(int reporter)
        {
            var events = 0;
            while (TestClock.System.GetElapsedTime(start) < duration)
            {
                var begin = new ConnectionEvent
                {
                    Id = ids.Sequential(),
                    Time = LargeLog.End.AddSeconds(events),
                    Status = ConnectionStatus.Connected,
                    Type = ConnectionType.Ssh,
                    OrganizationId = LargeLog.SmallOrganization,
                    WorkspaceOwnerId = LargeLog.Workspace(reporter, 0),
                    WorkspaceId = LargeLog.Workspace(reporter, 1),
                    WorkspaceName = "workspace-1",
                    AgentName = "main",
                    Ip = IPAddress.Loopback,
                    ConnectionId = ids.Random(),
                };
                await writeAsync(services, begin, ct);
                var end = begin with { Id = ids.Sequential(), Status = ConnectionStatus.Disconnected, Time = begin.Time.AddSeconds(1), Code = 0 };
                await writeAsync(services, end, ct);
                events += 2;
            }

            return events;
        }
    }
}
