namespace Coder.Domain.Authorization;

/// <summary>What one level (the site, one organization, one's own objects) says about one action.</summary>
internal enum Vote
{
    Deny = -1,
    Abstain = 0,
    Allow = 1,
}

/// <summary>What a set of roles grants and denies at one level: two masks a type.</summary>
internal sealed class PermissionLevel
{
    private readonly ActionMask[] _allow;
    private readonly ActionMask[] _deny;

    private PermissionLevel(ActionMask[] allow, ActionMask[] deny)
    {
        _allow = allow;
        _deny = deny;
    }

    public static PermissionLevel Empty { get; } = new(new ActionMask[ResourceTypes.Count], new ActionMask[ResourceTypes.Count]);

    public static PermissionLevel From(IEnumerable<PermissionRule> rules)
    {
        var level = new PermissionLevel(new ActionMask[ResourceTypes.Count], new ActionMask[ResourceTypes.Count]);
        foreach (var rule in rules)
        {
            var masks = rule.Negate ? level._deny : level._allow;
            foreach (var type in ResourceTypes.All)
            {
                if (rule.Type is null || rule.Type == type)
                {
                    masks[(int)type] |= type.Actions() & (rule.Action?.Bit() ?? ActionMask.Everything);
                }
            }
        }

        return level;
    }

    public PermissionLevel Or(PermissionLevel other)
    {
        if (ReferenceEquals(other, Empty) || ReferenceEquals(other, this))
        {
            return this;
        }

        if (ReferenceEquals(this, Empty))
        {
            return other;
        }

        var sum = new PermissionLevel([.. _allow], [.. _deny]);
        for (var i = 0; i < sum._allow.Length; i++)
        {
            sum._allow[i] |= other._allow[i];
            sum._deny[i] |= other._deny[i];
        }

        return sum;
    }

    /// <summary>Whoever reads the audit log of a level also reads its connection log (docs/spec/platform.md 6.1).</summary>
    public PermissionLevel WithImpliedLogs()
    {
        if (Judge(ResourceType.AuditLog, ActionMask.Read) != Vote.Allow
            || (_allow[(int)ResourceType.ConnectionLog] & ActionMask.Read) != ActionMask.None)
        {
            return this;
        }

        var more = new PermissionLevel([.. _allow], _deny);
        more._allow[(int)ResourceType.ConnectionLog] |= ActionMask.Read;
        return more;
    }

    /// <summary>What is granted and not denied.</summary>
    public ActionMask Allowed(ResourceType type) => _allow[(int)type] & ~_deny[(int)type];

    public Vote Judge(ResourceType type, ActionMask action)
    {
        if ((_deny[(int)type] & action) != ActionMask.None)
        {
            return Vote.Deny;
        }

        return (_allow[(int)type] & action) != ActionMask.None ? Vote.Allow : Vote.Abstain;
    }
}
