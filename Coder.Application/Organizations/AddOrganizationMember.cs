using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Application.Users;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Organizations;
using MediatR;

namespace Coder.Application.Organizations;

/// <summary>Makes a user a member of an organization, without any further role.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
public sealed record AddOrganizationMember(Actor Actor, string Organization, string User)
    : ICommand<OrganizationMember>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.OrganizationMember, AuditAction.Create, 200);
}

internal sealed class AddOrganizationMemberHandler(
    OrganizationLookup lookup,
    UserLookup users,
    IOrganizationStore organizations,
    IOrganizationMemberStore members,
    TimeProvider time,
    AuditTrail audit)
    : IRequestHandler<AddOrganizationMember, Result<OrganizationMember>>
{
    private static readonly Error Already = new(ErrorKind.Invalid, "User is already an organization member");

    public async Task<Result<OrganizationMember>> Handle(AddOrganizationMember request, CancellationToken cancellationToken)
    {
        var actor = request.Actor;
        if (!(await lookup.FindAsync(actor, request.Organization, cancellationToken)).Is(out var organization, out var error)
            || !(await users.FindAsync(actor, request.User, cancellationToken)).Is(out var user, out error))
        {
            return error;
        }

        audit.About(user.Id, user.Username, organization.Id);
        if (!Authorizer.Can(actor, PermissionAction.Create, ObjectRef.OrganizationMember(organization.Id, user.Id))
            || !Authorizer.Can(actor, PermissionAction.Assign, ObjectRef.In(organization.Id, ResourceType.AssignOrgRole))
            || !RoleAssignment.CanAssignInOrganization(actor, organization.Id, RoleNames.OrganizationMember))
        {
            return Error.Forbidden;
        }

        if (!await organizations.HoldAsync(organization.Id, cancellationToken))
        {
            return Error.NotFound;
        }

        var now = time.GetUtcNow().ToMicroseconds();
        var member = new OrganizationMember
        {
            OrganizationId = organization.Id,
            UserId = user.Id,
            CreatedAt = now,
            UpdatedAt = now,
            Roles = [],
        };
        if (!await members.AddAsync(member, cancellationToken))
        {
            return Already;
        }

        audit.Changed(null, OrganizationAudit.Snapshot(member, user.Username));
        return member;
    }
}
