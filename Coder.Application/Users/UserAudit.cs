using Coder.Domain.AuditLogs;
using Coder.Domain.Users;

namespace Coder.Application.Users;

/// <summary>What the audit log says of an account.</summary>
public static class UserAudit
{
    /// <summary>Everything that is tracked, but for the password.</summary>
    public static AuditSnapshot Snapshot(User user) => new AuditSnapshot(AuditResourceType.User)
        .With("id", user.Id.ToString())
        .With("username", user.Username)
        .With("email", user.Email)
        .With("name", user.Name)
        .With("status", user.Status.WireName())
        .With("login_type", user.LoginType.WireName())
        .With("rbac_roles", user.Roles);

    /// <summary>Everything that is tracked of an account that is about to be added.</summary>
    public static AuditSnapshot Snapshot(NewUser user) => new AuditSnapshot(AuditResourceType.User)
        .With("id", user.Id.ToString())
        .With("username", user.Username)
        .With("email", user.Email)
        .With("name", user.Name)
        .With("status", user.Status.WireName())
        .With("login_type", user.LoginType.WireName())
        .With("rbac_roles", user.Roles)
        .Password(user.PasswordHash.Length == 0 ? "" : "new");

    /// <summary>The status alone.</summary>
    public static AuditSnapshot Status(UserStatus status) => new AuditSnapshot(AuditResourceType.User).With("status", status.WireName());

    /// <summary>Says which password it is without saying anything of it; the value never leaves the comparison.</summary>
    public static AuditSnapshot Password(this AuditSnapshot snapshot, string which) => snapshot.With("hashed_password", which);
}
