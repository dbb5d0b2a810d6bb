using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Workspaces;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>Sets whether a workspace moves to new versions of its template by itself (docs/spec/workspaces.md, section 7.4).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
/// <param name="Updates">A wire name of <see cref="AutomaticUpdates"/>.</param>
public sealed record SetAutomaticUpdates(Actor Actor, string Workspace, string? Updates)
    : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = WorkspaceAudit.Write(204);
}

internal sealed class SetAutomaticUpdatesHandler(WorkspaceTargets targets, IWorkspaceStore workspaces, TimeProvider time, AuditTrail audit)
    : IRequestHandler<SetAutomaticUpdates, Result<Done>>
{
    private static readonly Error Unknown = new(
        ErrorKind.Invalid, "Invalid request", null, [new FieldError("automatic_updates", "must be always or never")]);

    public async Task<Result<Done>> Handle(SetAutomaticUpdates request, CancellationToken cancellationToken)
    {
        if (!AutomaticUpdatesNames.TryParse(request.Updates, out var updates))
        {
            return Unknown;
        }

        if (!(await targets.LockForUpdateAsync(request.Actor, request.Workspace, cancellationToken)).Is(out var before, out var error))
        {
            return error;
        }

        await workspaces.SetAutomaticUpdatesAsync(before.Id, updates, time.GetUtcNow().ToMicroseconds(), cancellationToken);
        audit.Changed(before, before with { AutomaticUpdates = updates });
        return Done.Value;
    }
}
