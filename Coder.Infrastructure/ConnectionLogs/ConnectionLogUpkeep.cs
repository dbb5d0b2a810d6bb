using System.Data;
using System.Globalization;
using Coder.Application.Common;
using Coder.Application.ConnectionLogs;
using Coder.Domain.Common;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.ConnectionLogs;

internal sealed class ConnectionLogUpkeep(DbSession db, TimeProvider time) : IConnectionLogUpkeep
{
    // Any constants will do, as long as no other locks of this database take them.
    private const long PurgeKey = 4411287390641550721;
    private const long CountsKey = 4411287390641550722;
    private const long CheckKey = 4411287390641550723;

    private const int Batch = 10_000;

    // The numbers follow by trigger. An array, because a join with so many rows would be made by reading the whole log.
    private const string Delete = """
        delete from connection_logs
        where connect_time < @before
          and id = any (array(
            select c.id
            from connection_logs c
            where c.connect_time < @before
              and (c.disconnect_time is not null
                   or c.type in ('workspace_app', 'port_forwarding')
                   or c.connect_time < @ongoingBefore)
            order by c.connect_time, c.id
            limit @limit))
        """;

    public async Task<int> DeleteAsync(DateTimeOffset before, DateTimeOffset ongoingBefore, int limit, CancellationToken ct) =>
        (await db.RunAsync<Result<int>>(
            IsolationLevel.ReadCommitted,
            async inner => await db.ExecuteAsync(Delete, new { before, ongoingBefore, limit }, inner),
            ct)).Match(deleted => deleted, _ => 0);

    public Task<bool> TryAloneAsync(Func<CancellationToken, Task> work, CancellationToken ct) => db.TryAloneAsync(PurgeKey, work, ct);

    // An instant of the server's clock, and not of the database's, as all others. One of the future is a clock that was wrong.
    private const string BeginCheck = """
        insert into site_configs as c (key, value)
        values ('connection_log_checked_at', @text)
        on conflict (key) do update
        set value = excluded.value
        where c.value::timestamptz <= @before or c.value::timestamptz > @now
        """;

    public async Task<bool> TryCheckAsync(TimeSpan interval, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        var isDue = false;
        var isAlone = await db.TryAloneAsync(
            CheckKey,
            async inner =>
            {
                var now = time.GetUtcNow().ToMicroseconds();
                var text = now.ToString("O", CultureInfo.InvariantCulture);
                isDue = await db.ExecuteAsync(BeginCheck, new { text, now, before = now - interval }, inner) == 1;
                if (isDue)
                {
                    await work(inner);
                }
            },
            ct);
        return isAlone && isDue;
    }

    // One statement sees one state of the database, so that what happens meanwhile is in both numbers or in neither.
    private const string FindDrift = """
        with actual as (
            select (c.connect_time at time zone 'utc')::date as day, c.organization_id, c.type, count(*) as rows,
                   sum(connection_log_ongoing(c.type, c.disconnect_time)) as ongoing
            from connection_logs c
            group by 1, 2, 3
        ),
        stored as (
            select n.day, n.organization_id, n.type, sum(n.rows) as rows, sum(n.ongoing) as ongoing
            from connection_log_counts n
            group by 1, 2, 3
        )
        select day::timestamp as day, organization_id, type::text as type,
               (coalesce(a.rows, 0) - coalesce(s.rows, 0))::bigint as missing,
               (coalesce(a.ongoing, 0) - coalesce(s.ongoing, 0))::bigint as missing_ongoing
        from actual a
        full join stored s using (day, organization_id, type)
        where coalesce(a.rows, 0) <> coalesce(s.rows, 0) or coalesce(a.ongoing, 0) <> coalesce(s.ongoing, 0)
        order by day, organization_id, type
        """;

    public async Task<IReadOnlyList<ConnectionLogDrift>> FindDriftAsync(CancellationToken ct) =>
        Drifts(await db.QueryForLongAsync<DriftRow>(FindDrift, null, ct));

    private const string Lock = "select pg_advisory_xact_lock(@key)";

    // What is added is the difference and not the number itself, so that writers need not wait for this. The slot is nobody else's.
    private const string Repair = """
        with actual as (
            select (c.connect_time at time zone 'utc')::date as day, c.organization_id, c.type, count(*) as rows,
                   sum(connection_log_ongoing(c.type, c.disconnect_time)) as ongoing
            from connection_logs c
            group by 1, 2, 3
        ),
        stored as (
            select n.day, n.organization_id, n.type, sum(n.rows) as rows, sum(n.ongoing) as ongoing
            from connection_log_counts n
            group by 1, 2, 3
        ),
        drift as materialized (
            select day, organization_id, type,
                   (coalesce(a.rows, 0) - coalesce(s.rows, 0))::bigint as missing,
                   (coalesce(a.ongoing, 0) - coalesce(s.ongoing, 0))::bigint as missing_ongoing
            from actual a
            full join stored s using (day, organization_id, type)
            where coalesce(a.rows, 0) <> coalesce(s.rows, 0) or coalesce(a.ongoing, 0) <> coalesce(s.ongoing, 0)
        ),
        repaired as (
            insert into connection_log_counts as n (day, organization_id, type, slot, rows, ongoing)
            select day, organization_id, type, -1, missing, missing_ongoing from drift order by organization_id, type, day
            on conflict (organization_id, type, day, slot) do update set rows = n.rows + excluded.rows, ongoing = n.ongoing + excluded.ongoing
        )
        select day::timestamp as day, organization_id, type::text as type, missing, missing_ongoing
        from drift
        order by day, organization_id, type
        """;

