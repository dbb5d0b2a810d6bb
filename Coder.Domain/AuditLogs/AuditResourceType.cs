using System.Collections.Frozen;

namespace Coder.Domain.AuditLogs;

/// <summary>The kinds of resources that audit entries are about (docs/spec/connection-logs.md, section 3.3).</summary>
public enum AuditResourceType
{
    /// <summary>A tenant of the deployment.</summary>
    Organization,

    /// <summary>A template.</summary>
    Template,

    /// <summary>A version of a template.</summary>
    TemplateVersion,

    /// <summary>An account.</summary>
    User,

    /// <summary>A workspace.</summary>
    Workspace,

    /// <summary>A user's SSH key.</summary>
    GitSshKey,

    /// <summary>A session or token.</summary>
    ApiKey,

    /// <summary>A group of users.</summary>
    Group,

    /// <summary>A build of a workspace.</summary>
    WorkspaceBuild,

    /// <summary>A license.</summary>
    License,

    /// <summary>A workspace proxy.</summary>
    WorkspaceProxy,

    /// <summary>A change of how a user signs in.</summary>
    ConvertLogin,

    /// <summary>Settings of the health page.</summary>
    HealthSettings,

    /// <summary>An OAuth2 application.</summary>
    OAuth2ProviderApp,

    /// <summary>A secret of an OAuth2 application.</summary>
    OAuth2ProviderAppSecret,

    /// <summary>A custom role.</summary>
    CustomRole,

    /// <summary>A user's membership in an organization.</summary>
    OrganizationMember,

    /// <summary>Settings of notifications.</summary>
    NotificationsSettings,

    /// <summary>A template of notifications.</summary>
    NotificationTemplate,

    /// <summary>How organizations follow from an identity provider.</summary>
    IdpSyncSettingsOrganization,

    /// <summary>How groups follow from an identity provider.</summary>
    IdpSyncSettingsGroup,

    /// <summary>How roles follow from an identity provider.</summary>
    IdpSyncSettingsRole,

    /// <summary>Legacy: an agent. Connections to it go to the connection log now.</summary>
    WorkspaceAgent,

    /// <summary>Legacy: an application of a workspace.</summary>
    WorkspaceApp,

    /// <summary>Settings of prebuilt workspaces.</summary>
    PrebuildsSettings,

    /// <summary>A key of provisioner daemons.</summary>
    ProvisionerKey,
}

/// <summary>The names of <see cref="AuditResourceType"/> on the wire and in the database.</summary>
public static class AuditResourceTypes
{
    private static readonly FrozenDictionary<string, AuditResourceType> ByName =
        Enum.GetValues<AuditResourceType>().ToFrozenDictionary(WireName, StringComparer.Ordinal);

    /// <summary>The wire name.</summary>
    public static string WireName(this AuditResourceType type) => type switch
    {
        AuditResourceType.Organization => "organization",
        AuditResourceType.Template => "template",
        AuditResourceType.TemplateVersion => "template_version",
        AuditResourceType.User => "user",
        AuditResourceType.Workspace => "workspace",
        AuditResourceType.GitSshKey => "git_ssh_key",
        AuditResourceType.ApiKey => "api_key",
        AuditResourceType.Group => "group",
        AuditResourceType.WorkspaceBuild => "workspace_build",
        AuditResourceType.License => "license",
        AuditResourceType.WorkspaceProxy => "workspace_proxy",
        AuditResourceType.ConvertLogin => "convert_login",
        AuditResourceType.HealthSettings => "health_settings",
        AuditResourceType.OAuth2ProviderApp => "oauth2_provider_app",
        AuditResourceType.OAuth2ProviderAppSecret => "oauth2_provider_app_secret",
        AuditResourceType.CustomRole => "custom_role",
        AuditResourceType.OrganizationMember => "organization_member",
        AuditResourceType.NotificationsSettings => "notifications_settings",
        AuditResourceType.NotificationTemplate => "notification_template",
        AuditResourceType.IdpSyncSettingsOrganization => "idp_sync_settings_organization",
        AuditResourceType.IdpSyncSettingsGroup => "idp_sync_settings_group",
        AuditResourceType.IdpSyncSettingsRole => "idp_sync_settings_role",
        AuditResourceType.WorkspaceAgent => "workspace_agent",
        AuditResourceType.WorkspaceApp => "workspace_app",
        AuditResourceType.PrebuildsSettings => "prebuilds_settings",
        AuditResourceType.ProvisionerKey => "provisioner_key",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Reads a wire name.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string name, out AuditResourceType type) => ByName.TryGetValue(name, out type);
}
