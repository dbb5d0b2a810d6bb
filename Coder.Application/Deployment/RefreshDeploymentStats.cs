using Coder.Application.Common;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Deployment;

/// <summary>Reads the statistics of the deployment anew, for this node.</summary>
public sealed record RefreshDeploymentStats : ICommand<Done>;

internal sealed class RefreshDeploymentStatsHandler(DeploymentStatsCache cache, TimeProvider time, IWorkspaceStatistics? workspaces = null)
    : IRequestHandler<RefreshDeploymentStats, Result<Done>>
{
    public async Task<Result<Done>> Handle(RefreshDeploymentStats request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToMicroseconds();
        var since = now - DeploymentStats.Window;
        var statistics = workspaces is null ? WorkspaceStatistics.None : await workspaces.ReadAsync(since, cancellationToken);
        cache.Current = new DeploymentStats(since, now, now + DeploymentStats.Interval, statistics);
        return Done.Value;
    }
}
