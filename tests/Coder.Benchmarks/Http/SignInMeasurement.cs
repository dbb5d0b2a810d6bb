using System.Globalization;
using System.Text;
using Coder.Benchmarks.Processes;
using Coder.Benchmarks.Report;
using Coder.Testing;

namespace Coder.Benchmarks.Http;

/// <summary>
/// Whether hashing of passwords leaves the server able to answer. The bare endpoint is measured under the same load of the product,
/// so that the processors are equally busy for both; what remains is what sign-ins cost other requests of the same process.
/// </summary>
internal static class SignInMeasurement
{
    private const double Least = 0.7;

    /// <summary>Measures each round without sign-ins and with them.</summary>
    /// <param name="connectionString">A database with the users of <see cref="Population"/>.</param>
    /// <param name="json">The bare endpoint, warm.</param>
    /// <param name="plan">How often and how long.</param>
    /// <param name="ct">Ends the measurement.</param>
    public static async Task<IReadOnlyList<ResultRow>> RunAsync(string connectionString, HttpCase json, HttpPlan plan, CancellationToken ct)
    {
        await using var product = await ChildServer.StartUnlimitedProductAsync(connectionString, ct);
        HttpCase buildInfo = new("GET /api/v2/buildinfo", product, "/api/v2/buildinfo");
        await LoadGenerator.WarmUpAsync(buildInfo, ct);

        // Not counted: the way of a sign-in through the server is compiled.
        await MeasureBusyAsync(buildInfo, json, isReversed: false, plan.Duration, ct);
        var rounds = new List<Round>();
        for (var i = 0; i < plan.Rounds; i++)
        {
            var isReversed = i % 2 == 1;
            var quiet = await MeasureBothAsync(buildInfo, json, isReversed, one => MeasureAsync(one, plan.Duration, ct));
            rounds.Add(new Round(quiet, await MeasureBusyAsync(buildInfo, json, isReversed, plan.Duration, ct)));
            Progress.Say($"round {i + 1} of {plan.Rounds}: of the bare endpoint {Units.Percent(rounds[^1].Quiet.Ratio)}, "
                + $"while {LoadGenerator.Connections} sign in {Units.Percent(rounds[^1].Busy.Ratio)}");
        }

        var share = Quantile.Median(rounds.Select(r => r.Busy.Ratio / r.Quiet.Ratio));
        return
        [
            new ResultRow(
                $"{buildInfo.Name} while {LoadGenerator.Connections} sign in / {json.Name} meanwhile",
                Units.Rate(Quantile.Median(rounds.Select(r => r.Busy.Product.Rate))),
                Units.Rate(Quantile.Median(rounds.Select(r => r.Busy.Bare.Rate))),
                $"{Units.Percent(share)} of the quiet ratio",
                $">= {Units.Percent(Least)}",
                share >= Least),
            new ResultRow(
                "  sign-ins answered meanwhile, share of 503",
                SignIns(rounds.Select(r => r.Busy.Product)),
                SignIns(rounds.Select(r => r.Busy.Bare)),
                "-",
                "-",
                null),
        ];
    }

    private static async Task<Pair> MeasureBusyAsync(
        HttpCase buildInfo, HttpCase json, bool isReversed, TimeSpan duration, CancellationToken ct)
    {
        using var signIns = new Load(
            buildInfo.Server.Port, Enumerable.Range(1, LoadGenerator.Connections).Select(i => Request(buildInfo.Server.Port, i)), 401, 503);
        var running = signIns.RunAsync();
        try
        {
            return await MeasureBothAsync(buildInfo, json, isReversed, async one =>
            {
                var (answers, refusals, start) = (signIns.Answers, signIns.Refusals, TestClock.System.GetTimestamp());
                var measured = await MeasureAsync(one, duration, ct);
                var elapsed = TestClock.System.GetElapsedTime(start);
                var answered = signIns.Answers - answers;
                return measured with
                {
                    SignIns = answered / elapsed.TotalSeconds,
                    Refused = (signIns.Refusals - refusals) / (double)Math.Max(answered, 1),
                };
            });
        }
        finally
        {
            signIns.Stop();
            await running;
        }
    }

    private static async Task<Pair> MeasureBothAsync(
        HttpCase buildInfo, HttpCase json, bool isReversed, Func<HttpCase, Task<Side>> measureAsync)
    {
        if (isReversed)
        {
            var first = await measureAsync(json);
            return new Pair(await measureAsync(buildInfo), first);
        }

        return new Pair(await measureAsync(buildInfo), await measureAsync(json));
    }

    private static async Task<Side> MeasureAsync(HttpCase one, TimeSpan duration, CancellationToken ct) =>
        new((await LoadGenerator.MeasureAsync(one, duration, ct)).Rate, SignIns: 0, Refused: 0);

    // Another account on each connection, as with real people.
    private static byte[] Request(int port, int user)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $$"""{"email":"user{{user}}@example.com","password":"NotThePassword!"}""");
        var head = string.Create(CultureInfo.InvariantCulture, $"Host: localhost:{port}\r\nContent-Length: {body.Length}\r\n");
        return Encoding.ASCII.GetBytes($"POST /api/v2/users/login HTTP/1.1\r\n{head}Content-Type: application/json\r\n\r\n{body}");
    }

    private static string SignIns(IEnumerable<Side> sides)
    {
        var all = sides.ToList();
        return $"{Units.Rate(Quantile.Median(all.Select(s => s.SignIns)))}, {Units.Percent(Quantile.Median(all.Select(s => s.Refused)))}";
    }

    private readonly record struct Side(double Rate, double SignIns, double Refused);

    private readonly record struct Pair(Side Product, Side Bare)
    {
        public double Ratio => Product.Rate / Bare.Rate;
    }

    private readonly record struct Round(Pair Quiet, Pair Busy);
}
