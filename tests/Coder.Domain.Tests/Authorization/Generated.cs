using Coder.Domain.Authorization;
using CsCheck;

namespace Coder.Domain.Tests.Authorization;

/// <summary>Random actors and rows from small pools of ids, so that they meet often.</summary>
internal static class Generated
{
    public static readonly Guid[] Users = Ids(0x100, 3);
    public static readonly Guid[] Organizations = Ids(0x200, 4);
    public static readonly Guid[] Groups = [.. Ids(0x300, 3), Organizations[3]];
    public static readonly Guid[] Rows = [.. Ids(0x400, 3), .. Organizations, .. Groups, .. Users];

    private static readonly string[] SiteRoles = ["owner", "auditor", "template-admin", "user-admin", "unknown"];

    private static readonly string[] OrganizationRoles =
    [
        "organization-admin", "organization-auditor", "organization-user-admin", "organization-template-admin",
        "organization-workspace-creation-ban", "custom-1", "custom-2", "unknown",
    ];

    private static readonly ResourceType[] Owned =
    [
        ResourceType.OrganizationMember, ResourceType.GroupMember, ResourceType.ApiKey, ResourceType.File, ResourceType.PrebuiltWorkspace,
        ResourceType.ProvisionerDaemon, ResourceType.OAuth2AppCodeToken, ResourceType.NotificationPreference,
        ResourceType.InboxNotification, ResourceType.WebpushSubscription, ResourceType.UserSecret,
    ];

    private static readonly ResourceType[] Organized =
    [
        ResourceType.Organization, ResourceType.OrganizationMember, ResourceType.GroupMember, ResourceType.AssignOrgRole,
        ResourceType.AuditLog, ResourceType.ConnectionLog, ResourceType.PrebuiltWorkspace, ResourceType.ProvisionerDaemon,
        ResourceType.ProvisionerJobs, ResourceType.IdpSyncSettings,
    ];

    public static readonly Gen<PermissionAction> Action =
        Gen.Frequency((3, Gen.Const(PermissionAction.Read)), (2, Gen.OneOf(PermissionActions.All.ToArray())));

    private static readonly Gen<AccessControlList> Acl =
        Gen.Select(Gen.OneOf<Guid>([.. Users, .. Groups, .. Organizations]), Action, Gen.Bool, AclWith).Array[0, 3].Select(Merge);

    private static readonly Gen<string> ScopeName = Gen.Frequency(
        (1, Gen.Const("all")),
        (1, Gen.Const("application_connect")),
        (4, Gen.OneOf(ResourceTypes.All.ToArray()).Select(type => $"{type.WireName()}:*")),
        (4, Gen.Select(Gen.OneOf(ResourceTypes.All.ToArray()), Action, (type, action) => $"{type.WireName()}:{action.WireName()}")));

    private static readonly Gen<string> AllowedEntry = Gen.Select(
        Gen.Frequency((1, Gen.Const((ResourceType?)null)), (2, Gen.OneOf(ResourceTypes.All.ToArray()).Select(t => (ResourceType?)t))),
        Gen.Frequency((1, Gen.Const((Guid?)null)), (3, Gen.OneOf(Rows).Select(id => (Guid?)id))),
        (type, id) => new AllowedTarget(type, id).ToString());

    private static readonly Gen<KeyScope> Scope = Gen.Frequency(
        (6, Gen.Const(KeyScope.All)),
        (1, Gen.Const(KeyScope.ApplicationConnect)),
        (2, AllowedEntry.Array[0, 12].Select(allowed => KeyScope.Of(["all"], allowed))),
        (3, Gen.Select(ScopeName.Array[1, 12], AllowedEntry.Array[0, 8], (names, allowed) => KeyScope.Of(names, allowed))),
        (2, Gen.Select(Gen.OneOf(Rows).Array[0, 6], Gen.Bool, (ids, block) => KeyScope.WorkspaceAgent(ids, block))));

