namespace Coder.Domain.Authorization;

/// <summary>The names of the built-in roles, as stored and as on the wire.</summary>
public static class RoleNames
{
    /// <summary>Site: may do nearly everything.</summary>
    public const string Owner = "owner";

    /// <summary>Site: implied for every user, never stored.</summary>
    public const string Member = "member";

    /// <summary>Site: reads the logs and what they speak of.</summary>
    public const string Auditor = "auditor";

    /// <summary>Site: manages templates of all organizations.</summary>
    public const string TemplateAdmin = "template-admin";

    /// <summary>Site: manages users, groups and memberships.</summary>
    public const string UserAdmin = "user-admin";

    /// <summary>Organization: may do nearly everything there.</summary>
    public const string OrganizationAdmin = "organization-admin";

    /// <summary>Organization: implied for every member, never stored.</summary>
    public const string OrganizationMember = "organization-member";

    /// <summary>Organization: reads its logs.</summary>
    public const string OrganizationAuditor = "organization-auditor";

    /// <summary>Organization: manages its members and groups.</summary>
    public const string OrganizationUserAdmin = "organization-user-admin";

    /// <summary>Organization: manages its templates.</summary>
    public const string OrganizationTemplateAdmin = "organization-template-admin";

    /// <summary>Organization: takes away the right to create and delete workspaces.</summary>
    public const string OrganizationWorkspaceCreationBan = "organization-workspace-creation-ban";
}
