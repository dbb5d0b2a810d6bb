namespace Coder.Domain.Organizations;

/// <summary>A tenant of the deployment (docs/spec/platform.md, section 3).</summary>
public sealed record Organization
{
    /// <summary>Never changes; also the id of the organization's Everyone group.</summary>
    public required Guid Id { get; init; }

    /// <summary>Unique without regard to case, see <see cref="Users.NameRules.IsName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The name for people.</summary>
    public required string DisplayName { get; init; }

    /// <summary>May be empty.</summary>
    public required string Description { get; init; }

    /// <summary>A picture; may be empty.</summary>
    public required string Icon { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether this is the one that the migrations made, which can not be deleted.</summary>
    public required bool IsDefault { get; init; }
}
