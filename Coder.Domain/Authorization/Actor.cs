namespace Coder.Domain.Authorization;

/// <summary>Who acts, with everything that decisions about them need. Immutable; made once a request.</summary>
/// <remarks>The roles are compiled to masks here, so that a decision reads a few array cells (docs/spec/platform.md 6.7).</remarks>
public sealed class Actor
{
    /// <summary>Up to here comparing one id after the other is faster than hashing one.</summary>
    private const int LinearLimit = 16;

    private readonly Guid[] _organizations;
    private readonly PermissionLevel[] _levels;
    private readonly Dictionary<Guid, int>? _index;
    private readonly Guid[] _groups;

    internal Actor(
        Guid userId,
        string username,
        PermissionLevel site,
        PermissionLevel user,
        Guid[] organizations,
        PermissionLevel[] levels,
        Guid[] groups,
        KeyScope scope,
        IReadOnlyList<string> siteRoles,
        IReadOnlyList<OrganizationRoles> organizationRoles)
    {
        SiteRoles = siteRoles;
        OrganizationRoles = organizationRoles;
        UserId = userId;
        Username = username;
        Site = site;
        User = user;
        _organizations = organizations;
        _levels = levels;
        _groups = groups;
        Scope = scope;
        if (organizations.Length > LinearLimit)
        {
            _index = new Dictionary<Guid, int>(organizations.Length);
            for (var i = 0; i < organizations.Length; i++)
            {
                _index.TryAdd(organizations[i], i);
            }
        }
    }

    /// <summary>The user's id; the nil UUID for most internal subjects.</summary>
    public Guid UserId { get; }

    /// <summary>The user's name, or the name of an internal subject.</summary>
    public string Username { get; }

    /// <summary>The limit that the credential puts on everything.</summary>
    public KeyScope Scope { get; }

    /// <summary>The stored site roles, without the implied <c>member</c>.</summary>
    public IReadOnlyList<string> SiteRoles { get; }

    /// <summary>The memberships with their stored roles, without the implied <c>organization-member</c>.</summary>
    public IReadOnlyList<OrganizationRoles> OrganizationRoles { get; }

    /// <summary>Whether this is the server itself and not a user.</summary>
    public bool IsInternal { get; private init; }

    /// <summary>The organizations that the user is a member of.</summary>
    public IReadOnlyList<Guid> Organizations => _organizations;

    /// <summary>The groups that the user is in, without the implied Everyone groups.</summary>
    public IReadOnlyList<Guid> Groups => _groups;

    internal PermissionLevel Site { get; }

    internal PermissionLevel User { get; }

    internal ReadOnlySpan<Guid> OrganizationSpan => _organizations;

    internal ReadOnlySpan<PermissionLevel> OrganizationLevels => _levels;

    internal ReadOnlySpan<Guid> GroupSpan => _groups;

    /// <summary>Compiles what is stored about a user into an actor.</summary>
    /// <param name="userId">The user's id, never nil.</param>
    /// <param name="username">The user's name.</param>
    /// <param name="siteRoles">The stored site roles; unknown names grant nothing.</param>
    /// <param name="organizations">One entry for each membership; only these count, whatever the groups say.</param>
    /// <param name="groups">The groups that the user was put into; the Everyone groups follow from the memberships.</param>
    /// <param name="scope">What the credential may be used for.</param>
    /// <param name="customRoles">The custom roles of these organizations, or more; those not held are skipped.</param>
    /// <param name="options">The settings that shape the built-in roles.</param>
    public static Actor Create(
        Guid userId,
        string username,
        IReadOnlyList<string> siteRoles,
        IReadOnlyList<OrganizationRoles> organizations,
        IReadOnlyList<Guid> groups,
        KeyScope scope,
        IReadOnlyList<CustomRole> customRoles,
        AuthorizationOptions options)
    {
        ArgumentNullException.ThrowIfNull(siteRoles);
        ArgumentNullException.ThrowIfNull(organizations);
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(customRoles);
        var builtIn = BuiltInRoles.For(options);
        var own = builtIn.CompileSite(siteRoles);
        var site = own.Site;
        var ids = new Guid[organizations.Count];
        var levels = new PermissionLevel[organizations.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            var (organization, names) = organizations[i];
            var held = builtIn.CompileOrganization(names);
            ids[i] = organization;
            levels[i] = WithCustomRoles(held.Organization, organization, names, customRoles);
            site = site.Or(held.Site);
        }

        return new Actor(
            userId, username, site.WithImpliedLogs(), own.User, ids, levels, [.. groups], scope, siteRoles, organizations);
    }

    internal static Actor CreateInternal(string name, Guid userId, RoleGrants site) => new(
        userId,
        name,
        PermissionLevel.From(site.ToRules(negate: false)).WithImpliedLogs(),
        PermissionLevel.Empty,
        [],
        [],
        [],
        KeyScope.All,
        [],
        [])
    {
        IsInternal = true,
    };

    /// <summary>Whether the user holds the site role, the implied one included.</summary>
    public bool HasSiteRole(string name) => name == RoleNames.Member ? !IsInternal : SiteRoles.Contains(name, StringComparer.Ordinal);

    /// <summary>Whether the user holds the role in the organization, the implied one included.</summary>
    public bool HasOrganizationRole(Guid organization, string name)
    {
        foreach (var membership in OrganizationRoles)
        {
            if (membership.Organization == organization)
            {
                return name == RoleNames.OrganizationMember || membership.Roles.Contains(name, StringComparer.Ordinal);
            }
        }

        return false;
    }

    /// <summary>Whether the user is a member of the organization.</summary>
    public bool IsMemberOf(Guid organization) => LevelIn(organization) is not null;

    /// <summary>What the roles say in an organization, or <see langword="null"/> when the actor is no member of it.</summary>
    internal PermissionLevel? LevelIn(Guid organization)
    {
        if (_index is not null)
        {
            return _index.TryGetValue(organization, out var found) ? _levels[found] : null;
        }

        var at = _organizations.AsSpan().IndexOf(organization);
        return at < 0 ? null : _levels[at];
    }

    private static PermissionLevel WithCustomRoles(
        PermissionLevel level,
        Guid organization,
        IReadOnlyList<string> names,
        IReadOnlyList<CustomRole> customRoles)
    {
        if (customRoles.Count == 0)
        {
            return level;
        }

        foreach (var role in customRoles)
        {
            if (role.Organization == organization && names.Contains(role.Name, StringComparer.Ordinal))
            {
                level = level.Or(role.Level);
            }
        }

        return level.WithImpliedLogs();
    }
}
