using System.ComponentModel.DataAnnotations;
using Coder.Api.Groups;
using Coder.Api.Swagger;
using Coder.Api.Users;
using Coder.Application.Workspaces;
using Coder.Domain.Groups;
using Coder.Domain.Workspaces;

namespace Coder.Api.Workspaces;

/// <summary>With whom a workspace is shared.</summary>
/// <param name="Users">Users with their roles, ordered by username.</param>
/// <param name="Group">Groups with their roles, ordered by name.</param>
public sealed record WorkspaceAclJson(IReadOnlyList<WorkspaceUserJson> Users, IReadOnlyList<WorkspaceGroupJson> Group)
{
    internal static WorkspaceAclJson From(WorkspaceAcl acl) => new(
        [.. acl.Users.Select(entry => WorkspaceUserJson.From(entry.User, entry.Role))],
        [.. acl.Groups.Select(entry => WorkspaceGroupJson.From(GroupJson.From(entry.Group), entry.Role))]);
}

/// <summary>Shares a workspace, or no longer. Whoever is not named stays as they are.</summary>
/// <param name="UserRoles">Roles by user ids; the empty role takes a user off the list.</param>
/// <param name="GroupRoles">Roles by group ids; the id of the organization stands for everybody in it.</param>
public sealed record UpdateWorkspaceAclJson(
    [property: WireNames(typeof(WorkspaceRole))] IReadOnlyDictionary<string, string?>? UserRoles,
    [property: WireNames(typeof(WorkspaceRole))] IReadOnlyDictionary<string, string?>? GroupRoles);

/// <summary>A user with whom a workspace is shared.</summary>
public sealed record WorkspaceUserJson
{
    /// <summary>Never changes.</summary>
    [Required]
    public required Guid Id { get; init; }

    /// <summary>Unique without regard to case.</summary>
    [Required]
    public required string Username { get; init; }

    /// <summary>A picture; may be empty.</summary>
    [Url]
    public required string AvatarUrl { get; init; }

    /// <summary>What the user may do.</summary>
    [WireNames(typeof(WorkspaceRole))]
    public required string Role { get; init; }

    internal static WorkspaceUserJson From(SharedUser user, WorkspaceRole role) => new()
    {
        Id = user.Id,
        Username = user.Username,
        AvatarUrl = user.AvatarUrl,
        Role = role.WireName(),
    };
}

/// <summary>A group with which a workspace is shared.</summary>
public sealed record WorkspaceGroupJson
{
    /// <summary>Never changes. That of the Everyone group is the id of its organization.</summary>
    public required Guid Id { get; init; }

    /// <summary>Unique in its organization without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>The name for people; may be empty.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The organization that the group belongs to.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>The name of the organization.</summary>
    public required string OrganizationName { get; init; }

    /// <summary>The name of the organization for people.</summary>
    public required string OrganizationDisplayName { get; init; }

    /// <summary>A picture; may be empty.</summary>
    [Url]
    public required string AvatarUrl { get; init; }

    /// <summary>Credits that each member may spend on workspaces in the organization.</summary>
    public required int QuotaAllowance { get; init; }

    /// <summary>Who decides on the members: users, or an identity provider.</summary>
    [WireNames(typeof(GroupSource))]
    public required string Source { get; init; }

    /// <summary>Those members whom you may see, ordered by username.</summary>
    public required IReadOnlyList<ReducedUserJson> Members { get; init; }

    /// <summary>How many members there are, whether or not you may see them.</summary>
    public required int TotalMemberCount { get; init; }

    /// <summary>What the members may do.</summary>
    [WireNames(typeof(WorkspaceRole))]
    public required string Role { get; init; }

    internal static WorkspaceGroupJson From(GroupJson group, WorkspaceRole role) => new()
    {
        Id = group.Id,
        Name = group.Name,
        DisplayName = group.DisplayName,
        OrganizationId = group.OrganizationId,
        OrganizationName = group.OrganizationName,
        OrganizationDisplayName = group.OrganizationDisplayName,
        AvatarUrl = group.AvatarUrl,
        QuotaAllowance = group.QuotaAllowance,
        Source = group.Source,
        Members = group.Members,
        TotalMemberCount = group.TotalMemberCount,
        Role = role.WireName(),
    };
}
