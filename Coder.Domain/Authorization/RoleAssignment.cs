using Coder.Domain.Common;

namespace Coder.Domain.Authorization;

/// <summary>Who may give and take which roles (docs/spec/platform.md 8.2).</summary>
public static class RoleAssignment
{
    /// <summary>Whether the actor's own roles let it give and take the site role.</summary>
    public static bool CanAssignSite(Actor actor, string role)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return actor.HasSiteRole(RoleNames.Owner)
            || (role == RoleNames.Member && actor.HasSiteRole(RoleNames.UserAdmin));
    }

    /// <summary>
    /// Whether the actor's own roles let it give and take the role in the organization; a name that is not built in is a custom
    /// role's.
    /// </summary>
    public static bool CanAssignInOrganization(Actor actor, Guid organization, string role)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (actor.HasSiteRole(RoleNames.Owner) || actor.HasOrganizationRole(organization, RoleNames.OrganizationAdmin))
        {
            return true;
        }

        return role == RoleNames.OrganizationMember
            && (actor.HasSiteRole(RoleNames.UserAdmin)
                || actor.HasOrganizationRole(organization, RoleNames.OrganizationUserAdmin)
                || ReferenceEquals(actor, SystemActors.PrebuildsOrchestrator));
    }

    /// <summary>Decides on replacing the site roles of a user.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="target">Whose roles are to change; one's own never do.</param>
    /// <param name="current">The roles stored now.</param>
    /// <param name="requested">The roles wanted instead, with or without <c>member</c>, which stays implied.</param>
    /// <returns>What to store: in the given order, without duplicates and the implied role.</returns>
    public static Result<IReadOnlyList<string>> ChangeSiteRoles(
        Actor actor,
        Guid target,
        IReadOnlyCollection<string> current,
        IReadOnlyCollection<string> requested)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (actor.UserId == target)
        {
            return new Error(ErrorKind.Invalid, "You cannot change your own roles.");
        }

        if (!Authorizer.Can(actor, new Permission(ResourceType.AssignRole, PermissionAction.Assign)))
        {
            return Error.Forbidden;
        }

        return Change(
            RoleNames.Member,
            current,
            requested,
            name => BuiltInRoles.For(AuthorizationOptions.Default).FindSite(name) is not null,
            name => CanAssignSite(actor, name));
    }

    /// <summary>Decides on replacing the roles of a member of an organization.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="target">Whose roles are to change; one's own never do.</param>
    /// <param name="organization">The organization.</param>
    /// <param name="current">The roles stored now.</param>
    /// <param name="requested">The roles wanted instead, with or without <c>organization-member</c>, which stays implied.</param>
    /// <param name="customRoles">The custom roles that exist; those of other organizations do not count.</param>
    /// <returns>What to store: in the given order, without duplicates and the implied role.</returns>
    public static Result<IReadOnlyList<string>> ChangeOrganizationRoles(
        Actor actor,
        Guid target,
        Guid organization,
        IReadOnlyCollection<string> current,
        IReadOnlyCollection<string> requested,
        IReadOnlyCollection<CustomRole> customRoles)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (actor.UserId == target)
        {
            return new Error(ErrorKind.Invalid, "You cannot change your own organization roles.");
        }

        if (!Authorizer.Can(actor, PermissionAction.Assign, ObjectRef.In(organization, ResourceType.AssignOrgRole)))
        {
            return Error.Forbidden;
        }

        return Change(
            RoleNames.OrganizationMember,
            current,
            requested,
            name => BuiltInRoles.For(AuthorizationOptions.Default).FindOrganization(name) is not null
                || customRoles.Any(role => role.Organization == organization && role.Name == name),
            name => CanAssignInOrganization(actor, organization, name));
    }

    private static Result<IReadOnlyList<string>> Change(
        string implied,
        IReadOnlyCollection<string> current,
        IReadOnlyCollection<string> requested,
        Func<string, bool> exists,
        Func<string, bool> mayAssign)
    {
        var wanted = requested.Where(name => name != implied).Distinct(StringComparer.Ordinal).ToArray();
        foreach (var name in wanted)
        {
            if (!exists(name))
            {
                return new Error(ErrorKind.Invalid, $"\"{name}\" is not a supported role");
            }
        }

        // A role that is stored and no longer exists can be taken by whoever may give roles at all.
        var given = wanted.Except(current, StringComparer.Ordinal);
        var taken = current.Except(wanted, StringComparer.Ordinal).Where(exists);
        foreach (var name in given.Concat(taken).Prepend(implied))
        {
            if (!mayAssign(name))
            {
                return new Error(ErrorKind.Invalid, $"not authorized to assign role \"{name}\"");
            }
        }

        return wanted;
    }
}
