using System.Globalization;

namespace Coder.Domain.Provisioning;

/// <summary>Why the reaper ends a job.</summary>
public enum ReapReason
{
    /// <summary>A daemon took it and has not been heard of since.</summary>
    Hung,

    /// <summary>No daemon ever took it.</summary>
    Pending,
}

/// <summary>How long a job may be silent.</summary>
/// <param name="Hung">For a job that a daemon works on; every update of the job starts it anew.</param>
/// <param name="Pending">For a job that waits for a daemon.</param>
public sealed record ReaperLimits(TimeSpan Hung, TimeSpan Pending)
{
    /// <summary>5 and 30 minutes.</summary>
    public static ReaperLimits Default { get; } = new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30));
}

/// <summary>How the reaper ends a job.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Limit">The silence that is allowed; its minutes stand in the texts.</param>
/// <param name="StartedAt">The value of <c>started_at</c>, which is never empty on a completed job.</param>
/// <param name="CompletedAt">The value of <c>completed_at</c> and of the log lines.</param>
public sealed record ReapedJob(ReapReason Reason, TimeSpan Limit, DateTimeOffset StartedAt, DateTimeOffset CompletedAt)
{
    private const string UnknownStage = "Unknown";
    private const string Rule = "====================";

    /// <summary>The error of the job.</summary>
    public string Error => $"{Detected} and has been terminated by the reaper.";

    private string Detected => $"Coder: Build has been detected as {ReasonText} for {Minutes} minutes";

    private string ReasonText => Reason == ReapReason.Hung ? "hung" : "pending";

    private string Minutes => Limit.TotalMinutes.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>The five lines that end the log of the job.</summary>
    /// <param name="lastStage">The stage of its last line, if it has any.</param>
    public IReadOnlyList<JobLogLine> LogLines(string? lastStage)
    {
        var stage = string.IsNullOrEmpty(lastStage) ? UnknownStage : lastStage;
        string[] texts = ["", Rule, $"{Detected} and will be terminated.", Rule, ""];
        return [.. texts.Select(text => new JobLogLine(CompletedAt, LogSource.ProvisionerDaemon, LogLevel.Error, stage, text))];
    }
}

/// <summary>Decides whether a job is beyond hope (docs/spec/workspaces.md, section 3.4).</summary>
public static class JobReaper
{
    /// <summary>The most jobs that one run ends.</summary>
    public const int MaximumJobs = 10;

    /// <summary>After this time without a successful update a daemon stops a job itself, so that it never works on a reaped one.</summary>
    public static TimeSpan DaemonGivesUpAfter { get; } = TimeSpan.FromMinutes(3);

    /// <summary>Decides on one job.</summary>
    /// <param name="startedAt">When a daemon took it.</param>
    /// <param name="completedAt">When it ended; such a job is never touched.</param>
    /// <param name="updatedAt">When it was last heard of.</param>
    /// <param name="limits">The job is reaped as soon as it has been silent for so long.</param>
    /// <param name="now">The time of the decision.</param>
    /// <returns><see langword="null"/> when the job is left alone.</returns>
    public static ReapedJob? Decide(
        DateTimeOffset? startedAt,
        DateTimeOffset? completedAt,
        DateTimeOffset updatedAt,
        ReaperLimits limits,
        DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var (reason, limit) = startedAt is null ? (ReapReason.Pending, limits.Pending) : (ReapReason.Hung, limits.Hung);
        return completedAt is null && now - updatedAt >= limit ? new ReapedJob(reason, limit, startedAt ?? now, now) : null;
    }
}
