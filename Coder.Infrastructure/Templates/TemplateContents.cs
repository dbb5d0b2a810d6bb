using Coder.Application.Organizations;
using Coder.Domain.Organizations;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Templates;

/// <summary>Templates that are not deleted.</summary>
internal sealed class TemplateContents(DbSession db) : IOrganizationContents
{
    private const string Count = "select count(*) from templates t where t.organization_id = @organization and not t.deleted";

    public async Task<OrganizationContent> CountAsync(Guid organization, CancellationToken ct) =>
        new(OrganizationContentKind.Template, await db.ScalarAsync<long>(Count, new { organization }, ct));
}
