using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Suspends a user, which ends all sessions at once, or makes one active (docs/spec/platform.md, section 8.2).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
/// <param name="Status">The new status.</param>
public sealed record SetUserStatus(Actor Actor, string User, UserStatus Status) : ICommand<User>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.User, AuditAction.Write, 200);
}

internal sealed class SetUserStatusHandler(UserTargets targets, IAccountStore accounts, TimeProvider time, AuditTrail audit)
    : IRequestHandler<SetUserStatus, Result<User>>
{
    private static readonly Error Oneself = new(ErrorKind.Invalid, "You cannot suspend yourself.");

    private static readonly Error Owner = new(
        ErrorKind.Invalid, "You cannot suspend a user with the \"owner\" role. You must remove the role first.");

    public async Task<Result<User>> Handle(SetUserStatus request, CancellationToken cancellationToken)
    {
        if (!(await targets.LockAsync(request.Actor, request.User, PermissionAction.Update, cancellationToken)).Is(out var user, out var error))
        {
            return error;
        }

        if (request.Status == UserStatus.Suspended)
        {
            if (user.Id == request.Actor.UserId)
            {
                return Oneself;
            }

            if (user.Roles.Contains(RoleNames.Owner, StringComparer.Ordinal))
            {
                return Owner;
            }
        }

        if (user.Status == request.Status)
        {
            audit.Skip();
            return user;
        }

        var changed = user with { Status = request.Status, UpdatedAt = time.GetUtcNow().ToMicroseconds() };
        await accounts.SetStatusAsync(changed, cancellationToken);
        audit.Changed(UserAudit.Snapshot(user), UserAudit.Snapshot(changed));
        return changed;
    }
}
