using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Common.Behaviors;

/// <summary>One span and one histogram sample for each request, by the request's type.</summary>
internal sealed class TelemetryBehavior<TRequest, TResponse>(TimeProvider time) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
    where TResponse : IOutcome<TResponse>
{
    private static readonly string Name = typeof(TRequest).Name;

    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Activities.StartActivity(Name);
        var start = time.GetTimestamp();
        var outcome = "exception";
        try
        {
            var response = await next(cancellationToken);
            outcome = response.Error is { } error ? error.Kind.ToString() : "success";
            return response;
        }
        finally
        {
            activity?.SetTag("outcome", outcome);
            Telemetry.RequestDuration.Record(
                time.GetElapsedTime(start).TotalSeconds,
                new KeyValuePair<string, object?>("request", Name),
                new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
