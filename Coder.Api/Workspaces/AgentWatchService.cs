using Coder.Api.Hosting;
using Coder.Application.ConnectionLogs;
using Coder.Application.Workspaces;
using Coder.Domain.Workspaces;
using MediatR;

namespace Coder.Api.Workspaces;

/// <summary>
/// Writes down every ten seconds which agents have gone silent or did not come in time, and ends once a minute the sessions that builds
/// have left behind.
/// </summary>
internal sealed class AgentWatchService(IServiceScopeFactory scopes, TimeProvider time, ILogger<AgentWatchService> logger) : BackgroundService
{
    private const int SweepEvery = 6;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // While the server was away no agent could call.
        await Task.Delay(AgentContact.InactiveAfter, time, stoppingToken);
        for (var tick = 0; ; tick++)
        {
            await TickAsync(new MissSilentAgents(), stoppingToken);
            if (tick % SweepEvery == 0)
            {
                await TickAsync(new CloseOrphanedSessions(), stoppingToken);
            }

            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    private async Task TickAsync(IBaseRequest tick, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ISender>().Send((object)tick, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            HostingLog.TickFailed(logger, e, nameof(AgentWatchService));
        }
    }
}
