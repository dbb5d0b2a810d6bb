using Coder.Domain.Authorization;
using Coder.Domain.Groups;
using Coder.Domain.Users;

namespace Coder.Application.Groups;

/// <summary>A group with its organization and with those of its members whom the caller may see.</summary>
/// <param name="Group">The group.</param>
/// <param name="OrganizationName">See <see cref="Domain.Organizations.Organization.Name"/>.</param>
/// <param name="OrganizationDisplayName">See <see cref="Domain.Organizations.Organization.DisplayName"/>.</param>
/// <param name="Members">Ordered by username; users of the system are left out.</param>
/// <param name="TotalMemberCount">How many members there are, seen or not; without users of the system.</param>
public sealed record GroupView(
    Group Group, string OrganizationName, string OrganizationDisplayName, IReadOnlyList<ReducedUser> Members, int TotalMemberCount);

/// <summary>Which groups are asked for; <see langword="null"/> asks for all.</summary>
public sealed record GroupFilter
{
    /// <summary>Those of one organization.</summary>
    public Guid? Organization { get; init; }

    /// <summary>Those that a user is in, as far as the caller may see who is.</summary>
    public Guid? HasMember { get; init; }

    /// <summary>Those with one of these ids.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }

    /// <summary>The one with this name, without regard to case.</summary>
    public string? Name { get; init; }
}

/// <summary>What the caller may see of groups and of their members.</summary>
/// <param name="Groups">Which groups.</param>
/// <param name="Members">Which of their members.</param>
public sealed record GroupSight(ReadScope Groups, ReadScope Members)
{
    /// <summary>What somebody may see.</summary>
    public static GroupSight Of(Actor actor) => new(
        Authorizer.ReadScope(actor, ResourceType.Group), Authorizer.ReadScope(actor, ResourceType.GroupMember));

    /// <summary>The same for a group that was written just now: it is shown to whoever wrote it.</summary>
    public static GroupSight OfWritten(Actor actor) => Of(actor) with { Groups = ReadScope.All };
}

/// <summary>Groups. Those of organizations that are deleted count as deleted too.</summary>
public interface IGroupStore
{
    /// <summary>The groups that match and may be seen, ordered by name.</summary>
    Task<IReadOnlyList<GroupView>> ListAsync(GroupFilter filter, GroupSight sight, CancellationToken ct);

    /// <summary>Reads a group and makes everybody else who wants to change it wait until this transaction ends.</summary>
    Task<Group?> LockAsync(Guid id, CancellationToken ct);

    /// <summary>Adds a group without members.</summary>
    /// <returns><see langword="false"/> when the organization has a group of this name.</returns>
    Task<bool> AddAsync(Group group, CancellationToken ct);

    /// <summary>Writes everything that can change of a group that is locked.</summary>
    /// <returns><see langword="false"/> when the organization has another group of this name.</returns>
    Task<bool> UpdateAsync(Group group, CancellationToken ct);

    /// <summary>Deletes a group that is locked, with its memberships.</summary>
    Task DeleteAsync(Guid id, CancellationToken ct);

    /// <summary>The members that were put into a group, in the order of their ids. The Everyone group has none.</summary>
    Task<IReadOnlyList<Guid>> MemberIdsAsync(Guid id, CancellationToken ct);

    /// <summary>Which of these users belong to an organization. They can not leave it before this transaction ends.</summary>
    Task<IReadOnlyList<Guid>> HoldOrganizationMembersAsync(Guid organization, IReadOnlyList<Guid> users, CancellationToken ct);

    /// <summary>Puts users into a group.</summary>
    /// <returns>How many of them were not in it.</returns>
    Task<int> AddMembersAsync(Guid id, IReadOnlyList<Guid> users, CancellationToken ct);

    /// <summary>Takes users out of a group.</summary>
    Task RemoveMembersAsync(Guid id, IReadOnlyList<Guid> users, CancellationToken ct);
}
