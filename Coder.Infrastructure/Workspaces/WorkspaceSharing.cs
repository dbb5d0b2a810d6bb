using Coder.Application.Workspaces;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Workspaces;

internal sealed class WorkspaceSharing(DbSession db) : IWorkspaceSharing
{
    private const string Users = """
        select u.id, u.username, u.avatar_url from users u where u.id = any (@ids) and not u.deleted order by lower(u.username)
        """;

    public async Task<IReadOnlyList<SharedUser>> UsersAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => ids.Count == 0
        ? []
        : [.. (await db.QueryAsync<Row>(Users, new { ids = ids.ToArray() }, cancellationToken)).Select(r => new SharedUser(r.Id, r.Username, r.AvatarUrl))];

    private const string HoldMembers = """
        select u.id
        from users u
        join organization_members m on m.user_id = u.id and m.organization_id = @organization
        where u.id = any (@ids) and not u.deleted and not u.is_system
        order by u.id
        for share
        """;

    public async Task<IReadOnlyList<Guid>> HoldMembersAsync(
        Guid organization, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        ids.Count == 0 ? [] : await db.QueryAsync<Guid>(HoldMembers, new { organization, ids = ids.ToArray() }, cancellationToken);

    private const string HoldGroups = """
        select g.id
        from groups g
        where g.organization_id = @organization and g.id = any (@ids)
        order by g.id
        for share
        """;

    public async Task<IReadOnlyList<Guid>> HoldGroupsAsync(
        Guid organization, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        ids.Count == 0 ? [] : await db.QueryAsync<Guid>(HoldGroups, new { organization, ids = ids.ToArray() }, cancellationToken);

    private sealed record Row
    {
        public Guid Id { get; init; }

        public string Username { get; init; } = "";

        public string AvatarUrl { get; init; } = "";
    }
}
