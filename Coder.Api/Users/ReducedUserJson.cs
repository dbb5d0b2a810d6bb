using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Domain.Users;

namespace Coder.Api.Users;

/// <summary>A user without roles and organizations.</summary>
public sealed record ReducedUserJson
{
    /// <summary>Never changes.</summary>
    [Required]
    public required Guid Id { get; init; }

    /// <summary>Unique without regard to case.</summary>
    [Required]
    public required string Username { get; init; }

    /// <summary>A picture; left out when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Url]
    public string? AvatarUrl { get; init; }

    /// <summary>The real name; left out when empty.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>Unique without regard to case.</summary>
    [Required]
    [EmailAddress]
    public required string Email { get; init; }

    /// <summary>When the account was made.</summary>
    [Required]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the account last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the user was last seen, to the hour; year 1 when never.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>Whether the user may act.</summary>
    [WireNames(typeof(UserStatus))]
    public required string Status { get; init; }

    /// <summary>How the user signs in.</summary>
    [WireNames(typeof(LoginType))]
    public required string LoginType { get; init; }

    /// <summary>Left out: the theme is the business of its user alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ThemePreference { get; init; }

    internal static ReducedUserJson From(ReducedUser user) => new()
    {
        Id = user.Id,
        Username = user.Username,
        AvatarUrl = user.AvatarUrl.Length == 0 ? null : user.AvatarUrl,
        Name = user.Name.Length == 0 ? null : user.Name,
        Email = user.Email,
        CreatedAt = user.CreatedAt,
        UpdatedAt = user.UpdatedAt,
        LastSeenAt = user.LastSeenAt,
        Status = user.Status.WireName(),
        LoginType = user.LoginType.WireName(),
    };
}
