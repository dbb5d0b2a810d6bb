using System.Text.Json.Nodes;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Workspaces;

namespace Coder.Application.Workspaces;

/// <summary>What the audit log says of workspaces.</summary>
internal static class WorkspaceAudit
{
    private const long NanosecondsPerTick = 100;

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
        .With("ttl", workspace.Ttl?.Ticks * NanosecondsPerTick);

    private static JsonNode? Time(DateTimeOffset? time) => time?.ToRfc3339();
}
