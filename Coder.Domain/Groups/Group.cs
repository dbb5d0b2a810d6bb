namespace Coder.Domain.Groups;

/// <summary>Who decides on the members of a group.</summary>
public enum GroupSource
{
    /// <summary>Whoever may change the group.</summary>
    User,

    /// <summary>An identity provider, whenever a user signs in through it.</summary>
    Oidc,
}

/// <summary>Members of one organization who are granted something together (docs/spec/workspaces.md, section 10).</summary>
public sealed record Group
{
    /// <summary>Never changes. That of the Everyone group is the id of its organization.</summary>
    public required Guid Id { get; init; }

    /// <summary>Unique in its organization without regard to case, see <see cref="Users.NameRules.IsGroupName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The name for people; may be empty.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The organization that the group belongs to.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>A picture; may be empty.</summary>
    public required string AvatarUrl { get; init; }

    /// <summary>Credits that each member may spend on workspaces in this organization, beside those of the member's other groups.</summary>
    public required int QuotaAllowance { get; init; }

    /// <inheritdoc cref="GroupSource"/>
    public required GroupSource Source { get; init; }

    /// <summary>Whether this is the group that every member of the organization is in, without anybody having put them there.</summary>
    public bool IsEveryone => Id == OrganizationId;
}

/// <summary>The names of <see cref="GroupSource"/> on the wire and in the database.</summary>
public static class GroupSources
{
    /// <summary>The wire name.</summary>
    public static string WireName(this GroupSource source) => source switch
    {
        GroupSource.User => "user",
        GroupSource.Oidc => "oidc",
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    /// <summary>Reads a wire name that the database holds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The name is not one of ours.</exception>
    public static GroupSource Of(string name) => name switch
    {
        "user" => GroupSource.User,
        "oidc" => GroupSource.Oidc,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "not a group source"),
    };
}
