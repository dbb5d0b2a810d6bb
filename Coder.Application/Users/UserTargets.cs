using Coder.Application.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;

namespace Coder.Application.Users;

/// <summary>Finds the user that a command is about to change, tells the audit log, and judges the permission.</summary>
public sealed class UserTargets(UserLookup lookup, IUserStore users, AuditTrail audit)
{
    /// <summary>Finds a user. Those of the system are changed by nobody.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="name">See <see cref="UserLookup"/>.</param>
    /// <param name="action">What is done to the user.</param>
    /// <param name="refusal">The answer to callers who may read the user and may not do this.</param>
    /// <param name="ct">Cancels the look-up.</param>
    public async Task<Result<User>> FindAsync(Actor actor, string name, PermissionAction action, Error refusal, CancellationToken ct)
    {
        if (!(await lookup.FindAsync(actor, name, ct)).Is(out var user, out var error))
        {
            return error;
        }

        audit.About(user.Id, user.Username);
        return user.Id != SystemActors.PrebuildsUserId && Authorizer.Can(actor, action, ObjectRef.User(user.Id)) ? user : refusal;
    }

    /// <summary>The same, and nobody else changes the user until this transaction ends.</summary>
    public async Task<Result<User>> LockAsync(Actor actor, string name, PermissionAction action, CancellationToken ct)
    {
        if (!(await FindAsync(actor, name, action, Error.Forbidden, ct)).Is(out var user, out var error))
        {
            return error;
        }

        return await LockAsync(user, ct);
    }

    /// <summary>Reads a user again, and nobody else changes it until this transaction ends.</summary>
    /// <returns>The user, or 404 when it was deleted in the meantime.</returns>
    public async Task<Result<User>> LockAsync(User user, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(user);
        return await users.LockAsync(user.Id, ct) is { } locked ? locked : Error.NotFound;
    }
}
