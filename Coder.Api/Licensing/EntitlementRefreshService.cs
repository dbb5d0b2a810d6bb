using Coder.Application.Common;
using Coder.Application.Licensing;

namespace Coder.Api.Licensing;

/// <summary>
/// Keeps the entitlements of this node current: after every notification, every ten minutes, and at the instant at which something starts,
/// expires or enters its grace period (docs/spec/licensing.md, rule 4.9).
/// </summary>
internal sealed class EntitlementRefreshService : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    private readonly IEntitlementSource _source;
    private readonly IEntitlementRefresher _refresher;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _changed = new(0);
    private readonly IDisposable _subscription;

    public EntitlementRefreshService(
        IEntitlementSource source,
        IEntitlementRefresher refresher,
        INotificationSource notifications,
        TimeProvider time,
        ILogger<EntitlementRefreshService> logger)
    {
        _source = source;
        _refresher = refresher;
        _time = time;
        _logger = logger;

        // Here and not at the start: all services are made before the first one starts, and so before notifications are received.
        _subscription = notifications.Subscribe(NotificationChannels.Licenses, _ => _changed.Release());
    }

    public override void Dispose()
    {
        _subscription.Dispose();
        _changed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var retry = FirstRetry;
        var wait = UntilNextChange();
        while (!stoppingToken.IsCancellationRequested)
        {
            await WaitAsync(wait, stoppingToken);

            // Nobody can stop a computation, so a server that goes away waits for it, or it would lose its database half-way.
            if ((await _refresher.RefreshAsync(CancellationToken.None)).Error is null)
            {
                retry = FirstRetry;
                wait = UntilNextChange();
            }
            else
            {
                wait = retry;
                retry = retry * 2 < Interval ? retry * 2 : Interval;
                LicensingLog.RetryIn(_logger, wait);
            }
        }
    }

    // In whole milliseconds, as timers count, and never too early.
    private TimeSpan UntilNextChange()
    {
        var until = _source.Current.NextChangeAt - _time.GetUtcNow();
        return until is { } change && change < Interval
            ? TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(change.TotalMilliseconds)))
            : Interval;
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(_changed.WaitAsync(either.Token), Task.Delay(wait, _time, either.Token));
        await either.CancelAsync();
        ct.ThrowIfCancellationRequested();

        // Any number of notifications is worth one computation.
        while (_changed.CurrentCount > 0)
        {
            await _changed.WaitAsync(ct);
        }
    }
}
