using System.Reflection;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Common.Behaviors;

/// <summary>Holds the gates of a request for callers that do not come through HTTP: tools, background work, embedding hosts.</summary>
internal sealed class GateBehavior<TRequest, TResponse>(GateKeeper gates) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IActorRequest
    where TResponse : IOutcome<TResponse>
{
    private static readonly RequestGates Gates = RequestGates.Of(typeof(TRequest));

    public Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        var refused = Gates.Judge(gates, request.Actor);
        return refused is null ? next(cancellationToken) : Task.FromResult(TResponse.From(refused));
    }
}

/// <summary>The gates that stand on a request.</summary>
internal sealed record RequestGates(RequiresFeatureAttribute? Feature, RequiresPermissionAttribute? Permission)
{
    public static RequestGates Of(Type request) =>
        new(request.GetCustomAttribute<RequiresFeatureAttribute>(), request.GetCustomAttribute<RequiresPermissionAttribute>());

    public Error? Judge(GateKeeper keeper, Actor actor) => keeper.Judge(actor, Feature, Permission);
}
