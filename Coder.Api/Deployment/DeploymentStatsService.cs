using Coder.Api.Hosting;
using Coder.Application.Deployment;
using MediatR;

namespace Coder.Api.Deployment;

/// <summary>Counts how the deployment is used, once a minute.</summary>
internal sealed class DeploymentStatsService(IServiceScopeFactory scopes, TimeProvider time, ILogger<DeploymentStatsService> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<ISender>().Send(new RefreshDeploymentStats(), stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                HostingLog.TickFailed(logger, e, nameof(DeploymentStatsService));
            }

            await Task.Delay(DeploymentStats.Interval, time, stoppingToken);
        }
    }
}
