using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>
/// A process with everything that it starts. On Unix it leads a session of its own (through <c>setsid</c>), so that one signal reaches
/// all of it and Ctrl+C on the daemon's terminal none of it. Where there is no <c>setsid</c>, and on Windows, the tree of its children
/// takes the place of the group.
/// </summary>
internal sealed class ProcessGroup
{
    private const int Interrupt = 2;
    private const int KillAtOnce = 9;
    private static readonly string[] Places = ["/usr/bin/setsid", "/bin/setsid", "/usr/local/bin/setsid"];

    private readonly Process _process;
    private readonly bool _leads;

    private ProcessGroup(Process process, bool leads)
    {
        _process = process;
        _leads = leads;
    }

    /// <summary>Starts a program.</summary>
    /// <param name="start">What to start.</param>
    /// <param name="process">The program itself; its id is that of the group.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The program can not be started.</exception>
    internal static ProcessGroup Start(ProcessStartInfo start, out Process process)
    {
        var setsid = OperatingSystem.IsWindows() ? null : Places.FirstOrDefault(File.Exists);
        if (setsid is not null)
        {
            start.ArgumentList.Insert(0, start.FileName);
            start.FileName = setsid;
        }

        process = Process.Start(start) ?? throw new InvalidOperationException("No process was started.");
        return new ProcessGroup(process, setsid is not null);
    }

    /// <summary>Asks all of it to end.</summary>
    internal void Ask()
    {
        if (OperatingSystem.IsWindows())
        {
            Kill();
        }
        else
        {
            Signal(_leads ? -_process.Id : _process.Id, Interrupt);
        }
    }

    /// <summary>Ends all of it, also what the program itself has left behind.</summary>
    internal void Kill()
    {
        if (_leads)
        {
            Signal(-_process.Id, KillAtOnce);
        }
        else if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    // That nobody is left is no failure.
    private static void Signal(int id, int signal) => _ = SendSignal(id, signal);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int id, int signal);
}
