using System.Diagnostics;

namespace Coder.Infrastructure.EmbeddedPostgres;

/// <summary>Whether the process that <c>postmaster.pid</c> names still is that postmaster.</summary>
internal static class PostmasterProcess
{
    /// <summary>
    /// Whether the postmaster runs. A process id that belongs to another program by now does not count, nor does a zombie:
    /// in containers nobody may reap it, and after a container's restart the same small ids come again.
    /// </summary>
    public static bool IsAlive(PostmasterFile file) => !HasEnded(file) && (!OperatingSystem.IsLinux() || WorksInItsFolder(file));

    /// <summary>Whether the process is gone, which is a moment after its file is.</summary>
    public static bool HasEnded(PostmasterFile file) =>
        OperatingSystem.IsLinux() ? HasEndedOnLinux(file.ProcessId) : HasEndedElsewhere(file.ProcessId);

    private static bool HasEndedOnLinux(int processId)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{processId}/stat");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }

        // "4711 (postgres) S …": the name may hold anything, so the last parenthesis ends it.
        var nameStart = stat.IndexOf('(', StringComparison.Ordinal) + 1;
        var nameEnd = stat.LastIndexOf(')');
        return nameEnd < nameStart
            || nameEnd + 2 >= stat.Length
            || stat[nameEnd + 2] is 'Z' or 'X'
            || !IsPostgresName(stat[nameStart..nameEnd])
            || UnixCalls.BelongsToAnother(processId);
    }

    /// <summary>A postmaster's working directory is its data folder: the file there, read through the process, must be the same.</summary>
    private static bool WorksInItsFolder(PostmasterFile file)
    {
        try
        {
            var seenByProcess = PostmasterFile.Read($"/proc/{file.ProcessId}/cwd");
            return seenByProcess is not null
                && seenByProcess.ProcessId == file.ProcessId
                && seenByProcess.StartedAt == file.StartedAt;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Root in a container may not look into another user's process; the name has to do then.
            return true;
        }
    }

    private static bool HasEndedElsewhere(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !IsPostgresName(process.ProcessName);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return true;
        }
    }

    private static bool IsPostgresName(string name) => name is "postgres" or "postmaster";
}
