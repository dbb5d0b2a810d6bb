using Coder.Application.Authorization;
using Coder.Domain.Authorization;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Authorization;

internal sealed class WorkspaceObjects(DbSession db) : IAuthorizationObjects
{
    public ResourceType Type => ResourceType.Workspace;

    private const string Find = """
        select w.id, w.owner_id, w.organization_id, w.dormant_at is not null as is_dormant, w.user_acl::text as user_acl,
               w.group_acl::text as group_acl
        from workspaces w
        where w.id = any (@ids)
        """;

    public async Task<IReadOnlyDictionary<Guid, ObjectRef>> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        (await db.QueryAsync<Row>(Find, new { ids = ids.ToArray() }, ct)).ToDictionary(r => r.Id, r => r.ToObject());

    private sealed record Row
    {
        public Guid Id { get; init; }

        public Guid OwnerId { get; init; }

        public Guid OrganizationId { get; init; }

        public bool IsDormant { get; init; }

        public string UserAcl { get; init; } = "";

        public string GroupAcl { get; init; } = "";

        public ObjectRef ToObject() => ObjectRef.Workspace(
            Id, OwnerId, OrganizationId, IsDormant, AccessControlList.FromJson(UserAcl), AccessControlList.FromJson(GroupAcl));
    }
}
