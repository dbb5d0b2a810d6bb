using Coder.Application.Common;
using Coder.Application.Groups;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Workspaces;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>With whom a workspace is shared (docs/spec/workspaces.md, section 7.4).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
public sealed record GetWorkspaceAcl(Actor Actor, string Workspace) : IQuery<WorkspaceAcl>, IActorRequest;

/// <summary>With whom a workspace is shared. Whoever is gone is left out.</summary>
/// <param name="Users">Users with their roles.</param>
/// <param name="Groups">Groups with their roles.</param>
public sealed record WorkspaceAcl(
    IReadOnlyList<(SharedUser User, WorkspaceRole Role)> Users, IReadOnlyList<(GroupView Group, WorkspaceRole Role)> Groups);

internal sealed class GetWorkspaceAclHandler(WorkspaceTargets targets, IWorkspaceSharing sharing, IGroupStore groups)
    : IRequestHandler<GetWorkspaceAcl, Result<WorkspaceAcl>>
{
    public async Task<Result<WorkspaceAcl>> Handle(GetWorkspaceAcl request, CancellationToken cancellationToken)
    {
        if (!(await targets.FindAsync(request.Actor, request.Workspace, cancellationToken)).Is(out var workspace, out var error))
        {
            return error;
        }

        // Who knows the list can change it, as with templates.
        if (!WorkspaceTargets.MayUpdate(request.Actor, workspace))
        {
            return Error.Forbidden;
        }

        var userRoles = WorkspaceShares.FromJson(workspace.UserAcl).Roles;
        var groupRoles = WorkspaceShares.FromJson(workspace.GroupAcl).Roles;
        var users = await sharing.UsersAsync([.. userRoles.Keys], cancellationToken);
        var sight = GroupSight.Of(request.Actor) with { Groups = ReadScope.All };
        var found = groupRoles.Count == 0
            ? []
            : await groups.ListAsync(
                new GroupFilter { Organization = workspace.OrganizationId, Ids = [.. groupRoles.Keys] }, sight, cancellationToken);
        return new WorkspaceAcl(
            [.. users.Select(user => (user, userRoles[user.Id]))], [.. found.Select(group => (group, groupRoles[group.Group.Id]))]);
    }
}
