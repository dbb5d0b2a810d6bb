using Coder.Domain.Authorization;

namespace Coder.Domain.Provisioning;

/// <summary>
/// Who comes first in the queue: all of one priority before any of the next, then by age (docs/spec/workspaces.md, section 3.2 rule 3).
/// </summary>
public enum QueuePriority
{
    /// <summary>Somebody waits for it: people, the lifecycle executor, imports and claims of prebuilt workspaces.</summary>
    Awaited,

    /// <summary>Stock: creation and deletion of prebuilt workspaces by the reconciler.</summary>
    Stock,
}

/// <summary>Finds the priority of a job.</summary>
public static class QueuePriorities
{
    /// <summary>The priority of a job that builds no workspace.</summary>
    public static QueuePriority OfImport => QueuePriority.Awaited;

    /// <summary>The priority of a build.</summary>
    /// <param name="initiator">Who asked for it. It is the prebuilds user for claims too, so it does not suffice.</param>
    /// <param name="workspaceOwner">Who owns the workspace by now; after a claim that is the new owner.</param>
    public static QueuePriority OfBuild(Guid initiator, Guid workspaceOwner) =>
        initiator == SystemActors.PrebuildsUserId && workspaceOwner == SystemActors.PrebuildsUserId
            ? QueuePriority.Stock
            : QueuePriority.Awaited;
}
