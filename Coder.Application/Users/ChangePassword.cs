using System.Data;
using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using FluentValidation;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Changes a password, and ends every session and token of the user (docs/spec/platform.md, section 8.2).</summary>
/// <remarks>Not one transaction: a connection must not wait while a password is hashed.</remarks>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
/// <param name="OldPassword">Needed for one's own password; where it is given, it must be right.</param>
/// <param name="Password">The new one.</param>
public sealed record ChangePassword(Actor Actor, string User, string OldPassword, string Password) : ICommand<Done>, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.User, AuditAction.Write, 204);

    /// <summary>Does not print the passwords.</summary>
    public override string ToString() => nameof(ChangePassword);
}

internal sealed class ChangePasswordValidator : AbstractValidator<ChangePassword>
{
    public ChangePasswordValidator() => this.Field(r => r.Password, "password").Required().IsSecret();
}

internal sealed class ChangePasswordHandler(
    UserTargets targets,
    IUserStore users,
    IAccountStore accounts,
    IPasswordHasher passwords,
    IUnitOfWork unitOfWork,
    TimeProvider time,
    AuditTrail audit)
    : IRequestHandler<ChangePassword, Result<Done>>
{
    private static readonly Error NoPassword = new(ErrorKind.Invalid, "Users without password login type cannot change their password.");
    private static readonly Error OldNeeded = new(ErrorKind.Invalid, "Old password is required.");
    private static readonly Error Unchanged = new(ErrorKind.Invalid, "New password cannot match old password.");

    private static readonly Error OldWrong = new(
        ErrorKind.Invalid, "Old password is incorrect.", null, [new FieldError("old_password", "Old password is incorrect.")]);

    public async Task<Result<Done>> Handle(ChangePassword request, CancellationToken cancellationToken)
    {
        var found = await targets.FindAsync(
            request.Actor, request.User, PermissionAction.UpdatePersonal, Error.NotFound, cancellationToken);
        if (!found.Is(out var user, out var error))
        {
            return error;
        }

        if (user.LoginType != LoginType.Password)
        {
            return NoPassword;
        }

        if (user.Id == request.Actor.UserId && request.OldPassword.Length == 0)
        {
            return OldNeeded;
        }

        if (PasswordStrength.Judge(request.Password) is { } weakness)
        {
            return new Error(ErrorKind.Invalid, "Invalid password.", null, [new FieldError("password", weakness)]);
        }

        if (await RefusalAsync(user, request, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        if (!(await passwords.HashAsync(request.Password, cancellationToken)).Is(out var hash, out error))
        {
            return error;
        }

        return await unitOfWork.RunAsync(IsolationLevel.ReadCommitted, ct => StoreAsync(request, user.Id, hash, ct), cancellationToken);
    }

    private async Task<Error?> RefusalAsync(User user, ChangePassword request, CancellationToken ct)
    {
        var stored = (await users.FindForLoginAsync(user.Email, ct))?.PasswordHash;
        var isOldGiven = request.OldPassword.Length > 0;
        var compared = isOldGiven ? request.OldPassword : request.Password;
        if (!(await passwords.VerifyAsync(compared, string.IsNullOrEmpty(stored) ? null : stored, ct)).Is(out var verdict, out var error))
        {
            return error;
        }

        var isRight = verdict != PasswordVerdict.Wrong;
        if (isOldGiven)
        {
            return !isRight ? OldWrong : request.OldPassword == request.Password ? Unchanged : null;
        }

        return isRight ? Unchanged : null;
    }

    private async Task<Result<Done>> StoreAsync(ChangePassword request, Guid user, string hash, CancellationToken ct)
    {
        if (!await accounts.ChangePasswordAsync(user, hash, time.GetUtcNow().ToMicroseconds(), ct))
        {
            return Error.NotFound;
        }

        var before = new AuditSnapshot(AuditResourceType.User).Password("old");
        var after = new AuditSnapshot(AuditResourceType.User).Password("new");
        await audit.Changed(before, after).WriteAsync(request.Audited, request.Actor.UserId, ct);
        return Done.Value;
    }
}
