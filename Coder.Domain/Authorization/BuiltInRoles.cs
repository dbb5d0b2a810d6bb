using System.Collections.Frozen;
using static Coder.Domain.Authorization.ActionMask;

namespace Coder.Domain.Authorization;

/// <summary>The roles of docs/spec/platform.md 6.2 and 6.3, compiled once for each of the two variations of the owner role.</summary>
public sealed class BuiltInRoles
{
    private const ActionMask DormantActions = Crud | Stop | CreateAgent | DeleteAgent;
    private const ActionMask UnopenedWorkspaceActions = Crud | Start | Stop | CreateAgent | DeleteAgent;

    private static readonly BuiltInRoles Usual = new(disableOwnerWorkspaceAccess: false);
    private static readonly BuiltInRoles WithoutOwnerAccess = new(disableOwnerWorkspaceAccess: true);

    private readonly FrozenDictionary<string, int> _siteIndex;
    private readonly FrozenDictionary<string, int> _organizationIndex;
    private readonly CompiledRoles[] _siteSets;
    private readonly CompiledRoles[] _organizationSets;

    private BuiltInRoles(bool disableOwnerWorkspaceAccess)
    {
        Site = [MemberRole(), OwnerRole(disableOwnerWorkspaceAccess), AuditorRole(), TemplateAdminRole(), UserAdminRole()];
        Organization =
        [
            OrganizationMemberRole(), OrganizationAdminRole(), OrganizationAuditorRole(),
            OrganizationUserAdminRole(), OrganizationTemplateAdminRole(), CreationBanRole(),
        ];
        _siteIndex = IndexOf(Site);
        _organizationIndex = IndexOf(Organization);
        _siteSets = AllSets(Site);
        _organizationSets = AllSets(Organization);
    }

    /// <summary>The site roles, the implied <c>member</c> first.</summary>
    public IReadOnlyList<Role> Site { get; }

    /// <summary>The organization roles, the implied <c>organization-member</c> first.</summary>
    public IReadOnlyList<Role> Organization { get; }

    /// <summary>The roles as the deployment's settings shape them.</summary>
    public static BuiltInRoles For(AuthorizationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.DisableOwnerWorkspaceAccess ? WithoutOwnerAccess : Usual;
    }

    /// <summary>The site role of that exact name, or <see langword="null"/>.</summary>
    public Role? FindSite(string name) => _siteIndex.TryGetValue(name, out var i) ? Site[i] : null;

    /// <summary>The organization role of that exact name, or <see langword="null"/>.</summary>
    public Role? FindOrganization(string name) => _organizationIndex.TryGetValue(name, out var i) ? Organization[i] : null;

    /// <summary>What stored site role names amount to; unknown names grant nothing, the implied role is always in.</summary>
    internal CompiledRoles CompileSite(IReadOnlyList<string> names) => _siteSets[SetOf(_siteIndex, names)];

    /// <summary>The same for the built-in ones among the stored names of one membership.</summary>
    internal CompiledRoles CompileOrganization(IReadOnlyList<string> names) => _organizationSets[SetOf(_organizationIndex, names)];

    private static int SetOf(FrozenDictionary<string, int> index, IReadOnlyList<string> names)
    {
        var set = 1;
        for (var i = 0; i < names.Count; i++)
        {
            if (index.TryGetValue(names[i], out var at))
            {
                set |= 1 << at;
            }
        }

        return set;
    }

    private static FrozenDictionary<string, int> IndexOf(IReadOnlyList<Role> roles) =>
        roles.Select((role, i) => KeyValuePair.Create(role.Name, i)).ToFrozenDictionary(StringComparer.Ordinal);

    // There are so few built-in roles that every combination fits a table: 32 at the site, 64 in an organization.
    private static CompiledRoles[] AllSets(IReadOnlyList<Role> roles)
    {
        var sets = new CompiledRoles[1 << roles.Count];
        for (var set = 0; set < sets.Length; set++)
        {
            sets[set] = CompiledRoles.Of(roles.Where((_, i) => (set & (1 << i)) != 0));
        }

        return sets;
    }

    private static Role OwnerRole(bool disableWorkspaceAccess) => new(
        RoleNames.Owner,
        "Owner",
        site: RoleGrants.Everything()
            .Only(ResourceType.Workspace, disableWorkspaceAccess ? UnopenedWorkspaceActions : Everything)
            .Only(ResourceType.WorkspaceDormant, DormantActions)
            .Only(ResourceType.PrebuiltWorkspace, Update | Delete)
            .Only(ResourceType.UserSecret, None)
            .Only(ResourceType.UsageEvent, None));

    private static Role MemberRole() => new(
        RoleNames.Member,
        "Member",
        site: new()
        {
            { ResourceType.AssignRole, Read },
            { ResourceType.OAuth2App, Read },
            { ResourceType.WorkspaceProxy, Read },
        },
        user: RoleGrants.Everything()
            .Only(ResourceType.User, Read | ReadPersonal | UpdatePersonal)
            .Only(ResourceType.OrganizationMember, Read)
            .Only(ResourceType.WorkspaceDormant, DormantActions)
            .Only(ResourceType.PrebuiltWorkspace, None));

