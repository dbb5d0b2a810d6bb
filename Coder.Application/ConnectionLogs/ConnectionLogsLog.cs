using Microsoft.Extensions.Logging;

namespace Coder.Application.ConnectionLogs;

internal static partial class ConnectionLogsLog
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The sessions of applications can not be read or written, so that their openings can not be logged now: {Reason}")]
    public static partial void SessionsUnknown(ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "connection_log_export {UserID} {Username} {Filter} {Rows} {Completed}")]
    public static partial void Exported(ILogger logger, Guid userID, string username, string filter, long rows, bool completed);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Numbers} stored numbers of the connection log were wrong by {Rows} rows in all, and are right now")]
    public static partial void DriftRepaired(ILogger logger, int numbers, long rows);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Entries} entries of the table of sessions that go on did not agree with the connection log, and do now")]
    public static partial void SessionsRepaired(ILogger logger, int entries);

    [LoggerMessage(Level = LogLevel.Information, Message = "The connection log has a partition for each month from now on")]
    public static partial void Partitioned(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Rows} rows of the connection log and {Sessions} sessions of applications")]
    public static partial void Purged(ILogger logger, long rows, int sessions);
}
