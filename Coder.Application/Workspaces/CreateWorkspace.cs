using Coder.Application.AuditLogs;
using Coder.Application.Builds;
using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Application.Users;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Templates;
using Coder.Domain.Users;
using Coder.Domain.Workspaces;
using FluentValidation;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>Makes a workspace and starts it, or hands out one that is ready (docs/spec/workspaces.md, section 7.1).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">Where the template must be, see <see cref="OrganizationLookup"/>; null where that does not matter.</param>
/// <param name="Owner">Whose it becomes, see <see cref="UserLookup"/>.</param>
/// <param name="Fields">What is asked for.</param>
public sealed record CreateWorkspace(Actor Actor, string? Organization, string Owner, NewWorkspaceFields Fields)
    : ICommand<WorkspaceView>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.Workspace, AuditAction.Create, 201);
}

/// <summary>What a request for a workspace says; the nil UUID counts as absent.</summary>
public sealed record NewWorkspaceFields
{
    public Guid? TemplateId { get; init; }

    public Guid? VersionId { get; init; }

    public Guid? PresetId { get; init; }

    public string Name { get; init; } = "";

    public string AutostartSchedule { get; init; } = "";

    public long? TtlMilliseconds { get; init; }

    public string AutomaticUpdates { get; init; } = "";

    public IReadOnlyList<ParameterValue> Values { get; init; } = [];
}

internal sealed class CreateWorkspaceValidator : AbstractValidator<CreateWorkspace>
{
    public CreateWorkspaceValidator()
    {
        this.Field(r => r.Fields.Name, "name").Required().Tagged("workspace_name", NameRules.IsName);
        this.Field(r => r.Fields.TemplateId, "template_id")
            .Must((request, template) => template is not null || request.Fields.VersionId is not null)
            .WithErrorCode("required_without");
        this.Field(r => r.Fields.VersionId, "template_version_id")
            .Must((request, version) => version is null || request.Fields.TemplateId is null)
            .WithErrorCode("excluded_with");
        this.Field(r => r.Fields.AutomaticUpdates, "automatic_updates")
            .Tagged("oneof", text => text.Length == 0 || AutomaticUpdatesNames.TryParse(text, out _));
        this.Field(r => r.Fields.Values, "rich_parameter_values").AreParameterValues();
    }
}

internal sealed class CreateWorkspaceHandler(
    OrganizationLookup organizations,
    UserLookup users,
    WorkspaceTemplates templates,
    WorkspaceCreator creator,
    IWorkspaceCreation workspaces,
    IWorkspaceDirectory directory,
    AuditTrail audit)
    : IRequestHandler<CreateWorkspace, Result<WorkspaceView>>
{
    public async Task<Result<WorkspaceView>> Handle(CreateWorkspace request, CancellationToken cancellationToken)
    {
        Guid? organization = null;
        if (request.Organization is { } name)
        {
            if (!(await organizations.FindAsync(request.Actor, name, cancellationToken)).Is(out var found, out var missing))
            {
                return missing;
            }

            organization = found.Id;
        }

        if (!(await users.FindAsync(request.Actor, request.Owner, cancellationToken)).Is(out var owner, out var error))
        {
            return error;
        }

        audit.About(Guid.Empty, request.Fields.Name, organization);
        if (!(await templates.ChooseAsync(request.Actor, organization, request.Fields, cancellationToken)).Is(out var template, out error))
        {
            return error;
        }

        audit.About(Guid.Empty, request.Fields.Name, template.OrganizationId);
        if (await JudgeAsync(request, template, owner, cancellationToken) is { } refused)
        {
            return refused;
        }

        if (!(await creator.CreateAsync(request.Actor, template, owner, request.Fields, cancellationToken)).Is(out var created, out error))
        {
            return error;
        }

        var view = await directory.FindAsync(created.WorkspaceId, cancellationToken)
            ?? throw new InvalidOperationException("A new workspace is gone.");
        audit.About(view.Id, view.Name, view.OrganizationId)
            .Changed(null, WorkspaceAudit.Snapshot(view))
            .WithBuild(view.Name, view.OwnerName, created.Build);
        return view;
    }

    private async Task<Error?> JudgeAsync(CreateWorkspace request, Template template, User owner, CancellationToken cancellationToken)
    {
        // Nobody makes stock by hand, and nobody gets a workspace in an organization that is not theirs.
        var workspace = new ObjectRef(ResourceType.Workspace) { Owner = owner.Id, Organization = template.OrganizationId };
        if (!Authorizer.Can(request.Actor, PermissionAction.Create, workspace)
            || owner.Id == SystemActors.PrebuildsUserId
            || !await workspaces.IsMemberAsync(template.OrganizationId, owner.Id, cancellationToken))
        {
            return CreationRules.NotAllowed;
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Use, template.Ref))
        {
            return CreationRules.TemplateNotUsable(template.Name);
        }

        if (template.Deprecated.Length > 0)
        {
            return CreationRules.Deprecated(template.Name, template.Deprecated);
        }

        var fields = request.Fields;
        if (fields.AutostartSchedule.Length > 0 && !Schedule.TryParse(fields.AutostartSchedule, out _, out var problem))
        {
            return CreationRules.InvalidSchedule(problem);
        }

        if (!WorkspaceTtl.TryRead(fields.TtlMilliseconds, out _, out problem))
        {
            return CreationRules.InvalidTtl(problem);
        }

        return await workspaces.IsNameTakenAsync(owner.Id, fields.Name, cancellationToken) ? CreationRules.NameTaken(fields.Name) : null;
    }
}
