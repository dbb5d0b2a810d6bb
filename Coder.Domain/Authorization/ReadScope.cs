namespace Coder.Domain.Authorization;

/// <summary>The shapes of docs/spec/platform.md 6.7.</summary>
public enum ReadScopeKind
{
    /// <summary>No row can match: do not ask the database.</summary>
    None,

    /// <summary>Every row.</summary>
    All,

    /// <summary>The rows of some organizations, perhaps of none.</summary>
    Orgs,

    /// <summary>The rows of some organizations, and one's own.</summary>
    OrgsAndOwn,
}

/// <summary>Which rows of one type an actor may read (or do something else to): a decision made once for a whole list.</summary>
/// <remarks>A row matches when the allow-list has its id, or there is none, and any of the other parts matches.</remarks>
public sealed record ReadScope
{
    private ReadScope()
    {
    }

    /// <summary>The scope of those who may read nothing.</summary>
    public static ReadScope None { get; } = new() { Kind = ReadScopeKind.None };

    /// <summary>The scope of those who may read everything.</summary>
    public static ReadScope All { get; } = new() { Kind = ReadScopeKind.All };

    /// <summary>Which of the parts below count.</summary>
    public ReadScopeKind Kind { get; private init; }

    /// <summary>Every row of these organizations matches.</summary>
    public IReadOnlyList<Guid> Organizations { get; private init; } = [];

    /// <summary>The actor's own rows, when these match; <see langword="null"/> otherwise.</summary>
    public OwnRows? Own { get; private init; }

    /// <summary>Rows shared with the actor, for types that can be shared; <see langword="null"/> otherwise.</summary>
    public SharedRows? Shared { get; private init; }

    /// <summary>When not <see langword="null"/>, only rows with these ids can match, whatever the other parts say.</summary>
    public IReadOnlyList<Guid>? AllowList { get; private init; }

    /// <summary>
    /// Whether <paramref name="row"/> is in the scope; the same answer as
    /// <see cref="Authorizer.Can(Actor, PermissionAction, in ObjectRef)"/>.
    /// </summary>
    public bool Matches(in ObjectRef row)
    {
        if (Kind == ReadScopeKind.None || (AllowList is not null && !(row.Id is { } id && AllowList.Contains(id))))
        {
            return false;
        }

        return Kind == ReadScopeKind.All
            || (row.Organization is { } organization && Organizations.Contains(organization))
            || (Own is not null && Own.Matches(row))
            || (Shared is not null && Shared.Matches(row));
    }

    internal static ReadScope Of(Actor actor, ResourceType type, PermissionAction action)
    {
        var bit = action.Bit();
        var allowList = actor.Scope.AllowList(type);
        if (actor.Scope.Level.Judge(type, bit) != Vote.Allow || allowList is [])
        {
            return None;
        }

        var site = actor.Site.Judge(type, bit);
        if (site == Vote.Allow)
        {
            return allowList is null ? All : All with { AllowList = allowList };
        }

        var facts = ResourceTypes.Of(type);
        var organizations = site == Vote.Abstain && facts.Org ? Where(actor, type, bit, static vote => vote == Vote.Allow) : [];
        var own = site == Vote.Abstain && facts.Own ? OwnRows.Of(actor, facts, bit) : null;
        var shared = SharedRows.Of(actor, facts, action);
        return organizations is [] && own is null && shared is null
            ? None
            : new ReadScope
            {
                Kind = own is null ? ReadScopeKind.Orgs : ReadScopeKind.OrgsAndOwn,
                Organizations = organizations,
                Own = own,
                Shared = shared,
                AllowList = allowList,
            };
    }

    internal static Guid[] Where(Actor actor, ResourceType type, ActionMask action, Func<Vote, bool> wanted)
    {
        var ids = actor.OrganizationSpan;
        var levels = actor.OrganizationLevels;
        var found = ids.Length == 0 ? [] : new Guid[ids.Length];
        var count = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            if (wanted(levels[i].Judge(type, action)))
            {
                found[count++] = ids[i];
            }
        }

        return count == found.Length ? found : found[..count];
    }
}

/// <summary>The rows that a user owns and may read as their owner.</summary>
/// <param name="User">The owner.</param>
/// <param name="HasOrganization">Whether rows of this type can have an organization.</param>
/// <param name="Organizations">Where the rows must lie, unless they lie in no organization.</param>
public sealed record OwnRows(Guid User, bool HasOrganization, IReadOnlyList<Guid> Organizations)
{
    internal static OwnRows? Of(Actor actor, ResourceFacts facts, ActionMask action)
    {
        if (actor.UserId == Guid.Empty || actor.User.Judge(facts.Type, action) != Vote.Allow)
        {
            return null;
        }

        var organizations = facts.Org ? ReadScope.Where(actor, facts.Type, action, static vote => vote != Vote.Deny) : [];
        return new OwnRows(actor.UserId, facts.Org, organizations);
    }

    internal bool Matches(in ObjectRef row) =>
        row.Owner == User && (row.Organization is not { } organization || Organizations.Contains(organization));
}

/// <summary>The rows that are shared with a user by an access control list.</summary>
/// <param name="User">The user, for the list of users.</param>
/// <param name="Action">The action that an entry must name, unless it names all by <c>*</c>.</param>
/// <param name="MemberOrganizations">
/// The list of groups only counts in these; there the organization's own id stands for its Everyone group.
/// </param>
/// <param name="Groups">The groups that the user is in.</param>
/// <param name="ByGroupId">
/// No list is stored: the row is a group, and its own id and its organization's count as its list of groups.
/// </param>
public sealed record SharedRows(
    Guid User,
    PermissionAction Action,
    IReadOnlyList<Guid> MemberOrganizations,
    IReadOnlyList<Guid> Groups,
    bool ByGroupId)
{
    internal static SharedRows? Of(Actor actor, ResourceFacts facts, PermissionAction action)
    {
        var canMatch = facts.Acl switch
        {
            AclPart.Stored => actor.UserId != Guid.Empty || actor.OrganizationSpan.Length > 0,
            AclPart.OwnGroup => action == PermissionAction.Read && actor.OrganizationSpan.Length > 0,
            _ => false,
        };
        return canMatch
            ? new SharedRows(actor.UserId, action, actor.Organizations, actor.Groups, facts.Acl == AclPart.OwnGroup)
            : null;
    }

    internal bool Matches(in ObjectRef row)
    {
        if (!ByGroupId && User != Guid.Empty && row.UserAcl is { } users && users.Allows(User, Action))
        {
            return true;
        }

        if (row.Organization is not { } organization || !MemberOrganizations.Contains(organization))
        {
            return false;
        }

        return ByGroupId
            ? row.Id is { } id && (id == organization || Groups.Contains(id))
            : row.GroupAcl is { } groups && (groups.Allows(organization, Action) || AnyGroup(groups));
    }

    private bool AnyGroup(AccessControlList list)
    {
        foreach (var group in Groups)
        {
            if (list.Allows(group, Action))
            {
                return true;
            }
        }

        return false;
    }
}
