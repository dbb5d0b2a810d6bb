using System.Text.Json.Nodes;
using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Workspaces;

namespace Coder.Application.Workspaces;

/// <summary>What the audit log says of workspaces.</summary>
internal static class WorkspaceAudit
{
    private const long NanosecondsPerTick = 100;

    /// <summary>A change of the settings of a workspace.</summary>
    public static AuditedAction Write(int successStatus) => new(AuditResourceType.Workspace, AuditAction.Write, successStatus);

    public static AuditTrail About(this AuditTrail audit, StoredWorkspace workspace) =>
        audit.About(workspace.Id, workspace.Name, workspace.OrganizationId);

    /// <summary>Records what became of a workspace.</summary>
    public static AuditTrail Changed(this AuditTrail audit, StoredWorkspace before, StoredWorkspace after) =>
        audit.About(after).Changed(Snapshot(before), Snapshot(after));

    /// <summary>A workspace with whom it is shared.</summary>
    public static AuditSnapshot Snapshot(StoredWorkspace workspace) => new AuditSnapshot(AuditResourceType.Workspace)
        .With("automatic_updates", workspace.AutomaticUpdates.WireName())
        .With("autostart_schedule", workspace.AutostartSchedule)
        .With("deleting_at", Time(workspace.Dormancy.DeletingAt))
        .With("dormant_at", Time(workspace.Dormancy.DormantAt))
        .With("favorite", workspace.Favorite)
        .With("group_acl", JsonNode.Parse(workspace.GroupAcl))
        .With("id", workspace.Id.ToString())
        .With("name", workspace.Name)
        .With("next_start_at", Time(workspace.NextStartAt))
        .With("owner_id", workspace.OwnerId.ToString())
        .With("template_id", workspace.TemplateId.ToString())
        .With("ttl", Nanoseconds(workspace.Ttl))
        .With("user_acl", JsonNode.Parse(workspace.UserAcl));

    /// <summary>A new workspace, which is shared with nobody yet.</summary>
    public static AuditSnapshot Snapshot(WorkspaceView workspace) => new AuditSnapshot(AuditResourceType.Workspace)
        .With("automatic_updates", workspace.AutomaticUpdates.WireName())
        .With("autostart_schedule", workspace.AutostartSchedule)
        .With("deleting_at", Time(workspace.DeletingAt))
        .With("dormant_at", Time(workspace.DormantAt))
        .With("favorite", workspace.Favorite)
        .With("id", workspace.Id.ToString())
        .With("name", workspace.Name)
        .With("next_start_at", Time(workspace.NextStartAt))
        .With("owner_id", workspace.OwnerId.ToString())
        .With("template_id", workspace.TemplateId.ToString())
        .With("ttl", Nanoseconds(workspace.Ttl));

    private static JsonNode? Time(DateTimeOffset? time) => time?.ToRfc3339();

    private static JsonNode? Nanoseconds(TimeSpan? ttl) => ttl?.Ticks * NanosecondsPerTick;
}
