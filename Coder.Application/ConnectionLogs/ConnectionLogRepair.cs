using Microsoft.Extensions.Logging;

namespace Coder.Application.ConnectionLogs;

/// <summary>Puts right what is derived from the rows of the connection log, and says in the server's own log what was wrong.</summary>
internal static class ConnectionLogRepair
{
    public static async Task<ConnectionLogDifferences> RepairAsync(IConnectionLogUpkeep upkeep, ILogger logger, CancellationToken ct)
    {
        var numbers = await upkeep.RepairAsync(ct);
        if (numbers.Count > 0)
        {
            var rows = numbers.Sum(d => Math.Max(Math.Abs(d.Missing), Math.Abs(d.MissingOngoing)));
            ConnectionLogsLog.DriftRepaired(logger, numbers.Count, rows);
        }

        var sessions = await upkeep.RepairSessionsAsync(ct);
        if (sessions.Count > 0)
        {
            ConnectionLogsLog.SessionsRepaired(logger, sessions.Count);
        }

        return new ConnectionLogDifferences(numbers, sessions);
    }
}
