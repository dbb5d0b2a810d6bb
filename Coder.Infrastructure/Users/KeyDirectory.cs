using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Users;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Users;

internal sealed class KeyDirectory(DbSession db) : IKeyDirectory
{
    private const string SelectAll = """
        select k.id, k.user_id, u.username, k.last_used, k.expires_at, k.created_at, k.updated_at, k.login_type::text as login_type,
               k.lifetime_seconds, k.scope::text as scope, k.scopes, k.allow_list, k.token_name, host(k.ip_address) as ip_address
        from api_keys k
        join users u on u.id = k.user_id and not u.deleted
        """;

    private const string NewestFirst = "order by k.created_at desc, k.id";
    private const string LastUsedFirst = "order by k.last_used desc, k.created_at desc, k.id";
    private const string IsSession = "k.login_type in ('password', 'github', 'oidc')";

    public async Task<IReadOnlyList<StoredApiKey>> ListTokensAsync(Guid? userId, ReadScope scope, CancellationToken ct)
    {
        var sql = Readable(scope)
            .And("k.login_type = 'token'")
            .AndIf(userId, "k.user_id = @userId", "userId")
            .Between(SelectAll, NewestFirst);
        return [.. (await db.QueryAsync<Row>(sql, ct)).Select(row => row.ToKey())];
    }

    public async Task<IReadOnlyList<StoredApiKey>> ListSessionsAsync(Guid userId, ReadScope scope, DateTimeOffset now, CancellationToken ct)
    {
        var sql = Readable(scope)
            .And(IsSession)
            .And("k.user_id = @userId", userId, "userId")
            .And("k.expires_at > @now", now, "now")
            .Between(SelectAll, LastUsedFirst);
        return [.. (await db.QueryAsync<Row>(sql, ct)).Select(row => row.ToKey())];
    }

    private const string Find = SelectAll + "\nwhere k.user_id = @userId and k.id = @keyId";

    public async Task<StoredApiKey?> FindAsync(Guid userId, string keyId, CancellationToken ct) =>
        (await db.QueryOneAsync<Row>(Find, new { userId, keyId }, ct))?.ToKey();

    private const string FindToken = SelectAll + "\nwhere k.user_id = @userId and k.token_name = @name and k.login_type = 'token'";

    public async Task<StoredApiKey?> FindTokenAsync(Guid userId, string name, CancellationToken ct) =>
        (await db.QueryOneAsync<Row>(FindToken, new { userId, name }, ct))?.ToKey();

    private const string Delete = "delete from api_keys where id = @keyId";

    public async Task<bool> DeleteAsync(string keyId, CancellationToken ct) => await db.ExecuteAsync(Delete, new { keyId }, ct) > 0;

    private const string EndSessions =
        "delete from api_keys k where k.user_id = @userId and k.id is distinct from @except and " + IsSession;

    public Task<int> EndSessionsAsync(Guid userId, string? except, CancellationToken ct) =>
        db.ExecuteAsync(EndSessions, new { userId, except }, ct);

    // The id of a key is no UUID, so that no allow-list can name one: whoever has such a list sees no key.
    private static SqlFilter Readable(ReadScope scope) =>
        new SqlFilter().AndScope(scope, new ScopeColumns(id: "null::uuid", owner: "k.user_id"));

    private sealed record Row
    {
        public string Id { get; init; } = "";

        public Guid UserId { get; init; }

        public string Username { get; init; } = "";

        public DateTimeOffset LastUsed { get; init; }

        public DateTimeOffset ExpiresAt { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset UpdatedAt { get; init; }

        public string LoginType { get; init; } = "";

        public long LifetimeSeconds { get; init; }

        public string Scope { get; init; } = "";

        public string[]? Scopes { get; init; }

        public string[]? AllowList { get; init; }

        public string TokenName { get; init; } = "";

        public string IpAddress { get; init; } = "";

        public StoredApiKey ToKey() => new()
        {
            Id = Id,
            UserId = UserId,
            Username = Username,
            LastUsed = LastUsed,
            ExpiresAt = ExpiresAt,
            CreatedAt = CreatedAt,
            UpdatedAt = UpdatedAt,
            LoginType = UserWireNames.ToLoginType(LoginType),
            Lifetime = TimeSpan.FromSeconds(LifetimeSeconds),
            Scope = StoredScope.Read(Scope, Scopes, AllowList),
            TokenName = TokenName,
            IpAddress = IpAddress,
        };
    }
}
