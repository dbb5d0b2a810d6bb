using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Replaces the site roles of a user; <see cref="RoleAssignment"/> decides who may (docs/spec/platform.md, section 8.2).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
/// <param name="Roles">The roles wanted.</param>
public sealed record SetUserRoles(Actor Actor, string User, IReadOnlyList<string> Roles) : ICommand<User>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.User, AuditAction.Write, 200);
}

internal sealed class SetUserRolesHandler(UserTargets targets, IAccountStore accounts, TimeProvider time, AuditTrail audit)
    : IRequestHandler<SetUserRoles, Result<User>>
{
    public async Task<Result<User>> Handle(SetUserRoles request, CancellationToken cancellationToken)
    {
        if (!(await targets.LockAsync(request.Actor, request.User, PermissionAction.Read, cancellationToken)).Is(out var user, out var error)
            || !RoleAssignment.ChangeSiteRoles(request.Actor, user.Id, user.Roles, request.Roles).Is(out var roles, out error))
        {
            return error;
        }

        var changed = user with { Roles = roles, UpdatedAt = time.GetUtcNow().ToMicroseconds() };
        await accounts.SetRolesAsync(changed, cancellationToken);
        audit.Changed(UserAudit.Snapshot(user), UserAudit.Snapshot(changed));
        return changed;
    }
}
