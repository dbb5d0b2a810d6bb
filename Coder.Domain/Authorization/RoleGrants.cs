using System.Collections;

namespace Coder.Domain.Authorization;

/// <summary>The table from which one level of a built-in role is made: a set of actions a type.</summary>
internal sealed class RoleGrants : IEnumerable<KeyValuePair<ResourceType, ActionMask>>
{
    private readonly SortedDictionary<ResourceType, ActionMask> _grants = [];

    /// <summary>Every action of every type.</summary>
    public static RoleGrants Everything()
    {
        var grants = new RoleGrants();
        foreach (var type in ResourceTypes.All)
        {
            grants._grants[type] = type.Actions();
        }

        return grants;
    }

    public static RoleGrants ReadEverything()
    {
        var grants = new RoleGrants();
        foreach (var type in ResourceTypes.All)
        {
            grants._grants[type] = type.Actions() & ActionMask.Read;
        }

        return grants;
    }

    /// <summary>
    /// Adds a row. <see cref="ActionMask.Everything"/> means all that the type knows; any other unknown action is a slip.
    /// </summary>
    public void Add(ResourceType type, ActionMask actions)
    {
        if (actions != ActionMask.Everything && (actions & ~type.Actions()) != ActionMask.None)
        {
            throw new ArgumentException($"{type} does not know all of {actions}.", nameof(actions));
        }

        _grants[type] = _grants.GetValueOrDefault(type) | (actions & type.Actions());
    }

    /// <summary>Puts <paramref name="actions"/> in the place of what stood there.</summary>
    public RoleGrants Only(ResourceType type, ActionMask actions)
    {
        _grants.Remove(type);
        Add(type, actions);
        return this;
    }

    /// <summary>Adds all rows of <paramref name="more"/>.</summary>
    public RoleGrants And(RoleGrants more)
    {
        foreach (var (type, actions) in more)
        {
            Add(type, actions);
        }

        return this;
    }

    public IEnumerable<PermissionRule> ToRules(bool negate) =>
        from grant in _grants
        from action in PermissionActions.All
        where (grant.Value & action.Bit()) != ActionMask.None
        select new PermissionRule(negate, grant.Key, action);

    public IEnumerator<KeyValuePair<ResourceType, ActionMask>> GetEnumerator() => _grants.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
