using Coder.Domain.Common;

namespace Coder.Domain.Groups;

/// <summary>What is to be changed of a group. <see langword="null"/> leaves a field as it is, and so does an empty name.</summary>
/// <param name="Name">See <see cref="Users.NameRules.IsGroupName"/>.</param>
/// <param name="DisplayName">May be emptied.</param>
/// <param name="AvatarUrl">May be emptied.</param>
/// <param name="QuotaAllowance">See <see cref="Group.QuotaAllowance"/>.</param>
/// <param name="AddUsers">Who becomes a member; each once.</param>
/// <param name="RemoveUsers">Who is a member no more; who is none already does not matter.</param>
public sealed record GroupChange(
    string? Name,
    string? DisplayName,
    string? AvatarUrl,
    int? QuotaAllowance,
    IReadOnlyList<Guid> AddUsers,
    IReadOnlyList<Guid> RemoveUsers)
{
    /// <summary>Everybody whose membership is to change.</summary>
    public IReadOnlyList<Guid> Users => [.. AddUsers.Concat(RemoveUsers).Distinct()];

    /// <summary>The group as it is afterwards.</summary>
    public Group ApplyTo(Group group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return group with
        {
            Name = string.IsNullOrEmpty(Name) ? group.Name : Name,
            DisplayName = DisplayName ?? group.DisplayName,
            AvatarUrl = AvatarUrl ?? group.AvatarUrl,
            QuotaAllowance = QuotaAllowance ?? group.QuotaAllowance,
        };
    }
}

/// <summary>What groups may be called, and what may be done to the Everyone group (docs/spec/workspaces.md, section 10).</summary>
public static class GroupRules
{
    /// <summary>The name of the group that every organization has from its beginning to its end.</summary>
    public const string Everyone = "Everyone";

    private static readonly Error Renamed = new(ErrorKind.Invalid, $"The group \"{Everyone}\" can not be renamed.");
    private static readonly Error Reserved = new(ErrorKind.Invalid, "Invalid group name.", $"\"{Everyone}\" is the group of all members.");

    private static readonly Error Membership = new(
        ErrorKind.Forbidden, "Forbidden.", $"The members of the group \"{Everyone}\" are those of the organization.");

    private static readonly Error Undeletable = new(ErrorKind.Invalid, $"The group \"{Everyone}\" can not be deleted.");

    private static readonly Error Twice = new(ErrorKind.Invalid, "Cannot add the same user to a group twice!");

    /// <summary>The answer to a name that a group can not be given, or <see langword="null"/>.</summary>
    public static Error? JudgeName(string name) => string.Equals(name, Everyone, StringComparison.OrdinalIgnoreCase) ? Reserved : null;

    /// <summary>The answer to a change that this group can not have, or <see langword="null"/>.</summary>
    public static Error? JudgeChange(Group group, GroupChange change)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(change);
        var after = change.ApplyTo(group);
        if (!group.IsEveryone)
        {
            return after.Name != group.Name ? JudgeName(after.Name) : null;
        }

        return after.Name != group.Name || after.DisplayName != group.DisplayName ? Renamed
            : change.Users.Count > 0 ? Membership
            : null;
    }

    /// <summary>The answer to the deletion of a group that must stay, or <see langword="null"/>.</summary>
    public static Error? JudgeDeletion(Group group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return group.IsEveryone ? Undeletable : null;
    }

    /// <summary>Reads who is to be added or removed.</summary>
    public static Result<IReadOnlyList<Guid>> ParseUsers(IEnumerable<string?> users)
    {
        ArgumentNullException.ThrowIfNull(users);
        var ids = new List<Guid>();
        foreach (var user in users)
        {
            if (!Guid.TryParseExact(user, "D", out var id))
            {
                return new Error(ErrorKind.Invalid, $"ID \"{user}\" must be a valid user UUID.");
            }

            ids.Add(id);
        }

        return ids;
    }

    /// <summary>The answer to somebody who is to be added and would be a member twice, or <see langword="null"/>.</summary>
    /// <param name="added">Who is to be added.</param>
    /// <param name="newMembers">How many of them were no members.</param>
    public static Error? JudgeAdded(IReadOnlyList<Guid> added, int newMembers)
    {
        ArgumentNullException.ThrowIfNull(added);
        return newMembers < added.Count ? Twice : null;
    }

    /// <summary>The answer to users who do not belong to the organization of the group.</summary>
    /// <param name="organization">The name of the organization.</param>
    public static Error NotInOrganization(string organization) =>
        new(ErrorKind.Invalid, $"User must be a member of organization \"{organization}\"");
}
