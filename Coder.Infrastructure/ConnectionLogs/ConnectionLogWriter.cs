using System.Data;
using System.Data.Common;
using Coder.Application.Common;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.ConnectionLogs;

/// <summary>Writes events: one statement for all of them, unless a session has something to say that needs a second one.</summary>
internal sealed class ConnectionLogWriter(DbSession db, ConnectionLogLayout layout, TimeProvider time)
{
    // The log may be partitioned just now, and then lack the month of an event.
    private const int MostAttempts = 4;

    /// <summary>Writes events in the order of their arrival, all or none.</summary>
    public async Task<Result<Done>> WriteAsync(IReadOnlyList<ConnectionEvent> events, CancellationToken ct)
    {
        var rounds = ConnectionFold.Rounds(events);
        for (var attempt = 1; ; attempt++)
        {
            var isPartitioned = await layout.IsPartitionedAsync(db, ct);
            try
            {
                return await WriteAsync(rounds, isPartitioned, ct);
            }
            catch (DbException e) when (attempt < MostAttempts && DbSession.IsTransient(e))
            {
                // Nothing is written, and the other transaction goes on.
            }
            catch (DbException e) when (attempt < MostAttempts && ConnectionLogLayout.IsOther(e))
            {
                await layout.LookAsync(db, ct);
            }
            catch (DbException e) when (attempt < MostAttempts && isPartitioned && ConnectionLogLayout.IsMonthMissing(e))
            {
                await ConnectionLogLayout.MakeRoomAsync(db, [.. events.Select(next => next.Time)], time.GetUtcNow().ToMicroseconds(), ct);
            }
        }
    }

    // A statement by itself is a transaction, without the round trip of a commit.
    private Task<Result<Done>> WriteAsync(IReadOnlyList<IReadOnlyList<ConnectionLogEntry>> rounds, bool isPartitioned, CancellationToken ct) =>
        rounds.Count == 1
            ? WriteAllAsync(rounds, isPartitioned, ct)
            : db.RunAsync(IsolationLevel.ReadCommitted, inner => WriteAllAsync(rounds, isPartitioned, inner), ct);

    private async Task<Result<Done>> WriteAllAsync(
        IReadOnlyList<IReadOnlyList<ConnectionLogEntry>> rounds, bool isPartitioned, CancellationToken ct)
    {
        foreach (var round in rounds)
        {
            if (isPartitioned)
            {
                await db.ExecuteAsync(UpsertPartitioned, Columns(round), ct);
            }
            else
            {
                await db.ExecuteAsync(Upsert, Columns(round), ct);
            }
        }

        return Done.Value;
    }

    // The same as ConnectionFold.Apply. In the order of the key, so that two replicas can not wait for each other; a row that nothing
    // changes is not written.
    private const string Upsert = """
        insert into connection_logs as l (
            id, connect_time, organization_id, workspace_owner_id, workspace_id, workspace_name, agent_name, type, ip, code, user_agent,
            user_id, slug_or_port, connection_id, disconnect_time, disconnect_reason)
        select n.id, n.connect_time, n.organization_id, n.workspace_owner_id, n.workspace_id, n.workspace_name, n.agent_name,
               n.type::connection_type, n.ip::inet, n.code, n.user_agent, n.user_id, n.slug_or_port, n.connection_id, n.disconnect_time,
               n.disconnect_reason
        from unnest(
                @ids::uuid[], @times::timestamptz[], @organizations::uuid[], @owners::uuid[], @workspaces::uuid[], @workspaceNames::text[],
                @agents::text[], @types::text[], @ips::text[], @codes::int[], @userAgents::text[], @users::uuid[], @slugs::text[],
                @connections::uuid[], @ends::timestamptz[], @reasons::text[])
            as n (
                id, connect_time, organization_id, workspace_owner_id, workspace_id, workspace_name, agent_name, type, ip, code, user_agent,
                user_id, slug_or_port, connection_id, disconnect_time, disconnect_reason)
        order by n.connection_id, n.workspace_id, n.agent_name
        on conflict (connection_id, workspace_id, agent_name) where connection_id is not null do update
        set connect_time = case
                when l.connect_time = l.disconnect_time and excluded.connect_time is distinct from excluded.disconnect_time
                then least(l.connect_time, excluded.connect_time) else l.connect_time end,
            ip = case
                when l.connect_time = l.disconnect_time and excluded.connect_time is distinct from excluded.disconnect_time
                    and excluded.connect_time < l.connect_time
                then excluded.ip else l.ip end,
            type = case
                when l.connect_time = l.disconnect_time and excluded.connect_time is distinct from excluded.disconnect_time
                    and excluded.connect_time < l.connect_time
                then excluded.type else l.type end,
            disconnect_time = coalesce(l.disconnect_time, excluded.disconnect_time),
            disconnect_reason = coalesce(l.disconnect_reason, excluded.disconnect_reason),
            code = coalesce(l.code, excluded.code)
        where (l.disconnect_time is null and excluded.disconnect_time is not null)
           or (l.disconnect_reason is null and excluded.disconnect_reason is not null)
           or (l.code is null and excluded.code is not null)
           or (l.connect_time = l.disconnect_time and excluded.connect_time is distinct from excluded.disconnect_time
               and excluded.connect_time < l.connect_time)
        """;

    // The same where there are partitions, which a unique key can not span.
    private const string UpsertPartitioned = """
        select connection_logs_write(
            @ids::uuid[], @times::timestamptz[], @organizations::uuid[], @owners::uuid[], @workspaces::uuid[], @workspaceNames::text[],
            @agents::text[], @types::text[], @ips::text[], @codes::int[], @userAgents::text[], @users::uuid[], @slugs::text[],
            @connections::uuid[], @ends::timestamptz[], @reasons::text[], @written::timestamptz)
        """;

    private object Columns(IReadOnlyList<ConnectionLogEntry> rows) => new
    {
        ids = Column(rows, r => r.Id),
        times = Column(rows, r => r.ConnectTime),
        organizations = Column(rows, r => r.OrganizationId),
        owners = Column(rows, r => r.WorkspaceOwnerId),
        workspaces = Column(rows, r => r.WorkspaceId),
        workspaceNames = Column(rows, r => r.WorkspaceName),
        agents = Column(rows, r => r.AgentName),
        types = Column(rows, r => r.Type.WireName()),
        ips = Column(rows, r => r.Ip?.ToString()),
        codes = Column(rows, r => r.Code),
        userAgents = Column(rows, r => r.UserAgent),
        users = Column(rows, r => r.UserId),
        slugs = Column(rows, r => r.SlugOrPort),
        connections = Column(rows, r => r.ConnectionId),
        ends = Column(rows, r => r.DisconnectTime),
        reasons = Column(rows, r => r.DisconnectReason),
        written = time.GetUtcNow().ToMicroseconds(),
    };

    private static T[] Column<T>(IReadOnlyList<ConnectionLogEntry> rows, Func<ConnectionLogEntry, T> value)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(rows[i]);
        }

        return column;
    }
}
