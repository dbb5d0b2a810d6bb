using Coder.Cli.Common;

namespace Coder.Cli.Provisionerd;

/// <summary>One job from the moment the daemon has it until the server knows how it ended.</summary>
internal sealed class JobRun(
    DaemonClient client, Guid daemon, IProvisioner provisioner, DaemonSettings settings, DaemonConsole console, TimeProvider time)
{
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
        await log.FlushAsync(patience.Token);
        if (log.Reason == StopReason.Taken)
        {
            await log.EndAsync();
            console.Line($"{name} was ended by the server");
            Keep(job, name, outcome);
            return;
        }

        var handIn = new HandIn(client, daemon, id, log, settings.Timing, time);
        var handedIn = await handIn.RunAsync(outcome, log.Reason, patience.Token);
        var place = handedIn.IsStateSaved ? null : Keep(job, name, outcome);
        if (handedIn is { IsStateSaved: false, Error: { Status: 400 or 413 } refused })
        {
            await handIn.GiveUpAsync(refused, place, patience.Token);
        }

        await log.EndAsync();
        console.Line(handedIn.Error is { } error
            ? $"{name} {Ending(outcome)}, but this could not be handed in: {error.Message}"
            : $"{name} {Ending(outcome)}");
    }

    private static string NameOf(AcquiredJobJson job) => job.WorkspaceBuild is { } build
        ? $"{build.Transition} {build.WorkspaceOwnerName}/{build.WorkspaceName} #{build.BuildNumber}"
        : job.TemplateDryRun is { } dryRun ? $"dry run {dryRun.TemplateVersionId}"
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

    /// <summary>Writes the state down that the server does not have, and says so; one that the build began with is no loss.</summary>
    /// <returns>The path of the file; <see langword="null"/> when there is nothing to keep, or no place for it.</returns>
    private string? Keep(AcquiredJobJson job, string name, JobOutcome outcome)
    {
        if (job.WorkspaceBuild is not { } build || outcome.State is null || outcome.StateText == build.State)
        {
            return null;
        }

        if (!settings.UnsavedStates.Keep(job.Job!.Id, outcome.State).Is(out var path, out var error))
        {
            console.Line($"{name}: the server does not have the state of the workspace, and it can not be kept here", error);
            return null;
        }

        console.Line($"{name}: the server does not have the state of the workspace, it is kept in {path}");
        console.Line(
            $"{name}: hand it in before the workspace is built again: PUT {client.Url}/api/v2/workspacebuilds/{build.WorkspaceBuildId}/state");
        return path;
    }
}
