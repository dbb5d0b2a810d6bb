using System.Runtime.InteropServices;
using Coder.Api.Configuration;
using Coder.Api.Hosting;

namespace Coder.Api;

/// <summary>The server as a process.</summary>
public static class Program
{
    /// <returns>0 after an orderly stop, 1 when the start failed; the reason stands on standard error. For maintenance see there.</returns>
    public static async Task<int> Main(string[] args)
    {
        if (args.Contains("--help", StringComparer.Ordinal) || args.Contains("-h", StringComparer.Ordinal))
        {
            Console.Out.Write(Help.Text());
            return 0;
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

#pragma warning disable RS0030 // the one place that chooses the clock
        if (args is [MaintenanceProcess.Name, ..])
        {
            return await MaintenanceProcess.RunAsync(args[1..], Environment.GetEnvironmentVariables(), TimeProvider.System, stop.Token);
        }

        return await ServerProcess.RunAsync(args, Environment.GetEnvironmentVariables(), TimeProvider.System, stop.Token);
#pragma warning restore RS0030

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }
}