    private static readonly Gen<PermissionRule> Rule = Gen.Select(
        Gen.Frequency((3, Gen.Const(false)), (1, Gen.Const(true))),
        Gen.Frequency((1, Gen.Const((ResourceType?)null)), (4, Gen.OneOf(ResourceTypes.All.ToArray()).Select(t => (ResourceType?)t))),
        Gen.Frequency((1, Gen.Const((PermissionAction?)null)), (2, Action.Select(a => (PermissionAction?)a))),
        (negate, type, action) => new PermissionRule(negate, type, action));

    private static readonly Gen<CustomRole> Custom = Gen.Select(
        Gen.OneOf("custom-1", "custom-2"),
        Gen.OneOf(Organizations),
        Rule.Array[0, 3],
        (name, organization, rules) => new CustomRole(name, name, organization, rules));

    private static readonly Gen<string[]> HeldSiteRoles = Gen.Frequency(
        (5, Gen.Const(Array.Empty<string>())),
        (2, Gen.OneOf(SiteRoles).Array[1, 2]));

    private static readonly Gen<OrganizationRoles[]> Memberships =
        Gen.Select(Gen.Shuffle(Organizations, 0, 3), Gen.OneOf(OrganizationRoles).Array[0, 2].Array[3])
            .Select((ids, roles) => ids.Select((id, i) => new OrganizationRoles(id, roles[i])).ToArray());

    /// <summary>What a key may be used for.</summary>
    public static Gen<KeyScope> AnyScope => Scope;

    /// <summary>An actor with up to three memberships, custom roles, groups and any scope.</summary>
    public static Gen<Actor> Actor { get; } = Gen.Select(
        Gen.OneOf(Users),
        HeldSiteRoles,
        Memberships,
        Gen.OneOf(Groups).Array[0, 3],
        Scope,
        Custom.Array[0, 3],
        Gen.Bool,
        (user, site, memberships, groups, scope, custom, disabled) => Domain.Authorization.Actor.Create(
            user, "random", site, memberships, groups, scope, custom, new AuthorizationOptions(disabled)));

    /// <summary>An action and a row of a type in the shape that the type has.</summary>
    public static Gen<(PermissionAction Action, ObjectRef Row)> Question { get; } = Gen.Select(
        Gen.OneOf<ResourceType>([.. ResourceTypes.All, ResourceType.Workspace, ResourceType.Template, ResourceType.Group]),
        Action,
        Gen.OneOf(Rows),
        Gen.OneOf<Guid>([.. Users, Guid.Empty]),
        Gen.OneOf<Guid>([.. Organizations, Guid.Empty]),
        Acl,
        Acl,
        (type, action, id, owner, organization, users, groups) => (action, Shape(type, id, owner, organization, users, groups)));

    private static ObjectRef Shape(
        ResourceType type, Guid id, Guid owner, Guid organization, AccessControlList users, AccessControlList groups) => type switch
        {
            ResourceType.User => ObjectRef.User(id),
            ResourceType.Group => ObjectRef.Group(id, organization),
            ResourceType.Template => ObjectRef.Template(id, organization, users, groups),
            ResourceType.Workspace => ObjectRef.Workspace(id, owner, organization, dormant: false, users, groups),
            ResourceType.WorkspaceDormant => ObjectRef.Workspace(id, owner, organization, dormant: true),
            _ => new ObjectRef(type)
            {
                Id = id,
                Owner = Owned.Contains(type) ? owner : null,
                Organization = Organized.Contains(type) ? organization : null,
            },
        };

    private static KeyValuePair<Guid, IReadOnlyList<PermissionAction>> AclWith(Guid id, PermissionAction action, bool all) =>
        KeyValuePair.Create<Guid, IReadOnlyList<PermissionAction>>(id, all ? [.. PermissionActions.All] : [action]);

    private static AccessControlList Merge(KeyValuePair<Guid, IReadOnlyList<PermissionAction>>[] entries) =>
        AccessControlList.Of(entries.DistinctBy(e => e.Key));

    private static Guid[] Ids(int first, int count) => [.. Enumerable.Range(first, count).Select(n => new Guid(n, 0, 0, new byte[8]))];
}
