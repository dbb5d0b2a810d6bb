using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>Keeps an own workspace at the head of the list, or no longer (docs/spec/workspaces.md, section 7.4).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
/// <param name="Favorite">Which of the two.</param>
public sealed record SetFavorite(Actor Actor, string Workspace, bool Favorite) : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = WorkspaceAudit.Write(204);
}

internal sealed class SetFavoriteHandler(WorkspaceTargets targets, IWorkspaceStore workspaces, AuditTrail audit)
    : IRequestHandler<SetFavorite, Result<Done>>
{
    public async Task<Result<Done>> Handle(SetFavorite request, CancellationToken cancellationToken)
    {
        if (!(await targets.LockAsync(request.Actor, request.Workspace, cancellationToken)).Is(out var before, out var error))
        {
            return error;
        }

        if (before.OwnerId != request.Actor.UserId)
        {
            return new Error(ErrorKind.Forbidden, $"You can only {(request.Favorite ? "favorite" : "un-favorite")} workspaces that you own.");
        }

        if (!WorkspaceTargets.MayUpdate(request.Actor, before))
        {
            return Error.Forbidden;
        }

        if (before.Favorite == request.Favorite)
        {
            audit.Skip();
            return Done.Value;
        }

        await workspaces.SetFavoriteAsync(before.Id, request.Favorite, cancellationToken);
        audit.Changed(before, before with { Favorite = request.Favorite });
        return Done.Value;
    }
}
