using Microsoft.Extensions.Logging;

namespace Coder.Infrastructure.EmbeddedPostgres;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Making a new PostgreSQL database in {Directory}")]
    public static partial void Creating(ILogger logger, string directory);

    [LoggerMessage(LogLevel.Information, "PostgreSQL runs (process {ProcessId}, data in {Directory}), started in {Milliseconds:F0} ms")]
    public static partial void Started(ILogger logger, int processId, string directory, double milliseconds);

    [LoggerMessage(
        LogLevel.Warning,
        "An earlier server ended without stopping its PostgreSQL (process {ProcessId}, data in {Directory}); " +
        "it is taken over and will be stopped with this server")]
    public static partial void Adopted(ILogger logger, int processId, string directory);

    [LoggerMessage(
        LogLevel.Information,
        "PostgreSQL was killed and recovers now: {Directory} has the postmaster.pid of a process that is gone ({ProcessId})")]
    public static partial void StaleFile(ILogger logger, string directory, int processId);

    [LoggerMessage(
        LogLevel.Warning,
        "The server is root and PostgreSQL runs as {Account}, which can not get into {ConfigDirectory}: the data is in {Directory}")]
    public static partial void Fallback(ILogger logger, string account, string configDirectory, string directory);

    [LoggerMessage(LogLevel.Information, "PostgreSQL is still starting: {LastLine}")]
    public static partial void StillStarting(ILogger logger, string lastLine);

    [LoggerMessage(LogLevel.Information, "PostgreSQL stopped (process {ProcessId})")]
    public static partial void Stopped(ILogger logger, int processId);

    [LoggerMessage(
        LogLevel.Warning,
        "PostgreSQL (process {ProcessId}) did not stop within {Seconds} s and is stopped at once; its next start recovers")]
    public static partial void StoppedAtOnce(ILogger logger, int processId, double seconds);
}
