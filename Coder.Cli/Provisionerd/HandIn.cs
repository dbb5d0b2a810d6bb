using Coder.Cli.Common;

namespace Coder.Cli.Provisionerd;

/// <summary>Tells the server how a job ended, and insists until it knows.</summary>
/// <param name="client">Carries the result.</param>
/// <param name="daemon">Who worked.</param>
/// <param name="job">On what.</param>
/// <param name="log">Goes on reporting meanwhile.</param>
/// <param name="timing">How often to try.</param>
/// <param name="time">The clock of the waits.</param>
internal sealed class HandIn(DaemonClient client, Guid daemon, Guid job, JobLog log, DaemonTiming timing, TimeProvider time)
{
    /// <summary>The error of jobs whose daemon was told to end at once.</summary>
    internal const string ShutDownError = "Provisioner daemon was shut down.";

    private const string LostError = "The provisioner daemon lost contact with the server.";

    /// <summary>Hands in how a job ended, and its state.</summary>
    /// <param name="outcome">What came of it.</param>
    /// <param name="reason">Why it was stopped, if it was.</param>
    /// <param name="patience">When to insist no longer.</param>
    internal async Task<HandedIn> RunAsync(JobOutcome outcome, StopReason reason, CancellationToken patience)
    {
        switch (outcome)
        {
            case JobOutcome.Done done:
                var refused = await InsistAsync(
                    ct => client.CompleteAsync(daemon, job, done.Result with { State = done.StateText }, ct), isOnce: true, patience);
                if (refused is not { Status: 400 or 413 })
                {
                    return new HandedIn(refused, refused is null);
                }

                var unsaved = await FailAsync(new FailJobJson(TextOf(refused), null, done.StateText, null), patience);
                return new HandedIn(unsaved ?? refused, unsaved is null);
            case JobOutcome.Failed failed:
                return HandedIn.Of(await FailAsync(
                    new FailJobJson(failed.Error, failed.ErrorCode, failed.StateText, failed.Variables), patience));
            case JobOutcome.Stopped when reason == StopReason.Canceled:
                var unknown = await InsistAsync(
                    ct => client.AcknowledgeCancelAsync(daemon, job, new CanceledJobJson(outcome.StateText), ct), isOnce: false, patience);
                return unknown is { Status: 409 }
                    ? HandedIn.Of(await FailAsync(new FailJobJson(ShutDownError, null, outcome.StateText, null), patience))
                    : HandedIn.Of(unknown);
            default:
                return HandedIn.Of(await FailAsync(
                    new FailJobJson(reason == StopReason.Lost ? LostError : ShutDownError, null, outcome.StateText, null), patience));
        }
    }

    /// <summary>Ends a job without what the server refused, so that it does not seem to go on.</summary>
    /// <param name="error">What the server said.</param>
    /// <param name="place">Where the state is kept, if there is one.</param>
    /// <param name="patience">When to insist no longer.</param>
    internal Task<CliError?> GiveUpAsync(CliError error, string? place, CancellationToken patience)
    {
        var text = place is null
            ? TextOf(error)
            : $"{TextOf(error)} The server did not take the state; the provisioner daemon has kept it in {place}.";
        return FailAsync(new FailJobJson(text, null, null, null), patience);
    }

    private Task<CliError?> FailAsync(FailJobJson failure, CancellationToken patience) =>
        InsistAsync(ct => client.FailAsync(daemon, job, failure, ct), isOnce: false, patience);

    /// <summary>
    /// Sends until the server has answered. An answer may get lost, so that a second try finds the job ended. Where the state of a
    /// workspace goes with it that says nothing: the server may have given the job up itself.
    /// </summary>
    /// <param name="send">Sends once.</param>
    /// <param name="isOnce">Whether an ended job is one that an earlier try has ended, as long as the server had no reason to do so.</param>
    /// <param name="patience">When to give up.</param>
    private async Task<CliError?> InsistAsync(Func<CancellationToken, Task<CliError?>> send, bool isOnce, CancellationToken patience)
    {
        var retry = new Backoff(timing.FirstRetry, timing.LongestRetry, time);
        var isRepeated = false;
        CliError? last = null;
        try
        {
            while (true)
            {
                last = await send(patience);
                if (last is null
                    || (isOnce && isRepeated && last is { Status: 409, Message: "Job has already completed!" } && log.IsHeard))
                {
                    return null;
                }

                if (!last.IsTransient())
                {
                    return last;
                }

                isRepeated = true;
                await retry.WaitAsync(patience);
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return last ?? new CliError("The server did not answer in time");
        }
    }

    private static string TextOf(CliError error) => string.Join(
        ' ',
        new[] { error.Message, error.Detail ?? "" }
            .Concat(error.Validations.Select(v => $"{v.Field}: {v.Detail}."))
            .Where(text => text.Length > 0));
}

/// <summary>What became of the result of a job.</summary>
/// <param name="Error">Why the server does not have it; <see langword="null"/>: it does.</param>
/// <param name="IsStateSaved">Whether it has the state at least.</param>
internal sealed record HandedIn(CliError? Error, bool IsStateSaved)
{
    internal static HandedIn Of(CliError? error) => new(error, error is null);
}
