using Coder.Application.Common;
using Coder.Application.Provisioning;
using Coder.Domain.Authorization;
using Coder.Domain.Builds;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;

namespace Coder.Application.Builds;

/// <summary>
/// Puts builds of workspaces into the queue, for requests and for the server's own loops (docs/spec/workspaces.md, section 7.2). Runs in
/// the transaction of the caller, which rolls back on a failure; the audit log is the caller's matter.
/// </summary>
internal sealed class WorkspaceBuilder(
    IBuildStore builds, BuildPlanner planner, IJobQueue queue, BuildGate gate, IIds ids, TimeProvider time)
{
    /// <summary>Builds a workspace.</summary>
    /// <param name="order">What is asked for.</param>
    /// <param name="workspace">What <see cref="IBuildStore.LockAsync"/> read in this transaction. That the actor may read it is known.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    public async Task<Result<PlacedBuild>> BuildAsync(BuildOrder order, BuildTarget workspace, CancellationToken cancellationToken)
    {
        if (order.Orphan && order.Transition != WorkspaceTransition.Delete)
        {
            return BuildRules.OrphanWithoutDelete;
        }

        if (BuildRules.JudgePermission(order.Actor, order.Transition, workspace.Ref) is { } forbidden)
        {
            return forbidden;
        }

        var template = await planner.FindTemplateAsync(workspace.TemplateId, cancellationToken)
            ?? throw new InvalidOperationException("A workspace has no template.");
        if (order.State is not null && !Authorizer.Can(order.Actor, PermissionAction.Update, template.Ref))
        {
            return Error.Forbidden;
        }

        if (workspace.Latest is { } latest && latest.JobStatus.IsActive())
        {
            return BuildRules.AlreadyActive;
        }

        if (!(await planner.PlanAsync(order, template, workspace.Latest, cancellationToken)).Is(out var plan, out var error))
        {
            return error;
        }

        return await PlaceAsync(order, plan, workspace, cancellationToken);
    }

    /// <summary>Puts a planned build into the queue, once the licenses agree.</summary>
    /// <param name="order">What was asked for.</param>
    /// <param name="plan">What <see cref="BuildPlanner"/> made of it in this transaction.</param>
    /// <param name="workspace">The workspace, which this transaction made, claimed or locked.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    public async Task<Result<PlacedBuild>> PlaceAsync(
        BuildOrder order, BuildPlan plan, BuildTarget workspace, CancellationToken cancellationToken)
    {
        if (order is { Transition: WorkspaceTransition.Start, Stage: not PrebuildStage.Claim }
            && await gate.JudgeAsync(plan.Version.Version, cancellationToken) is { } refused)
        {
            return refused;
        }

        var now = time.GetUtcNow().ToMicroseconds();
        var build = new NewBuild
        {
            Id = ids.Sequential(),
            CreatedAt = now,
            WorkspaceId = workspace.Id,
            VersionId = plan.Version.Version.Id,
            Number = (workspace.Latest?.Number ?? 0) + 1,
            Transition = order.Transition,
            InitiatorId = order.InitiatorId,
            JobId = ids.Sequential(),
            Reason = order.Reason,
            PresetId = plan.PresetId,
            Values = plan.Values,
            State = order.Orphan ? InitialState.Nothing
                : order.State is { } state ? new InitialState(Inherits: false, state)
                : InitialState.Inherited,
        };
        await queue.PostAsync(JobOf(order, plan, workspace, build), cancellationToken);
        if (!await builds.AddAsync(build, cancellationToken))
        {
            return BuildRules.AlreadyActive;
        }

        var isDone = order is { Transition: WorkspaceTransition.Delete, State: null } && workspace.Latest is { NothingProvisioned: true };
        if (isDone)
        {
            await queue.EndAsync(build.JobId, error: null, errorCode: null, now, cancellationToken);
            await builds.MarkDeletedAsync(workspace.Id, now, cancellationToken);
        }

        return new PlacedBuild(build.Id, build.Number, build.JobId, build.VersionId, build.Reason, isDone);
    }

    private static NewJob JobOf(BuildOrder order, BuildPlan plan, BuildTarget workspace, NewBuild build) => new()
    {
        Id = build.JobId,
        CreatedAt = build.CreatedAt,
        OrganizationId = workspace.OrganizationId,
        InitiatorId = order.InitiatorId,
        Provisioner = plan.Version.Job.Provisioner,
        Type = JobType.WorkspaceBuild,
        Input = new JobInput { WorkspaceBuildId = build.Id, LogLevel = order.LogLevel, Stage = order.Stage, Orphan = order.Orphan },
        FileId = plan.Version.Job.FileId,
        Tags = plan.Version.Job.Tags.ForOwner(workspace.OwnerId),
        Priority = QueuePriorities.OfBuild(order.InitiatorId, workspace.OwnerId),
    };
}
