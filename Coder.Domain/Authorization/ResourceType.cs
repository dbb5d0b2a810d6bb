namespace Coder.Domain.Authorization;

/// <summary>
/// The kinds of things that permissions are about (docs/spec/platform.md 6.1). The numbers are internal: the wire has names.
/// </summary>
public enum ResourceType
{
    /// <summary>An account; its owner is the user itself and it belongs to no organization.</summary>
    User,

    /// <summary>A tenant; its organization is itself.</summary>
    Organization,

    /// <summary>One user's membership in one organization.</summary>
    OrganizationMember,

    /// <summary>A group of members; whoever is in it may read it.</summary>
    Group,

    /// <summary>One user's membership in one group.</summary>
    GroupMember,

    /// <summary>A session or a token of a user.</summary>
    ApiKey,

    /// <summary>Giving and taking site roles.</summary>
    AssignRole,

    /// <summary>Giving and taking organization roles, and the custom roles themselves.</summary>
    AssignOrgRole,

    /// <summary>An uploaded license.</summary>
    License,

    /// <summary>The settings of the deployment.</summary>
    DeploymentConfig,

    /// <summary>Figures about the use of the deployment.</summary>
    DeploymentStats,

    /// <summary>Health reports and other diagnostics.</summary>
    DebugInfo,

    /// <summary>The server processes of the deployment.</summary>
    Replicas,

    /// <summary>A row of the audit log; rows that concern the whole deployment have no organization.</summary>
    AuditLog,

    /// <summary>A row of the connection log. Whoever reads the audit log of a level reads its connection log too.</summary>
    ConnectionLog,

    /// <summary>A template, and through it its versions and presets.</summary>
    Template,

    /// <summary>An uploaded archive; its owner is who uploaded it.</summary>
    File,

    /// <summary>A workspace that is not dormant.</summary>
    Workspace,

    /// <summary>A workspace that is dormant: shared with nobody, and neither started nor connected to.</summary>
    WorkspaceDormant,

    /// <summary>A workspace of the prebuilds user, seen as stock of its template.</summary>
    PrebuiltWorkspace,

    /// <summary>A provisioner daemon, and the keys that let one in.</summary>
    ProvisionerDaemon,

    /// <summary>The job queue of an organization.</summary>
    ProvisionerJobs,

    /// <summary>An application that may ask users for access.</summary>
    OAuth2App,

    /// <summary>A client secret of such an application.</summary>
    OAuth2AppSecret,

    /// <summary>A code or a token that a user granted to an application.</summary>
    OAuth2AppCodeToken,

    /// <summary>A regional proxy.</summary>
    WorkspaceProxy,

    /// <summary>How roles and groups follow the identity provider, for the deployment or one organization.</summary>
    IdpSyncSettings,

    /// <summary>What only the server itself does.</summary>
    System,

    /// <summary>Keys that sign and encrypt the server's own tokens.</summary>
    CryptoKey,

    /// <summary>The coordination of network peers.</summary>
    TailnetCoordinator,

    /// <summary>A notification on its way out.</summary>
    NotificationMessage,

    /// <summary>The text and the method of a kind of notification.</summary>
    NotificationTemplate,

    /// <summary>Which notifications a user wants.</summary>
    NotificationPreference,

    /// <summary>A notification in a user's inbox.</summary>
    InboxNotification,

    /// <summary>A browser that receives a user's notifications.</summary>
    WebpushSubscription,

    /// <summary>A secret that only its user may see.</summary>
    UserSecret,

    /// <summary>A record of metered use.</summary>
    UsageEvent,

    /// <summary>The memory and volume watch of a workspace agent.</summary>
    WorkspaceAgentResourceMonitor,

    /// <summary>The development containers that a workspace agent reports.</summary>
    WorkspaceAgentDevcontainers,
}
