using Coder.Domain.Organizations;

namespace Coder.Infrastructure.Organizations;

/// <summary>One organization as statements read it.</summary>
internal sealed record OrganizationRow
{
    /// <summary>Its columns, for a statement that calls the organization <c>o</c>.</summary>
    public const string Columns = "o.id, o.name, o.display_name, o.description, o.icon, o.created_at, o.updated_at, o.is_default";

    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    public string DisplayName { get; init; } = "";

    public string Description { get; init; } = "";

    public string Icon { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public bool IsDefault { get; init; }

    public Organization ToOrganization() => new()
    {
        Id = Id,
        Name = Name,
        DisplayName = DisplayName,
        Description = Description,
        Icon = Icon,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        IsDefault = IsDefault,
    };
}
