using Coder.Application.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Coder.Application.Provisioning;

/// <inheritdoc cref="IBuiltInDaemons"/>
internal sealed partial class BuiltInDaemons(
    BuiltInDaemonOptions options,
    IServiceScopeFactory scopes,
    JobSignals signals,
    IIds ids,
    TimeProvider time,
    ILogger<BuiltInDaemons> logger) : IBuiltInDaemons
{
    // The second is for notifications that were lost, and for jobs that become ours because another daemon is gone.
    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan JobBeatInterval = TimeSpan.FromSeconds(30);

    private readonly BuiltInDaemon?[] _registered = new BuiltInDaemon?[options.Count];
    private int _busy;

    public int Count => options.Count;

    public int Busy => Volatile.Read(ref _busy);

    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < options.Count; i++)
        {
            var name = $"{options.Host}-built-in-{i}";
            _registered[i] = await InScopeAsync<IBuiltInDaemonStore, BuiltInDaemon>(
                (store, ct) => store.RegisterAsync(name, ids.Random(), time.GetUtcNow().ToMicroseconds(), ct), cancellationToken);
        }
    }

    public Task RunAsync(CancellationToken stopping) => options.Count == 0
        ? Task.CompletedTask
        : Task.WhenAll(Enumerable.Range(0, options.Count).Select(i => WorkAsync(i, stopping)).Append(BeatAsync(stopping)));

    private async Task BeatAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(BeatInterval, time, stopping);
                await RegisterAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // a daemon outlives a database that is away
            catch (Exception e)
#pragma warning restore CA1031
            {
                Log.BeatFailed(logger, e);
            }
        }
    }

    private async Task WorkAsync(int index, CancellationToken stopping)
    {
        while (GoesOn(stopping))
        {
            try
            {
                if (_registered[index] is not { } daemon)
                {
                    await Task.Delay(PollInterval, time, stopping);
                    continue;
                }

                using var arrivals = signals.ListenForArrivals(daemon.Organization);
                await WorkAsync(daemon, arrivals, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // a daemon outlives a database that is away
            catch (Exception e)
#pragma warning restore CA1031
            {
                Log.WorkFailed(logger, e);
                await PauseAsync(stopping);
            }
        }
    }

    private async Task WorkAsync(BuiltInDaemon daemon, JobListener arrivals, CancellationToken stopping)
    {
        while (GoesOn(stopping))
        {
            var next = arrivals.Next;

            // Not to be canceled: a job that is given away while nobody listens would hang.
            var acquired = await InScopeAsync<IBuiltInDaemonStore, Guid?>(
                (store, ct) => store.AcquireAsync(daemon.Id, time.GetUtcNow().ToMicroseconds(), ct), CancellationToken.None);
            if (acquired is { } job)
            {
                Interlocked.Increment(ref _busy);
                try
                {
                    await RunJobAsync(job, stopping);
                }
                finally
                {
                    Interlocked.Decrement(ref _busy);
                }
            }
            else
            {
                await JobListener.WaitAsync(next, PollInterval, time, stopping);
            }
        }
    }

    // Signals are closed before services are stopped; a job that is taken in between would only fail.
    private bool GoesOn(CancellationToken stopping) => !stopping.IsCancellationRequested && !signals.IsClosed;

    private async Task RunJobAsync(Guid job, CancellationToken stopping)
    {
        try
        {
            using var changes = signals.ListenForChanges(job);
            var plan = await InScopeAsync<BuiltInJob, BuiltInPlan>((steps, ct) => steps.PlanAsync(job, ct), stopping);
            if (plan.Delay > TimeSpan.Zero)
            {
                if (!await DelayAsync(job, plan, changes, stopping))
                {
                    return;
                }

                plan = plan with { Log = [] };
            }

            await InScopeAsync<BuiltInJob>((steps, ct) => steps.FinishAsync(job, plan, ct), CancellationToken.None);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await AbandonAsync(job, BuiltInJob.ShutDownError, CancellationToken.None);
        }
#pragma warning disable CA1031 // one job must not keep the others waiting
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.JobFailed(logger, e, job);
            await AbandonAsync(job, BuiltInJob.InternalError, CancellationToken.None);
        }
    }

    /// <summary>Waits as long as the job takes, and hears at once when it is canceled.</summary>
    private async Task<bool> DelayAsync(Guid job, BuiltInPlan plan, JobListener changes, CancellationToken stopping)
    {
        var end = time.GetUtcNow() + plan.Delay;
        var next = changes.Next;
        if (!await InScopeAsync<BuiltInJob, bool>((steps, ct) => steps.BeginAsync(job, plan, ct), CancellationToken.None))
        {
            return false;
        }

        while (end - time.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            await JobListener.WaitAsync(next, left < JobBeatInterval ? left : JobBeatInterval, time, stopping);
            next = changes.Next;
            if (!await InScopeAsync<BuiltInJob, bool>((steps, ct) => steps.ContinueAsync(job, ct), CancellationToken.None))
            {
                return false;
            }
        }

        return true;
    }

    private async Task AbandonAsync(Guid job, string error, CancellationToken cancellationToken)
    {
        try
        {
            await InScopeAsync<BuiltInJob>((steps, ct) => steps.AbandonAsync(job, error, ct), cancellationToken);
        }
#pragma warning disable CA1031 // the reaper ends it then
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.JobFailed(logger, e, job);
        }
    }

    private async Task PauseAsync(CancellationToken stopping)
    {
        try
        {
            await Task.Delay(PollInterval, time, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The loop ends by itself.
        }
    }

    private async Task<T> InScopeAsync<TService, T>(Func<TService, CancellationToken, Task<T>> work, CancellationToken ct)
        where TService : notnull
    {
        await using var scope = scopes.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TService>(), ct);
    }

    private async Task InScopeAsync<TService>(Func<TService, CancellationToken, Task> work, CancellationToken ct)
        where TService : notnull
    {
        await using var scope = scopes.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<TService>(), ct);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Built-in provisioner daemons could not say that they are alive; they try again")]
        public static partial void BeatFailed(ILogger logger, Exception exception);

        [LoggerMessage(Level = LogLevel.Error, Message = "A built-in provisioner daemon could not ask for a job; it tries again")]
        public static partial void WorkFailed(ILogger logger, Exception exception);

        [LoggerMessage(Level = LogLevel.Error, Message = "A built-in provisioner daemon failed to carry out the job {Job}")]
        public static partial void JobFailed(ILogger logger, Exception exception, Guid job);
    }
}
