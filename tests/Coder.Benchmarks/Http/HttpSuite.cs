using Coder.Benchmarks.Processes;
using Coder.Benchmarks.Report;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.EmbeddedPostgres;
using Coder.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coder.Benchmarks.Http;

/// <summary>How long the HTTP measurements take.</summary>
/// <param name="Rounds">How often each case is measured.</param>
/// <param name="Duration">How long each time.</param>
internal sealed record HttpPlan(int Rounds, TimeSpan Duration);

/// <summary>
/// Compares requests to the product with the same work done by a bare minimal API in the same run. Rounds are interleaved and ratios
/// are taken within a round, so that what else runs on the machine touches both sides alike.
/// </summary>
internal static class HttpSuite
{
    // Durable as in production; only the limit of connections is raised, because two servers share this one.
    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal) { ["max_connections"] = "300" };

    public static async Task<IReadOnlyList<ResultRow>> RunAsync(HttpPlan plan, CancellationToken ct)
    {
        using var folder = new BenchFolder("http");
        await using var postgres = await StartPostgresAsync(folder, ct);
        await new Migrator(postgres.ConnectionString, NullLogger.Instance).RunAsync(ct);
        await using var product = await ChildServer.StartProductAsync(postgres.ConnectionString, ct);
        await using var bare = await ChildServer.StartBareAsync(postgres.ConnectionString, ct);
        var (token, userId) = await LocalClient.CreateOwnerAsync(product.Port, ct);
        await Population.AddAsync(postgres.ConnectionString, ct);
        HttpCase json = new("bare JSON", bare, BareServer.JsonPath);
        HttpCase row = new("bare row", bare, BareServer.RowPath + userId);
        HttpCase tunedRow = new("bare row, our connection settings", bare, BareServer.TunedRowPath + userId);
        HttpCase buildInfo = new("GET /api/v2/buildinfo", product, "/api/v2/buildinfo");
        HttpCase entitlements = new("GET /api/v2/entitlements, anonymous", product, "/api/v2/entitlements");
        HttpCase me = new("GET /api/v2/users/me, session", product, "/api/v2/users/me", token);

        var samples = await MeasureAsync([json, buildInfo, entitlements, row, me, tunedRow], plan, ct);
        return
        [
            .. Compare(samples, buildInfo, json, least: 0.7),
            .. Compare(samples, entitlements, json, least: null),
            .. Compare(samples, me, row, least: 0.4),
            .. Compare(samples, me, tunedRow, least: null),
            ResultRow.AtMost("resident memory after this load", product.ResidentMebibytes, null, Units.Mebibytes),
            .. await SignInMeasurement.RunAsync(postgres.ConnectionString, json, plan, ct),
            await RebuildMeasurement.RunAsync(postgres.ConnectionString, ct),
        ];
    }

    private static Task<EmbeddedPostgresServer> StartPostgresAsync(BenchFolder folder, CancellationToken ct) => EmbeddedPostgresServer.StartAsync(
        new EmbeddedPostgresOptions
        {
            ConfigDirectory = folder.Path,
            BinDirectory = Environment.GetEnvironmentVariable("CODER_PG_BIN"),
            Settings = Settings,
        },
        NullLogger.Instance,
        TestClock.System,
        ct);

    private static async Task<Dictionary<HttpCase, List<Sample>>> MeasureAsync(
        IReadOnlyList<HttpCase> cases, HttpPlan plan, CancellationToken ct)
    {
        foreach (var one in cases)
        {
            await LoadGenerator.WarmUpAsync(one, ct);
        }

        var samples = cases.ToDictionary(one => one, _ => new List<Sample>());
        for (var round = 0; round < plan.Rounds; round++)
        {
            // Every other round backwards: what drifts evenly cancels out.
            foreach (var one in round % 2 == 0 ? cases : cases.Reverse())
            {
                samples[one].Add(await LoadGenerator.MeasureAsync(one, plan.Duration, ct));
            }

            Progress.Say($"round {round + 1} of {plan.Rounds}: {string.Join(", ", cases.Select(c => $"{c.Name} {Units.Rate(samples[c][^1].Rate)}"))}");
        }

        return samples;
    }

    private static IEnumerable<ResultRow> Compare(Dictionary<HttpCase, List<Sample>> samples, HttpCase ours, HttpCase baseline, double? least)
    {
        var (product, bare) = (samples[ours], samples[baseline]);
        yield return ResultRow.Share(
            $"{ours.Name} / {baseline.Name}",
            Quantile.Median(product.Select(s => s.Rate)),
            Quantile.Median(bare.Select(s => s.Rate)),
            Quantile.Median(product.Zip(bare, (p, b) => p.Rate / b.Rate)),
            least);
        yield return new ResultRow(
            "  processor time of the server a request",
            Units.Microseconds(Quantile.Median(product.Select(s => s.ProcessorMicroseconds))),
            Units.Microseconds(Quantile.Median(bare.Select(s => s.ProcessorMicroseconds))),
            Units.Percent(Quantile.Median(product.Zip(bare, (p, b) => b.ProcessorMicroseconds / p.ProcessorMicroseconds))),
            "-",
            null);
    }
}
