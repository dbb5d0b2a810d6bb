using System.Text.Json.Nodes;
using Coder.Application.AuditLogs;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Application.Templates;

/// <summary>What the audit log says of templates and their versions.</summary>
internal static class TemplateAudit
{
    private const long NanosecondsPerTick = 100;

    public static AuditTrail About(this AuditTrail audit, Template template) =>
        audit.About(template.Id, template.Name, template.OrganizationId, template.Icon);

    public static AuditTrail About(this AuditTrail audit, TemplateVersion version) =>
        audit.About(version.Id, version.Name, version.OrganizationId);

    public static AuditSnapshot Snapshot(Template template) => Schedule(new AuditSnapshot(AuditResourceType.Template), template.Scheduling)
        .With("active_version_id", template.ActiveVersionId.ToString())
        .With("allow_user_cancel_workspace_jobs", template.AllowUserCancelWorkspaceJobs)
        .With("cors_behavior", template.CorsBehavior.WireName())
        .With("created_by", template.CreatedBy.ToString())
        .With("deprecated", template.Deprecated)
        .With("description", template.Description)
        .With("display_name", template.DisplayName)
        .With("group_acl", Roles(template.GroupAcl))
        .With("icon", template.Icon)
        .With("id", template.Id.ToString())
        .With("max_port_sharing_level", template.MaxPortSharingLevel.WireName())
        .With("name", template.Name)
        .With("provisioner", template.Provisioner.WireName())
        .With("require_active_version", template.RequireActiveVersion)
        .With("use_classic_parameter_flow", template.UseClassicParameterFlow)
        .With("user_acl", Roles(template.UserAcl));

    public static AuditSnapshot Snapshot(TemplateVersion version) => new AuditSnapshot(AuditResourceType.TemplateVersion)
        .With("archived", version.IsArchived)
        .With("created_by", version.CreatedBy.ToString())
        .With("id", version.Id.ToString())
        .With("name", version.Name)
        .With("source_example_id", version.SourceExampleId ?? "")
        .With("template_id", version.TemplateId?.ToString() ?? "");

    private static AuditSnapshot Schedule(AuditSnapshot snapshot, TemplateScheduling scheduling) => snapshot
        .With("activity_bump", Nanoseconds(scheduling.ActivityBump))
        .With("allow_user_autostart", scheduling.AllowUserAutostart)
        .With("allow_user_autostop", scheduling.AllowUserAutostop)
        .With("autostart_days_of_week", scheduling.AutostartDays.WireNames())
        .With("autostop_requirement_days_of_week", scheduling.AutostopDays.WireNames())
        .With("autostop_requirement_weeks", scheduling.AutostopWeeks)
        .With("default_ttl", Nanoseconds(scheduling.DefaultTtl))
        .With("failure_ttl", Nanoseconds(scheduling.FailureTtl))
        .With("time_til_dormant", Nanoseconds(scheduling.TimeTilDormant))
        .With("time_til_dormant_autodelete", Nanoseconds(scheduling.TimeTilDormantAutodelete));

    private static long Nanoseconds(TimeSpan duration) => duration.Ticks * NanosecondsPerTick;

    private static JsonObject Roles(AccessControlList list) => new(list.Ids
        .Select(id => (Id: id.ToString(), Role: list.RoleOf(id)))
        .OrderBy(entry => entry.Id, StringComparer.Ordinal)
        .Select(entry => KeyValuePair.Create(entry.Id, (JsonNode?)JsonValue.Create(entry.Role.WireName()))));
}
