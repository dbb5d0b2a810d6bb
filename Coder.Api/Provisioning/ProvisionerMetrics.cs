using System.Diagnostics.Metrics;
using Coder.Api.Hosting;
using Coder.Application.Common;
using Coder.Application.Provisioning;
using Coder.Domain.Provisioning;

namespace Coder.Api.Provisioning;

/// <summary>
/// What an operator wants to know of the provisioner queue, read every fifteen seconds, and of the daemons of this server. It runs only
/// where metrics go somewhere.
/// </summary>
internal sealed class ProvisionerMetrics : BackgroundService
{
    /// <summary>How old the numbers of the queue are at most.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private static readonly JobStatus[] Active = [JobStatus.Pending, JobStatus.Running, JobStatus.Canceling];

    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _time;
    private readonly ILogger<ProvisionerMetrics> _logger;
    private volatile QueueFill? _fill;

    public ProvisionerMetrics(
        IMeterFactory meters, IBuiltInDaemons daemons, IServiceScopeFactory scopes, TimeProvider time, ILogger<ProvisionerMetrics> logger)
    {
        (_scopes, _time, _logger) = (scopes, time, logger);
        var meter = meters.Create(Telemetry.Name);
        meter.CreateObservableGauge(
            "coder_provisioner_jobs", Jobs, null, "Jobs that have not ended, all servers together, by type and status.");
        meter.CreateObservableGauge(
            "coder_provisioner_oldest_waiting_seconds", Oldest, "s", "How long the job has waited that waits longest; 0 when none does.");
        meter.CreateObservableGauge(
            "coder_provisioner_daemons_online", Online, null, "Daemons that were seen in the last 90 seconds, all servers together.");
        meter.CreateObservableGauge("coderd_provisionerd_num_daemons", () => daemons.Count, null, "Daemons in this server.");
        meter.CreateObservableGauge("coderd_provisionerd_jobs_current", () => daemons.Busy, null, "Jobs that daemons in this server work on.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await using var scope = _scopes.CreateAsyncScope();
                _fill = await scope.ServiceProvider.GetRequiredService<IQueueStatistics>().ReadAsync(_time.GetUtcNow(), stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Old numbers would hide that there are none.
                _fill = null;
                HostingLog.TickFailed(_logger, e, nameof(ProvisionerMetrics));
            }

            await Task.Delay(Interval, _time, stoppingToken);
        }
    }

    // A kind of which there is none is reported as zero, or its last number would seem to stay.
    private IEnumerable<Measurement<long>> Jobs() => _fill is not { } fill
        ? []
        : from type in Enum.GetValues<JobType>()
          from status in Active
          select new Measurement<long>(
              fill.Jobs.Where(job => job.Type == type && job.Status == status).Sum(job => job.Count),
              KeyValuePair.Create("type", (object?)type.WireName()),
              KeyValuePair.Create("status", (object?)status.WireName()));

    private IEnumerable<Measurement<double>> Oldest() => _fill is { } fill
        ? [new Measurement<double>(fill.OldestWaiting is { } since ? Math.Max((_time.GetUtcNow() - since).TotalSeconds, 0) : 0)]
        : [];

    private IEnumerable<Measurement<long>> Online() => _fill is { } fill ? [new Measurement<long>(fill.OnlineDaemons)] : [];
}
