namespace Coder.Api.Http;

internal static partial class HttpLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} failed")]
    public static partial void Unhandled(ILogger logger, Exception exception, string requestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId} could not be served: {Reason}")]
    public static partial void InfrastructureFailed(ILogger logger, string requestId, string reason);
}
