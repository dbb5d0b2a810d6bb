using static Coder.Domain.AuditLogs.AuditAction;
using static Coder.Domain.AuditLogs.AuditedResources;
using static Coder.Domain.AuditLogs.AuditTracking;

namespace Coder.Domain.AuditLogs;

/// <summary>The audited resources of workspaces.</summary>
internal static class WorkspaceResources
{
    public static IReadOnlyList<AuditedResource> All { get; } =
    [
        Resource(
            AuditResourceType.Workspace,
            [Create, Write, Delete],
            ("automatic_updates", Tracked),
            ("autostart_schedule", Tracked),
            ("created_at", Ignored),
            ("deleted", Ignored),
            ("deleting_at", Tracked),
            ("dormant_at", Tracked),
            ("favorite", Tracked),
            ("group_acl", Tracked),
            ("id", Tracked),
            ("last_used_at", Ignored),
            ("name", Tracked),
            ("next_start_at", Tracked),
            ("organization_id", Ignored),
            ("owner_id", Tracked),
            ("template_id", Tracked),
            ("ttl", Tracked),
            ("updated_at", Ignored),
            ("user_acl", Tracked)),
        Resource(
            AuditResourceType.WorkspaceBuild,
            [Start, Stop, Write],
            ("build_number", Ignored),
            ("created_at", Ignored),
            ("daily_cost", Ignored),
            ("deadline", Ignored),
            ("has_ai_task", Ignored),
            ("id", Ignored),
            ("initiator_id", Ignored),
            ("job_id", Ignored),
            ("job_status", Tracked),
            ("max_deadline", Ignored),
            ("provisioner_state", Secret),
            ("reason", Ignored),
            ("template_version_id", Tracked),
            ("template_version_preset_id", Ignored),
            ("transition", Ignored),
            ("updated_at", Ignored),
            ("workspace_id", Ignored)),
    ];
}
