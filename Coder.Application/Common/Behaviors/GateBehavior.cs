using System.Reflection;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Common.Behaviors;

/// <summary>Holds the gates of a request for callers that do not come through HTTP: tools, background work, embedding hosts.</summary>
internal sealed class GateBehavior<TRequest, TResponse>(GateKeeper gates) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IActorRequest
    where TResponse : IOutcome<TResponse>
{
    private static readonly RequiresFeatureAttribute? Feature = typeof(TRequest).GetCustomAttribute<RequiresFeatureAttribute>();
    private static readonly RequiresPermissionAttribute? Permission = typeof(TRequest).GetCustomAttribute<RequiresPermissionAttribute>();

    public Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        var refused = gates.Judge(request.Actor, Feature, Permission);
        return refused is null ? next(cancellationToken) : Task.FromResult(TResponse.From(refused));
    }
}
