using System.Security.Cryptography;
using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Common;
using Coder.Domain.Users;
using FluentValidation;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Signs a user in with a password (docs/spec/platform.md, section 8.1).</summary>
/// <remarks>Not one transaction: a connection must not wait while a password is hashed.</remarks>
/// <param name="Email">Compared without regard to case.</param>
/// <param name="Password">As typed.</param>
/// <param name="IpAddress">Where the caller is.</param>
/// <param name="KnownSession">
/// The session that the caller's browser already has, or <see langword="null"/>. One of the same account lets its owner in while others
/// make the account wait (docs/spec/platform.md, section 5.6).
/// </param>
public sealed record LogIn(string Email, string Password, string IpAddress, string? KnownSession = null) : ICommand<ApiKeyToken>, IAudited
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.ApiKey, AuditAction.Login, 201);

    /// <summary>Does not print the password.</summary>
    public override string ToString() => nameof(LogIn);
}

internal sealed class LogInValidator : AbstractValidator<LogIn>
{
    public LogInValidator()
    {
        this.Field(r => r.Email, "email").Required().Tagged("email", NameRules.IsEmail);
        this.Field(r => r.Password, "password").Required().IsSecret();
    }
}

internal sealed class LogInHandler(
    IUserStore users,
    IApiKeyStore keys,
    IApiKeyGenerator generator,
    IPasswordHasher passwords,
    ILoginAttempts attempts,
    SessionAuthenticator sessions,
    IUnitOfWork unitOfWork,
    SessionOptions options,
    TimeProvider time,
    AuditTrail audit)
    : IRequestHandler<LogIn, Result<ApiKeyToken>>
{
    private static readonly Error Incorrect = new(ErrorKind.Unauthenticated, "Incorrect email or password.");
    private static readonly Error TooMany = new(
        ErrorKind.TooManyRequests, "Too many failed attempts to sign in. Wait a moment before you try again.");

    private static readonly AuditedAction Awake = new(AuditResourceType.User, AuditAction.Write, 200);

    internal static readonly Error Disabled = new(ErrorKind.Forbidden, "Password authentication is disabled.");

    private static readonly Error Suspended = new(
        ErrorKind.Unauthenticated, "Your account is suspended. Contact an admin to reactivate your account.");

    public async Task<Result<ApiKeyToken>> Handle(LogIn request, CancellationToken cancellationToken)
    {
        var user = await users.FindForLoginAsync(request.Email, cancellationToken);
        if (attempts.Begin(request.Email, time.GetUtcNow()) is { } wait)
        {
            return await IsKnownAsync(request, user, cancellationToken)
                ? await AttemptAsync(request, user, _ => { }, cancellationToken)
                : TooMany with { RetryAfter = wait };
        }

        bool? isRight = null;
        try
        {
            return await AttemptAsync(request, user, verdict => isRight = verdict, cancellationToken);
        }
        finally
        {
            attempts.End(request.Email, isRight, time.GetUtcNow());
        }
    }

    private async Task<Result<ApiKeyToken>> AttemptAsync(
        LogIn request, LoginCandidate? user, Action<bool> judged, CancellationToken cancellationToken)
    {
        // Recorded for unknown users too: a write that only happens for known ones would tell them apart.
        audit.About(user?.Id ?? Guid.Empty, "").By(user?.Id ?? Guid.Empty);
        var hash = user is null || user.PasswordHash.Length == 0 ? null : user.PasswordHash;
        if (!(await passwords.VerifyAsync(request.Password, hash, cancellationToken)).Is(out var verdict, out var error))
        {
            return error;
        }

        judged(user is not null && verdict != PasswordVerdict.Wrong);
        if (user is null || verdict == PasswordVerdict.Wrong)
        {
            return Incorrect;
        }

        if (Refusal(user) is { } refusal)
        {
            return refusal;
        }

        string? newHash = null;
        if (verdict == PasswordVerdict.RightAndOutdated
            && !(await passwords.HashAsync(request.Password, cancellationToken)).Is(out newHash, out error))
        {
            return error;
        }

        return await unitOfWork.RunAsync(
            System.Data.IsolationLevel.ReadCommitted, ct => StartSessionAsync(request, user, newHash, ct), cancellationToken);
    }

    // The session is looked up whether or not there is such an account, so that time tells nothing.
    private async Task<bool> IsKnownAsync(LogIn request, LoginCandidate? user, CancellationToken ct) =>
        request.KnownSession is { Length: > 0 } known
        && (await sessions.AuthenticateAsync(known, request.IpAddress, ct)).Session is { } session
        && session.Actor.UserId == user?.Id;

    // Comparing a password takes its time, and the account may be another one afterwards: one password must not let in, or come back,
    // after it was changed.
    private async Task<Result<ApiKeyToken>> StartSessionAsync(LogIn request, LoginCandidate verified, string? newHash, CancellationToken ct)
    {
        if (await users.LockForLoginAsync(verified.Id, ct) is not { } locked || locked.Candidate.PasswordHash != verified.PasswordHash)
        {
            return Incorrect;
        }

        var user = locked.Candidate;
        if (Refusal(user) is { } refusal)
        {
            return refusal;
        }

        var now = time.GetUtcNow().ToMicroseconds();
        if (user.Status == UserStatus.Dormant)
        {
            await users.ActivateDormantAsync(user.Id, now, ct);
            await audit.About(user.Id, locked.Username)
                .Changed(UserAudit.Status(UserStatus.Dormant), UserAudit.Status(UserStatus.Active))
                .WriteAsync(Awake, user.Id, ct);
            audit.About(user.Id, "");
        }

        if (newHash is not null)
        {
            await users.SetPasswordHashAsync(user.Id, newHash, ct);
        }

        var token = generator.New();
        var secret = SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(token.Secret));
        var key = new NewApiKey(token.Id, secret, user.Id, LoginType.Password, now, options.Duration, request.IpAddress);
        await keys.AddAsync(key, ct);
        await audit.Changed(null, ApiKeyAudit.Snapshot(key)).WriteAsync(request.Audited, user.Id, ct);
        return token;
    }

    private Error? Refusal(LoginCandidate user)
    {
        if (options.DisablePasswordAuth)
        {
            return Disabled;
        }

        if (user.LoginType != LoginType.Password)
        {
            return new Error(
                ErrorKind.Forbidden,
                $"Incorrect login type, attempting to use \"password\" but user is of login type \"{user.LoginType.WireName()}\"");
        }

        return user.Status == UserStatus.Suspended ? Suspended : null;
    }
}
