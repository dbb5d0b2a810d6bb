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

/// <summary>Makes a role of an organization; see <see cref="CustomRoleRules"/>.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
/// <param name="Draft">The role wanted.</param>
[RequiresFeature(FeatureName.CustomRoles)]
public sealed record CreateCustomRole(Actor Actor, string Organization, CustomRoleDraft Draft)
    : ICommand<CustomRole>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.CustomRole, AuditAction.Create, 200);
}

internal sealed class CreateCustomRoleValidator : AbstractValidator<CreateCustomRole>
{
    public CreateCustomRoleValidator()
    {
        this.Field(r => r.Draft.Name, "name").IsRoleName();
        this.Field(r => r.Draft.DisplayName, "display_name").IsRoleDisplayName();
    }
}

internal sealed class CreateCustomRoleHandler(
    OrganizationLookup lookup, IOrganizationStore organizations, ICustomRoleStore roles, IIds ids, TimeProvider time, AuditTrail audit)
    : IRequestHandler<CreateCustomRole, Result<CustomRole>>
{
    public async Task<Result<CustomRole>> Handle(CreateCustomRole request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        audit.About(Guid.Empty, request.Draft.StoredName, organization.Id);
        if (!CustomRoleRules.Read(request.Draft, organization.Id, UnknownPermissions.Refuse).Is(out var role, out error))
        {
            return error;
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Create, ObjectRef.In(organization.Id, ResourceType.AssignOrgRole)))
        {
            return Error.Forbidden;
        }

        if (CustomRoleRules.Escalation(request.Actor, role) is { } refused)
        {
            return refused;
        }

        if (!await organizations.HoldAsync(organization.Id, cancellationToken))
        {
            return Error.NotFound;
        }

        var record = new CustomRoleRecord(ids.Random(), role);
        if (!await roles.AddAsync(record, time.GetUtcNow().ToMicroseconds(), cancellationToken))
        {
            return new Error(
                ErrorKind.Conflict,
                $"A role with the name \"{role.Name}\" already exists in this organization.",
                null,
                [new FieldError("name", "This value is already in use and should be unique.")]);
        }

        audit.About(record.Id, role.Name, organization.Id).Changed(null, OrganizationAudit.Snapshot(role));
        return role;
    }
}
