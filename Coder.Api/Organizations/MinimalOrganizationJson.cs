using System.ComponentModel.DataAnnotations;
using Coder.Application.ConnectionLogs;
using Coder.Domain.Organizations;

namespace Coder.Api.Organizations;

/// <summary>An organization as it is shown beside other things.</summary>
/// <param name="Id">Never changes.</param>
/// <param name="Name">Unique without regard to case; empty when the organization is not stored any more.</param>
/// <param name="DisplayName">The name for people.</param>
/// <param name="Icon">A picture; may be empty.</param>
public sealed record MinimalOrganizationJson([property: Required] Guid Id, string Name, string DisplayName, string Icon)
{
    internal static MinimalOrganizationJson From(Organization organization) =>
        new(organization.Id, organization.Name, organization.DisplayName, organization.Icon);

    internal static MinimalOrganizationJson From(ConnectionLogOrganization organization) =>
        new(organization.Id, organization.Name, organization.DisplayName, organization.Icon);
}
