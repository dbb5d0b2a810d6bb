using Coder.Domain.Users;

namespace Coder.Infrastructure.Users;

/// <summary>One account as statements read it.</summary>
internal record UserRow
{
    /// <summary>The account <c>u</c> without its organizations.</summary>
    public const string Columns = """
        u.id, u.email, u.username, u.name, u.avatar_url, u.created_at, u.updated_at, u.last_seen_at,
        u.status::text as status, u.login_type::text as login_type, u.rbac_roles as roles, u.is_service_account,
        coalesce((select c.value from user_configs c where c.user_id = u.id and c.key = 'theme_preference'), '') as theme_preference
        """;

    /// <summary>Everything of all accounts, deleted ones included.</summary>
    public const string Select = "select " + Columns + """
        ,
               array(select m.organization_id from organization_members m where m.user_id = u.id order by m.created_at, m.organization_id)
                   as organization_ids
        from users u
        """;

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

    public bool IsServiceAccount { get; init; }

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
        IsServiceAccount = IsServiceAccount,
    };
}