    // Merging takes rows from the slots, and from their totals, so nobody may have one; that is a matter of milliseconds.
    private const string TakeSlots = "select pg_advisory_xact_lock(1330529357, s) from generate_series(0, 7) s order by s";

    // Hardly anybody writes to days gone by, so their slots are only more to add up.
    private const string Merge = """
        with merged as (
            delete from connection_log_counts
            where day < (@today at time zone 'utc')::date and slot <> -1
            returning day, organization_id, type, rows, ongoing
        )
        insert into connection_log_counts as n (day, organization_id, type, slot, rows, ongoing)
        select day, organization_id, type, -1, sum(rows), sum(ongoing)
        from merged
        group by 1, 2, 3
        having sum(rows) <> 0 or sum(ongoing) <> 0
        order by 2, 3, 1
        on conflict (organization_id, type, day, slot) do update set rows = n.rows + excluded.rows, ongoing = n.ongoing + excluded.ongoing
        """;

    public async Task<IReadOnlyList<ConnectionLogDrift>> RepairAsync(CancellationToken ct) =>
        (await db.RunAsync<Result<IReadOnlyList<ConnectionLogDrift>>>(
            IsolationLevel.ReadCommitted,
            async inner =>
            {
                // Two at once would both add the same difference; the next statement sees what the one before has done.
                await db.ExecuteForLongAsync(Lock, new { key = CountsKey }, inner);
                var drift = Drifts(await db.QueryForLongAsync<DriftRow>(Repair, null, inner));
                await db.ExecuteAsync(TakeSlots, null, inner);
                await db.ExecuteAsync(Merge, new { today = time.GetUtcNow().ToMicroseconds() }, inner);
                return Result<IReadOnlyList<ConnectionLogDrift>>.From(drift);
            },
            ct)).Match(drift => drift, _ => []);

    // One state again. An entry with another time than its row is one that is wrong and one that is missing.
    private const string FindSessionDrift = """
        select coalesce(c.id, s.id) as id, coalesce(c.connect_time, s.connect_time) as connect_time, s.id is null as is_missing
        from (
            select l.id, l.connect_time
            from connection_logs l
            where l.disconnect_time is null and l.type in ('ssh', 'vscode', 'jetbrains', 'reconnecting_pty')
        ) c
        full join connection_logs_ongoing s on s.id = c.id and s.connect_time = c.connect_time
        where c.id is null or s.id is null
        order by 2, 1, 3
        """;

    public async Task<IReadOnlyList<ConnectionLogSessionDrift>> FindSessionDriftAsync(CancellationToken ct) =>
        [.. (await db.QueryForLongAsync<SessionRow>(FindSessionDrift, null, ct)).Select(r => r.ToDrift())];

    private const string RemoveSessions = """
        delete from connection_logs_ongoing s
        where s.id = any (@ids)
          and not exists (
            select 1
            from connection_logs c
            where c.id = s.id and c.connect_time = s.connect_time
              and c.disconnect_time is null and c.type in ('ssh', 'vscode', 'jetbrains', 'reconnecting_pty'))
        """;

    // Their rows are locked: whoever ends one of them now waits, and then takes the entry out again. In the order of the key, as the writer
    // does, so that neither can wait for the other.
    private const string AddSessions = """
        insert into connection_logs_ongoing as s (id, connect_time)
        select open.id, open.connect_time
        from (
            select c.id, c.connect_time
            from connection_logs c
            where c.id = any (@ids) and c.connect_time >= @since and c.connect_time <= @until
              and c.disconnect_time is null and c.type in ('ssh', 'vscode', 'jetbrains', 'reconnecting_pty')
            order by c.connection_id, c.workspace_id, c.agent_name
            for no key update) open
        on conflict (id) do update set connect_time = excluded.connect_time
        """;

    public async Task<IReadOnlyList<ConnectionLogSessionDrift>> RepairSessionsAsync(CancellationToken ct)
    {
        var drift = await FindSessionDriftAsync(ct);
        foreach (var batch in drift.Where(d => !d.IsMissing).Chunk(Batch))
        {
            await db.ExecuteForLongAsync(RemoveSessions, new { ids = Ids(batch) }, ct);
        }

        foreach (var batch in drift.Where(d => d.IsMissing).Chunk(Batch))
        {
            var missing = new { ids = Ids(batch), since = batch[0].ConnectTime, until = batch[^1].ConnectTime };
            await db.RunAsync<Result<Done>>(
                IsolationLevel.ReadCommitted,
                async inner =>
                {
                    await db.ExecuteForLongAsync(AddSessions, missing, inner);
                    return Done.Value;
                },
                ct);
        }

        return drift;
    }

    private static Guid[] Ids(ConnectionLogSessionDrift[] drift) => [.. drift.Select(d => d.Id)];

    private static ConnectionLogDrift[] Drifts(IReadOnlyList<DriftRow> rows) =>
        [.. rows.Select(r => r.ToDrift())];

    private sealed record DriftRow
    {
        public DateTime Day { get; init; }

        public Guid OrganizationId { get; init; }

        public string Type { get; init; } = "";

        public long Missing { get; init; }

        public long MissingOngoing { get; init; }

        public ConnectionLogDrift ToDrift() =>
            new(DateOnly.FromDateTime(Day), OrganizationId, ConnectionLogStore.TypeOf(Type), Missing) { MissingOngoing = MissingOngoing };
    }

    private sealed record SessionRow
    {
        public Guid Id { get; init; }

        public DateTimeOffset ConnectTime { get; init; }

        public bool IsMissing { get; init; }

        public ConnectionLogSessionDrift ToDrift() => new(Id, ConnectTime, IsMissing);
    }
}
