using Coder.Cli.Common;

namespace Coder.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var cancellation = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            // The first Ctrl+C cancels; a second one ends the process, should something not listen.
            pressed.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        };

#pragma warning disable RS0030 // Program is the one place that chooses the clock and the source of ids.
        var time = TimeProvider.System;
        var environment = CliEnvironment.OfProcess(Guid.NewGuid);
#pragma warning restore RS0030
        return await CliProgram.RunAsync(args, new ConsoleTerminal(), handler: null, time, environment, cancellation.Token);
    }
}
