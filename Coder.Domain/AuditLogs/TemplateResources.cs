using static Coder.Domain.AuditLogs.AuditAction;
using static Coder.Domain.AuditLogs.AuditedResources;
using static Coder.Domain.AuditLogs.AuditTracking;

namespace Coder.Domain.AuditLogs;

/// <summary>The audited resources of templates.</summary>
internal static class TemplateResources
{
    public static IReadOnlyList<AuditedResource> All { get; } =
    [
        Resource(
            AuditResourceType.Template,
            [Create, Write, Delete],
            ("active_version_id", Tracked),
            ("activity_bump", Tracked),
            ("allow_user_autostart", Tracked),
            ("allow_user_autostop", Tracked),
            ("allow_user_cancel_workspace_jobs", Tracked),
            ("autostart_days_of_week", Tracked),
            ("autostop_requirement_days_of_week", Tracked),
            ("autostop_requirement_weeks", Tracked),
            ("cors_behavior", Tracked),
            ("created_at", Ignored),
            ("created_by", Tracked),
            ("default_ttl", Tracked),
            ("deleted", Ignored),
            ("deprecated", Tracked),
            ("description", Tracked),
            ("display_name", Tracked),
            ("failure_ttl", Tracked),
            ("group_acl", Tracked),
            ("icon", Tracked),
            ("id", Tracked),
            ("max_port_sharing_level", Tracked),
            ("name", Tracked),
            ("organization_id", Ignored),
            ("provisioner", Tracked),
            ("require_active_version", Tracked),
            ("time_til_dormant", Tracked),
            ("time_til_dormant_autodelete", Tracked),
            ("updated_at", Ignored),
            ("use_classic_parameter_flow", Tracked),
            ("user_acl", Tracked)),
        Resource(
            AuditResourceType.TemplateVersion,
            [Create, Write],
            ("archived", Tracked),
            ("created_at", Ignored),
            ("created_by", Tracked),
            ("has_ai_task", Ignored),
            ("has_external_agent", Ignored),
            ("id", Tracked),
            ("job_id", Ignored),
            ("message", Ignored),
            ("name", Tracked),
            ("organization_id", Ignored),
            ("readme", Ignored),
            ("source_example_id", Tracked),
            ("template_id", Tracked),
            ("updated_at", Ignored)),
    ];
}
