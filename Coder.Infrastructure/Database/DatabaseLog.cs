using Microsoft.Extensions.Logging;

namespace Coder.Infrastructure.Database;

internal static partial class DatabaseLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Migrated the database: {Script}")]
    public static partial void Migrated(ILogger logger, string script);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lost the connection that receives notifications, connecting again: {Reason}")]
    public static partial void NotificationsLost(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Receiving notifications again")]
    public static partial void NotificationsBack(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "A handler of notifications on channel {Channel} failed")]
    public static partial void NotificationHandlerFailed(ILogger logger, Exception exception, string channel);
}
