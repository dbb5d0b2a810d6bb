namespace Coder.Api.Hosting;

internal static partial class HostingLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A tick of {Service} failed; the next one runs")]
    public static partial void TickFailed(ILogger logger, Exception exception, string service);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void Setting(ILogger logger, string warning);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The license file can not be read: {Reason}")]
    public static partial void LicenseFile(ILogger logger, string reason);
}
