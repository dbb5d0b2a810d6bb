using System.Text.Json.Nodes;
using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Organizations;

namespace Coder.Application.Organizations;

/// <summary>What the audit log says of organizations, their members and their roles.</summary>
internal static class OrganizationAudit
{
    public static AuditTrail About(this AuditTrail audit, Organization organization) =>
        audit.About(organization.Id, organization.Name, organization.Id, organization.Icon);

    public static AuditSnapshot Snapshot(Organization organization) => new AuditSnapshot(AuditResourceType.Organization)
        .With("deleted", false)
        .With("description", organization.Description)
        .With("display_name", organization.DisplayName)
        .With("icon", organization.Icon)
        .With("is_default", organization.IsDefault)
        .With("name", organization.Name)
        .With("updated_at", organization.UpdatedAt.ToRfc3339());

    public static AuditSnapshot Snapshot(OrganizationMember member, string username) => new AuditSnapshot(AuditResourceType.OrganizationMember)
        .With("roles", member.Roles)
        .With("user_id", member.UserId.ToString())
        .With("username", username);

    public static AuditSnapshot Snapshot(CustomRole role) => new AuditSnapshot(AuditResourceType.CustomRole)
        .With("display_name", role.DisplayName)
        .With("name", role.Name)
        .With("org_permissions", new JsonArray([.. role.Permissions.Select(ToJson)]));

    private static JsonObject ToJson(PermissionRule rule) => new()
    {
        ["negate"] = rule.Negate,
        ["resource_type"] = rule.Type?.WireName() ?? "*",
        ["action"] = rule.Action?.WireName() ?? "*",
    };
}
