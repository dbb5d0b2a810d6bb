namespace Coder.Domain.Users;

/// <summary>Whether a user may act.</summary>
public enum UserStatus
{
    /// <summary>May act, and takes a seat of the license.</summary>
    Active,

    /// <summary>Was never seen or not for long; becomes active by signing in, and takes no seat until then.</summary>
    Dormant,

    /// <summary>Refused everywhere.</summary>
    Suspended,
}

/// <summary>How a user signs in, or what a key was made for.</summary>
public enum LoginType
{
    /// <summary>With a password.</summary>
    Password,

    /// <summary>Through GitHub.</summary>
    Github,

    /// <summary>Through an OpenID Connect provider.</summary>
    Oidc,

    /// <summary>With long-lived tokens.</summary>
    Token,

    /// <summary>Not at all.</summary>
    None,

    /// <summary>An access token of an OAuth2 application.</summary>
    OAuth2ProviderApp,
}

/// <summary>A user as others see them.</summary>
public sealed record User
{
    /// <summary>Never changes.</summary>
    public required Guid Id { get; init; }

    /// <summary>Unique without regard to case, see <see cref="NameRules.IsName"/>.</summary>
    public required string Username { get; init; }

    /// <summary>Unique without regard to case, see <see cref="NameRules.IsEmail"/>.</summary>
    public required string Email { get; init; }

    /// <summary>The real name; may be empty.</summary>
    public required string Name { get; init; }

    /// <summary>A picture; may be empty.</summary>
    public required string AvatarUrl { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>UTC, to the hour; year 1 when never.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <inheritdoc cref="UserStatus"/>
    public required UserStatus Status { get; init; }

    /// <inheritdoc cref="Users.LoginType"/>
    public required LoginType LoginType { get; init; }

    /// <summary>Site roles, without the implied one.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The organizations that this user belongs to.</summary>
    public required IReadOnlyList<Guid> OrganizationIds { get; init; }

    /// <summary>Whether this is a machine: it never signs in, has tokens only, and takes no seat of the license.</summary>
    public bool IsServiceAccount { get; init; }

    /// <summary>The theme of the user interface; empty when none was chosen.</summary>
    public string ThemePreference { get; init; } = "";
}

/// <summary>The names of <see cref="UserStatus"/> and <see cref="LoginType"/> on the wire and in the database.</summary>
public static class UserWireNames
{
    /// <summary>The wire name.</summary>
    public static string WireName(this UserStatus status) => status switch
    {
        UserStatus.Active => "active",
        UserStatus.Dormant => "dormant",
        UserStatus.Suspended => "suspended",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    /// <summary>The wire name.</summary>
    public static string WireName(this LoginType type) => type switch
    {
        LoginType.Password => "password",
        LoginType.Github => "github",
        LoginType.Oidc => "oidc",
        LoginType.Token => "token",
        LoginType.None => "none",
        LoginType.OAuth2ProviderApp => "oauth2_provider_app",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Reads a wire name that a client sent; names compare exactly.</summary>
    /// <returns><see langword="null"/> when it is not one of ours.</returns>
    public static UserStatus? FindUserStatus(string name)
    {
        foreach (var status in Enum.GetValues<UserStatus>())
        {
            if (status.WireName() == name)
            {
                return status;
            }
        }

        return null;
    }

    /// <inheritdoc cref="FindUserStatus"/>
    public static LoginType? FindLoginType(string name)
    {
        foreach (var type in Enum.GetValues<LoginType>())
        {
            if (type.WireName() == name)
            {
                return type;
            }
        }

        return null;
    }

    /// <summary>Reads a wire name that the database holds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The name is not one of ours.</exception>
    public static UserStatus ToUserStatus(string name) => name switch
    {
        "active" => UserStatus.Active,
        "dormant" => UserStatus.Dormant,
        "suspended" => UserStatus.Suspended,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "not a user status"),
    };

    /// <summary>Reads a wire name that the database holds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The name is not one of ours.</exception>
    public static LoginType ToLoginType(string name) => name switch
    {
        "password" => LoginType.Password,
        "github" => LoginType.Github,
        "oidc" => LoginType.Oidc,
        "token" => LoginType.Token,
        "none" => LoginType.None,
        "oauth2_provider_app" => LoginType.OAuth2ProviderApp,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "not a login type"),
    };
}
