using System.Text.Json.Nodes;
using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Workspaces;

namespace Coder.Application.Workspaces;

/// <summary>What the audit log says of workspaces.</summary>
internal static class WorkspaceAudit
{
    private const int NanosecondsPerTick = 100;

    /// <summary>A change of the settings of a workspace.</summary>
    public static AuditedAction Write(int successStatus) => new(AuditResourceType.Workspace, AuditAction.Write, successStatus);

    public static AuditTrail About(this AuditTrail audit, StoredWorkspace workspace) =>
        audit.About(workspace.Id, workspace.Name, workspace.OrganizationId);

    /// <summary>Records what became of a workspace.</summary>
    public static AuditTrail Changed(this AuditTrail audit, StoredWorkspace before, StoredWorkspace after) =>
        audit.About(after).Changed(Snapshot(before), Snapshot(after));

    public static AuditSnapshot Snapshot(StoredWorkspace workspace) => new AuditSnapshot(AuditResourceType.Workspace)
        .With("automatic_updates", workspace.AutomaticUpdates.WireName())
        .With("autostart_schedule", workspace.AutostartSchedule ?? "")
        .With("deleting_at", workspace.Dormancy.DeletingAt?.ToRfc3339())
        .With("dormant_at", workspace.Dormancy.DormantAt?.ToRfc3339())
        .With("favorite", workspace.Favorite)
        .With("group_acl", JsonNode.Parse(workspace.GroupAcl))
        .With("id", workspace.Id.ToString())
        .With("name", workspace.Name)
        .With("next_start_at", workspace.NextStartAt?.ToRfc3339())
        .With("owner_id", workspace.OwnerId.ToString())
        .With("template_id", workspace.TemplateId.ToString())
        .With("ttl", workspace.Ttl is { } ttl ? ttl.Ticks * NanosecondsPerTick : null)
        .With("user_acl", JsonNode.Parse(workspace.UserAcl));
}
