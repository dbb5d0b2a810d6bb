using Coder.Application.Deployment;
using Coder.Application.Users;
using Coder.Infrastructure.Database;
using MediatR;

namespace Coder.Api.Hosting;

/// <summary>Receives notifications for as long as the server runs.</summary>
internal sealed class NotificationService(NotificationHub hub) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => hub.RunAsync(stoppingToken);
}

/// <summary>What a service still does when the server stops has time of its own: slow requests may have used up that of the stop.</summary>
internal static class LastTick
{
    public static CancellationTokenSource Deadline(TimeProvider time) => new(TimeSpan.FromSeconds(5), time);
}

/// <summary>Writes what the use of sessions changes, every few seconds and once more at the end.</summary>
internal sealed class SessionActivityService(ISessionActivity activity, TimeProvider time, ILogger<SessionActivityService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var last = LastTick.Deadline(time);
        await FlushAsync(isLast: true, last.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Interval, time, stoppingToken);
            await FlushAsync(isLast: false, stoppingToken);
        }
    }

    private async Task FlushAsync(bool isLast, CancellationToken ct)
    {
        try
        {
            await activity.FlushAsync(ct);
        }
        catch (Exception e) when (isLast || !ct.IsCancellationRequested)
        {
            HostingLog.TickFailed(logger, e, nameof(SessionActivityService));
        }
    }
}

/// <summary>Serves the requests for one-time passcodes, and at the end those that were answered already.</summary>
internal sealed class PasscodeService(
    PasscodeRequests requests, IServiceScopeFactory scopes, TimeProvider time, ILogger<PasscodeService> logger) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var last = LastTick.Deadline(time);
        while (requests.TryTake(out var request))
        {
            await ServeAsync(request, last.Token);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var request in requests.TakeAllAsync(stoppingToken))
        {
            // One that has begun is finished.
            await ServeAsync(request, CancellationToken.None);
        }
    }

    private async Task ServeAsync(PasscodeRequest request, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ISender>().Send(new IssueOneTimePasscode(request), ct);
        }
        catch (Exception e)
        {
            HostingLog.TickFailed(logger, e, nameof(PasscodeService));
        }
    }
}

/// <summary>Gives this server's sign of life, and says goodbye.</summary>
internal sealed class ReplicaService(IServiceScopeFactory scopes, TimeProvider time, ILogger<ReplicaService> logger) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var last = LastTick.Deadline(time);
        await TickAsync((registry, ct) => registry.LeaveAsync(ct), isLast: true, last.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await TickAsync((registry, ct) => registry.BeatAsync(ct), isLast: false, stoppingToken);
            await Task.Delay(IReplicaRegistry.Interval, time, stoppingToken);
        }
    }

    private async Task TickAsync(Func<IReplicaRegistry, CancellationToken, Task> tick, bool isLast, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await tick(scope.ServiceProvider.GetRequiredService<IReplicaRegistry>(), ct);
        }
        catch (Exception e) when (isLast || !ct.IsCancellationRequested)
        {
            HostingLog.TickFailed(logger, e, nameof(ReplicaService));
        }
    }
}
