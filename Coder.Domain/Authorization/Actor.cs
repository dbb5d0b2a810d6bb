namespace Coder.Domain.Authorization;

/// <summary>Who acts, with everything that decisions about them need. Immutable; made once a request.</summary>
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
        KeyScope scope)
    {
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

    /// <summary>The organizations that the user is a member of.</summary>
    public IReadOnlyList<Guid> Organizations => _organizations;

    /// <summary>The groups that the user is in, without the implied Everyone groups.</summary>
    public IReadOnlyList<Guid> Groups => _groups;

    internal PermissionLevel Site { get; }

    internal PermissionLevel User { get; }

    internal ReadOnlySpan<Guid> OrganizationSpan => _organizations;

    internal ReadOnlySpan<PermissionLevel> OrganizationLevels => _levels;

    internal ReadOnlySpan<Guid> GroupSpan => _groups;

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
}
