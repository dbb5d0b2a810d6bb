using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Organizations;
using Coder.Domain.Users;

namespace Coder.Application.Users;

/// <summary>Changes accounts that exist. None of it touches users that are deleted.</summary>
public interface IAccountStore
{
    /// <summary>
    /// Stores the username, the real name, the address and the time of change. A passcode that went to another address ends.
    /// </summary>
    /// <returns>What another user has already, in which case the transaction can only be rolled back.</returns>
    Task<ProfileConflict> UpdateProfileAsync(User user, CancellationToken ct);

    /// <summary>Stores the site roles and the time of change.</summary>
    Task SetRolesAsync(User user, CancellationToken ct);

    /// <summary>Stores the status and the time of change. A user who becomes suspended loses all sessions; tokens wait.</summary>
    Task SetStatusAsync(User user, CancellationToken ct);

    /// <summary>Replaces the password's hash and ends every session and token of the user, and a passcode that waits to be used.</summary>
    /// <returns><see langword="false"/> when the user is deleted.</returns>
    Task<bool> ChangePasswordAsync(Guid id, string hash, DateTimeOffset now, CancellationToken ct);

    /// <summary>Deletes a user: name and address are free, and every session and token ends. History keeps the row.</summary>
    Task DeleteAsync(Guid id, DateTimeOffset now, CancellationToken ct);

    /// <summary>The memberships of a user with the roles that are stored for them, in organizations that are not deleted.</summary>
    Task<IReadOnlyList<OrganizationRoles>> OrganizationRolesAsync(Guid id, CancellationToken ct);

    /// <summary>The organizations of a user that are in the scope, ordered by name without regard to case.</summary>
    Task<IReadOnlyList<Organization>> OrganizationsAsync(Guid id, ReadScope scope, CancellationToken ct);

    /// <summary>How the user wants the user interface to look.</summary>
    Task<UserAppearance> FindAppearanceAsync(Guid id, CancellationToken ct);

    /// <summary>Stores how the user wants the user interface to look.</summary>
    Task SetAppearanceAsync(Guid id, UserAppearance appearance, CancellationToken ct);

    /// <summary>By how much the numbers of users changed within each day.</summary>
    /// <param name="ends">The first moments after the days, oldest first.</param>
    /// <param name="ct">Cancels the query.</param>
    Task<IReadOnlyList<StatusChange>> StatusChangesAsync(IReadOnlyList<DateTimeOffset> ends, CancellationToken ct);
}

/// <summary>Why a profile can not be stored.</summary>
public enum ProfileConflict
{
    /// <summary>It was stored.</summary>
    None,

    /// <summary>Another user has the name.</summary>
    Username,

    /// <summary>Another user has the address.</summary>
    Email,
}

/// <summary>
/// Keeps a user from being deleted. Every feature whose things must not be left without their owner registers one; all are asked, in the
/// transaction that is about to delete, and the first refusal counts.
/// </summary>
public interface IUserDeletionGuard
{
    /// <returns>The refusal, or <see langword="null"/>.</returns>
    Task<Error?> JudgeAsync(Guid userId, CancellationToken ct);
}

/// <summary>Sessions and tokens as their users see them.</summary>
public interface IKeyDirectory
{
    /// <summary>The tokens of one user, or of everybody, that are in the scope; newest first. Expired ones too.</summary>
    Task<IReadOnlyList<StoredApiKey>> ListTokensAsync(Guid? userId, ReadScope scope, CancellationToken ct);

    /// <summary>The sessions of a user that live and are in the scope; last used first.</summary>
    Task<IReadOnlyList<StoredApiKey>> ListSessionsAsync(Guid userId, ReadScope scope, DateTimeOffset now, CancellationToken ct);

    /// <summary>Finds a key of a user.</summary>
    Task<StoredApiKey?> FindAsync(Guid userId, string keyId, CancellationToken ct);

    /// <summary>Finds a token of a user by its name.</summary>
    Task<StoredApiKey?> FindTokenAsync(Guid userId, string name, CancellationToken ct);

    /// <summary>Deletes a key.</summary>
    /// <returns><see langword="false"/> when it is gone already.</returns>
    Task<bool> DeleteAsync(string keyId, CancellationToken ct);

    /// <summary>Ends the sessions of a user.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="except">The one to keep, or <see langword="null"/>.</param>
    /// <param name="ct">Cancels the statement.</param>
    /// <returns>How many ended.</returns>
    Task<int> EndSessionsAsync(Guid userId, string? except, CancellationToken ct);
}

/// <summary>Names for tokens that nobody has named.</summary>
public interface ITokenNames
{
    /// <summary>An adjective, a surname and a digit.</summary>
    string Next();
}
