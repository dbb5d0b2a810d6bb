using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Application.Organizations;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;
using FluentValidation;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>Makes a template of a version that belongs to none; its import may still be under way.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
/// <param name="Fields">What the template is to be like.</param>
public sealed record CreateTemplate(Actor Actor, string Organization, NewTemplate Fields)
    : ICommand<TemplateView>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.Template, AuditAction.Create, 201);
}

/// <summary>What a new template is to be like.</summary>
public sealed record NewTemplate
{
    /// <summary>See <see cref="Domain.Users.NameRules.IsName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The first and active version.</summary>
    public required Guid VersionId { get; init; }

    /// <summary>May be empty.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>May be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>May be empty.</summary>
    public string Icon { get; init; } = "";

    /// <inheritdoc cref="Template.AllowUserCancelWorkspaceJobs"/>
    public bool AllowUserCancelWorkspaceJobs { get; init; }

    /// <summary>When its workspaces run.</summary>
    public required ScheduleInput Schedule { get; init; }

    /// <summary>Whether nobody gets access who is not named later.</summary>
    public bool DisableEveryoneGroupAccess { get; init; }

    /// <inheritdoc cref="Template.RequireActiveVersion"/>
    public bool RequireActiveVersion { get; init; }

    /// <summary>A name of <see cref="AppSharingLevel"/>; empty: the owner.</summary>
    public string MaxPortSharingLevel { get; init; } = "";

    /// <summary>A name of <see cref="Domain.Templates.CorsBehavior"/>; empty: simple.</summary>
    public string CorsBehavior { get; init; } = "";

    /// <inheritdoc cref="Template.UseClassicParameterFlow"/>
    public bool UseClassicParameterFlow { get; init; } = true;
}

internal sealed class CreateTemplateValidator : AbstractValidator<CreateTemplate>
{
    public CreateTemplateValidator()
    {
        this.Field(r => r.Fields.Name, "name").Required().IsTemplateName();
        this.Field(r => r.Fields.VersionId, "template_version_id").Required();
        this.Field(r => r.Fields.DisplayName, "display_name").IsTemplateDisplayName();
        this.Field(r => r.Fields.Description, "description").IsTemplateDescription();
        this.Field(r => r.Fields.Icon, "icon").IsTemplateIcon();
        this.Field(r => r.Fields.MaxPortSharingLevel, "max_port_share_level").IsPortSharingLevelOrEmpty();
        this.Field(r => r.Fields.CorsBehavior, "cors_behavior").IsCorsBehaviorOrEmpty();
    }
}

internal sealed class CreateTemplateHandler(
    OrganizationLookup lookup,
    IOrganizationStore organizations,
    ITemplateStore templates,
    ITemplateVersionStore versions,
    TemplateViews views,
    IEntitlementSource entitlements,
    IIds ids,
    TimeProvider time,
    AuditTrail audit)
    : IRequestHandler<CreateTemplate, Result<TemplateView>>
{
    public async Task<Result<TemplateView>> Handle(CreateTemplate request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        audit.About(Guid.Empty, request.Fields.Name, organization.Id);
        List<FieldError> errors = [];
        var schedule = ScheduleReading.Read(request.Fields.Schedule, TemplateScheduling.None, ScheduleFields.OfCreation, errors);
        if (errors.Count > 0)
        {
            return new Error(ErrorKind.Invalid, "Invalid create template request.", null, errors);
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Create, ObjectRef.In(organization.Id, ResourceType.Template)))
        {
            return Error.Forbidden;
        }

        if (!await organizations.HoldAsync(organization.Id, cancellationToken))
        {
            return Error.NotFound;
        }

        return await CreateAsync(request, organization.Id, schedule, cancellationToken);
    }

    private async Task<Result<TemplateView>> CreateAsync(
        CreateTemplate request, Guid organization, TemplateScheduling schedule, CancellationToken ct)
    {
        if (await versions.LockAsync(request.Fields.VersionId, ct) is not { } found || found.Version.OrganizationId != organization)
        {
            return new Error(
                ErrorKind.NotFound,
                $"Template version \"{request.Fields.VersionId}\" does not exist.",
                null,
                [new FieldError("template_version_id", "Template version does not exist")]);
        }

        if (TemplateRules.JudgeFirstVersion(found.Version) is { } refused)
        {
            return refused;
        }

        var template = await TemplateAsync(request, organization, schedule, ct);
        if (!await templates.AddAsync(template, ct))
        {
            return TemplateRules.NameTaken(template.Name);
        }

        // A version without a template has no name that another one could have.
        await versions.UpdateAsync(found.Version with { TemplateId = template.Id, UpdatedAt = template.CreatedAt }, ct);
        audit.About(template).Changed(null, TemplateAudit.Snapshot(template));
        return await views.OneAsync(template.Id, ct);
    }

    private async Task<Template> TemplateAsync(
        CreateTemplate request, Guid organization, TemplateScheduling schedule, CancellationToken ct)
    {
        var fields = request.Fields;
        var now = time.GetUtcNow().ToMicroseconds();
        var plain = new Template
        {
            Id = ids.Random(),
            CreatedAt = now,
            UpdatedAt = now,
            OrganizationId = organization,
            Name = fields.Name,
            DisplayName = fields.DisplayName,
            Description = fields.Description,
            Icon = fields.Icon,
            Provisioner = await versions.WantedProvisionerAsync(fields.VersionId, ct),
            ActiveVersionId = fields.VersionId,
            CreatedBy = request.Actor.UserId,
            GroupAcl = fields.DisableEveryoneGroupAccess
                ? AccessControlList.Empty
                : AccessControlList.Of(organization, PermissionAction.Read, PermissionAction.Use),
            AllowUserCancelWorkspaceJobs = fields.AllowUserCancelWorkspaceJobs,
            CorsBehavior = CorsBehaviors.TryParse(fields.CorsBehavior, out var cors) ? cors : CorsBehavior.Simple,
            UseClassicParameterFlow = fields.UseClassicParameterFlow,
        };
        var wanted = plain with
        {
            Scheduling = schedule,
            RequireActiveVersion = fields.RequireActiveVersion,
            MaxPortSharingLevel = AppSharingLevels.TryParse(fields.MaxPortSharingLevel, out var level) ? level : AppSharingLevel.Owner,
        };
        return TemplateLicensing.Restrict(wanted, plain, entitlements.Current);
    }
}
