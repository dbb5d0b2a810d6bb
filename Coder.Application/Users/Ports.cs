using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;

namespace Coder.Application.Users;

/// <summary>Accounts.</summary>
public interface IUserStore
{
    /// <summary>Whether there is any user but those of the system.</summary>
    Task<bool> AnyAsync(CancellationToken ct);

    /// <summary>Makes everybody else who wants to create the first user wait until this transaction ends.</summary>
    Task LockFirstUserAsync(CancellationToken ct);

    /// <summary>Finds a user that is not deleted.</summary>
    Task<User?> FindAsync(Guid id, CancellationToken ct);

    /// <summary>Finds a user that is not deleted, without regard to case.</summary>
    Task<User?> FindByNameAsync(string username, CancellationToken ct);

    /// <summary>Finds what signing in needs, without regard to case.</summary>
    Task<LoginCandidate?> FindForLoginAsync(string email, CancellationToken ct);

    /// <summary>Reads the same again, and nobody else changes the user until this transaction ends.</summary>
    Task<LockedLogin?> LockForLoginAsync(Guid id, CancellationToken ct);

    /// <summary>Adds a user and makes it a member of the organization.</summary>
    /// <returns><see langword="false"/> when the name or the address is taken.</returns>
    Task<bool> AddAsync(NewUser user, CancellationToken ct);

    /// <summary>Replaces the password's hash.</summary>
    Task SetPasswordHashAsync(Guid id, string hash, CancellationToken ct);

    /// <summary>Finds a user that is not deleted, and lets nobody else change it until this transaction ends.</summary>
    Task<User?> LockAsync(Guid id, CancellationToken ct);

    /// <summary>Whether a user that is not deleted has the address or the name, without regard to case.</summary>
    Task<bool> IsTakenAsync(string email, string username, CancellationToken ct);

    /// <summary>A page of the users that the filter asks for, in the order of their names without regard to case; none of the system.</summary>
    Task<IReadOnlyList<User>> ListAsync(UserFilter filter, ReadScope scope, Page page, CancellationToken ct);

    /// <summary>How many <see cref="ListAsync"/> finds on all pages together.</summary>
    Task<long> CountAsync(UserFilter filter, ReadScope scope, CancellationToken ct);

    /// <summary>Makes a dormant user active; others stay as they are.</summary>
    Task ActivateDormantAsync(Guid id, DateTimeOffset now, CancellationToken ct);
}

/// <summary>A user to be added.</summary>
/// <param name="Id">New.</param>
/// <param name="Email">See <see cref="NameRules.IsEmail"/>.</param>
/// <param name="Username">See <see cref="NameRules.IsName"/>.</param>
/// <param name="Name">The real name, trimmed; may be empty.</param>
/// <param name="PasswordHash">Empty for users without a password.</param>
/// <param name="Status">The first status.</param>
/// <param name="LoginType">How the user signs in.</param>
/// <param name="Roles">Site roles, without the implied one.</param>
/// <param name="OrganizationId">The organization to join.</param>
/// <param name="CreatedAt">UTC.</param>
public sealed record NewUser(
    Guid Id,
    string Email,
    string Username,
    string Name,
    string PasswordHash,
    UserStatus Status,
    LoginType LoginType,
    IReadOnlyList<string> Roles,
    Guid OrganizationId,
    DateTimeOffset CreatedAt)
{
    /// <summary>More organizations to join.</summary>
    public IReadOnlyList<Guid> FurtherOrganizations { get; init; } = [];

    /// <summary>See <see cref="User.IsServiceAccount"/>.</summary>
    public bool IsServiceAccount { get; init; }
}

/// <summary>A user who may be the one who signs in.</summary>
/// <param name="Id">The user.</param>
/// <param name="PasswordHash">Empty for users without a password.</param>
/// <param name="LoginType">How the user signs in.</param>
/// <param name="Status">Whether the user may.</param>
public sealed record LoginCandidate(Guid Id, string PasswordHash, LoginType LoginType, UserStatus Status);

/// <summary>A user who signs in, and whom nobody else changes meanwhile.</summary>
/// <param name="Candidate">As it is now.</param>
/// <param name="Username">The user's name.</param>
public sealed record LockedLogin(LoginCandidate Candidate, string Username);

/// <summary>Sessions and tokens. Secrets are stored as hashes.</summary>
public interface IApiKeyStore
{
    /// <summary>Adds a key.</summary>
    /// <returns><see langword="false"/> when the user has a token of that name already.</returns>
    Task<bool> AddAsync(NewApiKey key, CancellationToken ct);

