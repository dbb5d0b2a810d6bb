using Coder.Application.Users;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Users;

internal sealed class SessionLife(DbSession db) : ISessionLife
{
    private const string Alive = """
        select k.id
        from api_keys k
        join users u on u.id = k.user_id and not u.deleted and u.status <> 'suspended'
        where k.id = any (@keyIds) and k.expires_at > @now
        """;

    public async Task<IReadOnlySet<string>> AliveAsync(IReadOnlyCollection<string> keyIds, DateTimeOffset now, CancellationToken ct) =>
        (await db.QueryAsync<string>(Alive, new { keyIds = keyIds.ToArray(), now }, ct)).ToHashSet(StringComparer.Ordinal);
}
