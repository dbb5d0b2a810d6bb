using Coder.Cli.Common;

namespace Coder.Cli.Provisionerd;

/// <summary>One job from the moment the daemon has it until the server knows how it ended.</summary>
internal sealed class JobRun(
    DaemonClient client, Guid daemon, IProvisioner provisioner, DaemonSettings settings, DaemonConsole console, TimeProvider time)
{
    /// <summary>The error of jobs whose daemon was told to end at once.</summary>
    internal const string ShutDownError = "Provisioner daemon was shut down.";

    private const string LostError = "The provisioner daemon lost contact with the server.";
    private const string SetupStage = "Setting up";

    /// <summary>Does the job and hands in how it ended.</summary>
    /// <param name="job">With a <see cref="AcquiredJobJson.Job"/>.</param>
    /// <param name="abandon">The daemon is to end at once: the job is stopped.</param>
    internal async Task RunAsync(AcquiredJobJson job, CancellationToken abandon)
    {
        var id = job.Job!.Id;
        var name = NameOf(job);
        console.Line($"{name} started");
        using var log = new JobLog(
            client, daemon, id, settings.Timing, time, (stage, output) => console.Progress(name, stage, output));
        log.Start();
        var outcome = await WorkAsync(job, log, abandon);

        using var patience = new CancellationTokenSource();
        using var hurry = abandon.UnsafeRegister(_ => patience.CancelAfter(settings.Timing.Farewell), null);
        await log.EndAsync(patience.Token);
        if (log.Reason == StopReason.Taken)
        {
            console.Line($"{name} was ended by the server");
            return;
        }

        console.Line(await HandInAsync(id, outcome, log.Reason, patience.Token) switch
        {
            null => $"{name} {Ending(outcome)}",
            var error => $"{name} {Ending(outcome)}, but this could not be handed in: {error.Message}",
        });
    }

    private static string NameOf(AcquiredJobJson job) => job.WorkspaceBuild is { } build
        ? $"{build.Transition} {build.WorkspaceOwnerName}/{build.WorkspaceName} #{build.BuildNumber}"
        : $"import {job.TemplateImport?.TemplateVersionId ?? job.Job!.Id}";

    private static string Ending(JobOutcome outcome) => outcome switch
    {
        JobOutcome.Done => "succeeded",
        JobOutcome.Failed failed => $"failed: {failed.Error}",
        _ => "was stopped",
    };

    private async Task<JobOutcome> WorkAsync(AcquiredJobJson job, JobLog log, CancellationToken abandon)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(log.Stop, abandon);
        try
        {
            using var folder = new JobFolder();
            return await FillAsync(folder, job.Job!.Id, stop.Token) is { } error
                ? Failed(log, error)
                : await provisioner.RunAsync(job, folder.Sources, log, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new JobOutcome.Stopped();
        }
        catch (Exception exception)
        {
            // A bug of the daemon or a broken machine fails this job, and the next one may be better.
            return Failed(log, new CliError("The provisioner daemon failed to carry the job out", exception.Message));
        }
    }

    private async Task<CliError?> FillAsync(JobFolder folder, Guid job, CancellationToken stop)
    {
        var retry = new Backoff(settings.Timing.FirstRetry, settings.Timing.LongestRetry, time);
        while (true)
        {
            if (await folder.DownloadAsync(client, daemon, job, stop) is not { } error)
            {
                return await folder.UnpackAsync(stop);
            }

            if (!error.IsTransient())
            {
                return error;
            }

            await retry.WaitAsync(stop);
        }
    }

    private static JobOutcome.Failed Failed(JobLog log, CliError error)
    {
        var text = string.IsNullOrEmpty(error.Detail) ? error.Message : $"{error.Message}: {error.Detail}";
        log.Write("error", SetupStage, text);
        return new JobOutcome.Failed(text);
    }

    private async Task<CliError?> HandInAsync(Guid job, JobOutcome outcome, StopReason reason, CancellationToken patience)
    {
        var refused = await InsistAsync(ct => SendAsync(job, outcome, reason, ct), patience);
        return refused switch
        {
            { Status: 400 or 413 } when outcome is JobOutcome.Done => await InsistAsync(
                ct => client.FailAsync(daemon, job, new FailJobJson(TextOf(refused), null, outcome.StateText, null), ct), patience) ?? refused,
            { Status: 409 } when outcome is JobOutcome.Stopped && reason == StopReason.Canceled => await InsistAsync(
                ct => client.FailAsync(daemon, job, new FailJobJson(ShutDownError, null, outcome.StateText, null), ct), patience),
            _ => refused,
        };
    }

    private Task<CliError?> SendAsync(Guid job, JobOutcome outcome, StopReason reason, CancellationToken ct) => outcome switch
    {
        JobOutcome.Done done => client.CompleteAsync(daemon, job, done.Result with { State = done.StateText }, ct),
        JobOutcome.Failed failed => client.FailAsync(
            daemon, job, new FailJobJson(failed.Error, failed.ErrorCode, failed.StateText, failed.Variables), ct),
        _ when reason == StopReason.Canceled => client.AcknowledgeCancelAsync(daemon, job, new CanceledJobJson(outcome.StateText), ct),
        _ => client.FailAsync(
            daemon, job, new FailJobJson(reason == StopReason.Lost ? LostError : ShutDownError, null, outcome.StateText, null), ct),
    };

    /// <summary>Sends until the server has answered. An answer may get lost, so that a second try finds the job ended.</summary>
    private async Task<CliError?> InsistAsync(Func<CancellationToken, Task<CliError?>> send, CancellationToken patience)
    {
        var retry = new Backoff(settings.Timing.FirstRetry, settings.Timing.LongestRetry, time);
        var isRepeated = false;
        CliError? last = null;
        try
        {
            while (true)
            {
                last = await send(patience);
                if (last is null || (isRepeated && last is { Status: 409, Message: "Job has already completed!" }))
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
