using static Coder.Domain.AuditLogs.AuditAction;
using static Coder.Domain.AuditLogs.AuditedResources;
using static Coder.Domain.AuditLogs.AuditTracking;

namespace Coder.Domain.AuditLogs;

/// <summary>The audited resources of accounts, organizations and the deployment.</summary>
internal static class AccountResources
{
    public static IReadOnlyList<AuditedResource> All { get; } =
    [
        Resource(
            AuditResourceType.ApiKey,
            [Create, Delete, Login, Logout, Register],
            ("created_at", Tracked),
            ("expires_at", Tracked),
            ("hashed_secret", Ignored),
            ("id", Ignored),
            ("ip_address", Ignored),
            ("last_used", Tracked),
            ("lifetime_seconds", Ignored),
            ("login_type", Ignored),
            ("scope", Ignored),
            ("token_name", Ignored),
            ("updated_at", Ignored),
            ("user_id", Tracked)),
        Resource(
            AuditResourceType.CustomRole,
            [Create, Write, Delete],
            ("created_at", Ignored),
            ("display_name", Tracked),
            ("id", Ignored),
            ("name", Tracked),
            ("org_permissions", Tracked),
            ("organization_id", Ignored),
            ("site_permissions", Tracked),
            ("updated_at", Ignored),
            ("user_permissions", Tracked)),
        Resource(
            AuditResourceType.License,
            [Create, Delete],
            ("exp", Tracked),
            ("id", Ignored),
            ("jwt", Ignored),
            ("uploaded_at", Tracked),
            ("uuid", Tracked)),
        Resource(
            AuditResourceType.Organization,
            [Create, Write, Delete],
            ("created_at", Ignored),
            ("deleted", Tracked),
            ("description", Tracked),
            ("display_name", Tracked),
            ("icon", Tracked),
            ("id", Ignored),
            ("is_default", Tracked),
            ("name", Tracked),
            ("updated_at", Tracked)),
        Resource(
            AuditResourceType.OrganizationMember,
            [Create, Write, Delete],
            ("created_at", Ignored),
            ("organization_id", Ignored),
            ("roles", Tracked),
            ("updated_at", Ignored),
            ("user_id", Tracked),
            ("username", Tracked)),
        Resource(
            AuditResourceType.User,
            [Create, Write, Delete, RequestPasswordReset],
            ("avatar_url", Ignored),
            ("created_at", Ignored),
            ("deleted", Tracked),
            ("email", Tracked),
            ("github_com_user_id", Ignored),
            ("hashed_password", Secret),
            ("id", Tracked),
            ("is_system", Tracked),
            ("last_seen_at", Ignored),
            ("login_type", Tracked),
            ("name", Tracked),
            ("quiet_hours_schedule", Tracked),
            ("rbac_roles", Tracked),
            ("status", Tracked),
            ("updated_at", Ignored),
            ("username", Tracked)),
        Resource(
            AuditResourceType.WorkspaceProxy,
            [Create, Write, Delete],
            ("created_at", Tracked),
            ("deleted", Ignored),
            ("display_name", Tracked),
            ("icon", Tracked),
            ("id", Tracked),
            ("name", Tracked),
            ("token_hashed_secret", Secret),
            ("updated_at", Ignored),
            ("url", Tracked),
            ("wildcard_hostname", Tracked)),
    ];
}
