using static Coder.Domain.Authorization.ActionMask;

namespace Coder.Domain.Authorization;

/// <summary>
/// The server's own subjects (docs/spec/platform.md 6.4). No request ever becomes one: every use is explicit where it acts.
/// </summary>
public static class SystemActors
{
    /// <summary>The id of the user that owns prebuilt workspaces.</summary>
    public static readonly Guid PrebuildsUserId = new("c42fdf75-3097-471c-8c33-fb52454d81c0");

    /// <summary>Logins, logouts and the filling of caches.</summary>
    public static Actor System { get; } = Actor.CreateInternal("system", Guid.Empty, RoleGrants.ReadEverything().And(new()
    {
        { ResourceType.User, Everything },
        { ResourceType.ApiKey, Everything },
        { ResourceType.AssignRole, Everything },
        { ResourceType.AssignOrgRole, Everything },
        { ResourceType.System, Everything },
        { ResourceType.Group, Create | Update },
        { ResourceType.Organization, Create },
        { ResourceType.OrganizationMember, Create | Delete },
        { ResourceType.ProvisionerDaemon, Create | Update },
        { ResourceType.Workspace, Update | Delete | Start | Stop | Ssh | CreateAgent | DeleteAgent },
        { ResourceType.WorkspaceDormant, Update | Delete | Stop },
        { ResourceType.File, Create },
        { ResourceType.ProvisionerJobs, Update | Create },
        { ResourceType.OAuth2App, Create | Update | Delete },
        { ResourceType.OAuth2AppSecret, Create | Update | Delete },
        { ResourceType.DeploymentConfig, Update },
        { ResourceType.WorkspaceProxy, Create | Update | Delete },
        { ResourceType.CryptoKey, Create | Update | Delete },
        { ResourceType.NotificationMessage, Create | Update | Delete },
        { ResourceType.NotificationTemplate, Update },
        { ResourceType.NotificationPreference, Update },
    }));

    /// <summary>Works on provisioner jobs in the name of a daemon.</summary>
    public static Actor ProvisionerDaemon { get; } = Actor.CreateInternal("provisioner daemon", Guid.Empty, new()
    {
        { ResourceType.ProvisionerJobs, Read | Update | Create },
        { ResourceType.File, Create | Read },
        { ResourceType.System, Everything },
        { ResourceType.Template, Read | Update },
        { ResourceType.User, Read | ReadPersonal | UpdatePersonal },
        { ResourceType.Workspace, Delete | Read | Update | Start | Stop | CreateAgent },
        { ResourceType.WorkspaceDormant, Delete | Read | Update | Stop },
        { ResourceType.ApiKey, Everything },
        { ResourceType.Organization, Read },
        { ResourceType.Group, Read },
        { ResourceType.UsageEvent, Create },
    });

    /// <summary>Starts, stops, retires and deletes workspaces on schedule.</summary>
    public static Actor LifecycleExecutor { get; } = Actor.CreateInternal("lifecycle executor", Guid.Empty, new()
    {
        { ResourceType.OrganizationMember, Read },
        { ResourceType.File, Read },
        { ResourceType.System, Everything },
        { ResourceType.Template, Read | Update },
        { ResourceType.User, Read },
        { ResourceType.Workspace, Delete | Read | Update | Start | Stop },
        { ResourceType.WorkspaceDormant, Delete | Read | Update | Stop },
    });

    /// <summary>Ends jobs whose daemon is gone.</summary>
    public static Actor JobReaper { get; } = Actor.CreateInternal("job reaper", Guid.Empty, new()
    {
        { ResourceType.System, Everything },
        { ResourceType.Template, Read },
        { ResourceType.Workspace, Read | Update },
        { ResourceType.ProvisionerJobs, Read | Update },
    });

    /// <summary>Writes the connection log.</summary>
    public static Actor ConnectionLogger { get; } = Actor.CreateInternal("connection logger", Guid.Empty, new()
    {
        { ResourceType.ConnectionLog, Update | Read },
    });

    /// <summary>Keeps the stock of prebuilt workspaces.</summary>
    public static Actor PrebuildsOrchestrator { get; } = Actor.CreateInternal("prebuilds", PrebuildsUserId, new()
    {
        { ResourceType.Template, Read | Update | Use | ViewInsights },
        { ResourceType.Workspace, Create | Delete | Read | Update | Start | Stop },
        { ResourceType.PrebuiltWorkspace, Update | Delete },
        { ResourceType.OrganizationMember, Read | Create },
        { ResourceType.AssignOrgRole, Assign },
        { ResourceType.User, Read },
        { ResourceType.Organization, Read },
        { ResourceType.File, Read },
        { ResourceType.Group, Read | Create | Update },
        { ResourceType.GroupMember, Read },
    });

    /// <summary>Reads uploaded files.</summary>
    public static Actor FileReader { get; } = Actor.CreateInternal("file reader", Guid.Empty, new()
    {
        { ResourceType.File, Read },
    });
}
