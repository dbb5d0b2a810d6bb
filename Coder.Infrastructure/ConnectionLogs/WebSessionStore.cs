using Coder.Application.ConnectionLogs;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.ConnectionLogs;

internal sealed class WebSessionStore(DbSession db) : IWebSessionStore
{
    // What becomes of a session that goes on without its row is decided by what was decided when it began.
    private const string Touch = """
        with touched as (
            insert into workspace_app_audit_sessions as s (
                id, agent_id, app_id, user_id, ip, user_agent, slug_or_port, status_code, started_at, updated_at, event_time, is_logged)
            select n.id, n.agent_id, n.app_id, n.user_id, n.ip, n.user_agent, n.slug_or_port, n.status_code, @now, @now, n.event_time,
                   n.is_logged
            from unnest(
                    @ids::uuid[], @agents::uuid[], @apps::uuid[], @users::uuid[], @ips::text[], @userAgents::text[], @slugs::text[],
                    @codes::int[], @times::timestamptz[], @logged::boolean[])
                as n (id, agent_id, app_id, user_id, ip, user_agent, slug_or_port, status_code, event_time, is_logged)
            order by n.agent_id, n.app_id, n.user_id, n.ip, n.user_agent, n.slug_or_port, n.status_code
            on conflict (agent_id, app_id, user_id, ip, md5(user_agent), slug_or_port, status_code) do update
            set id = case when s.updated_at > @stale then s.id else excluded.id end,
                started_at = case when s.updated_at > @stale then s.started_at else excluded.started_at end,
                event_time = case when s.updated_at > @stale then s.event_time else excluded.event_time end,
                is_logged = excluded.is_logged or (s.is_logged and s.updated_at > @stale),
                updated_at = greatest(s.updated_at, excluded.updated_at)
            returning s.id, s.agent_id, s.app_id, s.user_id, s.ip, s.user_agent, s.slug_or_port, s.status_code, s.event_time, s.is_logged
        )
        select t.id, t.agent_id, t.app_id, t.user_id, t.ip, t.user_agent, t.slug_or_port, t.status_code, t.event_time
        from touched t
        where not t.is_logged
        """;

    // By the id alone: the clocks of two replicas may have cut the time differently.
    private const string Stored = "select l.id from connection_logs l where l.id = any (@ids)";

    public async Task<IReadOnlyDictionary<WebSessionKey, WebSessionRow>> TouchAsync(
        IReadOnlyList<WebSessionOpening> openings, DateTimeOffset now, DateTimeOffset stale, CancellationToken ct)
    {
        var unlogged = (await db.QueryAsync<SessionRow>(Touch, Columns(openings, now, stale), ct)).ToDictionary(r => r.Key, r => r.Row);
        var begun = openings.Select(o => o.Row.Id).ToHashSet();

        // Few: they were left behind, or another replica began them within five minutes.
        Guid[] older = [.. unlogged.Values.Select(row => row.Id).Where(id => !begun.Contains(id))];
        if (older.Length > 0)
        {
            var stored = (await db.QueryAsync<Guid>(Stored, new { ids = older }, ct)).ToHashSet();
            return unlogged.Where(u => !stored.Contains(u.Value.Id)).ToDictionary();
        }

        return unlogged;
    }

    private const string Purge = "delete from workspace_app_audit_sessions where updated_at < @before";

    public Task<int> PurgeAsync(DateTimeOffset before, CancellationToken ct) => db.ExecuteAsync(Purge, new { before }, ct);

    private static object Columns(IReadOnlyList<WebSessionOpening> openings, DateTimeOffset now, DateTimeOffset stale) => new
    {
        ids = openings.Select(o => o.Row.Id).ToArray(),
        agents = openings.Select(o => o.Key.AgentId).ToArray(),
        apps = openings.Select(o => o.Key.AppId).ToArray(),
        users = openings.Select(o => o.Key.UserId).ToArray(),
        ips = openings.Select(o => o.Key.Ip).ToArray(),
        userAgents = openings.Select(o => o.Key.UserAgent).ToArray(),
        slugs = openings.Select(o => o.Key.SlugOrPort).ToArray(),
        codes = openings.Select(o => o.Key.StatusCode).ToArray(),
        times = openings.Select(o => o.Row.Time).ToArray(),
        logged = openings.Select(o => o.IsLogged).ToArray(),
        now,
        stale,
    };

    private sealed record SessionRow
    {
        public Guid Id { get; init; }

        public Guid AgentId { get; init; }

        public Guid AppId { get; init; }

        public Guid UserId { get; init; }

        public string Ip { get; init; } = "";

        public string UserAgent { get; init; } = "";

        public string SlugOrPort { get; init; } = "";

        public int StatusCode { get; init; }

        public DateTimeOffset EventTime { get; init; }

        public WebSessionKey Key => new(AgentId, AppId, UserId, Ip, UserAgent, SlugOrPort, StatusCode);

        public WebSessionRow Row => new(Id, EventTime);
    }
}
