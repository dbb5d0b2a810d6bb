namespace Coder.Domain.Authorization;

/// <summary>What a credential may be used for, whatever its user may do.</summary>
/// <remarks>A scope never gives anything: a decision needs the roles and the scope (docs/spec/platform.md 6.5).</remarks>
public sealed class KeyScope
{
    private const string AllName = "all";
    private const string ApplicationConnectName = "application_connect";
    private const string LimitedName = "limited";
    private const string Prefix = "coder:";

    private static readonly PermissionRule Everything = new(Negate: false, Type: null, Action: null);
    private static readonly PermissionRule Applications = new(Negate: false, ResourceType.Workspace, PermissionAction.ApplicationConnect);

    /// <summary>By type; <see langword="null"/> where every object may be touched.</summary>
    private readonly Guid[]?[]? _allowLists;

    private KeyScope(
        string name, PermissionLevel level, Guid[]?[]? allowLists, IReadOnlyList<string> scopes, IReadOnlyList<AllowedTarget> allowed)
    {
        Name = name;
        Level = level;
        Scopes = scopes;
        Allowed = allowed;
        _allowLists = allowLists;
    }

    /// <summary>No limit.</summary>
    public static KeyScope All { get; } = new(
        AllName, PermissionLevel.From([Everything]), null, [AllName], [AllowedTarget.Everything]);

    /// <summary>Opening applications of workspaces, and nothing else: not even reading one's own account.</summary>
    public static KeyScope ApplicationConnect { get; } = new(
        ApplicationConnectName, PermissionLevel.From([Applications]), null, [ApplicationConnectName], [AllowedTarget.Everything]);

    private static PermissionLevel AllButUsers { get; } = PermissionLevel.From(
        from type in ResourceTypes.All
        where type != ResourceType.User
        select new PermissionRule(Negate: false, type, Action: null));

    /// <summary>The stored name; the scope of an agent is never stored.</summary>
    public string Name { get; }

    /// <summary>
    /// What clients read that know two scopes only: <c>application_connect</c> for a key that does nothing else, or <c>all</c>.
    /// </summary>
    public string ShortName => Scopes is [ApplicationConnectName] ? ApplicationConnectName : AllName;

    /// <summary>What may be done: <c>all</c>, <c>application_connect</c>, <c>type:action</c> or <c>type:*</c>.</summary>
    public IReadOnlyList<string> Scopes { get; }

    /// <summary>To what it may be done.</summary>
    public IReadOnlyList<AllowedTarget> Allowed { get; }

    /// <summary>Whether it is neither <see cref="All"/> nor <see cref="ApplicationConnect"/>, and stored with its parts.</summary>
    public bool IsLimited => Name == LimitedName;

    internal PermissionLevel Level { get; }

    /// <summary>The scope of a workspace agent: everything, on the objects of its own workspace only.</summary>
    /// <param name="allowed">The ids of the workspace, its template, its template version and its owner.</param>
    /// <param name="blockUserData">Whether the agent may see nothing of the account of the workspace's owner.</param>
    public static KeyScope WorkspaceAgent(IReadOnlyCollection<Guid> allowed, bool blockUserData)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        AllowedTarget[] targets = [.. allowed.Where(id => id != Guid.Empty).Distinct().Select(id => new AllowedTarget(null, id))];
        return new("workspace_agent", blockUserData ? AllButUsers : All.Level, Lists(targets), [], targets);
    }

    /// <summary>The scope of a key that may do some things to some objects (docs/spec/platform.md, section 8.3).</summary>
    /// <param name="scopes">Names as in <see cref="IsScope"/>; others grant nothing. <c>all</c> is everything.</param>
    /// <param name="allowed">
    /// Entries as in <see cref="AllowedTarget"/>; others allow nothing. Without any entry every object is meant.
    /// </param>
    public static KeyScope Of(IReadOnlyCollection<string> scopes, IReadOnlyCollection<string> allowed)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        ArgumentNullException.ThrowIfNull(allowed);
        string[] names = [.. scopes.Where(IsScope).Select(ShortNameOf).Distinct(StringComparer.Ordinal)];
        if (names.Contains(AllName, StringComparer.Ordinal))
        {
            names = [AllName];
        }

        AllowedTarget[] targets = [.. allowed.Select(Read).OfType<AllowedTarget>().Distinct()];
        if (allowed.Count == 0 || targets.Contains(AllowedTarget.Everything))
        {
            targets = [AllowedTarget.Everything];
        }

        var isEverywhere = targets is [{ Type: null, Id: null }];
        return names switch
        {
            [AllName] when isEverywhere => All,
            [ApplicationConnectName] when isEverywhere => ApplicationConnect,
            _ => new(LimitedName, PermissionLevel.From(names.Select(RuleOf)), isEverywhere ? null : Lists(targets), names, targets),
        };
    }

    /// <summary>
    /// Whether a name is one of a scope: <c>all</c> or <c>application_connect</c>, both also with <c>coder:</c> before them,
    /// <c>type:action</c> with an action that the type knows, or <c>type:*</c>.
    /// </summary>
    public static bool IsScope(string? name) =>
        name is not null && (ShortNameOf(name) is AllName or ApplicationConnectName || TryRead(name, out _));

    /// <summary>Reads a stored scope without parts; <see langword="null"/> when the name is unknown.</summary>
    public static KeyScope? FromName(string name) => name switch
    {
        AllName => All,
        ApplicationConnectName => ApplicationConnect,
        _ => null,
    };

    /// <summary>Whether nothing is in <paramref name="other"/> that is not in this one: a key must not make one that may do more.</summary>
    public bool Covers(KeyScope other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ResourceTypes.All.All(type => Covers(other, type));
    }

    /// <summary>The objects of a type that may be touched, or <see langword="null"/> when all may.</summary>
    internal Guid[]? AllowList(ResourceType type) => _allowLists?[(int)type];

    internal bool Admits(ResourceType type, Guid id) => AllowList(type) is not { } ids || ids.AsSpan().Contains(id);

    private static string ShortNameOf(string name) =>
        name is Prefix + AllName or Prefix + ApplicationConnectName ? name[Prefix.Length..] : name;

    private static AllowedTarget? Read(string text) => AllowedTarget.TryParse(text, out var target) ? target : null;

    private static PermissionRule RuleOf(string name) => name switch
    {
        AllName => Everything,
        ApplicationConnectName => Applications,
        _ => TryRead(name, out var rule) ? rule : throw new ArgumentException($"{name} is no scope.", nameof(name)),
    };

    private static bool TryRead(string name, out PermissionRule rule)
    {
        rule = default;
        return name.Split(':') is [var type, var action]
            && PermissionRule.TryParse(negate: false, type, action, out rule)
            && rule.Type is not null;
    }

    private static Guid[]?[] Lists(AllowedTarget[] targets)
    {
        var lists = new Guid[]?[ResourceTypes.Count];
        foreach (var type in ResourceTypes.All)
        {
            lists[(int)type] = targets.Any(t => t.Concerns(type) && t.Id is null)
                ? null
                : [.. targets.Where(t => t.Concerns(type)).Select(t => t.Id!.Value)];
        }

        return lists;
    }

    private bool Covers(KeyScope other, ResourceType type)
    {
        var actions = other.Level.Allowed(type);
        if (actions == ActionMask.None || other.AllowList(type) is [])
        {
            return true;
        }

        return (actions & ~Level.Allowed(type)) == ActionMask.None
            && (AllowList(type) is not { } mine || (other.AllowList(type) is { } theirs && Array.TrueForAll(theirs, mine.Contains)));
    }
}
