using Coder.Application.AuditLogs;
using Coder.Domain.AuditLogs;
using Coder.Domain.Builds;
using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;

namespace Coder.Application.Builds;

/// <summary>What the audit log says of builds (docs/spec/connection-logs.md, sections 7.4 and 9).</summary>
internal static class BuildAudit
{
    /// <summary>What an order for a build is recorded as: the deletion is one of the workspace, starts and stops are builds.</summary>
    public static AuditedAction ActionOf(WorkspaceTransition transition) => transition switch
    {
        WorkspaceTransition.Start => new AuditedAction(AuditResourceType.WorkspaceBuild, AuditAction.Start, 201),
        WorkspaceTransition.Stop => new AuditedAction(AuditResourceType.WorkspaceBuild, AuditAction.Stop, 201),
        WorkspaceTransition.Delete => new AuditedAction(AuditResourceType.Workspace, AuditAction.Delete, 201),
        _ => throw new ArgumentOutOfRangeException(nameof(transition)),
    };

    /// <summary>Names the workspace that a build is asked for. Before there is a build, a failure has only the name.</summary>
    public static AuditTrail About(this AuditTrail audit, BuildTarget workspace, WorkspaceTransition transition) =>
        audit.About(transition == WorkspaceTransition.Delete ? workspace.Id : Guid.Empty, workspace.Name, workspace.OrganizationId);

    /// <summary>Names a build that is in the queue, and what differs from the one before.</summary>
    public static AuditTrail Placed(this AuditTrail audit, BuildTarget workspace, WorkspaceTransition transition, PlacedBuild build)
    {
        audit.WithBuild(workspace.Name, workspace.OwnerName, build);
        return transition == WorkspaceTransition.Delete
            ? audit
            : audit.About(build.Id, workspace.Name, workspace.OrganizationId)
                .Changed(Snapshot(workspace.Latest?.VersionId), Snapshot(build.VersionId));
    }

    /// <summary>Adds what the links of the entry are made of.</summary>
    public static AuditTrail WithBuild(this AuditTrail audit, string workspace, string owner, PlacedBuild build) =>
        audit.WithBuild(workspace, owner, build.Number, build.Reason);

    /// <summary>Names a build that is to be canceled or changed.</summary>
    public static AuditTrail Changing(this AuditTrail audit, BuildView build) => audit
        .About(build.Id, build.WorkspaceName, build.OrganizationId)
        .WithBuild(build.WorkspaceName, build.OwnerName, build.BuildNumber, build.Reason);

    /// <summary>What became of the job of a build that was canceled.</summary>
    public static AuditTrail Canceled(this AuditTrail audit, JobStatus before, Cancellation cancellation) =>
        audit.Changed(Snapshot(before), Snapshot(cancellation.CompletesJob ? JobStatus.Canceled : JobStatus.Canceling));

    /// <summary>Says that there is another state, and nothing of either.</summary>
    public static AuditTrail StateReplaced(this AuditTrail audit) => audit.Changed(State("old"), State("new"));

    private static AuditSnapshot State(string which) =>
        new AuditSnapshot(AuditResourceType.WorkspaceBuild).With("provisioner_state", which);

    private static AuditTrail WithBuild(this AuditTrail audit, string workspace, string owner, int number, BuildReason reason) => audit
        .With("workspace_name", workspace)
        .With("workspace_owner", owner)
        .With("build_number", number.ToString(System.Globalization.CultureInfo.InvariantCulture))
        .With("build_reason", reason.WireName());

    private static AuditSnapshot Snapshot(JobStatus status) =>
        new AuditSnapshot(AuditResourceType.WorkspaceBuild).With("job_status", status.WireName());

    private static AuditSnapshot Snapshot(Guid? version) =>
        new AuditSnapshot(AuditResourceType.WorkspaceBuild).With("template_version_id", version?.ToString());
}
