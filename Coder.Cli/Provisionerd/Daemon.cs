using Coder.Cli.Common;

namespace Coder.Cli.Provisionerd;

/// <summary>
/// The daemon: registers, waits for a job, does it, and so on, one job at a time. A server that goes away is waited for. Every call is a
/// sign of life, and none is further apart than <see cref="DaemonSettings.PollInterval"/>.
/// </summary>
internal sealed class Daemon(
    DaemonClient client,
    DaemonSettings settings,
    IProvisioner provisioner,
    DaemonConsole console,
    TimeProvider time,
    Func<Guid> newId)
{
    private Guid? _id;

    /// <summary>Works until it is told to stop.</summary>
    /// <param name="drain">The job at hand is the last one.</param>
    /// <param name="abandon">The job at hand is stopped.</param>
    /// <returns>Why the daemon can not work; <see langword="null"/> after <paramref name="drain"/>.</returns>
    internal async Task<CliError?> RunAsync(CancellationToken drain, CancellationToken abandon)
    {
        var retry = new Backoff(settings.Timing.FirstRetry, settings.Timing.LongestRetry, time);
        try
        {
            await using var farewell = drain.Register(() => console.Line("Stopping; a second signal stops a running job too"));
            while (!drain.IsCancellationRequested)
            {
                if (await StepAsync(drain, abandon) is not { } error)
                {
                    retry.Reset();
                    continue;
                }

                if (!error.IsTransient())
                {
                    return error;
                }

                console.Line("The server can not be reached, trying again", error);
                await retry.WaitAsync(drain);
            }
        }
        catch (OperationCanceledException) when (drain.IsCancellationRequested)
        {
            // Nobody wants another job. A waiting request that is broken off gets none.
        }

        console.Idle();
        return null;
    }

    private async Task<CliError?> StepAsync(CancellationToken drain, CancellationToken abandon)
    {
        if (_id is not { } id)
        {
            return await RegisterAsync(drain);
        }

        if (!(await AcquireAsync(id, drain)).Is(out var job, out var error))
        {
            if (error.Status == 404)
            {
                // Somebody deleted the daemon; it is entered anew, if that is still allowed.
                _id = null;
                return null;
            }

            return error;
        }

        if (job.Job is not null)
        {
            await new JobRun(client, id, provisioner, settings, console, time).RunAsync(job, abandon);
            console.Idle(drain.IsCancellationRequested ? "" : "Waiting for jobs");
        }

        return null;
    }

    private async Task<CliError?> RegisterAsync(CancellationToken drain)
    {
        var daemon = new RegisterDaemonJson(settings.Name, [provisioner.Name], settings.Tags, $"v{VersionCommand.Number}");
        if (!(await client.RegisterAsync(settings.Organization, daemon, drain)).Is(out var registered, out var error))
        {
            return error;
        }

        _id = registered.Id;
        console.Line($"Registered with {client.Url} as {registered.Name ?? settings.Name} ({registered.Id})");
        console.Idle("Waiting for jobs");
        return null;
    }

    /// <summary>Asks for a job, with the same id until there is an answer: so no job is lost with an answer.</summary>
    private async Task<CliResult<AcquiredJobJson>> AcquireAsync(Guid id, CancellationToken drain)
    {
        var request = new AcquireJson((int)settings.PollInterval.TotalMilliseconds, newId());
        var retry = new Backoff(settings.Timing.FirstRetry, settings.Timing.LongestRetry, time);
        while (true)
        {
            var answer = await client.AcquireAsync(id, request, drain);
            if (answer.Is(out _, out var error) || !error.IsTransient())
            {
                return answer;
            }

            console.Line("The server can not be reached, trying again", error);
            await retry.WaitAsync(drain);
        }
    }
}
