using Coder.Application.ConnectionLogs;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.Workspaces;

namespace Coder.Infrastructure.ConnectionLogs;

internal sealed class ConnectionSessions(DbSession db) : IConnectionSessions
{
    // What goes on is known by itself, and each of it is looked up in the index of the workspace: the history of a workspace may be long. An
    // array, because a join could be made by reading the log. Locked in the order of the key, as the writer does, so that neither can wait
    // for the other.
    internal const string CloseOrphans = """
        update connection_logs l
        set disconnect_time = greatest(l.connect_time, @at), disconnect_reason = coalesce(l.disconnect_reason, @reason)
        from (
            select c.id, c.connect_time
            from connection_logs c
            where c.id = any (array(
                    select found.id
                    from connection_logs_ongoing s
                    cross join lateral (
                        select h.id
                        from connection_logs h
                        where h.workspace_id = @workspaceId and h.connect_time = s.connect_time and h.id = s.id
                        offset 0
                    ) found))
              and c.disconnect_time is null
              and c.type in ('ssh', 'vscode', 'jetbrains', 'reconnecting_pty')
            order by c.connection_id, c.workspace_id, c.agent_name
            for no key update) open
        where l.id = open.id and l.connect_time = open.connect_time
        """;

    public Task<int> CloseOrphansAsync(Guid workspaceId, DateTimeOffset at, CancellationToken cancellationToken) =>
        db.ExecuteAsync(CloseOrphans, new { workspaceId, at, reason = IConnectionSessions.Reason }, cancellationToken);

    // What goes on is known by itself; without that all of the log would have to be looked at.
    private const string SweepOrphans = $"""
        update connection_logs l
        set disconnect_time = greatest(l.connect_time, @at), disconnect_reason = coalesce(l.disconnect_reason, @reason)
        from (
            select c.id, c.connect_time
            from connection_logs c
            join workspaces w on w.id = c.workspace_id
            left join lateral (
                select b.job_id, b.transition, j.job_status
                from workspace_builds b
                join provisioner_jobs j on j.id = b.job_id
                where b.workspace_id = w.id and {CurrentBuilds.HasTakenPlace}
                order by b.build_number desc
                limit 1
            ) latest on true
            where c.id = any (array(select s.id from connection_logs_ongoing s))
              and c.connect_time >= (select min(s.connect_time) from connection_logs_ongoing s)
              and c.disconnect_time is null
              and c.type in ('ssh', 'vscode', 'jetbrains', 'reconnecting_pty')
              and (w.deleted
                   or (latest.job_status = 'succeeded'
                       and (latest.transition <> 'start'
                            or not exists (
                                select 1
                                from workspace_resources r
                                join workspace_agents a on a.resource_id = r.id
                                join workspace_agents same on same.auth_token = a.auth_token
                                where r.job_id = latest.job_id
                                  and a.name = c.agent_name
                                  and same.created_at - interval '5 minutes' <= c.connect_time))))
            order by c.connection_id, c.workspace_id, c.agent_name
            limit @limit
            for no key update of c skip locked) orphan
        where l.id = orphan.id and l.connect_time = orphan.connect_time
        """;

    public Task<int> SweepOrphansAsync(DateTimeOffset at, int limit, CancellationToken cancellationToken) =>
        db.ExecuteAsync(SweepOrphans, new { at, limit, reason = IConnectionSessions.Reason }, cancellationToken);
}
