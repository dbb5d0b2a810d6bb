using System.Data;
using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Common;
using Coder.Domain.Users;
using FluentValidation;
using MediatR;

namespace Coder.Application.Users;

/// <summary>
/// Sets a new password with a passcode instead of the old one, and ends every session and token of the user (docs/spec/platform.md,
/// section 8.1). The passcode is used up by that; an attempt that is refused leaves it.
/// </summary>
/// <remarks>
/// Not one transaction: a connection must not wait while a password is hashed. Wrong passcodes do not make the account wait: 130 bits can
/// not be guessed, and others could keep its owner out that way.
/// </remarks>
/// <param name="Email">Compared without regard to case.</param>
/// <param name="Passcode">What was sent to that address.</param>
/// <param name="Password">The new one.</param>
public sealed record ChangePasswordWithPasscode(string Email, string Passcode, string Password) : ICommand<Done>, IAudited
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.User, AuditAction.Write, 204);

    /// <summary>Does not print the secrets.</summary>
    public override string ToString() => nameof(ChangePasswordWithPasscode);
}

internal sealed class ChangePasswordWithPasscodeValidator : AbstractValidator<ChangePasswordWithPasscode>
{
    public ChangePasswordWithPasscodeValidator()
    {
        this.Field(r => r.Email, "email").Required().Tagged("email", NameRules.IsEmail);
        this.Field(r => r.Passcode, "one_time_passcode").Required().IsSecret();
        this.Field(r => r.Password, "password").Required().IsSecret();
    }
}

internal sealed class ChangePasswordWithPasscodeHandler(
    IPasscodeStore passcodes,
    IAccountStore accounts,
    IPasswordHasher passwords,
    IUnitOfWork unitOfWork,
    SessionOptions options,
    TimeProvider time,
    AuditTrail audit)
    : IRequestHandler<ChangePasswordWithPasscode, Result<Done>>
{
    private static readonly Error Incorrect = new(ErrorKind.Invalid, "Incorrect email or one-time passcode.");
    private static readonly Error Unchanged = new(ErrorKind.Invalid, "New password cannot match old password.");

    public async Task<Result<Done>> Handle(ChangePasswordWithPasscode request, CancellationToken cancellationToken)
    {
        if (options.DisablePasswordAuth)
        {
            return LogInHandler.Disabled;
        }

        // Before anything that depends on the account.
        if (PasswordStrength.Judge(request.Password) is { } weakness)
        {
            return new Error(ErrorKind.Invalid, "Invalid password.", null, [new FieldError("password", weakness)]);
        }

        // Recorded for unknown users too: a write that only happens for known ones would tell them apart.
        var holder = await passcodes.FindAsync(request.Email, cancellationToken);
        audit.About(holder?.Id ?? Guid.Empty, holder?.Username ?? "").By(holder?.Id ?? Guid.Empty);
        return IsRight(request, holder) ? await ChangeAsync(request, holder!, cancellationToken) : Incorrect;
    }

    private bool IsRight(ChangePasswordWithPasscode request, PasscodeHolder? holder) =>
        OneTimePasscode.Matches(request.Passcode, holder?.Hash, holder?.End, time.GetUtcNow()) && holder!.MayChoosePassword;

    private async Task<Result<Done>> ChangeAsync(
        ChangePasswordWithPasscode request, PasscodeHolder holder, CancellationToken cancellationToken)
    {
        var old = holder.PasswordHash.Length == 0 ? null : holder.PasswordHash;
        if (!(await passwords.VerifyAsync(request.Password, old, cancellationToken)).Is(out var verdict, out var error))
        {
            return error;
        }

        if (verdict != PasswordVerdict.Wrong)
        {
            return Unchanged;
        }

        if (!(await passwords.HashAsync(request.Password, cancellationToken)).Is(out var hash, out error))
        {
            return error;
        }

        return await unitOfWork.RunAsync(IsolationLevel.ReadCommitted, ct => StoreAsync(request, hash, ct), cancellationToken);
    }

    // Hashing takes its time: of two who use one passcode only the first may find it here.
    private async Task<Result<Done>> StoreAsync(ChangePasswordWithPasscode request, string hash, CancellationToken ct)
    {
        var holder = await passcodes.LockAsync(request.Email, ct);
        if (!IsRight(request, holder) || !await accounts.ChangePasswordAsync(holder!.Id, hash, time.GetUtcNow().ToMicroseconds(), ct))
        {
            return Incorrect;
        }

        var before = new AuditSnapshot(AuditResourceType.User).Password("old");
        var after = new AuditSnapshot(AuditResourceType.User).Password("new");
        await audit.Changed(before, after).WriteAsync(request.Audited, holder.Id, ct);
        return Done.Value;
    }
}
