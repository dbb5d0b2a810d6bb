using Coder.Cli.Common;

namespace Coder.Cli.Jobs;

/// <summary>A job of the provisioner queue, as far as the tool reads it.</summary>
internal sealed record JobJson(
    Guid Id, DateTimeOffset? CompletedAt, string? Error, string? ErrorCode, string? Status, int QueuePosition, int QueueSize)
{
    internal const string Pending = "pending";
    internal const string Running = "running";
    internal const string Canceling = "canceling";
    internal const string Canceled = "canceled";
    internal const string Succeeded = "succeeded";

    /// <summary>What daemons must have to do it.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Whether it has not ended.</summary>
    internal bool IsActive => Status is Pending or Running or Canceling;

    /// <summary>What is wrong with a job that has ended.</summary>
    /// <param name="what">What the job was, at the head of a sentence.</param>
    /// <returns>The failure, or <see langword="null"/> when all is well.</returns>
    internal CliError? Judge(string what) => Status switch
    {
        Succeeded => null,
        Canceled => new CliError($"{what} was canceled"),
        _ => new CliError($"{what} failed", Error),
    };
}

/// <summary>The daemons that could run a job.</summary>
/// <param name="Available">How many of them were seen lately.</param>
internal sealed record MatchedProvisionersJson(int Available);

/// <summary>A line of a job's log.</summary>
internal sealed record JobLogLineJson(long Id, DateTimeOffset CreatedAt, string? LogLevel, string? Stage, string? Output);

/// <summary>A job and who could run it.</summary>
internal sealed record JobState(JobJson Job, MatchedProvisionersJson? Matched);
