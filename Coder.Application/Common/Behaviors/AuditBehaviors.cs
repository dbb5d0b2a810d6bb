using Coder.Application.AuditLogs;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Common.Behaviors;

/// <summary>Records what an audited command did, in its transaction: an entry without the write, or a write without it, can not happen.</summary>
internal sealed class AuditSuccessBehavior<TRequest, TResponse>(AuditTrail trail) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IAudited, ITransactional
    where TResponse : IOutcome<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        trail.Reset();
        var outcome = await next(cancellationToken);
        if (outcome.Error is null)
        {
            await trail.WriteAsync(request.Audited, AuditActor.Of(request), cancellationToken);
        }

        return outcome;
    }
}

/// <summary>Records an audited command that failed on a resource that it had found, after the rollback.</summary>
internal sealed class AuditFailureBehavior<TRequest, TResponse>(AuditTrail trail) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IAudited
    where TResponse : IOutcome<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        var outcome = await next(cancellationToken);
        if (outcome.Error is { } error)
        {
            // The attempt is over, so a caller that hangs up must not leave it unrecorded.
            await trail.WriteFailureAsync(request.Audited, AuditActor.Of(request), error.Kind.HttpStatus(), CancellationToken.None);
        }

        return outcome;
    }
}

/// <summary>Records an audited command that its gates refuse, which stand before everything else that would record it.</summary>
internal sealed class AuditRefusalBehavior<TRequest, TResponse>(GateKeeper gates, AuditTrail trail) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IAudited, IActorRequest
    where TResponse : IOutcome<TResponse>
{
    private static readonly RequestGates Gates = RequestGates.Of(typeof(TRequest));

    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        if (Gates.Judge(gates, request.Actor) is not { } refusal)
        {
            return await next(cancellationToken);
        }

        var (resource, action, _) = request.Audited;
        await trail.WriteRefusalAsync(resource, action, request.Actor.UserId, refusal, CancellationToken.None);
        return TResponse.From(refusal);
    }
}

internal static class AuditActor
{
    public static Guid Of<TRequest>(TRequest request) => request is IActorRequest { Actor: { } actor } ? actor.UserId : Guid.Empty;
}
