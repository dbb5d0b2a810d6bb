using Microsoft.Extensions.Logging;

namespace Coder.Application.Builds;

internal static partial class BuildsLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The use of managed agents could not be counted")]
    public static partial void UsageUnknown(ILogger logger, Exception exception);
}
