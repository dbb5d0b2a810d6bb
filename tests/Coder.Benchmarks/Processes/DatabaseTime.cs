using System.Globalization;
using Npgsql;

namespace Coder.Benchmarks.Processes;

/// <summary>
/// How much processor time the sessions of a PostgreSQL on this machine have used. Other programs make things slow, but hardly this;
/// only Linux tells, elsewhere it is always zero.
/// </summary>
internal static class DatabaseTime
{
    private const int UserTime = 11;
    private const int SystemTime = 12;
    private const double TicksPerSecond = 100;

    /// <summary>Processor time of all sessions that are there now. One of them asks, so it is not nothing.</summary>
    public static async Task<TimeSpan> OfSessionsAsync(string connectionString, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand("select pid from pg_stat_activity where backend_type = 'client backend'");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var ticks = 0L;
        while (await reader.ReadAsync(ct))
        {
            ticks += Ticks(reader.GetInt32(0));
        }

        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    private static long Ticks(int processId)
    {
        try
        {
            var line = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return long.Parse(fields[UserTime], CultureInfo.InvariantCulture) + long.Parse(fields[SystemTime], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // The session has ended in the meantime, or this is not Linux.
            return 0;
        }
    }
}
