using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Workspaces;

namespace Coder.Application.Workspaces;

/// <summary>Finds the workspace that a request is about. One that is deleted is not there for whoever wants to change it.</summary>
internal sealed class WorkspaceTargets(IWorkspaceStore workspaces, AuditTrail audit)
{
    /// <summary>Finds a workspace by an id of a path.</summary>
    /// <returns>The workspace; 404 when there is none, it is deleted, or the caller may not read it, in the same words.</returns>
    public async Task<Result<StoredWorkspace>> FindAsync(Actor actor, string id, CancellationToken ct)
    {
        if (!PathIds.Parse(id).Is(out var parsed, out var error))
        {
            return error;
        }

        return Readable(actor, await workspaces.FindAsync(parsed, ct));
    }

    /// <summary>Finds a workspace by an id of a path, also a deleted one: what became of it may still be read.</summary>
    /// <returns>The workspace; 404 when there is none, or the caller may not read it, in the same words.</returns>
    public async Task<Result<StoredWorkspace>> FindEvenDeletedAsync(Actor actor, string id, CancellationToken ct)
    {
        if (!PathIds.Parse(id).Is(out var parsed, out var error))
        {
            return error;
        }

        return await workspaces.FindAsync(parsed, ct) is { } found && Authorizer.Can(actor, PermissionAction.Read, found.Target)
            ? found
            : Error.NotFound;
    }

    /// <summary>
    /// As <see cref="FindAsync"/>, and nobody else changes the workspace until this transaction ends; the audit log is told of it.
    /// </summary>
    public async Task<Result<StoredWorkspace>> LockAsync(Actor actor, string id, CancellationToken ct)
    {
        if (!PathIds.Parse(id).Is(out var parsed, out var error)
            || !Readable(actor, await workspaces.LockAsync(parsed, ct)).Is(out var workspace, out error))
        {
            return error;
        }

        audit.About(workspace);
        return workspace;
    }

    /// <summary>Locks a workspace that the caller may change.</summary>
    /// <returns>The workspace; 404 as above, 403 when the caller may only read it.</returns>
    public async Task<Result<StoredWorkspace>> LockForUpdateAsync(Actor actor, string id, CancellationToken ct)
    {
        if (!(await LockAsync(actor, id, ct)).Is(out var workspace, out var error))
        {
            return error;
        }

        return MayUpdate(actor, workspace) ? workspace : Error.Forbidden;
    }

    /// <summary>Locks a workspace whose schedule the caller may change.</summary>
    /// <returns>The workspace; 404 as above, 409 for a prebuilt one, 403 when the caller may only read it.</returns>
    public async Task<Result<StoredWorkspace>> LockForScheduleAsync(Actor actor, string id, ScheduleSetting setting, CancellationToken ct)
    {
        if (!(await LockAsync(actor, id, ct)).Is(out var workspace, out var error))
        {
            return error;
        }

        if (PrebuildGuard.Judge(workspace.OwnerId, setting) is { } refusal)
        {
            return refusal;
        }

        return MayUpdate(actor, workspace) ? workspace : Error.Forbidden;
    }

    /// <summary>Whether the caller may change the workspace.</summary>
    public static bool MayUpdate(Actor actor, StoredWorkspace workspace) =>
        Authorizer.CanWorkspace(actor, PermissionAction.Update, workspace.Target);

    private static Result<StoredWorkspace> Readable(Actor actor, StoredWorkspace? workspace) =>
        workspace is { Deleted: false } && Authorizer.Can(actor, PermissionAction.Read, workspace.Target) ? workspace : Error.NotFound;
}
