namespace Coder.Domain.Users;

/// <summary>A user without roles and organizations, as lists show the people of a group.</summary>
public sealed record ReducedUser
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
}
