using System.Diagnostics.CodeAnalysis;
using static Coder.Domain.Authorization.ActionMask;

namespace Coder.Domain.Authorization;

/// <summary>
/// The table of docs/spec/platform.md 6.1: what each type is called, which actions it knows and how its objects are shaped.
/// </summary>
public static class ResourceTypes
{
    private const ActionMask WorkspaceActions =
        Crud | Start | Stop | Ssh | ApplicationConnect | CreateAgent | DeleteAgent;

    private static readonly ResourceFacts[] Facts = InOrder(
    [
        new(ResourceType.User, "user", Crud | ReadPersonal | UpdatePersonal, Own: true),
        new(ResourceType.Organization, "organization", Crud, Org: true),
        new(ResourceType.OrganizationMember, "organization_member", Crud, Own: true, Org: true),
        new(ResourceType.Group, "group", Crud, Org: true, Acl: AclPart.OwnGroup),
        new(ResourceType.GroupMember, "group_member", Read, Own: true, Org: true),
        new(ResourceType.ApiKey, "api_key", Crud, Own: true),
        new(ResourceType.AssignRole, "assign_role", Assign | Unassign | Read),
        new(ResourceType.AssignOrgRole, "assign_org_role", Assign | Unassign | Crud, Org: true),
        new(ResourceType.License, "license", Create | Read | Delete),
        new(ResourceType.DeploymentConfig, "deployment_config", Read | Update),
        new(ResourceType.DeploymentStats, "deployment_stats", Read),
        new(ResourceType.DebugInfo, "debug_info", Read),
        new(ResourceType.Replicas, "replicas", Read),
        new(ResourceType.AuditLog, "audit_log", Read | Create, Org: true),
        new(ResourceType.ConnectionLog, "connection_log", Read | Update, Org: true),
        new(ResourceType.Template, "template", Crud | Use | ViewInsights, Org: true, Acl: AclPart.Stored),
        new(ResourceType.File, "file", Create | Read, Own: true),
        new(ResourceType.Workspace, "workspace", WorkspaceActions, Own: true, Org: true, Acl: AclPart.Stored),
        new(ResourceType.WorkspaceDormant, "workspace_dormant", WorkspaceActions, Own: true, Org: true),
        new(ResourceType.PrebuiltWorkspace, "prebuilt_workspace", Update | Delete, Own: true, Org: true),
        new(ResourceType.ProvisionerDaemon, "provisioner_daemon", Crud, Own: true, Org: true),
        new(ResourceType.ProvisionerJobs, "provisioner_jobs", Create | Read | Update, Org: true),
        new(ResourceType.OAuth2App, "oauth2_app", Crud),
        new(ResourceType.OAuth2AppSecret, "oauth2_app_secret", Crud),
        new(ResourceType.OAuth2AppCodeToken, "oauth2_app_code_token", Create | Read | Delete, Own: true),
        new(ResourceType.WorkspaceProxy, "workspace_proxy", Crud),
        new(ResourceType.IdpSyncSettings, "idpsync_settings", Read | Update, Org: true),
        new(ResourceType.System, "system", Crud),
        new(ResourceType.CryptoKey, "crypto_key", Crud),
        new(ResourceType.TailnetCoordinator, "tailnet_coordinator", Crud),
        new(ResourceType.NotificationMessage, "notification_message", Crud),
        new(ResourceType.NotificationTemplate, "notification_template", Read | Update),
        new(ResourceType.NotificationPreference, "notification_preference", Read | Update, Own: true),
        new(ResourceType.InboxNotification, "inbox_notification", Create | Read | Update, Own: true),
        new(ResourceType.WebpushSubscription, "webpush_subscription", Create | Read | Delete, Own: true),
        new(ResourceType.UserSecret, "user_secret", Crud, Own: true),
        new(ResourceType.UsageEvent, "usage_event", Create | Read | Update),
        new(ResourceType.WorkspaceAgentResourceMonitor, "workspace_agent_resource_monitor", Create | Read | Update),
        new(ResourceType.WorkspaceAgentDevcontainers, "workspace_agent_devcontainers", Create),
    ]);

    private static readonly Dictionary<string, ResourceType> ByName = Facts.ToDictionary(f => f.Name, f => f.Type, StringComparer.Ordinal);

    /// <summary>Every type, in the order of the enumeration.</summary>
    public static IReadOnlyList<ResourceType> All { get; } = Enum.GetValues<ResourceType>();

    internal static int Count => Facts.Length;

    /// <summary>The name on the wire, for example <c>organization_member</c>.</summary>
    public static string WireName(this ResourceType type) => Facts[(int)type].Name;

    /// <summary>Reads a name from the wire; names compare exactly, and <c>*</c> is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, out ResourceType type)
    {
        type = default;
        return name is not null && ByName.TryGetValue(name, out type);
    }

    /// <summary>Whether <paramref name="action"/> exists for <paramref name="type"/>; one that does not is allowed to nobody.</summary>
    public static bool Knows(this ResourceType type, PermissionAction action) => (type.Actions() & action.Bit()) != ActionMask.None;

    internal static ActionMask Actions(this ResourceType type) => Facts[(int)type].Actions;

    internal static ResourceFacts Of(ResourceType type) => Facts[(int)type];

    private static ResourceFacts[] InOrder(ResourceFacts[] facts)
    {
        for (var i = 0; i < facts.Length; i++)
        {
            if ((int)facts[i].Type != i)
            {
                throw new InvalidOperationException($"The table of resource types has {facts[i].Type} in row {i}.");
            }
        }

        return facts;
    }
}
