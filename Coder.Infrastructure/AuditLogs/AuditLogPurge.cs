using Coder.Application.AuditLogs;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.AuditLogs;

internal sealed class AuditLogPurge(DbSession db) : IAuditLogPurge
{
    // Any number that no other lock of this database has.
    private const long Key = 7165065861825654135;

    public Task<bool> TryAloneAsync(Func<CancellationToken, Task> work, CancellationToken ct) => db.TryAloneAsync(Key, work, ct);

    private const string DeleteConnectionEvents = """
        delete from audit_logs
        where id in (
            select id from audit_logs
            where action in ('connect', 'disconnect', 'open', 'close') and time < @before
            order by time
            limit @limit)
        """;

    public Task<int> DeleteConnectionEventsAsync(DateTimeOffset before, int limit, CancellationToken ct) =>
        db.ExecuteAsync(DeleteConnectionEvents, new { before, limit }, ct);

    private const string DeleteEntries = """
        delete from audit_logs
        where id in (
            select id from audit_logs
            where action not in ('connect', 'disconnect', 'open', 'close') and time < @before
            order by time
            limit @limit)
        """;

    public Task<int> DeleteEntriesAsync(DateTimeOffset before, int limit, CancellationToken ct) =>
        db.ExecuteAsync(DeleteEntries, new { before, limit }, ct);
}
