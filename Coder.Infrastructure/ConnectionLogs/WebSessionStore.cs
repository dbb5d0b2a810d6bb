using Coder.Application.ConnectionLogs;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.ConnectionLogs;

internal sealed class WebSessionStore(DbSession db) : IWebSessionStore
{
    private const string Touch = """
        insert into workspace_app_audit_sessions as s (
            id, agent_id, app_id, user_id, ip, user_agent, slug_or_port, status_code, started_at, updated_at)
        select n.id, n.agent_id, n.app_id, n.user_id, n.ip, n.user_agent, n.slug_or_port, n.status_code, @now, @now
        from unnest(
                @ids::uuid[], @agents::uuid[], @apps::uuid[], @users::uuid[], @ips::text[], @userAgents::text[], @slugs::text[], @codes::int[])
            as n (id, agent_id, app_id, user_id, ip, user_agent, slug_or_port, status_code)
        order by n.agent_id, n.app_id, n.user_id, n.ip, n.user_agent, n.slug_or_port, n.status_code
        on conflict (agent_id, app_id, user_id, ip, md5(user_agent), slug_or_port, status_code) do update
        set id = case when s.updated_at > @stale then s.id else excluded.id end,
            started_at = case when s.updated_at > @stale then s.started_at else excluded.started_at end,
            updated_at = greatest(s.updated_at, excluded.updated_at)
        returning s.id
        """;

    public async Task<IReadOnlySet<Guid>> TouchAsync(
        IReadOnlyList<(Guid Id, WebSessionKey Key)> openings, DateTimeOffset now, DateTimeOffset stale, CancellationToken ct)
    {
        var asked = openings.Select(o => o.Id).ToHashSet();
        var stored = await db.QueryAsync<Guid>(
            Touch,
            new
            {
                ids = openings.Select(o => o.Id).ToArray(),
                agents = openings.Select(o => o.Key.AgentId).ToArray(),
                apps = openings.Select(o => o.Key.AppId).ToArray(),
                users = openings.Select(o => o.Key.UserId).ToArray(),
                ips = openings.Select(o => o.Key.Ip).ToArray(),
                userAgents = openings.Select(o => o.Key.UserAgent).ToArray(),
                slugs = openings.Select(o => o.Key.SlugOrPort).ToArray(),
                codes = openings.Select(o => o.Key.StatusCode).ToArray(),
                now,
                stale,
            },
            ct);
        asked.IntersectWith(stored);
        return asked;
    }

    private const string Forget = "delete from workspace_app_audit_sessions where id = any (@ids)";

    public Task ForgetAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) => db.ExecuteAsync(Forget, new { ids = ids.ToArray() }, ct);

    private const string Purge = "delete from workspace_app_audit_sessions where updated_at < @before";

    public Task<int> PurgeAsync(DateTimeOffset before, CancellationToken ct) => db.ExecuteAsync(Purge, new { before }, ct);
}