    /// <summary>Ends a session: deletes the key, and all keys of the user that only open applications.</summary>
    Task EndSessionAsync(string keyId, Guid userId, CancellationToken ct);

    /// <summary>Reads a key, its user, and everything that decisions about that user need, in one statement.</summary>
    Task<SessionRecord?> FindSessionAsync(string keyId, CancellationToken ct);
}

/// <summary>A key to be added.</summary>
/// <param name="Id">See <see cref="ApiKeyToken"/>.</param>
/// <param name="HashedSecret">SHA-256 of the secret.</param>
/// <param name="UserId">Whose key it is.</param>
/// <param name="LoginType">What it was made for.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="Lifetime">How long it lives; sliding, see <see cref="SessionAuthenticator"/>.</param>
/// <param name="IpAddress">Where it was asked for.</param>
public sealed record NewApiKey(
    string Id, byte[] HashedSecret, Guid UserId, LoginType LoginType, DateTimeOffset CreatedAt, TimeSpan Lifetime, string IpAddress)
{
    /// <summary>What the key may be used for.</summary>
    public KeyScope Scope { get; init; } = KeyScope.All;

    /// <summary>Unique among the tokens of the user; empty for sessions.</summary>
    public string TokenName { get; init; } = "";
}

/// <summary>A stored key with its user.</summary>
public sealed record SessionRecord
{
    /// <summary>See <see cref="ApiKeyToken.Id"/>.</summary>
    public required string KeyId { get; init; }

    /// <summary>SHA-256 of the secret.</summary>
    public required byte[] HashedSecret { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>UTC, to the hour; year 1 when never.</summary>
    public required DateTimeOffset LastUsed { get; init; }

    /// <summary>How far a use moves the expiry.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>What the key may be used for.</summary>
    public required KeyScope Scope { get; init; }

    /// <summary>Whose key it is.</summary>
    public required User User { get; init; }

    /// <summary>The user's memberships.</summary>
    public required IReadOnlyList<OrganizationRoles> Organizations { get; init; }

    /// <summary>The user's groups, without the implied ones.</summary>
    public required IReadOnlyList<Guid> Groups { get; init; }

    /// <summary>The custom roles that the memberships name.</summary>
    public required IReadOnlyList<CustomRole> CustomRoles { get; init; }
}

/// <summary>Makes credentials.</summary>
public interface IApiKeyGenerator
{
    /// <summary>A new credential from a cryptographic generator.</summary>
    ApiKeyToken New();
}

/// <summary>Hashes passwords. Derivations are slow by design, so only a few run at once.</summary>
public interface IPasswordHasher
{
    /// <summary>Hashes a password with a new salt.</summary>
    /// <returns>The hash as text, or <see cref="ErrorKind.Unavailable"/> when too many wait already.</returns>
    Task<Result<string>> HashAsync(string password, CancellationToken ct);

    /// <summary>Compares in constant time. Without a hash the same work is done for nothing, so that time tells nothing.</summary>
    /// <returns>The verdict, or <see cref="ErrorKind.Unavailable"/> when too many wait already.</returns>
    Task<Result<PasswordVerdict>> VerifyAsync(string password, string? hash, CancellationToken ct);
}

/// <summary>What comparing a password with a hash says.</summary>
public enum PasswordVerdict
{
    /// <summary>Not the password.</summary>
    Wrong,

    /// <summary>The password.</summary>
    Right,

    /// <summary>The password, and the hash was made with fewer rounds than are in force now.</summary>
    RightAndOutdated,
}

/// <summary>How sessions live.</summary>
/// <param name="Duration">How long a session lives without being used (<c>CODER_SESSION_DURATION</c>).</param>
/// <param name="DisableExpiryRefresh">Whether use leaves the expiry where it is (<c>CODER_DISABLE_SESSION_EXPIRY_REFRESH</c>).</param>
/// <param name="DisablePasswordAuth">Whether nobody signs in with a password (<c>CODER_DISABLE_PASSWORD_AUTH</c>).</param>
public sealed record SessionOptions(TimeSpan Duration, bool DisableExpiryRefresh, bool DisablePasswordAuth)
{
    /// <summary>Whether failed passwords have no consequences (<c>CODER_DANGEROUS_DISABLE_RATE_LIMITS</c>).</summary>
    public bool DisableLoginThrottle { get; init; }
}
