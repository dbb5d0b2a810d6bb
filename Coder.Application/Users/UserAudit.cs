using Coder.Domain.AuditLogs;
using Coder.Domain.Users;

namespace Coder.Application.Users;

/// <summary>What the audit log says of an account.</summary>
public static class UserAudit
{
    /// <summary>Everything that is tracked, but for the password.</summary>
    public static AuditSnapshot Snapshot(User user) =>
        Snapshot(user.Id, user.Username, user.Email, user.Name, user.Status, user.LoginType, user.Roles);

    /// <summary>Everything that is tracked of an account that is about to be added.</summary>
    public static AuditSnapshot Snapshot(NewUser user) =>
        Snapshot(user.Id, user.Username, user.Email, user.Name, user.Status, user.LoginType, user.Roles)
            .Password(user.PasswordHash.Length == 0 ? "" : "new");

    /// <summary>The status alone.</summary>
    public static AuditSnapshot Status(UserStatus status) => new AuditSnapshot(AuditResourceType.User).With("status", status.WireName());

    /// <summary>Says which password it is without saying anything of it; the value never leaves the comparison.</summary>
    public static AuditSnapshot Password(this AuditSnapshot snapshot, string which) => snapshot.With("hashed_password", which);

    private static AuditSnapshot Snapshot(
        Guid id, string username, string email, string name, UserStatus status, LoginType loginType, IEnumerable<string> roles) =>
        new AuditSnapshot(AuditResourceType.User)
            .With("id", id.ToString())
            .With("username", username)
            .With("email", email)
            .With("name", name)
            .With("status", status.WireName())
            .With("login_type", loginType.WireName())
            .With("rbac_roles", roles);
}
