using Coder.Domain.Authorization;
using Coder.Domain.Common;

namespace Coder.Domain.Organizations;

/// <summary>A line of a role as a client sends it; nothing of it is known to exist.</summary>
/// <param name="Negate">Whether it denies.</param>
/// <param name="ResourceType">The name of a type, or <c>*</c>.</param>
/// <param name="Action">The name of an action, or <c>*</c>.</param>
public sealed record PermissionLine(bool Negate, string ResourceType, string Action);

/// <summary>A custom role as a client wants it.</summary>
/// <param name="Name">Any case; stored in lower case.</param>
/// <param name="DisplayName">The name for people; may be empty.</param>
/// <param name="SitePermissions">Must be empty.</param>
/// <param name="OrganizationPermissions">What the role is to grant in its organization.</param>
/// <param name="UserPermissions">Must be empty.</param>
public sealed record CustomRoleDraft(
    string Name,
    string DisplayName,
    IReadOnlyList<PermissionLine> SitePermissions,
    IReadOnlyList<PermissionLine> OrganizationPermissions,
    IReadOnlyList<PermissionLine> UserPermissions)
{
    /// <summary>The name as it is stored and compared.</summary>
    public string StoredName => StoredNameOf(Name);

    /// <summary>How a name of a custom role is stored and compared.</summary>
    // What passes the rules of names is ASCII, and what does not is never stored.
#pragma warning disable CA1308
    public static string StoredNameOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.ToLowerInvariant();
    }
#pragma warning restore CA1308
}

/// <summary>What becomes of a permission whose type or action does not exist.</summary>
public enum UnknownPermissions
{
    /// <summary>The role is refused: a new role has no reason to name it.</summary>
    Refuse,

    /// <summary>It is left out: the role may be older than this version.</summary>
    Drop,
}

/// <summary>
/// What a custom role may grant (docs/spec/platform.md, section 8.4): single permissions of its own organization, and none that whoever
/// writes the role does not have there.
/// </summary>
public static class CustomRoleRules
{
    private const string Refused = "Failed to update role permissions";

    private static readonly Error SiteWide = new(
        ErrorKind.Invalid, "Invalid request, not allowed to assign site wide permissions for an organization role.");

    private static readonly Error ForUsers = new(
        ErrorKind.Invalid, "Invalid request, not allowed to assign user permissions for an organization role.");

    /// <summary>Turns a draft into a role, without regard to who asks.</summary>
    /// <param name="draft">The role as sent.</param>
    /// <param name="organization">The organization that the role is to belong to.</param>
    /// <param name="unknown">What becomes of permissions that do not exist.</param>
    /// <returns>The role, each permission once; or why no role may be like that.</returns>
    public static Result<CustomRole> Read(CustomRoleDraft draft, Guid organization, UnknownPermissions unknown)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (IsBuiltIn(draft.StoredName))
        {
            return new Error(ErrorKind.Invalid, "Reserved role name", $"\"{draft.StoredName}\" is the name of a built-in role.");
        }

        if (draft.SitePermissions.Count > 0)
        {
            return SiteWide;
        }

        if (draft.UserPermissions.Count > 0)
        {
            return ForUsers;
        }

        var rules = new List<PermissionRule>();
        foreach (var line in draft.OrganizationPermissions)
        {
            if (!PermissionRule.TryParse(line.Negate, line.ResourceType, line.Action, out var rule))
            {
                if (unknown == UnknownPermissions.Refuse)
                {
                    return Refuse(line.ResourceType, line.Action, "does not exist");
                }
            }
            else if (rule.IsWildcard)
            {
                return Refuse(line.ResourceType, line.Action, "is a wildcard, and custom roles name single permissions");
            }
            else if (rule.Negate)
            {
                return Refuse(line.ResourceType, line.Action, "is negated, and custom roles only grant");
            }
            else
            {
                rules.Add(rule);
            }
        }

        return new CustomRole(draft.StoredName, draft.DisplayName, organization, [.. rules.Distinct()]);
    }

    /// <summary>Refuses a role that grants what the actor does not have in the role's organization.</summary>
    /// <returns>The refusal, which names the first such permission; or <see langword="null"/>.</returns>
    public static Error? Escalation(Actor actor, CustomRole role)
    {
        ArgumentNullException.ThrowIfNull(role);
        foreach (var rule in role.Permissions)
        {
            if (rule is { Type: { } type, Action: { } action } && !Authorizer.Can(actor, action, ObjectRef.In(role.Organization, type)))
            {
                return Refuse(type.WireName(), action.WireName(), "is one that you do not have in this organization yourself");
            }
        }

        return null;
    }

    private static bool IsBuiltIn(string name)
    {
        var roles = BuiltInRoles.For(AuthorizationOptions.Default);
        return roles.FindSite(name) is not null || roles.FindOrganization(name) is not null;
    }

    private static Error Refuse(string type, string action, string reason) =>
        new(ErrorKind.Invalid, Refused, $"The permission \"{type}:{action}\" {reason}.");
}
