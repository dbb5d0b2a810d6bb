using System.Security.Cryptography;
using System.Text;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;

namespace Coder.Application.Users;

/// <summary>A good credential: who acts, and with which key.</summary>
/// <param name="Actor">Who acts.</param>
/// <param name="User">The account of the actor as it was when the credential was judged.</param>
/// <param name="KeyId">The key that the request came with.</param>
public sealed record Session(Actor Actor, User User, string KeyId);

/// <summary>Why a credential is not accepted, in the distinctions of RFC 6750 section 3.</summary>
public enum CredentialProblem
{
    /// <summary>It is accepted.</summary>
    None,

    /// <summary>Malformed, unknown or of a user who may not act.</summary>
    Invalid,

    /// <summary>It was good once.</summary>
    Expired,
}

/// <summary>What became of a credential: a session, or an error with its problem.</summary>
public sealed record AuthenticationOutcome(Session? Session, Error? Error, CredentialProblem Problem);

/// <summary>
/// Turns a credential into an actor with one SQL statement, and never writes: what a use changes is handed to
/// <see cref="ISessionActivity"/> (docs/spec/platform.md, sections 5.2 and 5.3).
/// </summary>
public sealed class SessionAuthenticator(
    IApiKeyStore keys, ISessionActivity activity, SessionOptions options, AuthorizationOptions authorization, TimeProvider time)
{
    private static readonly TimeSpan Throttle = TimeSpan.FromHours(1);

    /// <summary>Judges a credential as a client sent it.</summary>
    public async Task<AuthenticationOutcome> AuthenticateAsync(string credential, string ipAddress, CancellationToken ct)
    {
        if (!ApiKeyToken.Parse(credential).Is(out var token, out var malformed))
        {
            return new AuthenticationOutcome(null, malformed, CredentialProblem.Invalid);
        }

        var found = await keys.FindSessionAsync(token.Id, ct);
        if (found is null || !IsSecret(token.Secret, found.HashedSecret))
        {
            return Refuse("API key is invalid.", CredentialProblem.Invalid);
        }

        var now = time.GetUtcNow();
        if (found.ExpiresAt <= now)
        {
            return Refuse($"API key expired at {found.ExpiresAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}", CredentialProblem.Expired);
        }

        if (found.User.Status == UserStatus.Suspended)
        {
            var suspended = new Error(
                ErrorKind.Unauthenticated, "User is not active (status = \"suspended\"). Contact an admin to reactivate your account.");
            return new AuthenticationOutcome(null, suspended, CredentialProblem.Invalid);
        }

        Record(found, ipAddress, now);
        var user = found.User;
        var actor = Actor.Create(
            user.Id, user.Username, user.Roles, found.Organizations, found.Groups, found.Scope, found.CustomRoles, authorization);
        return new AuthenticationOutcome(new Session(actor, user, found.KeyId), null, CredentialProblem.None);
    }

    private void Record(SessionRecord session, string ipAddress, DateTimeOffset now)
    {
        var isUsed = now - session.LastUsed > Throttle;
        var isProlonged = !options.DisableExpiryRefresh && session.ExpiresAt - now <= session.Lifetime - Throttle;
        if (isUsed || isProlonged || session.User.Status == UserStatus.Dormant)
        {
            activity.Record(new SessionUse(
                session.KeyId, session.User.Id, ipAddress, now, isProlonged ? now + session.Lifetime : null));
        }
    }

    private static bool IsSecret(string secret, byte[] hashedSecret)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> text = stackalloc byte[ApiKeyToken.SecretLength];
        SHA256.HashData(text[..Encoding.ASCII.GetBytes(secret, text)], hash);
        return CryptographicOperations.FixedTimeEquals(hash, hashedSecret);
    }

    private static AuthenticationOutcome Refuse(string detail, CredentialProblem problem) =>
        new(null, new Error(ErrorKind.Unauthenticated, ApiKeyToken.SignedOut, detail), problem);
}
