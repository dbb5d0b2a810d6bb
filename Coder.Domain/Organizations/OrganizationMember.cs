namespace Coder.Domain.Organizations;

/// <summary>One user's membership in one organization (docs/spec/platform.md, section 3).</summary>
public sealed record OrganizationMember
{
    /// <summary>The organization.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>The user.</summary>
    public required Guid UserId { get; init; }

    /// <summary>When the user joined; UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the roles last changed; UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Bare names of roles in this organization, without the implied one.</summary>
    public required IReadOnlyList<string> Roles { get; init; }
}

/// <summary>A membership with what others see of the user.</summary>
public sealed record OrganizationMemberProfile
{
    /// <summary>The membership itself.</summary>
    public required OrganizationMember Membership { get; init; }

    /// <summary>The user's name.</summary>
    public required string Username { get; init; }

    /// <summary>The real name; may be empty.</summary>
    public required string Name { get; init; }

    /// <summary>A picture; may be empty.</summary>
    public required string AvatarUrl { get; init; }

    /// <summary>The user's address.</summary>
    public required string Email { get; init; }

    /// <summary>Site roles, without the implied one.</summary>
    public required IReadOnlyList<string> GlobalRoles { get; init; }
}
