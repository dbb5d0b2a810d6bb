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

    private const string Groups = """
        select g.id
        from groups g
        join organizations o on o.id = g.organization_id and not o.deleted
        where g.id = any (@ids)
        """;

    public async Task<IReadOnlyList<Guid>> GroupsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        ids.Count == 0 ? [] : await db.QueryAsync<Guid>(Groups, new { ids = ids.ToArray() }, cancellationToken);

    private sealed record Row
    {
        public Guid Id { get; init; }

        public string Username { get; init; } = "";

        public string AvatarUrl { get; init; } = "";
    }
}
