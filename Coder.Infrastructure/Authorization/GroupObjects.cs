using Coder.Application.Authorization;
using Coder.Domain.Authorization;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Authorization;

internal sealed class GroupObjects(DbSession db) : IAuthorizationObjects
{
    public ResourceType Type => ResourceType.Group;

    private const string Find = """
        select g.id, g.organization_id
        from groups g
        join organizations o on o.id = g.organization_id and not o.deleted
        where g.id = any (@ids)
        """;

    public async Task<IReadOnlyDictionary<Guid, ObjectRef>> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        (await db.QueryAsync<Row>(Find, new { ids = ids.ToArray() }, ct)).ToDictionary(r => r.Id, r => ObjectRef.Group(r.Id, r.OrganizationId));

    private sealed record Row
    {
        public Guid Id { get; init; }

        public Guid OrganizationId { get; init; }
    }
}
