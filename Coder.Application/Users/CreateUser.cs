using System.Data;
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

/// <summary>Creates a user (docs/spec/platform.md, section 8.2).</summary>
/// <remarks>Not one transaction: a connection must not wait while a password is hashed.</remarks>
public sealed record CreateUser(Actor Actor, string Email, string Username, string Name, string Password) : ICommand<User>, IAudited, IActorRequest
{
    /// <summary>A wire name; empty for <c>password</c>.</summary>
    public string LoginType { get; init; } = "";

    /// <summary>A wire name; empty for <c>dormant</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>Whether this is a machine: it has tokens and nothing else, and takes no seat of the license.</summary>
    public bool IsServiceAccount { get; init; }

    /// <summary>The organizations to join, at least one.</summary>
    public IReadOnlyList<Guid> OrganizationIds { get; init; } = [];

    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.User, AuditAction.Create, 201);

    /// <summary>Does not print the password.</summary>
    public override string ToString() => $"{nameof(CreateUser)} {{ {nameof(Username)} = {Username} }}";
}

internal sealed class CreateUserValidator : AbstractValidator<CreateUser>
{
    public CreateUserValidator()
    {
        this.Field(r => r.Email, "email").Required().Tagged("email", NameRules.IsEmail);
        this.Field(r => r.Username, "username").Required().Tagged("username", NameRules.IsName);
        this.Field(r => r.Name, "name").Tagged("user_real_name", NameRules.IsRealName);
        this.Field(r => r.Status, "user_status").Tagged("oneof", s => s.Length == 0 || UserWireNames.FindUserStatus(s) is not null);
    }
}

internal sealed class CreateUserHandler(
    IUserStore users,
    OrganizationLookup organizations,
    IOrganizationStore organizationStore,
    IPasswordHasher passwords,
    IUnitOfWork unitOfWork,
    IIds ids,
    SessionOptions options,
    TimeProvider time,
    AuditTrail audit)
    : IRequestHandler<CreateUser, Result<User>>
{
    private static readonly Error NotAllowed = new(ErrorKind.Forbidden, "You are not authorized to create users.");
    private static readonly Error NoPasswords = new(ErrorKind.Forbidden, "Password authentication is disabled.");
    private static readonly Error NoOidc = new(ErrorKind.Invalid, "You must configure OIDC before creating OIDC users.");
    private static readonly Error SignsIn = new(
        ErrorKind.Invalid,
        "Service accounts do not sign in.",
        null,
        [new FieldError("login_type", "Must be \"none\" or empty for a service account.")]);

    private static readonly Error Taken = new(ErrorKind.Conflict, "User already exists.");

    private static readonly Error NoOrganization = Error.ValidationFailed(
        [new FieldError("organization_ids", "Validation failed for tag \"required\" with value: \"\"")]);

    public async Task<Result<User>> Handle(CreateUser request, CancellationToken cancellationToken)
    {
        audit.About(Guid.Empty, request.Username);

        // Before anything that would tell which names are taken.
        if (!MayCreate(request))
        {
            return NotAllowed;
        }

        var loginType = LoginTypeOf(request);
        var found = new List<Guid>();
        if (await RefusalAsync(request, loginType, found, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var hash = "";
        if (loginType == LoginType.Password
            && !(await passwords.HashAsync(request.Password, cancellationToken)).Is(out hash, out var error))
        {
            return error;
        }

        var organization = found.Distinct().ToArray();
        var user = new NewUser(
            ids.Random(),
            request.Email,
            request.Username,
            request.Name,
            hash,
            UserWireNames.FindUserStatus(request.Status) ?? UserStatus.Dormant,
            loginType!.Value,
            [],
            organization[0],
            time.GetUtcNow().ToMicroseconds())
        {
            FurtherOrganizations = organization[1..],
            IsServiceAccount = request.IsServiceAccount,
        };
        return await unitOfWork.RunAsync(IsolationLevel.ReadCommitted, ct => AddAsync(request, user, ct), cancellationToken);
    }

    private static Error NoSuchOrganization(Guid id) =>
        new(ErrorKind.NotFound, $"Organization does not exist with the provided id \"{id}\".");

    private static LoginType? LoginTypeOf(CreateUser request) => request switch
    {
        { LoginType.Length: > 0 } => UserWireNames.FindLoginType(request.LoginType),
        { IsServiceAccount: true } => LoginType.None,
        _ => LoginType.Password,
    };

    private static bool MayCreate(CreateUser request) =>
        Authorizer.Can(request.Actor, new Permission(ResourceType.User, PermissionAction.Create))
        && request.OrganizationIds.All(
            id => Authorizer.Can(request.Actor, PermissionAction.Create, ObjectRef.OrganizationMember(id))
                && Authorizer.Can(request.Actor, PermissionAction.Assign, ObjectRef.In(id, ResourceType.AssignOrgRole)));

    private async Task<Error?> RefusalAsync(CreateUser request, LoginType? loginType, List<Guid> found, CancellationToken ct)
    {
        if (request.IsServiceAccount && loginType != LoginType.None)
        {
            return SignsIn;
        }

        if (loginType != LoginType.Password && request.Password.Length > 0)
        {
            var named = loginType?.WireName() ?? request.LoginType;
            return new Error(ErrorKind.Invalid, $"Password cannot be set for non-password (\"{named}\") authentication.");
        }

        if (loginType == LoginType.Password && options.DisablePasswordAuth)
        {
            return NoPasswords;
        }

        if (request.OrganizationIds.Count == 0)
        {
            return NoOrganization;
        }

        if (await users.IsTakenAsync(request.Email, request.Username, ct))
        {
            return Taken;
        }

        foreach (var id in request.OrganizationIds)
        {
            if (!(await organizations.FindAsync(request.Actor, id.ToString(), ct)).Is(out var organization, out _))
            {
                return NoSuchOrganization(id);
            }

            // The nil UUID stands for the default one.
            found.Add(organization.Id);
        }

        return loginType switch
        {
            LoginType.Password => PasswordStrength.Judge(request.Password) is { } weakness
                ? new Error(ErrorKind.Invalid, "Password is invalid", null, [new FieldError("password", weakness)])
                : null,
            LoginType.None => null,
            LoginType.Oidc => NoOidc,
            _ => new Error(ErrorKind.Invalid, $"Users of login type \"{request.LoginType}\" can not be created."),
        };
    }

    private async Task<Result<User>> AddAsync(CreateUser request, NewUser user, CancellationToken ct)
    {
        foreach (var id in user.FurtherOrganizations.Prepend(user.OrganizationId).Order())
        {
            if (!await organizationStore.HoldAsync(id, ct))
            {
                return NoSuchOrganization(id);
            }
        }

        if (!await users.AddAsync(user, ct))
        {
            return Taken;
        }

        await audit.About(user.Id, user.Username)
            .Changed(null, UserAudit.Snapshot(user))
            .WriteAsync(request.Audited, request.Actor.UserId, ct);
        return (await users.FindAsync(user.Id, ct))!;
    }
}
