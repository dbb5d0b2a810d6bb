using System.Collections.Concurrent;
using System.Data;
using Coder.Application.Common;
using Coder.Application.Provisioning;
using Coder.Benchmarks.Processes;
using Coder.Benchmarks.Report;
using Coder.Domain.Common;
using Coder.Testing;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Benchmarks.Workspaces;

/// <summary>How full the queue is and how long it is measured.</summary>
/// <param name="Jobs">Jobs that wait at the beginning of each measurement.</param>
/// <param name="Rounds">How often each case is measured.</param>
/// <param name="Duration">How long daemons work each time.</param>
internal sealed record QueuePlan(int Jobs, int Rounds, TimeSpan Duration);

/// <summary>
/// Sixteen daemons that take builds and complete them as fast as they can: all that the product does for a build, except HTTP, and the
/// two statements of the queue alone.
/// </summary>
internal static class QueueSuite
{
    private const int Daemons = 16;
    private const int WarmUpCycles = 2_000;
    private const double LeastCycles = 500;

    public static async Task<IReadOnlyList<ResultRow>> RunAsync(QueuePlan plan, CancellationToken ct)
    {
        await using var product = await LocalProduct.StartAsync("queue", ct);
        await Fleet.PrepareAsync(product.ConnectionString, ct);
        await Fleet.AddDaemonsAsync(product.ConnectionString, Daemons, ct);
        return await new Measurement(product, plan).RunAsync(ct);
    }

    private sealed class Measurement(LocalProduct product, QueuePlan plan)
    {
        private readonly ConcurrentDictionary<Guid, Guid> _takenBy = [];
        private int _filled;
        private int _twice;

        public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken ct)
        {
            Func<Guid, CancellationToken, Task<Cycle?>>[] ways = [BuildAsync, TakeAsync];
            foreach (var way in ways)
            {
                await WarmUpAsync(way, ct);
            }

            var samples = ways.Select(_ => new List<Sample>()).ToArray();
            for (var round = 0; round < plan.Rounds; round++)
            {
                for (var i = 0; i < ways.Length; i++)
                {
                    await FillAsync(ct);
                    samples[i].Add(await MeasureAsync(ways[i], ct));
                }

                Progress.Say($"queue: round {round + 1} of {plan.Rounds}: {string.Join(", ", samples.Select(s => Units.Rate(s[^1].Rate)))}");
            }

            return
            [
                .. Rows($"builds acquired and completed, {Daemons} daemons, {plan.Jobs} waiting", samples[0], LeastCycles),
                .. Rows("jobs acquired and ended in the queue alone", samples[1], null),
                ResultRow.Of("jobs that two daemons got", $"{_twice} of {_takenBy.Count}", "0", _twice == 0),
            ];
        }

        // Every connection prepares its statements, and code is compiled.
        private async Task WarmUpAsync(Func<Guid, CancellationToken, Task<Cycle?>> cycleAsync, CancellationToken ct)
        {
            for (var cycles = 0; cycles < WarmUpCycles;)
            {
                await FillAsync(ct);
                var before = _takenBy.Count;
                await MeasureAsync(cycleAsync, ct);
                cycles += _takenBy.Count - before;
            }
        }

        // What was taken is filled up again, so that each measurement finds the same.
        private async Task FillAsync(CancellationToken ct)
        {
            var missing = plan.Jobs - (_filled - _takenBy.Count);
            if (missing > 0)
            {
                await Fleet.AddWaitingAsync(product.ConnectionString, _filled + 1, _filled + missing, ct);
                _filled += missing;
            }
        }

