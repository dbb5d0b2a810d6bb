using Coder.Benchmarks.Processes;
using Coder.Benchmarks.Report;
using Coder.Testing;

namespace Coder.Benchmarks.ConnectionLogs;

/// <summary>Downloads the log, or the first million rows of it, from a server in a process of its own.</summary>
internal static class ExportMeasurement
{
    private const int MostRows = 1_000_000;
    private const int Step = 20_000;
    private const double LeastRate = 50_000;
    private const double MostGrowth = 32;

    public static async Task<IReadOnlyList<ResultRow>> RunAsync(
        ChildServer server, string token, string connectionString, int rows, CancellationToken ct)
    {
        // Not counted: the way of an export through the server is compiled.
        await DownloadAsync(server, token, connectionString, "ndjson", Math.Min(rows / 4, MostRows / 4), ct);
        var ndjson = await DownloadAsync(server, token, connectionString, "ndjson", rows, ct);
        var csv = await DownloadAsync(server, token, connectionString, "csv", rows, ct);
        var growth = ndjson.Growth;
        return
        [
            Row("export, ndjson", ndjson.Rate),
            Row("export, csv", csv.Rate),
            ResultRow.Of("  processor time of the server and its database for a row, ndjson", Units.Microseconds(ndjson.ProcessorMicroseconds)),
            ResultRow.Of("  the same, csv", Units.Microseconds(csv.ProcessorMicroseconds)),
            ResultRow.AtMost("  growth of memory in the second half of an export", growth, MostGrowth, Units.Mebibytes),
            ResultRow.AtMost("  resident memory of the server afterwards", server.ResidentMebibytes, null, Units.Mebibytes),
        ];
    }

    private static ResultRow Row(string name, double rate) =>
        ResultRow.Of(name, Units.Rate(rate), $">= {Units.Rate(LeastRate)}", rate >= LeastRate);

    private static async Task<(double Rate, double ProcessorMicroseconds, double Growth)> DownloadAsync(
        ChildServer server, string token, string connectionString, string format, int rows, CancellationToken ct)
    {
        using var client = LocalClient.Create(server.Port);
        client.DefaultRequestHeaders.Add(LocalClient.TokenHeader, token);
        var path = new Uri($"/api/v2/connectionlog/export?format={format}", UriKind.Relative);
        var before = server.ProcessorTime + await DatabaseTime.OfSessionsAsync(connectionString, ct);
        var start = TestClock.System.GetTimestamp();
        using var answer = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, ct);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(ct);
        var buffer = new byte[64 * 1024];
        var most = Math.Min(rows, MostRows);
        double early = 0, late = 0;
        int lines = 0, next = 0;
        while (lines < most)
        {
            var read = await body.ReadAsync(buffer, ct);
            if (read == 0)
            {
                throw new InvalidOperationException($"The export ended after {lines} of {most} lines.");
            }

            lines += buffer.AsSpan(0, read).Count((byte)'\n');
            if (lines >= next)
            {
                next += Step;
                var resident = server.ResidentMebibytes;
                (early, late) = lines < most / 2 ? (Math.Max(early, resident), late) : (early, Math.Max(late, resident));
            }
        }

        var rate = lines / TestClock.System.GetElapsedTime(start).TotalSeconds;
        var after = server.ProcessorTime + await DatabaseTime.OfSessionsAsync(connectionString, ct);
        Progress.Say($"export, {format}: {lines} rows, {Units.Rate(rate)}, up to {Units.Mebibytes(Math.Max(early, late))}");
        return (rate, (after - before).TotalMicroseconds / lines, Math.Max(late - early, 0));
    }
}
