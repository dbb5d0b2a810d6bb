using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using FluentValidation;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Creates the owner of a new deployment. Of any number of simultaneous calls exactly one succeeds (docs/spec/platform.md, section 8.1).</summary>
public sealed record CreateFirstUser(string Email, string Username, string Name, string Password)
    : ICommand<CreatedFirstUser>, ITransactional, IAudited
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.User, AuditAction.Create, 201);

    /// <summary>Does not print the password.</summary>
    public override string ToString() => $"{nameof(CreateFirstUser)} {{ {nameof(Username)} = {Username} }}";
}

/// <summary>The first user and the organization that it belongs to.</summary>
public sealed record CreatedFirstUser(Guid UserId, Guid OrganizationId);

internal sealed class CreateFirstUserValidator : AbstractValidator<CreateFirstUser>
{
    public CreateFirstUserValidator()
    {
        this.Field(r => r.Email, "email").Required().Tagged("email", NameRules.IsEmail);
        this.Field(r => r.Username, "username").Required().Tagged("username", NameRules.IsName);
        this.Field(r => r.Name, "name").Tagged("user_real_name", n => NameRules.IsRealName(n.Trim()));
        this.Field(r => r.Password, "password").Required().IsSecret();
    }
}

internal sealed class CreateFirstUserHandler(
    IUserStore users, IOrganizationStore organizations, IPasswordHasher passwords, IIds ids, TimeProvider time, AuditTrail audit)
    : IRequestHandler<CreateFirstUser, Result<CreatedFirstUser>>
{
    private static readonly Error Exists = new(ErrorKind.Conflict, "The initial user has already been created.");

    // Users of the system have names too.
    private static readonly Error Taken = new(ErrorKind.Conflict, "User already exists.");

    public async Task<Result<CreatedFirstUser>> Handle(CreateFirstUser request, CancellationToken cancellationToken)
    {
        if (PasswordStrength.Judge(request.Password) is { } weakness)
        {
            return new Error(ErrorKind.Invalid, "Password is invalid", null, [new FieldError("password", weakness)]);
        }

        // Answers the many without a lock; only the few of an unfinished set-up wait for each other.
        if (await users.AnyAsync(cancellationToken))
        {
            return Exists;
        }

        await users.LockFirstUserAsync(cancellationToken);
        if (await users.AnyAsync(cancellationToken))
        {
            return Exists;
        }

        if (!(await passwords.HashAsync(request.Password, cancellationToken)).Is(out var hash, out var error))
        {
            return error;
        }

        var organization = await organizations.DefaultIdAsync(cancellationToken);
        var user = new NewUser(
            ids.Random(),
            request.Email,
            request.Username,
            request.Name.Trim(),
            hash,
            UserStatus.Active,
            LoginType.Password,
            [RoleNames.Owner],
            organization,
            time.GetUtcNow().ToMicroseconds());
        audit.About(user.Id, user.Username).By(user.Id).Changed(null, UserAudit.Snapshot(user));
        return await users.AddAsync(user, cancellationToken) ? new CreatedFirstUser(user.Id, organization) : Taken;
    }
}
