using Coder.Application.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;

namespace Coder.Application.Users;

/// <summary>
/// Finds the keys of a <c>{user}</c> of a path. Only the user and the owner role manage them, and a key of somebody else is as unknown as
/// one that does not exist (docs/spec/platform.md, section 8.3).
/// </summary>
internal sealed class KeyLookup(UserLookup users, IKeyDirectory keys, AuditTrail audit)
{
    /// <summary>Finds the user and judges what the caller may do to the user's keys.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="name">See <see cref="UserLookup"/>.</param>
    /// <param name="action">What is done to a key.</param>
    /// <param name="refusal">The answer to callers who may not.</param>
    /// <param name="ct">Cancels the look-up.</param>
    public async Task<Result<User>> FindUserAsync(Actor actor, string name, PermissionAction action, Error refusal, CancellationToken ct)
    {
        if (!(await users.FindAsync(actor, name, ct)).Is(out var user, out var error))
        {
            return error;
        }

        audit.About(user.Id, "");
        return user.Id != SystemActors.PrebuildsUserId && Authorizer.Can(actor, action, ObjectRef.ApiKey(user.Id)) ? user : refusal;
    }

    /// <summary>Finds a key by its id.</summary>
    public Task<Result<StoredApiKey>> FindAsync(Actor actor, string user, string keyId, CancellationToken ct) =>
        FindAsync(actor, user, id => keys.FindAsync(id, keyId, ct), ct);

    /// <summary>Finds a token by its name.</summary>
    public Task<Result<StoredApiKey>> FindTokenAsync(Actor actor, string user, string tokenName, CancellationToken ct) =>
        FindAsync(actor, user, id => keys.FindTokenAsync(id, tokenName, ct), ct);

    private async Task<Result<StoredApiKey>> FindAsync(Actor actor, string name, Func<Guid, Task<StoredApiKey?>> find, CancellationToken ct)
    {
        if (!(await FindUserAsync(actor, name, PermissionAction.Read, Error.NotFound, ct)).Is(out var user, out var error))
        {
            return error;
        }

        return await find(user.Id) is { } key ? key : Error.NotFound;
    }
}
