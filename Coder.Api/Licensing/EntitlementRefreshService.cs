using Coder.Application.Common;
using Coder.Application.Licensing;

namespace Coder.Api.Licensing;

/// <summary>
/// Keeps the entitlements of this node current: after every notification, every ten minutes, and at the instant at which something starts,
/// expires or enters its grace period (docs/spec/licensing.md, rule 4.9).
/// </summary>
internal sealed class EntitlementRefreshService(
    IEntitlementSource source,
    IEntitlementRefresher refresher,
    INotificationSource notifications,
    TimeProvider time,
    ILogger<EntitlementRefreshService> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changed = new SemaphoreSlim(0);
        using var subscription = notifications.Subscribe(NotificationChannels.Licenses, _ => changed.Release());
        var retry = FirstRetry;
        var wait = UntilNextChange();
        while (!stoppingToken.IsCancellationRequested)
        {
            await WaitAsync(changed, wait, stoppingToken);
            if ((await refresher.RefreshAsync(stoppingToken)).Error is null)
            {
                retry = FirstRetry;
                wait = UntilNextChange();
            }
            else
            {
                wait = retry;
                retry = retry * 2 < Interval ? retry * 2 : Interval;
                LicensingLog.RetryIn(logger, wait);
            }
        }
    }

    // In whole milliseconds, as timers count, and never too early.
    private TimeSpan UntilNextChange()
    {
        var until = source.Current.NextChangeAt - time.GetUtcNow();
        return until is { } change && change < Interval
            ? TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(change.TotalMilliseconds)))
            : Interval;
    }

    private async Task WaitAsync(SemaphoreSlim changed, TimeSpan wait, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(changed.WaitAsync(either.Token), Task.Delay(wait, time, either.Token));
        await either.CancelAsync();
        ct.ThrowIfCancellationRequested();

        // Any number of notifications is worth one computation.
        while (changed.CurrentCount > 0)
        {
            await changed.WaitAsync(ct);
        }
    }
}
