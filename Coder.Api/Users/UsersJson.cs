using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Domain.Authorization;
using Coder.Domain.Users;

namespace Coder.Api.Users;

/// <summary>Creates the first user.</summary>
/// <param name="Email">Signs in with it; unique without regard to case.</param>
/// <param name="Username">1 to 32 letters, digits and single hyphens.</param>
/// <param name="Name">The real name; at most 128 characters.</param>
/// <param name="Password">At least 52 bits of entropy, at most 64 bytes.</param>
/// <param name="Trial">Taken for compatibility; nothing is ordered anywhere. Upload a license instead.</param>
public sealed record CreateFirstUserRequestJson(
    [property: Required, EmailAddress] string? Email,
    [property: Required] string? Username,
    string? Name,
    [property: Required] string? Password,
    bool? Trial);

/// <summary>The first user.</summary>
/// <param name="UserId">The new owner of the deployment.</param>
/// <param name="OrganizationId">The default organization, which the user is a member of.</param>
public sealed record CreateFirstUserResponseJson(Guid UserId, Guid OrganizationId);

/// <summary>Signs in with a password.</summary>
/// <param name="Email">Without regard to case.</param>
/// <param name="Password">The password.</param>
public sealed record LoginRequestJson([property: Required, EmailAddress] string? Email, [property: Required] string? Password);

/// <summary>A session.</summary>
/// <param name="SessionToken">The credential; send it as <c>Coder-Session-Token</c> or as a bearer token. It is shown this once.</param>
public sealed record LoginResponseJson([property: Required] string SessionToken);

/// <summary>A role by its name.</summary>
/// <param name="Name">The name on the wire.</param>
/// <param name="DisplayName">The name for people.</param>
/// <param name="OrganizationId">The organization that the role counts in; left out for roles of the deployment.</param>
public sealed record SlimRoleJson(
    string Name, string DisplayName, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? OrganizationId = null);

/// <summary>A user.</summary>
public sealed record UserJson
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

    /// <summary>Whether the user may act; dormant users were not seen for long and wake by signing in.</summary>
    [WireNames(typeof(UserStatus))]
    public required string Status { get; init; }

    /// <summary>How the user signs in.</summary>
    [WireNames(typeof(LoginType))]
    public required string LoginType { get; init; }

    /// <summary>Whether this is a machine, which never signs in and takes no seat; left out for people.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsServiceAccount { get; init; }

    /// <summary>The theme that the user prefers; left out when none was chosen.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ThemePreference { get; init; }

    /// <summary>The organizations that the user belongs to.</summary>
    public required IReadOnlyList<Guid> OrganizationIds { get; init; }

    /// <summary>Roles of the deployment, without the one that everybody has.</summary>
    public required IReadOnlyList<SlimRoleJson> Roles { get; init; }

    internal static UserJson From(User user) => new()
    {
        Id = user.Id,
        Username = user.Username,
        AvatarUrl = NullIfEmpty(user.AvatarUrl),
        Name = NullIfEmpty(user.Name),
        Email = user.Email,
        CreatedAt = user.CreatedAt,
        UpdatedAt = user.UpdatedAt,
        LastSeenAt = user.LastSeenAt,
        Status = user.Status.WireName(),
        LoginType = user.LoginType.WireName(),
        IsServiceAccount = user.IsServiceAccount,
        ThemePreference = NullIfEmpty(user.ThemePreference),
        OrganizationIds = user.OrganizationIds,
        Roles = [.. user.Roles.Select(r => new SlimRoleJson(r, BuiltInRoles.For(AuthorizationOptions.Default).FindSite(r)?.DisplayName ?? r))],
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CreateFirstUserRequestJson))]
[JsonSerializable(typeof(CreateFirstUserResponseJson))]
[JsonSerializable(typeof(LoginRequestJson))]
[JsonSerializable(typeof(LoginResponseJson))]
[JsonSerializable(typeof(UserJson))]
[JsonSerializable(typeof(UsersPageJson))]
[JsonSerializable(typeof(CreateUserRequestJson))]
[JsonSerializable(typeof(AuthMethodsJson))]
[JsonSerializable(typeof(ValidatePasswordRequestJson))]
[JsonSerializable(typeof(ValidatePasswordResponseJson))]
[JsonSerializable(typeof(UpdateProfileRequestJson))]
[JsonSerializable(typeof(ChangePasswordRequestJson))]
[JsonSerializable(typeof(SetRolesRequestJson))]
[JsonSerializable(typeof(UserRolesJson))]
[JsonSerializable(typeof(LoginTypeJson))]
[JsonSerializable(typeof(AppearanceJson))]
[JsonSerializable(typeof(SetAppearanceRequestJson))]
[JsonSerializable(typeof(UserStatusCountsJson))]
[JsonSerializable(typeof(CreateTokenRequestJson))]
[JsonSerializable(typeof(NewKeyJson))]
[JsonSerializable(typeof(ApiKeyJson))]
[JsonSerializable(typeof(TokenJson[]))]
[JsonSerializable(typeof(SessionJson[]))]
[JsonSerializable(typeof(TokenConfigJson))]
[JsonSerializable(typeof(RequestOneTimePasscodeRequestJson))]
[JsonSerializable(typeof(ChangePasswordWithOneTimePasscodeRequestJson))]
internal sealed partial class UsersJsonContext : JsonSerializerContext;
