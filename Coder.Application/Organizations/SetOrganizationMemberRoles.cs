using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Application.Users;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Organizations;
using MediatR;

namespace Coder.Application.Organizations;

/// <summary>Replaces the roles of a member; see <see cref="RoleAssignment.ChangeOrganizationRoles"/>.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
/// <param name="Roles">The names of the roles wanted.</param>
public sealed record SetOrganizationMemberRoles(Actor Actor, string Organization, string User, IReadOnlyList<string> Roles)
    : ICommand<MemberWithRoles>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.OrganizationMember, AuditAction.Write, 200);
}

/// <summary>A membership and what its roles are called.</summary>
public sealed record MemberWithRoles(OrganizationMember Member, RoleTitles Titles);

internal sealed class SetOrganizationMemberRolesHandler(
    OrganizationLookup lookup, UserLookup users, IOrganizationMemberStore members, ICustomRoleStore roles, TimeProvider time, AuditTrail audit)
    : IRequestHandler<SetOrganizationMemberRoles, Result<MemberWithRoles>>
{
    public async Task<Result<MemberWithRoles>> Handle(SetOrganizationMemberRoles request, CancellationToken cancellationToken)
    {
        var actor = request.Actor;
        if (!(await lookup.FindAsync(actor, request.Organization, cancellationToken)).Is(out var organization, out var error)
            || !(await users.FindAsync(actor, request.User, cancellationToken)).Is(out var user, out error))
        {
            return error;
        }

        if (!Authorizer.Can(actor, PermissionAction.Read, ObjectRef.OrganizationMember(organization.Id, user.Id)))
        {
            return Error.NotFound;
        }

        // The roles before the member, which is also the order of a role's deletion: they wait for each other and never deadlock.
        var custom = await roles.HoldAsync(organization.Id, cancellationToken);
        if (await members.LockAsync(organization.Id, user.Id, cancellationToken) is not { } before)
        {
            return Error.NotFound;
        }

        audit.About(user.Id, user.Username, organization.Id);
        if (!RoleAssignment.ChangeOrganizationRoles(actor, user.Id, organization.Id, before.Roles, request.Roles, custom)
            .Is(out var wanted, out error))
        {
            return error;
        }

        var after = before with { Roles = wanted, UpdatedAt = time.GetUtcNow().ToMicroseconds() };
        await members.SetRolesAsync(after, cancellationToken);
        audit.Changed(OrganizationAudit.Snapshot(before, user.Username), OrganizationAudit.Snapshot(after, user.Username));
        return new MemberWithRoles(after, RoleTitles.From(custom));
    }
}
