using Coder.Domain.Authorization;

namespace Coder.Domain.Users;

/// <summary>
/// Whom somebody finds who administers organizations and not the deployment, where <see cref="AuthorizationOptions.RestrictUserSearch"/>
/// is set (docs/spec/platform.md, section 12): members, and whoever is named exactly, so that one can be invited.
/// </summary>
/// <param name="Me">Who searches, and is always found.</param>
/// <param name="Organizations">The organizations whose members are found.</param>
/// <param name="Exact">The address or username, in small letters, of one more user; <see langword="null"/> when nobody is named.</param>
public sealed record UserReach(Guid Me, IReadOnlyList<Guid> Organizations, string? Exact)
{
    /// <summary>Decides for one search.</summary>
    /// <returns>
    /// <see langword="null"/> when only the roles decide: the setting is off, or a role of the deployment lets the actor read users.
    /// </returns>
    public static UserReach? Of(Actor actor, AuthorizationOptions options, UserFilter filter)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(filter);
        var ofDeployment = BuiltInRoles.For(options).CompileSite(actor.SiteRoles).Site;
        if (!options.RestrictUserSearch || actor.IsInternal || ofDeployment.Judge(ResourceType.User, ActionMask.Read) == Vote.Allow)
        {
            return null;
        }

        var members = Authorizer.ReadScope(actor, ResourceType.OrganizationMember).Organizations;
        return new UserReach(actor.UserId, members, filter.Search is [var only] ? only : null);
    }
}
