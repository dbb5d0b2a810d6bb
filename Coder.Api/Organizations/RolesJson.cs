using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Application.Organizations;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Organizations;

namespace Coder.Api.Organizations;

/// <summary>One line of a role.</summary>
/// <param name="Negate">Whether it denies; a denial beats every grant of the same level.</param>
/// <param name="ResourceType">What it is about; <c>*</c> is everything.</param>
/// <param name="Action">What may be done; <c>*</c> is everything that the type knows.</param>
public sealed record PermissionJson(
    bool Negate,
    [property: WireNames(typeof(ResourceType))] string ResourceType,
    [property: WireNames(typeof(PermissionAction))] string Action)
{
    internal static PermissionJson[] ListOf(IReadOnlyList<PermissionRule> rules) =>
        [.. rules.Select(rule => new PermissionJson(rule.Negate, rule.Type?.WireName() ?? "*", rule.Action?.WireName() ?? "*"))];
}

/// <summary>A role and what it grants.</summary>
/// <param name="Name">The name on the wire.</param>
/// <param name="DisplayName">The name for people.</param>
/// <param name="OrganizationId">The organization that it counts in; left out for roles of the deployment.</param>
/// <param name="SitePermissions">What it grants in the whole deployment.</param>
/// <param name="OrganizationPermissions">What it grants and denies in its organization.</param>
/// <param name="UserPermissions">What it grants over the user's own objects.</param>
public sealed record RoleJson(
    string Name,
    string DisplayName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? OrganizationId,
    IReadOnlyList<PermissionJson> SitePermissions,
    IReadOnlyList<PermissionJson> OrganizationPermissions,
    IReadOnlyList<PermissionJson> UserPermissions)
{
    internal static RoleJson From(CustomRole role) =>
        new(role.Name, role.DisplayName, role.Organization, [], PermissionJson.ListOf(role.Permissions), []);
}

/// <summary>A role, seen by somebody who may or may not give it.</summary>
/// <param name="Name">The name on the wire.</param>
/// <param name="DisplayName">The name for people.</param>
/// <param name="OrganizationId">The organization that it counts in; left out for roles of the deployment.</param>
/// <param name="SitePermissions">What it grants in the whole deployment.</param>
/// <param name="OrganizationPermissions">What it grants and denies in its organization.</param>
/// <param name="UserPermissions">What it grants over the user's own objects.</param>
/// <param name="Assignable">Whether you may give and take it.</param>
/// <param name="BuiltIn">Whether it can not be changed.</param>
public sealed record AssignableRoleJson(
    string Name,
    string DisplayName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? OrganizationId,
    IReadOnlyList<PermissionJson> SitePermissions,
    IReadOnlyList<PermissionJson> OrganizationPermissions,
    IReadOnlyList<PermissionJson> UserPermissions,
    bool Assignable,
    bool BuiltIn)
{
    internal static AssignableRoleJson From(SiteRole role) => new(
        role.Role.Name,
        role.Role.DisplayName,
        null,
        PermissionJson.ListOf(role.Role.SitePermissions),
        PermissionJson.ListOf(role.Role.OrganizationPermissions),
        PermissionJson.ListOf(role.Role.UserPermissions),
        role.IsAssignable,
        BuiltIn: true);

    internal static AssignableRoleJson From(AssignableRole role) => new(
        role.Name,
        role.DisplayName,
        role.OrganizationId,
        PermissionJson.ListOf(role.SitePermissions),
        PermissionJson.ListOf(role.OrganizationPermissions),
        PermissionJson.ListOf(role.UserPermissions),
        role.IsAssignable,
        role.IsBuiltIn);
}

/// <summary>One line of a wanted role.</summary>
/// <param name="Negate">Custom roles only grant, so this must not be set.</param>
/// <param name="ResourceType">What it is about; custom roles name single types.</param>
/// <param name="Action">What may be done; custom roles name single actions.</param>
public sealed record PermissionRequestJson(
    bool? Negate,
    [property: WireNames(typeof(ResourceType))] string? ResourceType,
    [property: WireNames(typeof(PermissionAction))] string? Action);

/// <summary>Makes or changes a role of an organization.</summary>
/// <param name="Name">1 to 32 letters, digits and single hyphens; stored in lower case, unique in the organization.</param>
/// <param name="DisplayName">The name for people; at most 64 characters.</param>
/// <param name="SitePermissions">Must be empty.</param>
/// <param name="OrganizationPermissions">What the role grants; nothing that you do not have in the organization yourself.</param>
/// <param name="UserPermissions">Must be empty.</param>
public sealed record CustomRoleRequestJson(
    string? Name,
    string? DisplayName,
    IReadOnlyList<PermissionRequestJson?>? SitePermissions,
    IReadOnlyList<PermissionRequestJson?>? OrganizationPermissions,
    IReadOnlyList<PermissionRequestJson?>? UserPermissions)
{
    internal CustomRoleDraft ToDraft() =>
        new(Name ?? "", DisplayName ?? "", Lines(SitePermissions), Lines(OrganizationPermissions), Lines(UserPermissions));

    private static PermissionLine[] Lines(IReadOnlyList<PermissionRequestJson?>? lines) =>
        [.. (lines ?? []).Select(line => new PermissionLine(line?.Negate ?? false, line?.ResourceType ?? "", line?.Action ?? ""))];
}
