using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Coder.Api.Groups;
using Coder.Api.Swagger;
using Coder.Api.Users;
using Coder.Application.Templates;
using Coder.Domain.Groups;
using Coder.Domain.Templates;
using Coder.Domain.Users;

namespace Coder.Api.Templates;

/// <summary>With whom a template is shared.</summary>
/// <param name="Users">Ordered by name.</param>
/// <param name="Group">The groups, ordered by name; Everyone has the id of the organization.</param>
public sealed record TemplateAclJson(IReadOnlyList<TemplateUserJson> Users, IReadOnlyList<TemplateGroupJson> Group)
{
    internal static TemplateAclJson From(TemplateAcl acl) =>
        new([.. acl.Users.Select(TemplateUserJson.From)], [.. acl.Groups.Select(TemplateGroupJson.From)]);
}

/// <summary>A user with a role on a template.</summary>
public sealed record TemplateUserJson
{
    /// <summary>Never changes.</summary>
    [Required]
    public required Guid Id { get; init; }

    /// <summary>Unique without regard to case.</summary>
    [Required]
    public required string Username { get; init; }

    /// <summary>A picture; left out when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Url]
    public string? AvatarUrl { get; init; }

    /// <summary>The real name; left out when empty.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>Unique without regard to case.</summary>
    [Required]
    [EmailAddress]
    public required string Email { get; init; }

    /// <summary>When the account was made.</summary>
    [Required]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the account last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the user was last seen, to the hour; year 1 when never.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>Whether the user may act.</summary>
    [WireNames(typeof(UserStatus))]
    public required string Status { get; init; }

    /// <summary>How the user signs in.</summary>
    [WireNames(typeof(LoginType))]
    public required string LoginType { get; init; }

    /// <summary>Left out: the theme is the business of its user alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ThemePreference { get; init; }

    /// <summary>The organizations that the user belongs to.</summary>
    public required IReadOnlyList<Guid> OrganizationIds { get; init; }

    /// <summary>Roles of the deployment, without the one that everybody has.</summary>
    public required IReadOnlyList<SlimRoleJson> Roles { get; init; }

    /// <summary>What the user may do with the template.</summary>
    [WireNames(typeof(TemplateRole))]
    public required string Role { get; init; }

    internal static TemplateUserJson From(SharedUser shared)
    {
        var user = UserJson.From(shared.User);
        return new TemplateUserJson
        {
            Id = user.Id,
            Username = user.Username,
            AvatarUrl = user.AvatarUrl,
            Name = user.Name,
            Email = user.Email,
            CreatedAt = user.CreatedAt,
            UpdatedAt = user.UpdatedAt,
            LastSeenAt = user.LastSeenAt,
            Status = user.Status,
            LoginType = user.LoginType,
            OrganizationIds = user.OrganizationIds,
            Roles = user.Roles,
            Role = shared.Role.WireName(),
        };
    }
}

/// <summary>A group with a role on a template.</summary>
public sealed record TemplateGroupJson
{
    /// <summary>That of the Everyone group is the id of its organization.</summary>
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

    /// <summary>Who decides on the members.</summary>
    [WireNames(typeof(GroupSource))]
    public required string Source { get; init; }

    /// <summary>Those members whom you may see, ordered by username.</summary>
    public required IReadOnlyList<ReducedUserJson> Members { get; init; }

    /// <summary>How many members there are, whether or not you may see them.</summary>
    public required int TotalMemberCount { get; init; }

    /// <summary>What the members may do with the template.</summary>
    [WireNames(typeof(TemplateRole))]
    public required string Role { get; init; }

    internal static TemplateGroupJson From(SharedGroup shared)
    {
        var group = GroupJson.From(shared.Group);
        return new TemplateGroupJson
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
            Role = shared.Role.WireName(),
        };
    }
}

/// <summary>Shares a template, or ends that. Entries that are not named stay.</summary>
/// <param name="UserPerms">Role by user id; the empty role removes.</param>
/// <param name="GroupPerms">Role by group id; the empty role removes.</param>
public sealed record UpdateTemplateAclRequestJson(
    [property: WireNames(typeof(TemplateRole))] IReadOnlyDictionary<string, string?>? UserPerms,
    [property: WireNames(typeof(TemplateRole))] IReadOnlyDictionary<string, string?>? GroupPerms);

/// <summary>With whom a template could be shared.</summary>
/// <param name="Users">Members of its organization, ordered by name.</param>
/// <param name="Groups">The groups of its organization, ordered by name.</param>
public sealed record AclAvailableJson(IReadOnlyList<ReducedUserJson> Users, IReadOnlyList<GroupJson> Groups)
{
    internal static AclAvailableJson From(AclCandidates found) =>
        new([.. found.Users.Select(ReducedUserJson.From)], [.. found.Groups.Select(GroupJson.From)]);
}
