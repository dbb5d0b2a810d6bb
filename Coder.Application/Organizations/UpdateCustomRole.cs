using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Domain.Organizations;
using FluentValidation;
using MediatR;

namespace Coder.Application.Organizations;

/// <summary>Replaces display name and permissions of a role of an organization; permissions that no longer exist are dropped.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
/// <param name="Draft">The role wanted; its name says which.</param>
[RequiresFeature(FeatureName.CustomRoles)]
public sealed record UpdateCustomRole(Actor Actor, string Organization, CustomRoleDraft Draft)
    : ICommand<CustomRole>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.CustomRole, AuditAction.Write, 200);
}

internal sealed class UpdateCustomRoleValidator : AbstractValidator<UpdateCustomRole>
{
    public UpdateCustomRoleValidator()
    {
        this.Field(r => r.Draft.Name, "name").IsRoleName();
        this.Field(r => r.Draft.DisplayName, "display_name").IsRoleDisplayName();
    }
}

internal sealed class UpdateCustomRoleHandler(OrganizationLookup lookup, ICustomRoleStore roles, TimeProvider time, AuditTrail audit)
    : IRequestHandler<UpdateCustomRole, Result<CustomRole>>
{
    public async Task<Result<CustomRole>> Handle(UpdateCustomRole request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        audit.About(Guid.Empty, request.Draft.StoredName, organization.Id);
        if (!CustomRoleRules.Read(request.Draft, organization.Id, UnknownPermissions.Drop).Is(out var role, out error))
        {
            return error;
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Update, ObjectRef.In(organization.Id, ResourceType.AssignOrgRole)))
        {
            return Error.Forbidden;
        }

        if (await roles.LockAsync(organization.Id, role.Name, cancellationToken) is not { } before)
        {
            return Error.NotFound;
        }

        audit.About(before.Id, role.Name, organization.Id);
        if (CustomRoleRules.Escalation(request.Actor, role) is { } refused)
        {
            return refused;
        }

        await roles.UpdateAsync(before with { Role = role }, time.GetUtcNow().ToMicroseconds(), cancellationToken);
        audit.Changed(OrganizationAudit.Snapshot(before.Role), OrganizationAudit.Snapshot(role));
        return role;
    }
}
