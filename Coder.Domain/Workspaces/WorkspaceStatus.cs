using Coder.Domain.Common;
using Coder.Domain.Provisioning;

namespace Coder.Domain.Workspaces;

/// <summary>What a workspace is doing: the status of its latest job, in words that depend on the transition.</summary>
public enum WorkspaceStatus
{
    /// <summary>Its build waits for a daemon, whatever it is to do.</summary>
    Pending,

    /// <summary>A start is going on.</summary>
    Starting,

    /// <summary>The last start succeeded.</summary>
    Running,

    /// <summary>A stop is going on.</summary>
    Stopping,

    /// <summary>The last stop succeeded.</summary>
    Stopped,

    /// <summary>The last build failed.</summary>
    Failed,

    /// <summary>The last build was canceled and goes on until its daemon stops.</summary>
    Canceling,

    /// <summary>The last build was canceled.</summary>
    Canceled,

    /// <summary>A deletion is going on.</summary>
    Deleting,

    /// <summary>It is gone.</summary>
    Deleted,
}

/// <summary>The rules of <see cref="WorkspaceStatus"/> and its names on the wire.</summary>
public static class WorkspaceStatuses
{
    private static readonly WireTable<WorkspaceStatus> Names = new(
        "pending", "starting", "running", "stopping", "stopped", "failed", "canceling", "canceled", "deleting", "deleted");

    /// <summary>Derives the status from the latest build (docs/spec/workspaces.md, section 3.1, and trap 6 of section 1.3).</summary>
    public static WorkspaceStatus Of(JobStatus job, WorkspaceTransition transition) => (job, transition) switch
    {
        (JobStatus.Pending, _) => WorkspaceStatus.Pending,
        (JobStatus.Running, WorkspaceTransition.Start) => WorkspaceStatus.Starting,
        (JobStatus.Running, WorkspaceTransition.Stop) => WorkspaceStatus.Stopping,
        (JobStatus.Running, WorkspaceTransition.Delete) => WorkspaceStatus.Deleting,
        (JobStatus.Succeeded, WorkspaceTransition.Start) => WorkspaceStatus.Running,
        (JobStatus.Succeeded, WorkspaceTransition.Stop) => WorkspaceStatus.Stopped,
        (JobStatus.Succeeded, WorkspaceTransition.Delete) => WorkspaceStatus.Deleted,
        (JobStatus.Canceling, _) => WorkspaceStatus.Canceling,
        (JobStatus.Canceled, _) => WorkspaceStatus.Canceled,
        _ => WorkspaceStatus.Failed,
    };

    /// <summary>The wire name.</summary>
    public static string WireName(this WorkspaceStatus status) => Names[status];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out WorkspaceStatus status) => Names.TryParse(name, out status);
}
