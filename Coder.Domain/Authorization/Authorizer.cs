namespace Coder.Domain.Authorization;

/// <summary>Decides who may do what to what (docs/spec/platform.md 6.5). A few array reads, no allocation.</summary>
public static class Authorizer
{
    /// <summary>Whether <paramref name="actor"/> may do <paramref name="action"/> to <paramref name="target"/>.</summary>
    public static bool Can(Actor actor, PermissionAction action, in ObjectRef target)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var bit = action.Bit();
        if (actor.Scope.Level.Judge(target.Type, bit) != Vote.Allow || !actor.Scope.Admits(target.Type, target.IdOrNil))
        {
            return false;
        }

        // Both answers of an organization that the object does not have: no vote, and no membership that could be missing.
        var organization = Vote.Abstain;
        var isMember = false;
        var hasOrganization = true;
        if (target.AnyOrg)
        {
            isMember = actor.OrganizationSpan.Length > 0;
            organization = SomeOrganizationAllows(actor, target.Type, bit) ? Vote.Allow : Vote.Abstain;
        }
        else if (target.OrganizationOrNil == Guid.Empty)
        {
            hasOrganization = false;
        }
        else if (actor.LevelIn(target.OrganizationOrNil) is { } level)
        {
            isMember = true;
            organization = level.Judge(target.Type, bit);
        }

        return RolesAllow(actor, bit, target, organization, isMember || !hasOrganization)
            || (!target.AnyOrg && ListsAllow(actor, bit, target, isMember));
    }

    /// <summary>Whether <paramref name="actor"/> holds <paramref name="permission"/> over the type as a whole.</summary>
    public static bool Can(Actor actor, Permission permission) => Can(actor, permission.Action, new ObjectRef(permission.Type));

    /// <summary>
    /// The same for a workspace, with the second chance that <c>prebuilt_workspace</c> gives for update and delete
    /// when the workspace belongs to the prebuilds user.
    /// </summary>
    public static bool CanWorkspace(Actor actor, PermissionAction action, in ObjectRef workspace) =>
        Can(actor, action, workspace)
        || (workspace.Type == ResourceType.Workspace
            && workspace.Owner == SystemActors.PrebuildsUserId
            && action is PermissionAction.Update or PermissionAction.Delete
            && Can(actor, action, workspace.AsPrebuilt()));

    /// <summary>Which rows of <paramref name="type"/> the actor may read.</summary>
    public static ReadScope ReadScope(Actor actor, ResourceType type) => ReadScope(actor, new Permission(type, PermissionAction.Read));

    /// <summary>To which rows of the permission's type the actor may do the permission's action.</summary>
    public static ReadScope ReadScope(Actor actor, Permission permission)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return Authorization.ReadScope.Of(actor, permission.Type, permission.Action);
    }

    private static bool RolesAllow(Actor actor, ActionMask action, in ObjectRef target, Vote organization, bool organizationOk)
    {
        var site = actor.Site.Judge(target.Type, action);
        if (site != Vote.Abstain)
        {
            return site == Vote.Allow;
        }

        if (organization != Vote.Abstain)
        {
            return organization == Vote.Allow;
        }

        return organizationOk
            && target.OwnerOrNil != Guid.Empty
            && target.OwnerOrNil == actor.UserId
            && actor.User.Judge(target.Type, action) == Vote.Allow;
    }

    private static bool SomeOrganizationAllows(Actor actor, ResourceType type, ActionMask action)
    {
        foreach (var level in actor.OrganizationLevels)
        {
            if (level.Judge(type, action) == Vote.Allow)
            {
                return true;
            }
        }

        return false;
    }

    private static bool ListsAllow(Actor actor, ActionMask action, in ObjectRef target, bool isMember)
    {
        if (actor.UserId != Guid.Empty && target.UserAcl is { } users && users.Allows(actor.UserId, action))
        {
            return true;
        }

        if (!isMember || target.GroupAcl is not { } groups)
        {
            return false;
        }

        foreach (var group in actor.GroupSpan)
        {
            if (groups.Allows(group, action))
            {
                return true;
            }
        }

        return groups.Allows(target.OrganizationOrNil, action);
    }
}
