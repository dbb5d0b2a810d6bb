using Coder.Application.ConnectionLogs;
using Coder.Benchmarks.Report;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Benchmarks.ConnectionLogs;

/// <summary>
/// Pages with their counts. Both variants run in turn in one process on one pool, and must find the same rows and the same count.
/// </summary>
internal static class ReadMeasurement
{
    private const int OursInARound = 8;
    private const double LeastMean = 50;
    private const double MostP95 = 20;

    // How much two measurements of the same thing differ.
    private const double Even = 1.25;

    public static async Task<IReadOnlyList<ResultRow>> RunAsync(IServiceProvider services, LogPlan plan, CancellationToken ct)
    {
        var cases = await LogCase.AllAsync(services, plan.Rows, ct);
        var ours = cases.ToDictionary(c => c, _ => new List<double>());
        var naive = cases.ToDictionary(c => c, _ => new List<double>());
        foreach (var one in cases)
        {
            await CompareAsync(services, one, ct);
            await RepeatAsync(() => one.OursAsync(services, ct));
        }

        for (var round = 0; round < plan.Rounds; round++)
        {
            foreach (var one in round % 2 == 0 ? cases : cases.Reverse())
            {
                naive[one].Add(await TimeAsync(() => one.NaiveAsync(services, ct)));
                ours[one].AddRange(await RepeatAsync(() => one.OursAsync(services, ct)));
            }

            Progress.Say($"reads: round {round + 1} of {plan.Rounds}");
        }

        var rows = cases.Select(c => Row(c.Name, ours[c], naive[c])).ToList();
        var mean = Math.Exp(cases.Average(c => Math.Log(Quantile.Median(naive[c]) / Quantile.Median(ours[c]))));
        rows.Add(ResultRow.Times("page and count, geometric mean of the cases", "", "", mean, LeastMean));
        rows.Add(await DeepAsync(services, cases[0], cases[^1], plan, ct));
        return rows;
    }

    private static ResultRow Row(string name, List<double> ours, List<double> naive)
    {
        var (median, p95) = (Quantile.Median(ours), Quantile.P95(ours));
        var times = Quantile.Median(naive) / median;
        return new ResultRow(
            name,
            $"{Units.Milliseconds(median)}, p95 {Units.Milliseconds(p95)}",
            Units.Milliseconds(Quantile.Median(naive)),
            Units.Times(times),
            $">= {Units.Times(1)}, p95 <= {Units.Milliseconds(MostP95)}",
            times >= 1 && p95 <= MostP95);
    }

    // Without counts, which do not depend on the place.
    private static async Task<ResultRow> DeepAsync(IServiceProvider services, LogCase first, LogCase deep, LogPlan plan, CancellationToken ct)
    {
        List<double> atTop = [], below = [];
        for (var round = 0; round < plan.Rounds; round++)
        {
            atTop.AddRange(await RepeatAsync(() => ReadAsync(first)));
            below.AddRange(await RepeatAsync(() => ReadAsync(deep)));
        }

        var times = Quantile.Median(below) / Quantile.Median(atTop);
        return new ResultRow(
            $"{deep.Name} / first page, without counts",
            Units.Milliseconds(Quantile.Median(below)),
            Units.Milliseconds(Quantile.Median(atTop)),
            Units.Times(times),
            $"<= {Units.Times(Even)}",
            times <= Even);

        async Task<int> ReadAsync(LogCase one)
        {
            await using var scope = services.CreateAsyncScope();
            return (await scope.ServiceProvider.GetRequiredService<IConnectionLogStore>().ReadAsync(one.Query, one.Window, ct)).Count;
        }
    }

    private static async Task CompareAsync(IServiceProvider services, LogCase one, CancellationToken ct)
    {
        var (ours, naive) = (await one.OursAsync(services, ct), await one.NaiveAsync(services, ct));
        if (ours.Count != naive.Count || !ours.Ids.SequenceEqual(naive.Ids))
        {
            throw new InvalidOperationException(
                $"{one.Name}: {ours.Ids.Count} of {ours.Count} rows are not the same as {naive.Ids.Count} of {naive.Count}");
        }
    }

    private static async Task<IReadOnlyList<double>> RepeatAsync<T>(Func<Task<T>> work)
    {
        var took = new double[OursInARound];
        for (var i = 0; i < took.Length; i++)
        {
            took[i] = await TimeAsync(work);
        }

        return took;
    }

    private static async Task<double> TimeAsync<T>(Func<Task<T>> work)
    {
        var start = TestClock.System.GetTimestamp();
        await work();
        return TestClock.System.GetElapsedTime(start).TotalMilliseconds;
    }
}