        private async Task<Sample> MeasureAsync(Func<Guid, CancellationToken, Task<Cycle?>> cycleAsync, CancellationToken ct)
        {
            var before = await DatabaseTime.OfSessionsAsync(product.ConnectionString, ct) + Environment.CpuUsage.TotalTime;
            var start = TestClock.System.GetTimestamp();
            var all = await Task.WhenAll(Enumerable.Range(1, Daemons).Select(n => Task.Run(() => WorkAsync(Fleet.Daemon(n)), ct)));
            var elapsed = TestClock.System.GetElapsedTime(start);
            var after = await DatabaseTime.OfSessionsAsync(product.ConnectionString, ct) + Environment.CpuUsage.TotalTime;
            var cycles = all.SelectMany(one => one).ToList();
            return new Sample(cycles.Count / elapsed.TotalSeconds, Quantile.P95(cycles), (after - before).TotalMicroseconds / cycles.Count);

            async Task<List<double>> WorkAsync(Guid daemon)
            {
                var took = new List<double>();
                while (TestClock.System.GetElapsedTime(start) < plan.Duration && await cycleAsync(daemon, ct) is { } cycle)
                {
                    took.Add(cycle.AcquireMilliseconds);
                    if (!_takenBy.TryAdd(cycle.Job, daemon))
                    {
                        Interlocked.Increment(ref _twice);
                    }
                }

                return took;
            }
        }

        private async Task<Cycle?> BuildAsync(Guid daemon, CancellationToken ct)
        {
            var start = TestClock.System.GetTimestamp();
            var acquired = await SendAsync(new AcquireJob(DaemonCaller.SecretHolder, daemon.ToString(), TimeSpan.Zero, null), ct);
            var took = TestClock.System.GetElapsedTime(start);
            if (acquired.Assignment is not { } assignment)
            {
                return null;
            }

            var job = assignment.Job.Id;
            await SendAsync(new CompleteJob(DaemonCaller.SecretHolder, daemon.ToString(), job.ToString(), new WrittenResult { FromManifest = true }), ct);
            return new Cycle(job, took.TotalMilliseconds);
        }

        private async Task<Cycle?> TakeAsync(Guid daemon, CancellationToken ct)
        {
            await using var scope = product.Services.CreateAsyncScope();
            var queue = scope.ServiceProvider.GetRequiredService<IJobQueue>();
            var start = TestClock.System.GetTimestamp();
            if (await queue.AcquireAsync(daemon, null, Now(), ct) is not { } job)
            {
                return null;
            }

            var took = TestClock.System.GetElapsedTime(start);
            await scope.ServiceProvider.GetRequiredService<IUnitOfWork>().RunAsync<Result<Done>>(
                IsolationLevel.ReadCommitted,
                async inner =>
                {
                    await queue.LockAsync(job, inner);
                    return await queue.EndAsync(job, null, null, Now(), inner) ? Done.Value : throw new InvalidOperationException("A job had ended already.");
                },
                ct);
            return new Cycle(job, took.TotalMilliseconds);
        }

        private async Task<T> SendAsync<T>(IRequest<Result<T>> request, CancellationToken ct)
        {
            await using var scope = product.Services.CreateAsyncScope();
            var outcome = await scope.ServiceProvider.GetRequiredService<ISender>().Send(request, ct);
            return outcome.Match(value => value, error => throw new InvalidOperationException($"{error.Message} {error.Detail}"));
        }

        private static DateTimeOffset Now() => TestClock.System.GetUtcNow().ToMicroseconds();

        private static IEnumerable<ResultRow> Rows(string name, List<Sample> samples, double? least)
        {
            var rate = Quantile.Median(samples.Select(s => s.Rate));
            yield return ResultRow.Of(name, Units.Rate(rate), least is { } floor ? $">= {Units.Rate(floor)}" : null, least is null ? null : rate >= least);
            yield return ResultRow.Of("  to acquire, p95", Units.Milliseconds(Quantile.Median(samples.Select(s => s.AcquireP95))));
            yield return ResultRow.Of(
                "  processor time of server and database", Units.Microseconds(Quantile.Median(samples.Select(s => s.ProcessorMicroseconds))));
        }
    }

    private readonly record struct Cycle(Guid Job, double AcquireMilliseconds);

    private readonly record struct Sample(double Rate, double AcquireP95, double ProcessorMicroseconds);
}
