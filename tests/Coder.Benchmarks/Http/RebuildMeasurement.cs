using Coder.Application.Licensing;
using Coder.Benchmarks.Processes;
using Coder.Benchmarks.Report;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Benchmarks.Http;

/// <summary>What a change of licenses costs: reading all of them from PostgreSQL, verifying the new one, counting and merging.</summary>
internal static class RebuildMeasurement
{
    private const int Licenses = 100;
    private const int Changes = 20;
    private const double MostMilliseconds = 50;

    public static async Task<ResultRow> RunAsync(string connectionString, CancellationToken ct)
    {
        var mint = new LicenseMint(TestClock.System.GetUtcNow());
        await using var services = BenchServices.Create(connectionString, mint);
        for (var i = 0; i < Licenses; i++)
        {
            await AddAsync(services, mint, i, ct);
        }

        await RefreshAsync(services, ct);
        var took = new List<double>();
        for (var i = 0; i < Changes; i++)
        {
            await AddAsync(services, mint, Licenses + i, ct);
            var start = TestClock.System.GetTimestamp();
            await RefreshAsync(services, ct);
            took.Add(TestClock.System.GetElapsedTime(start).TotalMilliseconds);
        }

        return ResultRow.AtMost("entitlement snapshot rebuild, 100 licenses", Quantile.Median(took), MostMilliseconds, Units.Milliseconds);
    }

    private static async Task AddAsync(ServiceProvider services, LicenseMint mint, int number, CancellationToken ct)
    {
        var now = TestClock.System.GetUtcNow();
        await using var scope = services.CreateAsyncScope();
        var token = mint.License(b => b.Seats(100 + number).ManagedAgents(soft: 10 + number, hard: 20 + number));
        await scope.ServiceProvider.GetRequiredService<ILicenseStore>().AddAsync(
            token, services.GetRequiredService<Application.Common.IIds>().Random(), now, now.AddYears(1), ct);
    }

    private static async Task RefreshAsync(ServiceProvider services, CancellationToken ct)
    {
        var refreshed = await services.GetRequiredService<IEntitlementRefresher>().RefreshAsync(ct);
        if (refreshed.Error is { } error)
        {
            throw new InvalidOperationException($"{error.Message}: {error.Detail}");
        }
    }
}
