using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Coder.Domain.Organizations;

namespace Coder.Api.Organizations;

/// <summary>A tenant of the deployment.</summary>
public sealed record OrganizationJson
{
    /// <summary>Never changes; also the id of the organization's Everyone group.</summary>
    [Required]
    public required Guid Id { get; init; }

    /// <summary>Unique without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>The name for people.</summary>
    public required string DisplayName { get; init; }

    /// <summary>A picture; may be empty.</summary>
    public required string Icon { get; init; }

    /// <summary>May be empty.</summary>
    public required string Description { get; init; }

    /// <summary>When it was made.</summary>
    [Required]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    [Required]
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether it is the one that every deployment has; <c>default</c> stands for its name in paths.</summary>
    [Required]
    public required bool IsDefault { get; init; }

    internal static OrganizationJson From(Organization organization) => new()
    {
        Id = organization.Id,
        Name = organization.Name,
        DisplayName = organization.DisplayName,
        Icon = organization.Icon,
        Description = organization.Description,
        CreatedAt = organization.CreatedAt,
        UpdatedAt = organization.UpdatedAt,
        IsDefault = organization.IsDefault,
    };
}

/// <summary>Makes an organization.</summary>
/// <param name="Name">1 to 32 letters, digits and single hyphens; unique without regard to case.</param>
/// <param name="DisplayName">The name for people, at most 64 characters; the name when empty.</param>
/// <param name="Description">May be empty.</param>
/// <param name="Icon">A picture; may be empty.</param>
public sealed record CreateOrganizationRequestJson([property: Required] string? Name, string? DisplayName, string? Description, string? Icon);

/// <summary>Changes an organization. What is left out stays.</summary>
/// <param name="Name">Empty stays too.</param>
/// <param name="DisplayName">Empty stays too.</param>
/// <param name="Description">May be emptied.</param>
/// <param name="Icon">May be emptied.</param>
public sealed record UpdateOrganizationRequestJson(string? Name, string? DisplayName, string? Description, string? Icon);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OrganizationJson[]))]
[JsonSerializable(typeof(CreateOrganizationRequestJson))]
[JsonSerializable(typeof(UpdateOrganizationRequestJson))]
[JsonSerializable(typeof(MemberWithUserJson[]))]
[JsonSerializable(typeof(MemberPageJson))]
[JsonSerializable(typeof(OrganizationMemberJson))]
[JsonSerializable(typeof(AssignableRoleJson[]))]
[JsonSerializable(typeof(RoleJson))]
[JsonSerializable(typeof(CustomRoleRequestJson))]
internal sealed partial class OrganizationsJsonContext : JsonSerializerContext;
