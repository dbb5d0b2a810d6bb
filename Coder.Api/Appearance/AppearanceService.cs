using Coder.Api.Hosting;
using Coder.Application.Appearance;
using Coder.Application.Common;
using Coder.Domain.Common;

namespace Coder.Api.Appearance;

/// <summary>Reads the appearance again whenever another server changed it, and every ten minutes.</summary>
internal sealed class AppearanceService : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    private readonly IAppearanceSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _changed = new(0);
    private readonly IDisposable _subscription;

    public AppearanceService(
        IAppearanceSource source, INotificationSource notifications, TimeProvider time, ILogger<AppearanceService> logger)
    {
        _source = source;
        _time = time;
        _logger = logger;
        _subscription = notifications.Subscribe(NotificationChannels.Appearance, _ => _changed.Release());
    }

    public override void Dispose()
    {
        _subscription.Dispose();
        _changed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wait = Interval;
        while (true)
        {
            await WaitAsync(wait, stoppingToken);
            wait = await TryReloadAsync(stoppingToken) ? Interval : Retry;
        }
    }

    private async Task<bool> TryReloadAsync(CancellationToken ct)
    {
        try
        {
            if ((await _source.ReloadAsync(ct)).Error is not { } error)
            {
                return true;
            }

            HostingLog.TickFailed(_logger, new InvalidOperationException(Describe(error)), nameof(AppearanceService));
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            HostingLog.TickFailed(_logger, e, nameof(AppearanceService));
        }

        return false;
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(_changed.WaitAsync(either.Token), Task.Delay(wait, _time, either.Token));
        await either.CancelAsync();
        ct.ThrowIfCancellationRequested();

        // Any number of notifications is worth one reading.
        while (_changed.CurrentCount > 0)
        {
            await _changed.WaitAsync(ct);
        }
    }

    private static string Describe(Error error) => error.Detail is null ? error.Message : $"{error.Message}: {error.Detail}";
}
