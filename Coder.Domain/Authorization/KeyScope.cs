namespace Coder.Domain.Authorization;

/// <summary>What a credential may be used for, whatever its user may do.</summary>
public sealed class KeyScope
{
    private static readonly PermissionRule Everything = new(Negate: false, Type: null, Action: null);

    private readonly Guid[]? _allowList;

    private KeyScope(string name, PermissionLevel level, Guid[]? allowList)
    {
        Name = name;
        Level = level;
        _allowList = allowList;
    }

    /// <summary>No limit.</summary>
    public static KeyScope All { get; } = new("all", PermissionLevel.From([Everything]), null);

    /// <summary>Opening applications of workspaces, and nothing else: not even reading one's own account.</summary>
    public static KeyScope ApplicationConnect { get; } = new(
        "application_connect",
        PermissionLevel.From([new(Negate: false, ResourceType.Workspace, PermissionAction.ApplicationConnect)]),
        null);

    private static PermissionLevel AllButUsers { get; } = PermissionLevel.From(
        from type in ResourceTypes.All
        where type != ResourceType.User
        select new PermissionRule(Negate: false, type, Action: null));

    /// <summary>The stored name; the scope of an agent is never stored.</summary>
    public string Name { get; }

    internal PermissionLevel Level { get; }

    internal Guid[]? AllowList => _allowList;

    /// <summary>The scope of a workspace agent: everything, on the objects of its own workspace only.</summary>
    /// <param name="allowed">The ids of the workspace, its template, its template version and its owner.</param>
    /// <param name="blockUserData">Whether the agent may see nothing of the account of the workspace's owner.</param>
    public static KeyScope WorkspaceAgent(IReadOnlyCollection<Guid> allowed, bool blockUserData) =>
        new("workspace_agent", blockUserData ? AllButUsers : All.Level, [.. allowed.Where(id => id != Guid.Empty).Distinct()]);

    /// <summary>Reads a stored scope; <see langword="null"/> when the name is unknown.</summary>
    public static KeyScope? FromName(string name) => name switch
    {
        "all" => All,
        "application_connect" => ApplicationConnect,
        _ => null,
    };

    internal bool Admits(Guid id) => _allowList is null || _allowList.AsSpan().Contains(id);
}
