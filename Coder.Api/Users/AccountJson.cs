using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Users;

namespace Coder.Api.Users;

/// <summary>A page of users.</summary>
/// <param name="Users">In the order of their names.</param>
/// <param name="Count">How many there are on all pages.</param>
public sealed record UsersPageJson(IReadOnlyList<UserJson> Users, long Count)
{
    internal static UsersPageJson From(UserPage page) => new([.. page.Users.Select(UserJson.From)], page.Count);
}

/// <summary>Creates a user.</summary>
/// <param name="Email">Unique without regard to case.</param>
/// <param name="Username">1 to 32 letters, digits and single hyphens; unique without regard to case.</param>
/// <param name="Name">The real name; at most 128 characters.</param>
/// <param name="Password">At least 52 bits of entropy, at most 64 bytes; only for the login type <c>password</c>.</param>
/// <param name="LoginType">How the user signs in; <c>password</c> when empty, and <c>none</c> of a service account.</param>
/// <param name="UserStatus">The first status; <c>dormant</c> when empty.</param>
/// <param name="OrganizationIds">The organizations to join, at least one.</param>
/// <param name="OrganizationId">One organization, as older clients name it.</param>
/// <param name="IsServiceAccount">
/// A machine: it never signs in, has tokens only, without the shorter limit on those of owners, and takes no seat of the license.
/// </param>
public sealed record CreateUserRequestJson(
    [property: Required, EmailAddress] string? Email,
    [property: Required] string? Username,
    string? Name,
    string? Password,
    [property: DocumentedTexts("", "password", "github", "oidc", "token", "none", "oauth2_provider_app")] string? LoginType,
    [property: WireNames(typeof(UserStatus))] string? UserStatus,
    IReadOnlyList<Guid>? OrganizationIds,
    Guid? OrganizationId,
    bool? IsServiceAccount);

/// <summary>The ways to sign in.</summary>
/// <param name="TermsOfServiceUrl">What users agree to; left out when there is nothing.</param>
/// <param name="Password">With a password.</param>
/// <param name="Github">Through GitHub.</param>
/// <param name="Oidc">Through an OpenID Connect provider.</param>
public sealed record AuthMethodsJson(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TermsOfServiceUrl,
    AuthMethodJson Password,
    GithubAuthMethodJson Github,
    OidcAuthMethodJson Oidc)
{
    internal static AuthMethodsJson From(AuthMethods methods) =>
        new(null, new AuthMethodJson(methods.Password), new GithubAuthMethodJson(false, false), new OidcAuthMethodJson(false, "", ""));
}

/// <summary>A way to sign in.</summary>
/// <param name="Enabled">Whether it can be used here.</param>
public sealed record AuthMethodJson(bool Enabled);

/// <summary>Signing in through GitHub.</summary>
/// <param name="Enabled">Whether it can be used here.</param>
/// <param name="DefaultProviderConfigured">Whether the application of the product's makers is used.</param>
public sealed record GithubAuthMethodJson(bool Enabled, bool DefaultProviderConfigured);

/// <summary>Signing in through an OpenID Connect provider.</summary>
/// <param name="Enabled">Whether it can be used here.</param>
/// <param name="SignInText">The text of the button.</param>
/// <param name="IconUrl">The picture of the button.</param>
public sealed record OidcAuthMethodJson(
    bool Enabled, [property: JsonPropertyName("signInText")] string SignInText, [property: JsonPropertyName("iconUrl")] string IconUrl);

/// <summary>Asks whether a password would do.</summary>
/// <param name="Password">It is kept nowhere.</param>
public sealed record ValidatePasswordRequestJson([property: Required] string? Password);

/// <summary>Whether a password would do.</summary>
/// <param name="Valid">Whether it is strong enough.</param>
/// <param name="Details">What is wrong with it; empty when nothing is.</param>
public sealed record ValidatePasswordResponseJson(bool Valid, string Details);

/// <summary>Changes how a user is called.</summary>
/// <param name="Username">1 to 32 letters, digits and single hyphens; unique without regard to case.</param>
/// <param name="Name">The real name; at most 128 characters.</param>
/// <param name="Email">A new address, for callers who may update users; the address stays when this is absent or empty.</param>
public sealed record UpdateProfileRequestJson([property: Required] string? Username, string? Name, [property: EmailAddress] string? Email);

/// <summary>Changes a password.</summary>
/// <param name="OldPassword">Needed for one's own.</param>
/// <param name="Password">At least 52 bits of entropy, at most 64 bytes.</param>
public sealed record ChangePasswordRequestJson(string? OldPassword, [property: Required] string? Password);

/// <summary>Replaces the roles of a user.</summary>
/// <param name="Roles">Names of roles; the one that everybody has need not be among them.</param>
public sealed record SetRolesRequestJson(IReadOnlyList<string?>? Roles);

/// <summary>The roles of a user, without those that everybody has.</summary>
/// <param name="Roles">Roles of the deployment.</param>
/// <param name="OrganizationRoles">The roles in each organization that the user belongs to, by its id.</param>
public sealed record UserRolesJson(IReadOnlyList<string> Roles, IReadOnlyDictionary<string, IReadOnlyList<string>> OrganizationRoles)
{
    internal static UserRolesJson From(UserRoles roles) => new(
        roles.Site, roles.Organizations.ToDictionary(o => o.Organization.ToString(), o => o.Roles, StringComparer.Ordinal));
}

/// <summary>How a user signs in.</summary>
/// <param name="LoginType">The way.</param>
public sealed record LoginTypeJson([property: WireNames(typeof(LoginType))] string LoginType);

/// <summary>How a user wants the user interface to look.</summary>
/// <param name="ThemePreference">The theme; empty when none was chosen.</param>
/// <param name="TerminalFont">The font of terminals; empty when none was chosen.</param>
public sealed record AppearanceJson(
    string ThemePreference,
    [property: DocumentedTexts("", "ibm-plex-mono", "fira-code", "source-code-pro", "jetbrains-mono")] string TerminalFont)
{
    internal static AppearanceJson From(UserAppearance appearance) => new(appearance.ThemePreference, appearance.TerminalFont);
}

/// <summary>Changes how the user interface looks.</summary>
/// <param name="ThemePreference">The theme; at most 64 characters.</param>
/// <param name="TerminalFont">The font of terminals; the empty one only means that none was chosen yet, and can not be sent.</param>
public sealed record SetAppearanceRequestJson(
    [property: Required] string? ThemePreference,
    [property: Required, DocumentedTexts("", "ibm-plex-mono", "fira-code", "source-code-pro", "jetbrains-mono")] string? TerminalFont);

/// <summary>How many users had each status on each of the last 61 days.</summary>
/// <param name="StatusCounts">By status, oldest day first.</param>
public sealed record UserStatusCountsJson(IReadOnlyDictionary<string, IReadOnlyList<UserStatusCountJson>> StatusCounts)
{
    internal static UserStatusCountsJson From(IReadOnlyDictionary<UserStatus, IReadOnlyList<StatusCount>> counts) => new(
        counts.ToDictionary(
            c => c.Key.WireName(),
            c => (IReadOnlyList<UserStatusCountJson>)[.. c.Value.Select(day => new UserStatusCountJson(day.Date, day.Count))],
            StringComparer.Ordinal));
}

/// <summary>How many users had a status.</summary>
/// <param name="Date">The first moment of the day.</param>
/// <param name="Count">At the end of the day; for today, now.</param>
public sealed record UserStatusCountJson(DateTimeOffset Date, long Count);
