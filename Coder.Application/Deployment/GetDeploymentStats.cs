using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Deployment;

/// <summary>The statistics that this node read last.</summary>
[RequiresPermission(ResourceType.DeploymentStats, PermissionAction.Read)]
public sealed record GetDeploymentStats(Actor Actor) : IQuery<DeploymentStats>, IActorRequest;

internal sealed class GetDeploymentStatsHandler(DeploymentStatsCache cache) : IRequestHandler<GetDeploymentStats, Result<DeploymentStats>>
{
    private static readonly Error NotReady = new(ErrorKind.Invalid, "Deployment stats are still processing!");

    public Task<Result<DeploymentStats>> Handle(GetDeploymentStats request, CancellationToken cancellationToken) =>
        Task.FromResult<Result<DeploymentStats>>(cache.Current is { } current ? current : NotReady);
}
