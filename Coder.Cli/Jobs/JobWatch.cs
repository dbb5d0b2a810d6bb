using Coder.Cli.Common;

namespace Coder.Cli.Jobs;

/// <summary>A job that somebody waits for, and where to ask about it.</summary>
internal sealed record WatchedJob
{
    /// <summary>Reads how the job stands.</summary>
    public required Func<CancellationToken, Task<CliResult<JobState>>> ReadAsync { get; init; }

    /// <summary>Reads the lines of its log after one.</summary>
    public required Func<long, CancellationToken, Task<CliResult<JobLogLineJson[]>>> ReadLogAsync { get; init; }

    /// <summary>What to say to somebody who stops waiting.</summary>
    public required string GoesOn { get; init; }
}

/// <summary>Waits for a job and shows what it does (docs/spec/workspaces.md, section 3).</summary>
/// <remarks>
/// It asks again and again instead of holding a connection open: that passes through every proxy, and survives a server that restarts.
/// </remarks>
internal static class JobWatch
{
    // Together with the two requests of a turn these stay well below what a server takes from one user in a minute.
    private static readonly (TimeSpan Until, TimeSpan Pause)[] Pauses =
    [
        (TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(200)),
        (TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(500)),
    ];

    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(1);

    // About half a minute.
    private const int Attempts = 30;

    /// <summary>Waits until the job has ended, however it ends.</summary>
    internal static async Task<CliResult<JobJson>> RunAsync(
        CliContext context, WatchedJob watched, bool isVerbose, CancellationToken cancellationToken)
    {
        var display = new JobDisplay(context.Terminal, context.Time, isVerbose);
        var began = context.Time.GetTimestamp();
        var after = 0L;
        var failures = 0;
        try
        {
            while (true)
            {
                if ((await ReadAsync(watched, after, cancellationToken)).Is(out var read, out var error))
                {
                    failures = 0;
                    after = read.Lines is [.., var last] ? last.Id : after;
                    display.Show(read.State, read.Lines);
                    if (!read.State.Job.IsActive)
                    {
                        return read.State.Job;
                    }
                }
                else if (!IsPassing(error) || ++failures == Attempts)
                {
                    return error;
                }

                var pause = failures > 0 ? LongPause : PauseAfter(context.Time.GetElapsedTime(began));
                await display.PauseAsync(pause, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            display.Clear();
            await context.Terminal.Error.WriteLineAsync(CliError.Printable(watched.GoesOn));
            throw;
        }
        finally
        {
            display.Clear();
        }
    }

    /// <summary>First the state, then the log: whatever a job that has ended wrote is then there.</summary>
    private static async Task<CliResult<(JobState State, JobLogLineJson[] Lines)>> ReadAsync(
        WatchedJob watched, long after, CancellationToken cancellationToken)
    {
        if (!(await watched.ReadAsync(cancellationToken)).Is(out var state, out var error))
        {
            return error;
        }

        if (state.Job.Status == JobJson.Pending)
        {
            return (state, Array.Empty<JobLogLineJson>());
        }

        return (await watched.ReadLogAsync(after, cancellationToken)).Is(out var lines, out error) ? (state, lines) : error;
    }

    /// <summary>Whether it may be over soon: no connection, a gateway whose server restarts, too many requests.</summary>
    private static bool IsPassing(CliError error) => error.Status is null or 429 or 502 or 503 or 504;

    private static TimeSpan PauseAfter(TimeSpan waited)
    {
        foreach (var (until, pause) in Pauses)
        {
            if (waited < until)
            {
                return pause;
            }
        }

        return LongPause;
    }
}
