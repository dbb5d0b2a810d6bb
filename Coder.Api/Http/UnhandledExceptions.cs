using Coder.Application.Common;
using Coder.Domain.Common;
using Microsoft.AspNetCore.Diagnostics;

namespace Coder.Api.Http;

/// <summary>Answers what nobody expected: broken infrastructure with 503, an over-long body with 413, a bug with 500 and a request id.</summary>
internal sealed class UnhandledExceptions(IFailureClassifier classifier, ILogger<UnhandledExceptions> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        await ErrorPresenter.WriteAsync(httpContext, Judge(httpContext, exception));
        return true;
    }

    private Error Judge(HttpContext context, Exception exception)
    {
        if (exception is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge })
        {
            return new Error(ErrorKind.TooLarge, "Request body is too large.");
        }

        if (exception is BadHttpRequestException)
        {
            return new Error(ErrorKind.Invalid, "The request can not be read.");
        }

        if (classifier.Classify(exception) is { } expected)
        {
            if (expected.Kind == ErrorKind.Unavailable)
            {
                HttpLog.InfrastructureFailed(logger, context.TraceIdentifier, exception.Message);
            }

            return expected;
        }

        HttpLog.Unhandled(logger, exception, context.TraceIdentifier);
        return new Error(ErrorKind.Internal, "An internal server error occurred.", $"request id {context.TraceIdentifier}");
    }
}
