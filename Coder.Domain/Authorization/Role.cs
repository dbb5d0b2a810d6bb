namespace Coder.Domain.Authorization;

/// <summary>A built-in role: what it is called and what it grants at each level.</summary>
public sealed class Role
{
    internal Role(
        string name,
        string displayName,
        RoleGrants? site = null,
        RoleGrants? organization = null,
        RoleGrants? user = null,
        RoleGrants? denied = null)
    {
        Name = name;
        DisplayName = displayName;
        SitePermissions = Rules(site, null);
        OrganizationPermissions = Rules(organization, denied);
        UserPermissions = Rules(user, null);
        SiteLevel = PermissionLevel.From(SitePermissions);
        OrganizationLevel = PermissionLevel.From(OrganizationPermissions);
        UserLevel = PermissionLevel.From(UserPermissions);
    }

    /// <summary>The stored name; unique among the built-in roles of both levels.</summary>
    public string Name { get; }

    /// <summary>What people read; empty for <c>organization-member</c>.</summary>
    public string DisplayName { get; }

    /// <summary>Whether everybody has it, so that it is neither stored nor listed nor given.</summary>
    public bool IsImplied => Name is RoleNames.Member or RoleNames.OrganizationMember;

    /// <summary>What holds in the whole deployment.</summary>
    public IReadOnlyList<PermissionRule> SitePermissions { get; }

    /// <summary>What holds in the organization in which the role is held.</summary>
    public IReadOnlyList<PermissionRule> OrganizationPermissions { get; }

    /// <summary>What holds for the user's own objects.</summary>
    public IReadOnlyList<PermissionRule> UserPermissions { get; }

    internal PermissionLevel SiteLevel { get; }

    internal PermissionLevel OrganizationLevel { get; }

    internal PermissionLevel UserLevel { get; }

    private static PermissionRule[] Rules(RoleGrants? granted, RoleGrants? denied) =>
        [.. granted?.ToRules(negate: false) ?? [], .. denied?.ToRules(negate: true) ?? []];
}
