using Coder.Application.Builds;
using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Application.Templates;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Users;
using Coder.Domain.Workspaces;

namespace Coder.Application.Workspaces;

/// <summary>A workspace that was made or claimed just now.</summary>
/// <param name="WorkspaceId">The workspace.</param>
/// <param name="Build">The build that is in the queue for it.</param>
internal sealed record Creation(Guid WorkspaceId, PlacedBuild Build);

/// <summary>Makes workspaces, in the transaction of the caller: a failure leaves none behind.</summary>
internal sealed class WorkspaceCreator(
    BuildPlanner planner,
    WorkspaceBuilder builder,
    IBuildStore builds,
    IWorkspaceCreation workspaces,
    ITemplateDirectory templates,
    IEnumerable<IPrebuildClaims> claims,
    IEntitlementSource entitlements,
    IIds ids,
    TimeProvider time)
{
    /// <summary>Claims a workspace that is ready, or makes one, and puts its first build into the queue.</summary>
    /// <param name="actor">Who asks; that they may was judged.</param>
    /// <param name="template">The template, as the license lets it apply.</param>
    /// <param name="owner">Whose it becomes.</param>
    /// <param name="fields">What is asked for; schedule and time to live were judged.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    public async Task<Result<Creation>> CreateAsync(
        Actor actor, Template template, User owner, NewWorkspaceFields fields, CancellationToken cancellationToken)
    {
        var order = new BuildOrder
        {
            Actor = actor,
            InitiatorId = actor.UserId,
            Transition = WorkspaceTransition.Start,
            VersionId = fields.VersionId,
            PresetId = fields.PresetId,
            Values = fields.Values,
        };
        if (!(await planner.PlanAsync(order, template, latest: null, cancellationToken)).Is(out var plan, out var error))
        {
            return error;
        }

        if (await templates.HoldAsync(template.Id, cancellationToken) is null)
        {
            return CreationRules.DeletedTemplate(template.Name);
        }

        // Whoever archives a version locks its template, and may have done so since the version was chosen.
        if (await templates.FindVersionAsync(plan.Version.Version.Id, cancellationToken) is { Version: { IsArchived: true } archived })
        {
            return CreationRules.ArchivedVersion(archived.Name);
        }

        var workspace = RowOf(template, owner, fields);
        if (await ClaimAsync(plan, workspace, cancellationToken) is { } claimed)
        {
            // The reconciler keeps the stock, so that it is whom a claim comes from.
            order = order with { Stage = PrebuildStage.Claim, InitiatorId = SystemActors.PrebuildsUserId };
            workspace = workspace with { Id = claimed };
        }
        else if (!await workspaces.AddAsync(workspace, cancellationToken))
        {
            return CreationRules.NameTaken(workspace.Name);
        }

        var target = await builds.LockAsync(workspace.Id, cancellationToken)
            ?? throw new InvalidOperationException("A new workspace is gone.");
        if (!(await builder.PlaceAsync(order, plan, target, cancellationToken)).Is(out var placed, out error))
        {
            return error;
        }

        return new Creation(workspace.Id, placed);
    }

    private CreatedWorkspace RowOf(Template template, User owner, NewWorkspaceFields fields)
    {
        var now = time.GetUtcNow().ToMicroseconds();
        var schedule = Schedule.TryParse(fields.AutostartSchedule, out var parsed, out _) ? parsed : null;
        _ = WorkspaceTtl.TryRead(fields.TtlMilliseconds, out var ttl, out _);
        _ = AutomaticUpdatesNames.TryParse(fields.AutomaticUpdates, out var updates);
        return new CreatedWorkspace
        {
            Id = ids.Random(),
            CreatedAt = now,
            OwnerId = owner.Id,
            OrganizationId = template.OrganizationId,
            TemplateId = template.Id,
            Name = fields.Name,
            AutostartSchedule = schedule is null ? null : fields.AutostartSchedule,
            NextStartAt = template.Scheduling.NextAutostart(schedule, now),
            Ttl = WorkspaceTtl.ForCreation(template.Scheduling.AllowUserAutostop ? ttl : null, template.Scheduling.DefaultTtl),
            AutomaticUpdates = fields.AutomaticUpdates.Length == 0 ? AutomaticUpdates.Never : updates,
        };
    }

    private async Task<Guid?> ClaimAsync(BuildPlan plan, CreatedWorkspace workspace, CancellationToken cancellationToken)
    {
        if (plan.RequestedPresetId is not { } preset
            || claims.FirstOrDefault() is not { } stock
            || !entitlements.Current.IsEnabled(FeatureName.WorkspacePrebuilds))
        {
            return null;
        }

        var claim = new PrebuildClaim
        {
            TemplateId = workspace.TemplateId,
            VersionId = plan.Version.Version.Id,
            PresetId = preset,
            Workspace = workspace,
        };
        return await stock.ClaimAsync(claim, cancellationToken);
    }
}
