using Coder.Domain.Users;

namespace Coder.Infrastructure.Users;

/// <summary>One account as statements read it.</summary>
internal sealed record UserRow
{
    public Guid Id { get; init; }

    public string Email { get; init; } = "";

    public string Username { get; init; } = "";

    public string Name { get; init; } = "";

    public string AvatarUrl { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset LastSeenAt { get; init; }

    public string Status { get; init; } = "";

    public string LoginType { get; init; } = "";

    public string[] Roles { get; init; } = [];

    public Guid[] OrganizationIds { get; init; } = [];

    public string ThemePreference { get; init; } = "";

    public User ToUser() => new()
    {
        Id = Id,
        Email = Email,
        Username = Username,
        Name = Name,
        AvatarUrl = AvatarUrl,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        LastSeenAt = LastSeenAt,
        Status = UserWireNames.ToUserStatus(Status),
        LoginType = UserWireNames.ToLoginType(LoginType),
        Roles = Roles,
        OrganizationIds = OrganizationIds,
        ThemePreference = ThemePreference,
    };
}
