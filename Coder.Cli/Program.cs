using System.Runtime.InteropServices;
using Coder.Cli.Common;

namespace Coder.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var stop = new StopSignals();

        // The first Ctrl+C cancels; one that nobody listens to ends the process.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = stop.Signal());
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = stop.Signal());

#pragma warning disable RS0030 // Program is the one place that chooses the clock and the source of ids.
        var time = TimeProvider.System;
        var environment = CliEnvironment.OfProcess(Guid.NewGuid, stop);
#pragma warning restore RS0030
        return await CliProgram.RunAsync(args, new ConsoleTerminal(), handler: null, time, environment, stop.First);
    }
}
