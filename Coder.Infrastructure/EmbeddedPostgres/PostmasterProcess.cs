using System.Diagnostics;

namespace Coder.Infrastructure.EmbeddedPostgres;

/// <summary>Whether the process that <c>postmaster.pid</c> names still is that postmaster.</summary>
internal static class PostmasterProcess
{
    /// <summary>
    /// Whether the postmaster runs. A process id that belongs to another program by now does not count, nor does a zombie:
    /// in containers nobody may reap it, and after a container's restart the same small ids come again.
    /// </summary>
    public static bool IsAlive(PostmasterFile file) =>
        OperatingSystem.IsLinux() ? IsAliveOnLinux(file) : IsAliveElsewhere(file.ProcessId);

    private static bool IsAliveOnLinux(PostmasterFile file)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{file.ProcessId}/stat");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        // "4711 (postgres) S …": the name may hold anything, so the last parenthesis ends it.
        var nameEnd = stat.LastIndexOf(')');
        if (nameEnd < 0 || nameEnd + 2 >= stat.Length || !IsPostgresName(stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..nameEnd]))
        {
            return false;
        }

        return stat[nameEnd + 2] is not ('Z' or 'X')
            && !UnixCalls.BelongsToAnother(file.ProcessId)
            && WorksInItsFolder(file);
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

    private static bool IsAliveElsewhere(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return IsPostgresName(process.ProcessName);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsPostgresName(string name) => name is "postgres" or "postmaster";
}
