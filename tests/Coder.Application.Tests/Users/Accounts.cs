using Coder.Domain.Users;

namespace Coder.Application.Tests.Users;

internal static class Accounts
{
    public static User Olga(Guid id, UserStatus status = UserStatus.Active) => new()
    {
        Id = id,
        Username = "olga",
        Email = "olga@example.com",
        Name = "",
        AvatarUrl = "",
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
        LastSeenAt = DateTimeOffset.UnixEpoch,
        Status = status,
        LoginType = LoginType.Password,
        Roles = [],
        OrganizationIds = [],
    };
}
