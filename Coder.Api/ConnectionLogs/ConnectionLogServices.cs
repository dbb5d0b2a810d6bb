using Coder.Application.AuditLogs;
using Coder.Application.ConnectionLogs;
using MediatR;

namespace Coder.Api.ConnectionLogs;

/// <summary>Writes the events of connections for as long as the server runs, and what is left of them when it stops.</summary>
internal sealed class ConnectionIngestionService(IConnectionIngestion ingestion) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => ingestion.RunAsync(stoppingToken);
}

/// <summary>
/// Removes what both logs need not keep, at the start and then every ten minutes. From an hour after the start on it also asks each time
/// whether it is time for the daily look at what is derived from the connection log (docs/spec/connection-logs.md, sections 9 and 12.3).
/// </summary>
internal sealed class LogPurgeService(IServiceScopeFactory scopes, TimeProvider time, ILogger<LogPurgeService> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MostWork = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstCheck = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var firstCheck = time.GetUtcNow() + FirstCheck;
        while (true)
        {
            await TickAsync((sender, ct) => sender.Send(new PurgeConnectionLogs(time.GetUtcNow() + MostWork), ct), stoppingToken);
            await TickAsync((sender, ct) => sender.Send(new PurgeAuditLogs(time.GetUtcNow() + MostWork), ct), stoppingToken);
            if (time.GetUtcNow() >= firstCheck)
            {
                await TickAsync((sender, ct) => sender.Send(new CheckConnectionLog(), ct), stoppingToken);
            }

            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    private async Task TickAsync(Func<ISender, CancellationToken, Task> tick, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await tick(scope.ServiceProvider.GetRequiredService<ISender>(), ct);
        }
#pragma warning disable CA1031 // a tick takes nobody down, and the next one tries again
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Hosting.HostingLog.TickFailed(logger, e, nameof(LogPurgeService));
        }
    }
}
