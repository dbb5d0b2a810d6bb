using System.Data;
using Coder.Application.Common;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;

namespace Coder.Application.Provisioning;

/// <summary>What a built-in daemon is going to do with a job.</summary>
internal sealed record BuiltInPlan
{
    public IReadOnlyList<JobLogLine> Log { get; init; } = [];

    public TimeSpan Delay { get; init; }

    public string Error { get; init; } = "";

    public JobErrorCode? ErrorCode { get; init; }

    /// <summary>Of an import.</summary>
    public ImportResult? Import { get; init; }

    /// <summary>Of a build.</summary>
    public BuildResult? Build { get; init; }

    /// <summary>Of a dry run.</summary>
    public BuildResult? DryRun { get; init; }
}

/// <summary>The steps of a job in a built-in daemon, each a transaction of its own. Nothing is written to a job that has ended.</summary>
internal sealed class BuiltInJob(
    IUnitOfWork work,
    IJobQueue queue,
    IJobLogs logs,
    IJobResults results,
    IJobResultStore store,
    TemplateSources sources,
    TimeProvider time)
{
    /// <summary>The error of jobs whose daemon stops with its server.</summary>
    public const string ShutDownError = "Provisioner daemon was shut down.";

    /// <summary>The error of jobs that end because of a bug or of a database that is not there; the log of the server has more.</summary>
    public const string InternalError = "The provisioner daemon failed to carry the job out.";

    private static readonly Dictionary<string, string> NoValues = [];

    /// <summary>Reads what is to be done. Nothing is written.</summary>
    public async Task<BuiltInPlan> PlanAsync(Guid job, CancellationToken cancellationToken)
    {
        var view = (await queue.ReadAsync([job], cancellationToken))[job];
        if (!(await sources.ReadAsync(view.FileId, cancellationToken)).Is(out var source, out var unread))
        {
            return new BuiltInPlan { Error = unread.Message };
        }

        return view.Type switch
        {
            JobType.WorkspaceBuild => await PlanBuildAsync(view, source, cancellationToken),
            JobType.TemplateVersionDryRun => await PlanDryRunAsync(view, source, cancellationToken),
            _ => PlanImport(view, source),
        };
    }

    /// <summary>Writes the log of a job that takes its time.</summary>
    /// <returns>Whether it is to go on.</returns>
    public Task<bool> BeginAsync(Guid job, BuiltInPlan plan, CancellationToken cancellationToken) => WhileItRunsAsync(
        job,
        async (at, ct) =>
        {
            await logs.AppendAsync(job, plan.Log, ct);
            await queue.TouchAsync(job, at, ct);
        },
        cancellationToken);

    /// <summary>Gives a sign of life.</summary>
    /// <returns>Whether the job is to go on.</returns>
    public Task<bool> ContinueAsync(Guid job, CancellationToken cancellationToken) =>
        WhileItRunsAsync(job, (at, ct) => queue.TouchAsync(job, at, ct), cancellationToken);

    /// <summary>Completes the job as planned, or fails it, or acknowledges that it was canceled.</summary>
    public async Task FinishAsync(Guid job, BuiltInPlan plan, CancellationToken cancellationToken)
    {
        if (await TryFinishAsync(job, plan, cancellationToken) is { } refused)
        {
            await TryFinishAsync(job, plan with { Error = refused.Message, ErrorCode = null }, cancellationToken);
        }
    }

    /// <summary>Fails the job for a reason that is not its own.</summary>
    public Task AbandonAsync(Guid job, string error, CancellationToken cancellationToken) =>
        TryFinishAsync(job, new BuiltInPlan { Error = error }, cancellationToken);

    private async Task<BuiltInPlan> PlanBuildAsync(JobView view, TemplateSource source, CancellationToken cancellationToken)
    {
        if (view.Input.WorkspaceBuildId is not { } build || await store.FindBuildAsync(build, cancellationToken) is not { } facts)
        {
            return new BuiltInPlan { Error = "The build of the job is gone." };
        }

        var before = await store.FindBeforeAsync(build, cancellationToken);
        var keys = before.Resources.Select(resource => new ResourceKey(resource.Type, resource.Name)).ToHashSet();
        var plan = EchoProvisioner.Build(source, facts.Placeholders(view.Input.Stage), keys, Now());
        return Plan(plan) with { Build = plan.Result };
    }

    private async Task<BuiltInPlan> PlanDryRunAsync(JobView view, TemplateSource source, CancellationToken cancellationToken)
    {
        if (await store.FindUserAsync(view.InitiatorId, cancellationToken) is not { } initiator)
        {
            return new BuiltInPlan { Error = DryRunJob.NobodyAsks };
        }

        var task = new JobTask(view.Type, view.Input, view.FileId, view.InitiatorId);
        var plan = EchoProvisioner.Build(source, DryRunJob.Placeholders(view.Id, task, initiator), new HashSet<ResourceKey>(), Now());
        return Plan(plan) with { DryRun = plan.Result };
    }

    private BuiltInPlan PlanImport(JobView view, TemplateSource source)
    {
        var plan = EchoProvisioner.Import(source, view.Input.UserVariableValues ?? NoValues, Now());
        return Plan(plan) with { Import = plan.Result };
    }

    private async Task<bool> WhileItRunsAsync(
        Guid job, Func<DateTimeOffset, CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        var goesOn = false;
        await work.RunAsync<Result<Done>>(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                goesOn = false;
                if (await queue.LockAsync(job, ct) is not { CompletedAt: null } held)
                {
                    return Done.Value;
                }

                if (held.CanceledAt is not null)
                {
                    return await FailAsync(job, "", null, Now(), ct);
                }

                goesOn = true;
                await step(Now(), ct);
                return Done.Value;
            },
            cancellationToken);
        return goesOn;
    }

    private async Task<Error?> TryFinishAsync(Guid job, BuiltInPlan plan, CancellationToken cancellationToken)
    {
        var outcome = await work.RunAsync<Result<Done>>(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                // The reaper may have been here.
                if (await queue.LockAsync(job, ct) is not { CompletedAt: null } held)
                {
                    return Done.Value;
                }

                var at = Now();
                if (held.CanceledAt is not null)
                {
                    return await FailAsync(job, "", null, at, ct);
                }

                await logs.AppendAsync(job, plan.Log, ct);
                if (plan.Error.Length > 0)
                {
                    return await FailAsync(job, plan.Error, plan.ErrorCode, at, ct);
                }

                var stored = plan switch
                {
                    { Import: { } import } => await results.CompleteImportAsync(job, import, at, ct),
                    { Build: { } build } => await results.CompleteBuildAsync(job, build, at, ct),
                    { DryRun: { } tried } => await results.CompleteDryRunAsync(job, tried, at, ct),
                    _ => Array.Empty<AgentToken>(),
                };
                if (stored.Error is { } refused)
                {
                    return refused;
                }

                await queue.EndAsync(job, null, null, at, ct);
                return Done.Value;
            },
            cancellationToken);
        return outcome.Error;
    }

    // Without an error it is the cancellation that ends the job.
    private async Task<Result<Done>> FailAsync(Guid job, string error, JobErrorCode? code, DateTimeOffset at, CancellationToken ct)
    {
        await results.FailAsync(job, error, code, null, at, ct);
        await queue.EndAsync(job, error.Length == 0 ? null : error, code, at, ct);
        return Done.Value;
    }

    private DateTimeOffset Now() => time.GetUtcNow().ToMicroseconds();

    private static BuiltInPlan Plan<T>(EchoPlan<T> plan)
        where T : class => new() { Log = plan.Log, Delay = plan.Delay, Error = plan.Error, ErrorCode = plan.ErrorCode };
}
