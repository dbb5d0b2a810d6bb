using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Domain.Templates;
using FluentValidation;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>Changes the settings of a template, and brings its workspaces in line with a new schedule.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Template">The id as it stands in the path.</param>
/// <param name="Change">What the template is to be like.</param>
public sealed record UpdateTemplate(Actor Actor, string Template, TemplateChange Change)
    : ICommand<TemplateUpdate>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.Template, AuditAction.Write, 200);
}

/// <summary>What came of a change.</summary>
/// <param name="View">The template as it is now; <see langword="null"/> when it was like that before.</param>
public sealed record TemplateUpdate(TemplateView? View);

/// <summary>What a template is to be like; <see langword="null"/> leaves a field as it is.</summary>
public sealed record TemplateChange
{
    /// <summary>Empty leaves it too.</summary>
    public string? Name { get; init; }

    /// <summary>May be emptied.</summary>
    public string? DisplayName { get; init; }

    /// <summary>May be emptied.</summary>
    public string? Description { get; init; }

    /// <summary>May be emptied.</summary>
    public string? Icon { get; init; }

    /// <inheritdoc cref="Template.AllowUserCancelWorkspaceJobs"/>
    public bool AllowUserCancelWorkspaceJobs { get; init; }

    /// <summary>When its workspaces run.</summary>
    public required ScheduleInput Schedule { get; init; }

    /// <inheritdoc cref="Template.RequireActiveVersion"/>
    public bool RequireActiveVersion { get; init; }

    /// <summary>May be emptied: then workspaces can be made again.</summary>
    public string? DeprecationMessage { get; init; }

    /// <summary>Takes the access away that everybody in the organization has.</summary>
    public bool DisableEveryoneGroupAccess { get; init; }

    /// <summary>A name of <see cref="AppSharingLevel"/>; empty leaves it too.</summary>
    public string? MaxPortSharingLevel { get; init; }

    /// <summary>A name of <see cref="Domain.Templates.CorsBehavior"/>; empty leaves it too.</summary>
    public string? CorsBehavior { get; init; }

    /// <inheritdoc cref="Template.UseClassicParameterFlow"/>
    public bool? UseClassicParameterFlow { get; init; }

    /// <inheritdoc cref="ScheduleUpdate.TouchLastUsed"/>
    public bool UpdateWorkspaceLastUsedAt { get; init; }

    /// <inheritdoc cref="ScheduleUpdate.TouchDormant"/>
    public bool UpdateWorkspaceDormantAt { get; init; }
}

internal sealed class UpdateTemplateValidator : AbstractValidator<UpdateTemplate>
{
    public UpdateTemplateValidator()
    {
        this.Field(r => r.Change.Name, "name").IsTemplateNameOrEmpty();
        this.Field(r => r.Change.DisplayName, "display_name").IsTemplateDisplayName();
        this.Field(r => r.Change.Description, "description").IsTemplateDescription();
        this.Field(r => r.Change.Icon, "icon").IsTemplateIcon();
        this.Field(r => r.Change.MaxPortSharingLevel, "max_port_share_level").IsPortSharingLevelOrEmpty();
        this.Field(r => r.Change.CorsBehavior, "cors_behavior").IsCorsBehaviorOrEmpty();
    }
}

internal sealed class UpdateTemplateHandler(
    TemplateLookup lookup,
    ITemplateStore templates,
    ScheduleUpdater schedules,
    TemplateViews views,
    IEntitlementSource entitlements,
    TimeProvider time,
    AuditTrail audit)
    : IRequestHandler<UpdateTemplate, Result<TemplateUpdate>>
{
    public async Task<Result<TemplateUpdate>> Handle(UpdateTemplate request, CancellationToken cancellationToken)
    {
        // Under a lock from the beginning: two changes at once must not bring back what the other one changed.
        if (!(await lookup.LockAsync(request.Actor, request.Template, cancellationToken)).Is(out var before, out var error))
        {
            return error;
        }

        audit.About(before);
        if (!Wanted(request.Change, before).Is(out var wanted, out error))
        {
            return error;
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Update, before.Ref))
        {
            return Error.Forbidden;
        }

        var allowed = TemplateLicensing.Restrict(wanted, before, entitlements.Current);
        return await UpdateAsync(request.Change, before, allowed, cancellationToken);
    }

    private async Task<Result<TemplateUpdate>> UpdateAsync(TemplateChange change, Template before, Template wanted, CancellationToken ct)
    {
        var everyone = before.OrganizationId;
        var closes = change.DisableEveryoneGroupAccess && before.GroupAcl.RoleOf(everyone) != TemplateRole.None;
        var touches = change.UpdateWorkspaceLastUsedAt || change.UpdateWorkspaceDormantAt;
        if (wanted == before && !closes && !touches)
        {
            audit.Skip();
            return new TemplateUpdate(null);
        }

        var after = wanted with { UpdatedAt = time.GetUtcNow().ToMicroseconds() };
        if (!await templates.UpdateAsync(after, ct))
        {
            return TemplateRules.NameTaken(after.Name);
        }

        if (closes)
        {
            await templates.UpdateAclAsync(
                after.Id, new TemplateAclChange([], [new TemplateGrant(everyone, TemplateRole.None)]), after.UpdatedAt, ct);
        }

        if (entitlements.Current.IsEnabled(FeatureName.AdvancedTemplateScheduling) && (touches || after.Scheduling != before.Scheduling))
        {
            await schedules.ApplyAsync(
                new ScheduleUpdate(
                    after.Id,
                    before.Scheduling,
                    after.Scheduling,
                    change.UpdateWorkspaceLastUsedAt,
                    change.UpdateWorkspaceDormantAt,
                    after.UpdatedAt),
                ct);
        }

        var written = (await templates.ReadAsync([after.Id], ct)).Single();
        audit.About(written).Changed(TemplateAudit.Snapshot(before), TemplateAudit.Snapshot(written));
        return new TemplateUpdate(await views.OneAsync(after.Id, ct));
    }

    private static Result<Template> Wanted(TemplateChange change, Template before)
    {
        List<FieldError> errors = [];
        var scheduling = ScheduleReading.Read(change.Schedule, before.Scheduling, ScheduleFields.OfChange, errors);
        if (errors.Count > 0)
        {
            return new Error(ErrorKind.Invalid, "Invalid request to update template metadata!", null, errors);
        }

        return before with
        {
            Name = string.IsNullOrEmpty(change.Name) ? before.Name : change.Name,
            DisplayName = change.DisplayName ?? before.DisplayName,
            Description = change.Description ?? before.Description,
            Icon = change.Icon ?? before.Icon,
            AllowUserCancelWorkspaceJobs = change.AllowUserCancelWorkspaceJobs,
            Scheduling = scheduling,
            RequireActiveVersion = change.RequireActiveVersion,
            Deprecated = change.DeprecationMessage ?? before.Deprecated,
            MaxPortSharingLevel = AppSharingLevels.TryParse(change.MaxPortSharingLevel, out var level) ? level : before.MaxPortSharingLevel,
            CorsBehavior = CorsBehaviors.TryParse(change.CorsBehavior, out var cors) ? cors : before.CorsBehavior,
            UseClassicParameterFlow = change.UseClassicParameterFlow ?? before.UseClassicParameterFlow,
        };
    }
}
