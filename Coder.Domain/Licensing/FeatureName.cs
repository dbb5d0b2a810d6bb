using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Coder.Domain.Licensing;

/// <summary>
/// The features a license can entitle to, in catalogue order, which is also the order of warnings
/// (docs/spec/licensing.md, 2.1). The values are stable within one version only; store <see cref="FeatureNames.WireName"/> instead.
/// </summary>
public enum FeatureName
{
    /// <summary>Number of active users; a limit, which only ever warns.</summary>
    UserLimit,

    /// <summary>Recording of who changed what.</summary>
    AuditLog,

    /// <summary>Recording of who connected to which workspace.</summary>
    ConnectionLog,

    /// <summary>Workspaces can be reached from the browser only.</summary>
    BrowserOnly,

    /// <summary>User provisioning by an identity provider.</summary>
    Scim,

    /// <summary>Permissions on single templates.</summary>
    TemplateRbac,

    /// <summary>More than one replica of the server.</summary>
    HighAvailability,

    /// <summary>More than one external authentication provider.</summary>
    MultipleExternalAuth,

    /// <summary>Provisioners outside of the server.</summary>
    ExternalProvisionerDaemons,

    /// <summary>Logo, announcements and support links.</summary>
    Appearance,

    /// <summary>Quiet hours, autostop requirements and dormancy.</summary>
    AdvancedTemplateScheduling,

    /// <summary>Proxies near the workspaces.</summary>
    WorkspaceProxy,

    /// <summary>Roles taken from the identity provider.</summary>
    UserRoleManagement,

    /// <summary>Tokens of external providers are stored encrypted; stays enabled while keys are configured (rule 4.8, 8).</summary>
    ExternalTokenEncryption,

    /// <summary>One action on many workspaces.</summary>
    WorkspaceBatchActions,

    /// <summary>Require the active version of a template.</summary>
    AccessControl,

    /// <summary>Limits how widely ports of a workspace may be shared.</summary>
    ControlSharedPorts,

    /// <summary>Roles defined by the operator; not part of <see cref="FeatureSet.Enterprise"/>.</summary>
    CustomRoles,

    /// <summary>More than one organization; not part of <see cref="FeatureSet.Enterprise"/>.</summary>
    MultipleOrganizations,

    /// <summary>Workspaces that are built before somebody asks for them.</summary>
    WorkspacePrebuilds,

    /// <summary>Number of AI workspace starts within a usage period; a limit, which blocks builds.</summary>
    ManagedAgentLimit,

    /// <summary>Agents that run outside of what the template provisions.</summary>
    WorkspaceExternalAgent,
}

/// <summary>The names of the features, and what the catalogue says of each.</summary>
public static class FeatureNames
{
    private static readonly ImmutableArray<string> Wire =
    [
        "user_limit",
        "audit_log",
        "connection_log",
        "browser_only",
        "scim",
        "template_rbac",
        "high_availability",
        "multiple_external_auth",
        "external_provisioner_daemons",
        "appearance",
        "advanced_template_scheduling",
        "workspace_proxy",
        "user_role_management",
        "external_token_encryption",
        "workspace_batch_actions",
        "access_control",
        "control_shared_ports",
        "custom_roles",
        "multiple_organizations",
        "workspace_prebuilds",
        "managed_agent_limit",
        "workspace_external_agent",
    ];

    private static readonly ImmutableArray<string> Display = [.. Wire.Select(ToDisplayName)];

    private static readonly FrozenDictionary<string, FeatureName> ByWireName =
        Wire.Select((name, index) => (name, index)).ToFrozenDictionary(x => x.name, x => (FeatureName)x.index, StringComparer.Ordinal);

    /// <summary>All features in catalogue order.</summary>
    public static IReadOnlyList<FeatureName> All { get; } = Enum.GetValues<FeatureName>();

    internal static int Count => Wire.Length;

    /// <summary>The name in licenses and in the API, such as <c>audit_log</c>.</summary>
    public static string WireName(this FeatureName feature) => Wire[(int)feature];

    /// <summary>The name in warnings and refusals, such as <c>Audit Log</c>.</summary>
    public static string DisplayName(this FeatureName feature) => Display[(int)feature];

    /// <summary>Finds a feature by its wire name, which is compared exactly.</summary>
    public static bool TryParse(string? wireName, out FeatureName feature)
    {
        feature = default;
        return wireName is not null && ByWireName.TryGetValue(wireName, out feature);
    }

    /// <summary>Whether a license states a number for it, so that no feature set contains it.</summary>
    public static bool IsLimit(this FeatureName feature) => feature is FeatureName.UserLimit or FeatureName.ManagedAgentLimit;

    /// <summary>Whether it is enabled as soon as it is entitled, whatever the switches say.</summary>
    public static bool IsAlwaysOnWhenEntitled(this FeatureName feature) => feature is
        FeatureName.HighAvailability or
        FeatureName.MultipleExternalAuth or
        FeatureName.ExternalProvisionerDaemons or
        FeatureName.Appearance or
        FeatureName.WorkspaceBatchActions or
        FeatureName.CustomRoles or
        FeatureName.MultipleOrganizations or
        FeatureName.WorkspacePrebuilds or
        FeatureName.WorkspaceExternalAgent;

    internal static uint Bit(this FeatureName feature) => 1u << (int)feature;

    private static string ToDisplayName(string wireName) => wireName switch
    {
        "scim" => "SCIM",
        "template_rbac" => "Template RBAC",
        _ => string.Join(' ', wireName.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..])),
    };
}
