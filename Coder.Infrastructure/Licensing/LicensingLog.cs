using Microsoft.Extensions.Logging;

namespace Coder.Infrastructure.Licensing;

internal static partial class LicensingLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Computing the entitlements failed; the last ones stay in force")]
    public static partial void RefreshFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Counting managed agents failed")]
    public static partial void CountFailed(ILogger logger, Exception exception);
}
