using System.Globalization;

namespace Coder.Benchmarks.Processes;

/// <summary>
/// How long a process has compiled in the background. On a busy machine the compiler gets to work late, and half-compiled code would
/// be measured; only Linux tells, elsewhere it is always zero.
/// </summary>
internal static class CompilerTime
{
    // The kernel cuts names of threads to 15 characters.
    private const string ThreadName = ".NET Tiered Com";
    private const int UserTime = 11;
    private const int SystemTime = 12;
    private const double TicksPerSecond = 100;

    /// <summary>Processor time of the compiling thread up to now; zero also when it has ended, which it does when there is nothing to do.</summary>
    public static TimeSpan Of(int processId)
    {
        var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task");
        return Directory.Exists(folder) ? TimeSpan.FromSeconds(Directory.EnumerateDirectories(folder).Sum(Ticks) / TicksPerSecond) : TimeSpan.Zero;
    }

    private static long Ticks(string thread)
    {
        try
        {
            var line = File.ReadAllText(Path.Combine(thread, "stat"));
            var end = line.LastIndexOf(')');
            if (!line.AsSpan(0, end).EndsWith(ThreadName, StringComparison.Ordinal))
            {
                return 0;
            }

            var fields = line[(end + 2)..].Split(' ');
            return long.Parse(fields[UserTime], CultureInfo.InvariantCulture) + long.Parse(fields[SystemTime], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // The thread has ended in the meantime.
            return 0;
        }
    }
}
