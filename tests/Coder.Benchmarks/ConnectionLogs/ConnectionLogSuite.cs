using Coder.Benchmarks.Processes;
using Coder.Benchmarks.Report;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.EmbeddedPostgres;
using Coder.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coder.Benchmarks.ConnectionLogs;

/// <summary>How large the log is and how long it is measured.</summary>
/// <param name="Rows">Rows of the log.</param>
/// <param name="Rounds">How often each case is measured.</param>
/// <param name="Duration">How long reports are sent each time.</param>
/// <param name="OnlyReports">Whether searches and exports are left out.</param>
internal sealed record LogPlan(int Rows, int Rounds, TimeSpan Duration, bool OnlyReports);

/// <summary>
/// Compares the connection log with the naive way to keep one (<see cref="NaiveLog"/>), on the same rows in the same database, in turn.
/// </summary>
internal static class ConnectionLogSuite
{
    public static async Task<IReadOnlyList<ResultRow>> RunAsync(LogPlan plan, CancellationToken ct)
    {
        using var folder = new BenchFolder("connection-log");

        // Durable as in production, with its settings.
        await using var postgres = await EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { ConfigDirectory = folder.Path, BinDirectory = Environment.GetEnvironmentVariable("CODER_PG_BIN") },
            NullLogger.Instance,
            TestClock.System,
            ct);
        await new Migrator(postgres.ConnectionString, NullLogger.Instance).RunAsync(ct);
        var mint = new LicenseMint(TestClock.System.GetUtcNow());
        var token = await PrepareServerAsync(postgres.ConnectionString, mint, ct);
        await LargeLog.FillAsync(postgres.ConnectionString, plan.Rows, ct);
        await using var services = BenchServices.Create(postgres.ConnectionString, mint);
        List<ResultRow> rows = [];
        if (!plan.OnlyReports)
        {
            rows.AddRange(await ReadMeasurement.RunAsync(services, plan, ct));
            Progress.Say(ResultTable.Render(rows));
            await using var server = await ChildServer.StartLicensedProductAsync(postgres.ConnectionString, mint.TrustedKeys, ct);
            rows.AddRange(await ExportMeasurement.RunAsync(server, token, postgres.ConnectionString, plan.Rows, ct));
        }

        rows.AddRange(await IngestionMeasurement.RunAsync(services, postgres.ConnectionString, plan, ct));
        return rows;
    }

    // Before the people of the log are there: who comes first is the owner.
    private static async Task<string> PrepareServerAsync(string connectionString, LicenseMint mint, CancellationToken ct)
    {
        await using var server = await ChildServer.StartLicensedProductAsync(connectionString, mint.TrustedKeys, ct);
        var (token, _) = await LocalClient.CreateOwnerAsync(server.Port, ct);
        await LocalClient.AddLicenseAsync(server.Port, token, mint.License(b => b.Seats(1_000)), ct);
        return token;
    }
}
