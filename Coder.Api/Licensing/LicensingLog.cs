namespace Coder.Api.Licensing;

internal static partial class LicensingLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Entitlements could not be computed, trying again in {Wait}")]
    public static partial void RetryIn(ILogger logger, TimeSpan wait);
}
