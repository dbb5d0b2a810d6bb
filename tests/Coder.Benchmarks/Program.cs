using System.Globalization;
using System.Runtime.InteropServices;
using Coder.Benchmarks.ConnectionLogs;
using Coder.Benchmarks.Http;
using Coder.Benchmarks.Micro;
using Coder.Benchmarks.Report;
using Coder.Benchmarks.Start;

namespace Coder.Benchmarks;

/// <summary>Measures the product against its budgets and prints one table; script/bench is the way to call it.</summary>
internal static class Program
{
    private const string ConnectionLog = "connection-log";
    private const string Usage = """
        usage: script/bench [micro|http|start|all] [--rounds N] [--seconds N]
               script/bench connection-log [--rows N] [--rounds N] [--seconds N]

          micro   decisions and licensing in memory
          http    requests, compared with bare endpoints in the same run
          start   time to the first answer, and memory of an idle server
          all     these three (default)

          connection-log   a large connection log, compared with a naive one in the same database

          --rounds N    rounds of the measurements (default 5)
          --seconds N   length of one measurement of HTTP or of reports (default 2)
          --rows N      rows of the connection log, 1000 to 100000000 (default 1000000)

        Exit code 0: within all budgets; 1: not; 2: wrong arguments.
        """;

    private static async Task<int> Main(string[] args)
    {
        if (args is [BareServer.Command])
        {
            await BareServer.RunAsync();
            return 0;
        }

        if (!TryRead(args, out var suite, out var plan, out var rowCount))
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var rows = await RunAsync(suite, plan, rowCount, stop.Token);
        Console.Out.WriteLine(ResultTable.Render(rows));
        return rows.Any(r => r.Ok == false) ? 1 : 0;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<IReadOnlyList<ResultRow>> RunAsync(string suite, HttpPlan plan, int rowCount, CancellationToken ct)
    {
        var rows = new List<ResultRow>();
        if (suite is "micro" or "all")
        {
            Progress.Say("micro: about a minute");
            rows.AddRange(MicroSuite.Run());
        }

        if (suite is "http" or "all")
        {
            Progress.Say("http: about three minutes");
            rows.AddRange(await HttpSuite.RunAsync(plan, ct));
        }

        if (suite is "start" or "all")
        {
            Progress.Say("start: about a minute");
            rows.AddRange(await StartSuite.RunAsync(ct));
        }

        if (suite is ConnectionLog)
        {
            Progress.Say("connection-log: about ten minutes for a million rows");
            rows.AddRange(await ConnectionLogSuite.RunAsync(new LogPlan(rowCount, plan.Rounds, plan.Duration), ct));
        }

        return rows;
    }

    private static bool TryRead(string[] args, out string suite, out HttpPlan plan, out int rowCount)
    {
        suite = "all";
        rowCount = 1_000_000;
        plan = new HttpPlan(Rounds: 5, TimeSpan.FromSeconds(2));
        for (var i = 0; i < args.Length; i++)
        {
            if (i == 0 && args[i] is "micro" or "http" or "start" or ConnectionLog or "all")
            {
                suite = args[i];
            }
            else if (args[i] is "--rounds" or "--seconds"
                && i + 1 < args.Length
                && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number is > 0 and <= 100)
            {
                plan = args[i] == "--rounds" ? plan with { Rounds = number } : plan with { Duration = TimeSpan.FromSeconds(number) };
                i++;
            }
            else if (args[i] is "--rows"
                && i + 1 < args.Length
                && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out rowCount)
                && rowCount is >= 1_000 and <= 100_000_000)
            {
                i++;
            }
            else
            {
                return false;
            }
        }

        return true;
    }
}
