using Coder.Application.Authorization;
using Coder.Domain.Authorization;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Authorization;

internal sealed class TemplateObjects(DbSession db) : IAuthorizationObjects
{
    public ResourceType Type => ResourceType.Template;

    private const string Find = """
        select t.id, t.organization_id, t.user_acl::text as user_acl, t.group_acl::text as group_acl
        from templates t
        where t.id = any (@ids) and not t.deleted
        """;

    public async Task<IReadOnlyDictionary<Guid, ObjectRef>> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        (await db.QueryAsync<Row>(Find, new { ids = ids.ToArray() }, ct)).ToDictionary(r => r.Id, r => ObjectRef.Template(
            r.Id, r.OrganizationId, AccessControlList.FromJson(r.UserAcl), AccessControlList.FromJson(r.GroupAcl)));

    private sealed record Row
    {
        public Guid Id { get; init; }

        public Guid OrganizationId { get; init; }

        public string UserAcl { get; init; } = "";

        public string GroupAcl { get; init; } = "";
    }
}
