using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using FluentValidation;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Changes how a user is called, and with the right to update users the address too (docs/spec/platform.md, sections 8.2 and 12).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
/// <param name="Username">The name.</param>
/// <param name="Name">The real name; may be empty.</param>
/// <param name="Email">The address, or <see langword="null"/> to leave it.</param>
public sealed record UpdateProfile(Actor Actor, string User, string Username, string Name, string? Email)
    : ICommand<User>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.User, AuditAction.Write, 200);
}

internal sealed class UpdateProfileValidator : AbstractValidator<UpdateProfile>
{
    public UpdateProfileValidator()
    {
        this.Field(r => r.Username, "username").Required().Tagged("username", NameRules.IsName);
        this.Field(r => r.Name, "name").Tagged("user_real_name", NameRules.IsRealName);
        this.Field(r => r.Email, "email").Tagged("email", e => e is null || NameRules.IsEmail(e));
    }
}

internal sealed class UpdateProfileHandler(UserTargets targets, IAccountStore accounts, TimeProvider time, AuditTrail audit)
    : IRequestHandler<UpdateProfile, Result<User>>
{
    private const string InUse = "This value is in use already.";

    private static readonly Error NameTaken = new(
        ErrorKind.Conflict, "A user with this username already exists.", null, [new FieldError("username", InUse)]);

    private static readonly Error EmailTaken = new(
        ErrorKind.Conflict, "A user with this email already exists.", null, [new FieldError("email", InUse)]);

    public async Task<Result<User>> Handle(UpdateProfile request, CancellationToken cancellationToken)
    {
        if (!(await targets.LockAsync(request.Actor, request.User, PermissionAction.UpdatePersonal, cancellationToken))
            .Is(out var user, out var error))
        {
            return error;
        }

        var email = request.Email ?? user.Email;
        if (email != user.Email && !Authorizer.Can(request.Actor, PermissionAction.Update, ObjectRef.User(user.Id)))
        {
            return Error.Forbidden;
        }

        var changed = user with
        {
            Username = request.Username,
            Name = request.Name,
            Email = email,
            UpdatedAt = time.GetUtcNow().ToMicroseconds(),
        };
        audit.Changed(UserAudit.Snapshot(user), UserAudit.Snapshot(changed));
        return await accounts.UpdateProfileAsync(changed, cancellationToken) switch
        {
            ProfileConflict.Username => NameTaken,
            ProfileConflict.Email => EmailTaken,
            _ => changed,
        };
    }
}
