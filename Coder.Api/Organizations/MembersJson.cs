using System.Text.Json.Serialization;
using Coder.Api.Users;
using Coder.Application.Organizations;
using Coder.Domain.Authorization;
using Coder.Domain.Organizations;

namespace Coder.Api.Organizations;

/// <summary>A membership in an organization.</summary>
/// <param name="UserId">The user.</param>
/// <param name="OrganizationId">The organization.</param>
/// <param name="CreatedAt">When the user joined.</param>
/// <param name="UpdatedAt">When the roles last changed.</param>
/// <param name="Roles">Roles in this organization, without the one that every member has.</param>
public sealed record OrganizationMemberJson(
    Guid UserId, Guid OrganizationId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, IReadOnlyList<SlimRoleJson> Roles)
{
    internal static OrganizationMemberJson From(OrganizationMember member, Func<string, string> title) =>
        new(member.UserId, member.OrganizationId, member.CreatedAt, member.UpdatedAt, RolesOf(member, title));

    internal static SlimRoleJson[] RolesOf(OrganizationMember member, Func<string, string> title) =>
        [.. member.Roles.Select(role => new SlimRoleJson(role, title(role), member.OrganizationId.ToString()))];
}

/// <summary>A membership in an organization, and the user who has it.</summary>
public sealed record MemberWithUserJson
{
    /// <summary>The user.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The organization.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>When the user joined.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the roles last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Roles in this organization, without the one that every member has.</summary>
    public required IReadOnlyList<SlimRoleJson> Roles { get; init; }

    /// <summary>The user's name.</summary>
    public required string Username { get; init; }

    /// <summary>The real name; left out when empty.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>A picture; left out when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AvatarUrl { get; init; }

    /// <summary>The user's address.</summary>
    public required string Email { get; init; }

    /// <summary>Roles of the deployment, without the one that everybody has.</summary>
    public required IReadOnlyList<SlimRoleJson> GlobalRoles { get; init; }

    internal static MemberWithUserJson From(OrganizationMemberProfile profile, RoleTitles titles) => new()
    {
        UserId = profile.Membership.UserId,
        OrganizationId = profile.Membership.OrganizationId,
        CreatedAt = profile.Membership.CreatedAt,
        UpdatedAt = profile.Membership.UpdatedAt,
        Roles = OrganizationMemberJson.RolesOf(profile.Membership, titles.Of),
        Username = profile.Username,
        Name = NullIfEmpty(profile.Name),
        AvatarUrl = NullIfEmpty(profile.AvatarUrl),
        Email = profile.Email,
        GlobalRoles = [.. profile.GlobalRoles.Select(role => new SlimRoleJson(role, SiteTitle(role)))],
    };

    private static string SiteTitle(string role) => BuiltInRoles.For(AuthorizationOptions.Default).FindSite(role)?.DisplayName ?? role;

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}

/// <summary>One page of the members of an organization.</summary>
/// <param name="Members">The page, ordered by username.</param>
/// <param name="Count">How many members there are on all pages.</param>
public sealed record MemberPageJson(IReadOnlyList<MemberWithUserJson> Members, long Count);
