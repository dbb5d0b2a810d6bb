using Coder.Application.Common;
using Coder.Application.ConnectionLogs;
using Coder.Application.Licensing;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Application.Provisioning;

/// <inheritdoc cref="IJobResults"/>
internal sealed class JobResults(
    IJobResultStore store,
    TemplateSources sources,
    IConnectionSessions sessions,
    IEntitlementSource entitlements,
    QuietHoursOptions quietHours,
    IIds ids) : IJobResults
{
    private static readonly Dictionary<string, string> NoValues = [];
    private static readonly Dictionary<string, Guid> NoTokens = [];

    public async Task<Result<IReadOnlyList<AgentToken>>> CompleteImportAsync(
        Guid job, ImportResult result, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var task = await FindAsync(job, cancellationToken);
        if (task.Input.TemplateVersionId is not { } version)
        {
            return WrongType;
        }

        var given = task.Input.UserVariableValues ?? NoValues;
        var import = result;
        if (result.FromManifest)
        {
            if (!(await sources.ReadAsync(task.FileId, cancellationToken)).Is(out var source, out var unread))
            {
                return unread;
            }

            var plan = EchoProvisioner.Import(source, given, at);
            if (plan.Result is null)
            {
                return Refused(plan);
            }

            import = plan.Result;
        }

        if (!ParameterResolution.ResolveVariables(import.Variables, given).Is(out var values, out var missing))
        {
            return missing;
        }

        var start = ResultPlan.Of(import.StartResources, NoTokens, ids);
        var stop = ResultPlan.Of(import.StopResources, NoTokens, ids);
        if (import.AiTask is not null && ResultPlan.Find(import.AiTask, start) is null)
        {
            return UnknownApp(import.AiTask);
        }

        await store.SaveImportAsync(
            new ImportedVersion
            {
                Id = version,
                At = at,
                Readme = import.Readme,
                HasAiTask = import.AiTask is not null,
                HasExternalAgent = ResultPlan.HasExternalAgent(import.StartResources),
                Parameters = import.Parameters,
                Variables = WithValues(import.Variables, values),
                Presets = [.. import.Presets.Select(preset => new PlannedPreset(ids.Random(), preset))],
            },
            cancellationToken);
        await store.AddResourcesAsync(job, WorkspaceTransition.Start, start, isRunning: false, at, cancellationToken);
        await store.AddResourcesAsync(job, WorkspaceTransition.Stop, stop, isRunning: false, at, cancellationToken);
        return ResultPlan.TokensOf([.. start, .. stop]);
    }

    public async Task<Result<IReadOnlyList<AgentToken>>> CompleteBuildAsync(
        Guid job, BuildResult result, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var task = await FindAsync(job, cancellationToken);
        if (task.Input.WorkspaceBuildId is not { } id)
        {
            return WrongType;
        }

        if (await store.FindBuildAsync(id, cancellationToken) is not { } facts)
        {
            return WrongType;
        }

        var stage = task.Input.Stage;
        if (result.FromManifest)
        {
            if (!(await sources.ReadAsync(facts.FileId, cancellationToken)).Is(out var source, out var unread))
            {
                return unread;
            }

            var plan = EchoProvisioner.Build(source, facts.Placeholders(stage), new HashSet<ResourceKey>(), at);
            if (plan.Result is null)
            {
                return Refused(plan);
            }

            result = plan.Result with { State = result.State };
        }

        var tokens = stage == PrebuildStage.Claim ? (await store.FindBeforeAsync(id, cancellationToken)).Tokens : NoTokens;
        var resources = ResultPlan.Of(result.Resources, tokens, ids);
        var sidebar = ResultPlan.Find(result.AiTask, resources);
        if (result.AiTask is not null && sidebar is null && facts.Transition == WorkspaceTransition.Start)
        {
            return UnknownApp(result.AiTask);
        }

        await store.AddResourcesAsync(
            job, facts.Transition, resources, isRunning: facts.Transition == WorkspaceTransition.Start, at, cancellationToken);
        await store.SaveBuildAsync(
            new CompletedBuild
            {
                Id = id,
                At = at,
                DailyCost = ResultPlan.DailyCost(result.Resources),
                HasAiTask = result.AiTask is not null,
                SidebarAppId = sidebar,
                HasExternalAgent = ResultPlan.HasExternalAgent(result.Resources),
                State = result.State?.ToArray(),
                Schedule = ScheduleOf(facts, at),
            },
            cancellationToken);
        if (stage != PrebuildStage.Claim)
        {
            await sessions.CloseOrphansAsync(facts.WorkspaceId, at, cancellationToken);
        }

        if (facts.Transition == WorkspaceTransition.Delete)
        {
            await store.DeleteWorkspaceAsync(id, at, cancellationToken);
        }
        else if (facts.Transition == WorkspaceTransition.Start)
        {
            await CountAsync(facts, stage, hasAiTask: result.AiTask is not null, at, cancellationToken);
        }

        return ResultPlan.TokensOf(resources);
    }

    public async Task<Result<IReadOnlyList<AgentToken>>> CompleteDryRunAsync(
        Guid job, BuildResult result, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (result.FromManifest)
        {
            var task = await FindAsync(job, cancellationToken);
            if (await store.FindUserAsync(task.InitiatorId, cancellationToken) is not { } initiator)
            {
                return new Error(ErrorKind.Invalid, DryRunJob.NobodyAsks);
            }

            if (!(await sources.ReadAsync(task.FileId, cancellationToken)).Is(out var source, out var unread))
            {
                return unread;
            }

            var plan = EchoProvisioner.Build(source, DryRunJob.Placeholders(job, task, initiator), new HashSet<ResourceKey>(), at);
            if (plan.Result is null)
            {
                return Refused(plan);
            }

            result = plan.Result;
        }

        var resources = ResultPlan.Of(result.Resources, NoTokens, ids);
        await store.AddResourcesAsync(job, WorkspaceTransition.Start, resources, isRunning: false, at, cancellationToken);
        return ResultPlan.TokensOf(resources);
    }

    public async Task FailAsync(
        Guid job,
        string error,
        JobErrorCode? errorCode,
        ReadOnlyMemory<byte>? state,
        DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        var task = await FindAsync(job, cancellationToken);
        if (task.Type == JobType.WorkspaceBuild && task.Input.WorkspaceBuildId is { } build)
        {
            await store.KeepStateAsync(build, state?.ToArray(), at, cancellationToken);
        }
        else if (task.Type == JobType.TemplateVersionImport
            && errorCode == JobErrorCode.RequiredTemplateVariables
            && task.Input.TemplateVersionId is { } version)
        {
            await SaveWantedVariablesAsync(version, task, cancellationToken);
        }
    }

    public async Task WantAsync(Guid job, IReadOnlyList<TemplateVariable> variables, CancellationToken cancellationToken)
    {
        var task = await FindAsync(job, cancellationToken);
        if (task is { Type: JobType.TemplateVersionImport, Input.TemplateVersionId: { } version }
            && (await sources.ReadAsync(task.FileId, cancellationToken)).Is(out var source, out _)
            && source.Manifest is null)
        {
            await store.SaveVariablesAsync(version, WithValues(variables, task.Input.UserVariableValues ?? NoValues), cancellationToken);
        }
    }

    private static Error WrongType { get; } = new(ErrorKind.Invalid, "The result is not one of a job of this type.");

    private static Error Refused<T>(EchoPlan<T> plan)
        where T : class => new(ErrorKind.Invalid, plan.Error);

    private static Error UnknownApp(AppReference app) => new(
        ErrorKind.Invalid, "Invalid result.", Validations: [new FieldError("ai_task", $"There is no app \"{app}\" among the resources.")]);

    private static List<ResolvedVariable> WithValues(
        IReadOnlyList<TemplateVariable> variables, IReadOnlyDictionary<string, string> values) =>
        [.. variables.Select(variable => new ResolvedVariable(variable, values.GetValueOrDefault(variable.Name) ?? variable.DefaultValue ?? ""))];

    private async Task<JobTask> FindAsync(Guid job, CancellationToken cancellationToken) =>
        await store.FindJobAsync(job, cancellationToken)
        ?? throw new InvalidOperationException("The job whose end is written is gone.");

    private StartedWorkspace? ScheduleOf(BuildFacts facts, DateTimeOffset at)
    {
        var isLicensed = entitlements.Current.IsEnabled(FeatureName.AdvancedTemplateScheduling);
        return facts.Transition == WorkspaceTransition.Start && facts.OwnerId != SystemActors.PrebuildsUserId
            ? StartedWorkspace.Of(facts, isLicensed, quietHours.Default, at)
            : null;
    }

    // A prebuilt workspace was counted when it was built, and what was canceled does not count.
    private async Task CountAsync(
        BuildFacts facts, PrebuildStage stage, bool hasAiTask, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (hasAiTask && !facts.IsCanceled && stage != PrebuildStage.Claim)
        {
            await store.RecordManagedAgentAsync(facts.BuildId, at, cancellationToken);
        }
    }

    // Whoever is asked for the missing values has to be told which there are.
    private async Task SaveWantedVariablesAsync(Guid version, JobTask task, CancellationToken cancellationToken)
    {
        if ((await sources.ReadAsync(task.FileId, cancellationToken)).Is(out var source, out _)
            && source.Manifest is { } utf8
            && TemplateManifestParser.TryParse(utf8, out var manifest, out _))
        {
            await store.SaveVariablesAsync(
                version, WithValues(manifest.Variables, task.Input.UserVariableValues ?? NoValues), cancellationToken);
        }
    }
}
