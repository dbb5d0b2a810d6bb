namespace Coder.Domain.Authorization;

/// <summary>A user's membership in one organization, with the role names stored for it.</summary>
/// <param name="Organization">The organization's id.</param>
/// <param name="Roles">Bare names, without the implied <c>organization-member</c>.</param>
public readonly record struct OrganizationRoles(Guid Organization, IReadOnlyList<string> Roles);
