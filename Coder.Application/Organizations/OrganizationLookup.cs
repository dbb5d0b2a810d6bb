using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Organizations;

namespace Coder.Application.Organizations;

/// <summary>Turns an <c>{organization}</c> of a path into an organization that the caller may read (docs/spec/platform.md, section 4).</summary>
public sealed class OrganizationLookup(IOrganizationStore organizations)
{
    /// <summary>Finds an organization.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="name">
    /// An id, a name without regard to case, or <c>default</c> or the nil UUID for the default organization. What looks like an id is never
    /// taken for a name.
    /// </param>
    /// <param name="ct">Cancels the look-up.</param>
    /// <returns>The organization; 404 when there is none or the caller may not read it, in the same words.</returns>
    public async Task<Result<Organization>> FindAsync(Actor actor, string name, CancellationToken ct)
    {
        var isId = Guid.TryParseExact(name, "D", out var id);
        var organization = name.Equals(OrganizationRules.DefaultAlias, StringComparison.OrdinalIgnoreCase) || (isId && id == Guid.Empty)
            ? await organizations.FindDefaultAsync(ct)
            : isId ? await organizations.FindAsync(id, ct)
            : await organizations.FindByNameAsync(name, ct);
        return organization is not null && Authorizer.Can(actor, PermissionAction.Read, ObjectRef.OfOrganization(organization.Id))
            ? organization
            : Error.NotFound;
    }
}
