using System.Diagnostics;
using System.Globalization;
using Coder.Infrastructure.EmbeddedPostgres;

namespace Coder.Testing;

/// <summary>The folders of test processes: each is named after its process, so that those of killed runs can be swept.</summary>
internal static class TestFolders
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>One root a user: nobody can remove the folders of another.</summary>
    public static string Root { get; } = Path.Combine(Path.GetTempPath(), $"coder-tests-{Environment.UserName}");

    /// <summary>Removes the folders whose process is gone, and stops the postmasters that those processes left behind.</summary>
    public static async Task SweepAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(Root);
        foreach (var folder in Directory.EnumerateDirectories(Root).ToList())
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var processId)
                && !IsRunning(processId))
            {
                await RemoveAsync(folder, ct);
            }
        }
    }

    /// <summary>Stops the folder's postmaster at once, without writing anything more, and removes the folder.</summary>
    public static async Task RemoveAsync(string folder, CancellationToken ct)
    {
        try
        {
            // Two runs may sweep at once, and a process of another container may only seem to be gone.
            using var held = InstanceLock.Acquire(folder);
            var data = Path.Combine(folder, "postgres", "data");
            if (PostmasterFile.Read(data) is { } file && PostmasterProcess.IsAlive(file) && !OperatingSystem.IsWindows())
            {
                UnixCalls.Signal(file.ProcessId, UnixCalls.Quit);
                var start = TestClock.System.GetTimestamp();
                while (!PostmasterProcess.HasEnded(file) && TestClock.System.GetElapsedTime(start) < Patience)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(5), TestClock.System, ct);
                }
            }

            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or EmbeddedPostgresException)
        {
            // Somebody else sweeps it, or the next run does.
        }
    }

    private static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
