using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Deletes a user: the name and the address become free, and every session and token ends (docs/spec/platform.md, section 8.2).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
public sealed record DeleteUser(Actor Actor, string User) : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.User, AuditAction.Delete, 200);
}

internal sealed class DeleteUserHandler(
    UserTargets targets, IAccountStore accounts, IEnumerable<IUserDeletionGuard> guards, TimeProvider time, AuditTrail audit)
    : IRequestHandler<DeleteUser, Result<Done>>
{
    private static readonly Error Oneself = new(ErrorKind.Forbidden, "You cannot delete yourself!");

    public async Task<Result<Done>> Handle(DeleteUser request, CancellationToken cancellationToken)
    {
        if (!(await targets.LockAsync(request.Actor, request.User, PermissionAction.Delete, cancellationToken)).Is(out var user, out var error))
        {
            return error;
        }

        if (user.Id == request.Actor.UserId)
        {
            return Oneself;
        }

        foreach (var guard in guards)
        {
            if (await guard.JudgeAsync(user.Id, cancellationToken) is { } refusal)
            {
                return refusal;
            }
        }

        await accounts.DeleteAsync(user.Id, time.GetUtcNow().ToMicroseconds(), cancellationToken);
        audit.Changed(UserAudit.Snapshot(user), null);
        return Done.Value;
    }
}
