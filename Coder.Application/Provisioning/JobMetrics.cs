using System.Diagnostics.Metrics;
using Coder.Application.Common;
using Coder.Domain.Provisioning;

namespace Coder.Application.Provisioning;

/// <summary>How long jobs waited and ran, of those whose end this server wrote.</summary>
public static class JobMetrics
{
    // Imports take a second, builds of clouds many minutes.
    private static readonly InstrumentAdvice<double> Boundaries = new()
    {
        HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600],
    };

    private static readonly Histogram<double> Running = Telemetry.Meter.CreateHistogram(
        "coderd_provisionerd_job_timings_seconds",
        "s",
        "Time from the moment at which a daemon took a job to its end, by type, provisioner and status.",
        advice: Boundaries);

    private static readonly Histogram<double> Waiting = Telemetry.Meter.CreateHistogram(
        "coder_provisioner_job_wait_seconds",
        "s",
        "Time that a job waited for a daemon, by type and provisioner.",
        advice: Boundaries);

    /// <summary>Counts a job that has ended. One that no daemon ever took has neither waited for one nor run.</summary>
    public static void Ended(EndedJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (job.StartedAt is not { } started)
        {
            return;
        }

        var type = KeyValuePair.Create("type", (object?)job.Type.WireName());
        var provisioner = KeyValuePair.Create("provisioner", (object?)job.Provisioner.WireName());
        Waiting.Record((started - job.CreatedAt).TotalSeconds, type, provisioner);
        Running.Record((job.CompletedAt - started).TotalSeconds, type, provisioner, KeyValuePair.Create("status", (object?)job.Status.WireName()));
    }
}

/// <summary>What is counted of a job that has ended.</summary>
public sealed record EndedJob
{
    /// <summary>What it did.</summary>
    public required JobType Type { get; init; }

    /// <summary>What could carry it out.</summary>
    public required ProvisionerType Provisioner { get; init; }

    /// <summary>What became of it.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>When it entered the queue.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a daemon took it; null: none did.</summary>
    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset CompletedAt { get; init; }
}

/// <summary>How full the queue is, all servers together.</summary>
/// <param name="Jobs">Jobs that have not ended, by type and status; what there is none of is missing.</param>
/// <param name="OldestWaiting">When the job that waits longest entered the queue; null: none waits.</param>
/// <param name="OnlineDaemons">Daemons that were seen lately, those of servers included.</param>
public sealed record QueueFill(
    IReadOnlyList<(JobType Type, JobStatus Status, long Count)> Jobs, DateTimeOffset? OldestWaiting, long OnlineDaemons);

/// <summary>Measures the queue.</summary>
public interface IQueueStatistics
{
    /// <summary>Counts jobs that have not ended, and daemons.</summary>
    /// <param name="now">Decides who was seen lately.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    Task<QueueFill> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
