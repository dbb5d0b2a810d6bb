using System.Runtime.InteropServices;
using Coder.Benchmarks.ConnectionLogs;
using Coder.Benchmarks.Http;
using Coder.Benchmarks.Micro;
using Coder.Benchmarks.Report;
using Coder.Benchmarks.Start;
using Coder.Benchmarks.Workspaces;

namespace Coder.Benchmarks;

/// <summary>Measures the product against its budgets and prints one table; script/bench is the way to call it.</summary>
internal static class Program
{
    private const string Usage = """
        usage: script/bench [micro|http|start|all] [--rounds N] [--seconds N]
               script/bench connection-log|ingestion [--rows N] [--rounds N] [--seconds N]
               script/bench queue [--jobs N] [--rounds N] [--seconds N]
               script/bench workspaces [--rows N] [--rounds N]

          micro   decisions and licensing in memory
          http    requests, compared with bare endpoints in the same run
          start   time to the first answer, and memory of an idle server
          all     these three (default)

          connection-log   a large connection log, compared with a naive one in the same database
          ingestion        the same, but only what is written to it

          queue            16 daemons that acquire and complete builds
          workspaces       pages of many workspaces, and a new workspace until it runs

          --rounds N    rounds of the measurements (default 5)
          --seconds N   length of one measurement of HTTP, of reports or of the queue (default 2)
          --rows N      rows of the connection log (default 1000000) or workspaces (default 10000), 1000 to 100000000
          --jobs N      jobs that wait, 1000 to 1000000 (default 10000)

        Exit code 0: within all budgets; 1: not; 2: wrong arguments.
        """;

    private static async Task<int> Main(string[] args)
    {
        if (args is [BareServer.Command])
        {
            await BareServer.RunAsync();
            return 0;
        }

        if (Arguments.Read(args) is not { } arguments)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var rows = await RunAsync(arguments, stop.Token);
        Console.Out.WriteLine(ResultTable.Render(rows));
        return rows.Any(r => r.Ok == false) ? 1 : 0;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<IReadOnlyList<ResultRow>> RunAsync(Arguments arguments, CancellationToken ct)
    {
        var (suite, plan) = (arguments.Suite, new HttpPlan(arguments.Rounds, arguments.Duration));
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

        if (suite is Arguments.ConnectionLog or Arguments.Ingestion)
        {
            Progress.Say($"{suite}: about ten minutes for a million rows");
            var log = new LogPlan(arguments.Rows ?? 1_000_000, plan.Rounds, plan.Duration, OnlyReports: suite is Arguments.Ingestion);
            rows.AddRange(await ConnectionLogSuite.RunAsync(log, ct));
        }

        if (suite is Arguments.Queue)
        {
            Progress.Say("queue: about a minute");
            rows.AddRange(await QueueSuite.RunAsync(new QueuePlan(arguments.Jobs, plan.Rounds, plan.Duration), ct));
        }

        if (suite is Arguments.Workspaces)
        {
            Progress.Say("workspaces: about two minutes");
            rows.AddRange(await WorkspaceSuite.RunAsync(new WorkspacePlan(arguments.Rows ?? 10_000, plan.Rounds), ct));
        }

        return rows;
    }
}
