using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Api.Users;
using Coder.Application.Groups;
using Coder.Domain.Groups;

namespace Coder.Api.Groups;

/// <summary>Makes a group.</summary>
/// <param name="Name">1 to 255 letters, digits and single hyphens; unique in the organization without regard to case.</param>
/// <param name="DisplayName">The name for people; at most 64 characters.</param>
/// <param name="AvatarUrl">A picture.</param>
/// <param name="QuotaAllowance">Credits that each member may spend on workspaces in the organization; 0 when left out.</param>
public sealed record CreateGroupRequestJson([property: Required] string? Name, string? DisplayName, string? AvatarUrl, int? QuotaAllowance);

/// <summary>Changes a group. What is left out stays as it is.</summary>
/// <param name="Name">1 to 255 letters, digits and single hyphens; empty leaves it too.</param>
/// <param name="DisplayName">The name for people; at most 64 characters.</param>
/// <param name="AvatarUrl">A picture.</param>
/// <param name="QuotaAllowance">Credits that each member may spend on workspaces in the organization.</param>
/// <param name="AddUsers">Ids of members of the organization who are not in the group.</param>
/// <param name="RemoveUsers">Ids of members of the organization.</param>
public sealed record PatchGroupRequestJson(
    string? Name,
    string? DisplayName,
    string? AvatarUrl,
    int? QuotaAllowance,
    IReadOnlyList<string?>? AddUsers,
    IReadOnlyList<string?>? RemoveUsers);

/// <summary>Members of one organization who are granted something together.</summary>
public sealed record GroupJson
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

    internal static GroupJson From(GroupView view) => new()
    {
        Id = view.Group.Id,
        Name = view.Group.Name,
        DisplayName = view.Group.DisplayName,
        OrganizationId = view.Group.OrganizationId,
        OrganizationName = view.OrganizationName,
        OrganizationDisplayName = view.OrganizationDisplayName,
        AvatarUrl = view.Group.AvatarUrl,
        QuotaAllowance = view.Group.QuotaAllowance,
        Source = view.Group.Source.WireName(),
        Members = [.. view.Members.Select(ReducedUserJson.From)],
        TotalMemberCount = view.TotalMemberCount,
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CreateGroupRequestJson))]
[JsonSerializable(typeof(PatchGroupRequestJson))]
[JsonSerializable(typeof(GroupJson[]))]
[JsonSerializable(typeof(ReducedUserJson))]
internal sealed partial class GroupsJsonContext : JsonSerializerContext;
