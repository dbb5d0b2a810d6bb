using Coder.Application.Organizations;
using Coder.Application.Users;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;

namespace Coder.Application.AuditLogs;

/// <summary>Reads a search, and turns its names into ids.</summary>
internal sealed class AuditLogSearch(IUserDirectory users, IOrganizationStore organizations)
{
    private const string Me = "me";

    /// <summary>Reads a search.</summary>
    /// <returns>The filter, or 400 with an error for each part that is wrong.</returns>
    public async Task<Result<ResolvedAuditFilter>> ResolveAsync(Actor actor, string search, CancellationToken ct)
    {
        if (!AuditLogQueryParser.Parse(search).Is(out var filter, out var error)
            || !(await OrganizationAsync(actor, filter.Organization, ct)).Is(out var organization, out error))
        {
            return error;
        }

        var byName = filter.Username switch
        {
            null => null,
            Me => [actor.UserId],
            var name => await users.IdsByUsernameAsync(name, ct),
        };
        var byEmail = filter.Email is { } email ? await users.IdsByEmailAsync(email, ct) : null;
        var both = byName is null ? byEmail : byEmail is null ? byName : [.. byName.Intersect(byEmail)];
        return new ResolvedAuditFilter(filter, both, organization == Guid.Empty ? null : organization);
    }

    // An id is used without a look-up: what does not exist has no entries.
    private async Task<Result<Guid>> OrganizationAsync(Actor actor, string? wanted, CancellationToken ct)
    {
        if (wanted is null)
        {
            return Guid.Empty;
        }

        if (Guid.TryParseExact(wanted, "D", out var id))
        {
            return id;
        }

        var found = await organizations.FindByNameAsync(wanted, ct);
        return found is not null && Authorizer.Can(actor, PermissionAction.Read, ObjectRef.OfOrganization(found.Id))
            ? found.Id
            : AuditLogQueryParser.UnknownOrganization(wanted);
    }
}