    private static Role AuditorRole() => new(
        RoleNames.Auditor,
        "Auditor",
        site: new()
        {
            { ResourceType.AuditLog, Read },
            { ResourceType.ConnectionLog, Read },
            { ResourceType.AssignOrgRole, Read },
            { ResourceType.Template, Read | ViewInsights },
            { ResourceType.User, Read },
            { ResourceType.Group, Read },
            { ResourceType.GroupMember, Read },
            { ResourceType.Organization, Read },
            { ResourceType.OrganizationMember, Read },
            { ResourceType.DeploymentStats, Read },
            { ResourceType.DeploymentConfig, Read },
        });

    private static Role TemplateAdminRole() => new(
        RoleNames.TemplateAdmin,
        "Template Admin",
        site: new()
        {
            { ResourceType.Template, Everything },
            { ResourceType.File, Create | Read },
            { ResourceType.Workspace, Read },
            { ResourceType.PrebuiltWorkspace, Update | Delete },
            { ResourceType.ProvisionerDaemon, Crud },
            { ResourceType.AssignOrgRole, Read },
            { ResourceType.User, Read },
            { ResourceType.Group, Read },
            { ResourceType.GroupMember, Read },
            { ResourceType.Organization, Read },
            { ResourceType.OrganizationMember, Read },
        });

    private static Role UserAdminRole() => new(
        RoleNames.UserAdmin,
        "User Admin",
        site: new()
        {
            { ResourceType.User, Everything },
            { ResourceType.Group, Crud },
            { ResourceType.GroupMember, Read },
            { ResourceType.Organization, Read },
            { ResourceType.OrganizationMember, Crud },
            { ResourceType.AssignRole, Assign | Unassign | Read },
            { ResourceType.AssignOrgRole, Assign | Unassign | Read },
            { ResourceType.IdpSyncSettings, Read | Update },
        });

    private static Role OrganizationAdminRole() => new(
        RoleNames.OrganizationAdmin,
        "Organization Admin",
        site: new() { { ResourceType.User, Read } },
        organization: RoleGrants.Everything()
            .Only(ResourceType.Workspace, UnopenedWorkspaceActions)
            .Only(ResourceType.WorkspaceDormant, DormantActions)
            .Only(ResourceType.PrebuiltWorkspace, Update | Delete)
            .Only(ResourceType.AssignRole, None)
            .Only(ResourceType.UserSecret, None));

    private static Role OrganizationMemberRole() => new(
        RoleNames.OrganizationMember,
        "",
        organization: new()
        {
            { ResourceType.Organization, Read },
            { ResourceType.ProvisionerDaemon, Read },
            { ResourceType.AssignOrgRole, Read },
        });

    private static Role OrganizationAuditorRole() => new(
        RoleNames.OrganizationAuditor,
        "Organization Auditor",
        organization: new()
        {
            { ResourceType.AuditLog, Read },
            { ResourceType.ConnectionLog, Read },
            { ResourceType.Template, Read | ViewInsights },
            { ResourceType.Group, Read },
            { ResourceType.GroupMember, Read },
            { ResourceType.Organization, Read },
            { ResourceType.OrganizationMember, Read },
        });

    private static Role OrganizationUserAdminRole() => new(
        RoleNames.OrganizationUserAdmin,
        "Organization User Admin",
        site: new() { { ResourceType.User, Read } },
        organization: new()
        {
            { ResourceType.OrganizationMember, Crud },
            { ResourceType.Group, Crud },
            { ResourceType.GroupMember, Read },
            { ResourceType.AssignOrgRole, Assign | Unassign | Read },
            { ResourceType.Organization, Read },
            { ResourceType.IdpSyncSettings, Read | Update },
        });

    private static Role OrganizationTemplateAdminRole() => new(
        RoleNames.OrganizationTemplateAdmin,
        "Organization Template Admin",
        organization: new()
        {
            { ResourceType.Template, Everything },
            { ResourceType.File, Create | Read },
            { ResourceType.Workspace, Read },
            { ResourceType.PrebuiltWorkspace, Update | Delete },
            { ResourceType.ProvisionerDaemon, Crud },
            { ResourceType.ProvisionerJobs, Read | Update | Create },
            { ResourceType.Organization, Read },
            { ResourceType.OrganizationMember, Read },
            { ResourceType.Group, Read },
            { ResourceType.GroupMember, Read },
        });

    private static Role CreationBanRole() => new(
        RoleNames.OrganizationWorkspaceCreationBan,
        "Organization Workspace Creation Ban",
        denied: new() { { ResourceType.Workspace, Create | Delete | CreateAgent | DeleteAgent } });
}
