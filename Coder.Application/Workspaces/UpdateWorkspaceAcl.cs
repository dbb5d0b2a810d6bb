using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Workspaces;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>
/// Shares a workspace with members and groups of its organization, or no longer; whoever is not named stays as they are
/// (docs/spec/workspaces.md, section 7.4).
/// </summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
/// <param name="UserRoles">Wire names of <see cref="WorkspaceRole"/> by user ids.</param>
/// <param name="GroupRoles">The same by group ids.</param>
public sealed record UpdateWorkspaceAcl(
    Actor Actor, string Workspace, IReadOnlyDictionary<string, string?> UserRoles, IReadOnlyDictionary<string, string?> GroupRoles)
    : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = WorkspaceAudit.Write(204);
}

internal sealed class UpdateWorkspaceAclHandler(
    WorkspaceTargets targets, IWorkspaceStore workspaces, IWorkspaceSharing sharing, TimeProvider time, AuditTrail audit)
    : IRequestHandler<UpdateWorkspaceAcl, Result<Done>>
{
    private const string UserField = "user_roles";
    private const string GroupField = "group_roles";

    public async Task<Result<Done>> Handle(UpdateWorkspaceAcl request, CancellationToken cancellationToken)
    {
        // Under a lock from the beginning: of two changes at once both must hold.
        if (!(await targets.LockForUpdateAsync(request.Actor, request.Workspace, cancellationToken)).Is(out var before, out var error))
        {
            return error;
        }

        var errors = new List<FieldError>();
        var users = WorkspaceShares.ReadChange(UserField, request.UserRoles, errors);
        var groups = WorkspaceShares.ReadChange(GroupField, request.GroupRoles, errors);

        // Those that are taken off the list need not be there any more.
        Guid[] newUsers = [.. users.Where(u => u.Value != WorkspaceRole.None).Select(u => u.Key)];
        Guid[] newGroups = [.. groups.Where(g => g.Value != WorkspaceRole.None).Select(g => g.Key)];
        var knownUsers = await sharing.HoldMembersAsync(before.OrganizationId, newUsers, cancellationToken);
        var knownGroups = await sharing.HoldGroupsAsync(before.OrganizationId, newGroups, cancellationToken);
        errors.AddRange(newUsers.Except(knownUsers).Select(id => new FieldError(UserField, $"user with ID {id} does not exist")));
        errors.AddRange(newGroups.Except(knownGroups).Select(id => new FieldError(GroupField, $"group with ID {id} does not exist")));
        if (errors.Count > 0)
        {
            return WorkspaceShares.Refuse(errors);
        }

        var userShares = WorkspaceShares.FromJson(before.UserAcl).With(users);
        var groupShares = WorkspaceShares.FromJson(before.GroupAcl).With(groups);
        await workspaces.SetSharesAsync(before.Id, userShares, groupShares, time.GetUtcNow().ToMicroseconds(), cancellationToken);
        audit.Changed(before, before with { UserAcl = userShares.ToJson(), GroupAcl = groupShares.ToJson() });
        return Done.Value;
    }
}
