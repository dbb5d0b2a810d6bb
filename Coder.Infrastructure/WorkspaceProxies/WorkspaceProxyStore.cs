using Coder.Application.WorkspaceProxies;
using Coder.Domain.Authorization;
using Coder.Domain.WorkspaceProxies;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.WorkspaceProxies;

internal sealed class WorkspaceProxyStore(DbSession db) : IWorkspaceProxyStore
{
    private static readonly ScopeColumns Columns = new(id: "p.id");

    private const string Select = """
        select p.id, p.name, p.display_name, p.icon, p.url, p.wildcard_hostname, p.version, p.created_at, p.updated_at
        from workspace_proxies p
        """;

    public async Task<IReadOnlyList<WorkspaceProxy>> ListAsync(ReadScope scope, CancellationToken ct)
    {
        if (scope.Kind == ReadScopeKind.None)
        {
            return [];
        }

        var where = new SqlFilter().And("not p.deleted").AndScope(scope, Columns);
        var rows = await db.QueryAsync<Row>(where.Between(Select, "order by lower(p.name)"), ct);
        return [.. rows.Select(r => r.ToProxy())];
    }

    public Task<WorkspaceProxy?> FindAsync(Guid id, CancellationToken ct) =>
        FindAsync(new SqlFilter().And("not p.deleted").And("p.id = @id", id, "id"), ct);

    public Task<WorkspaceProxy?> FindByNameAsync(string name, CancellationToken ct) =>
        FindAsync(new SqlFilter().And("not p.deleted").And("lower(p.name) = lower(@name)", name, "name"), ct);

    private const string Lock = Select + " where not p.deleted and p.id = @id for update";

    public async Task<WorkspaceProxy?> LockAsync(Guid id, CancellationToken ct) =>
        (await db.QueryOneAsync<Row>(Lock, new { id }, ct))?.ToProxy();

    private const string Add = """
        insert into workspace_proxies (id, name, display_name, icon, created_at, updated_at, token_hashed_secret)
        values (@id, @name, @displayName, @icon, @createdAt, @updatedAt, @hashedSecret)
        on conflict (lower(name)) where not deleted do nothing
        """;

    public async Task<bool> AddAsync(WorkspaceProxy proxy, byte[] hashedSecret, CancellationToken ct) => await db.ExecuteAsync(
        Add,
        new { proxy.Id, proxy.Name, proxy.DisplayName, proxy.Icon, proxy.CreatedAt, proxy.UpdatedAt, hashedSecret },
        ct) > 0;

    private const string Update = """
        update workspace_proxies
        set name = @name, display_name = @displayName, icon = @icon, updated_at = @updatedAt,
            token_hashed_secret = coalesce(@hashedSecret, token_hashed_secret)
        where id = @id and not deleted
        """;

    public Task<bool> UpdateAsync(WorkspaceProxy proxy, byte[]? hashedSecret, CancellationToken ct) => db.ExecuteUniqueAsync(
        Update,
        new { proxy.Id, proxy.Name, proxy.DisplayName, proxy.Icon, proxy.UpdatedAt, hashedSecret },
        "workspace_proxies_name_key",
        ct);

    private const string Delete = "update workspace_proxies set deleted = true, updated_at = @now where id = @id";

    public Task DeleteAsync(Guid id, DateTimeOffset now, CancellationToken ct) => db.ExecuteAsync(Delete, new { id, now }, ct);

    private const string FindCredential = """
        select name, token_hashed_secret as hashed_secret from workspace_proxies where id = @id and not deleted
        """;

    public async Task<ProxyCredential?> FindCredentialAsync(Guid id, CancellationToken ct) =>
        await db.QueryOneAsync<CredentialRow>(FindCredential, new { id }, ct) is { } row ? new ProxyCredential(row.Name, row.HashedSecret) : null;

    private async Task<WorkspaceProxy?> FindAsync(SqlFilter where, CancellationToken ct)
    {
        var rows = await db.QueryAsync<Row>(where.Between(Select), ct);
        return rows.Count == 0 ? null : rows[0].ToProxy();
    }

    private sealed record Row
    {
        public Guid Id { get; init; }

        public string Name { get; init; } = "";

        public string DisplayName { get; init; } = "";

        public string Icon { get; init; } = "";

        public string Url { get; init; } = "";

        public string WildcardHostname { get; init; } = "";

        public string Version { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset UpdatedAt { get; init; }

        public WorkspaceProxy ToProxy() => new()
        {
            Id = Id,
            Name = Name,
            DisplayName = DisplayName,
            Icon = Icon,
            Url = Url,
            WildcardHostname = WildcardHostname,
            Version = Version,
            CreatedAt = CreatedAt,
            UpdatedAt = UpdatedAt,
        };
    }

    private sealed record CredentialRow
    {
        public string Name { get; init; } = "";

        public byte[] HashedSecret { get; init; } = [];
    }
}
