using Coder.Application.Organizations;
using Coder.Domain.Organizations;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Organizations;

/// <summary>Members beyond one; who was deleted or is of the system does not count.</summary>
internal sealed class MemberContents(DbSession db) : IOrganizationContents
{
    private const string Count = """
        select greatest(count(*) - 1, 0)
        from organization_members m
        join users u on u.id = m.user_id
        where m.organization_id = @organization and not u.deleted and not u.is_system
        """;

    public async Task<OrganizationContent> CountAsync(Guid organization, CancellationToken ct) =>
        new(OrganizationContentKind.Member, await db.ScalarAsync<long>(Count, new { organization }, ct));
}

/// <summary>Groups beyond Everyone.</summary>
internal sealed class GroupContents(DbSession db) : IOrganizationContents
{
    private const string Count = "select count(*) from groups where organization_id = @organization and id <> @organization";

    public async Task<OrganizationContent> CountAsync(Guid organization, CancellationToken ct) =>
        new(OrganizationContentKind.Group, await db.ScalarAsync<long>(Count, new { organization }, ct));
}
