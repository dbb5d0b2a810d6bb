using System.Data;
using System.Data.Common;
using Coder.Application.Common;
using Coder.Application.ConnectionLogs;
using Coder.Domain.Common;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.ConnectionLogs;

internal sealed class ConnectionLogPartitions(DbSession db, ConnectionLogLayout layout, TimeProvider time) : IConnectionLogPartitions
{
    private const string LockNotAvailable = "55P03";

    private static readonly TimeSpan KeyAge = TimeSpan.FromDays(7);

    private static readonly Error InUse = new(
        ErrorKind.Unavailable,
        "The connection log is in use, and nothing was changed.",
        "Try again, or end what reads it for long, for example an export.");

    /// <summary>How long to wait until others leave the log; whoever comes meanwhile waits, too.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From so many rows on, what is before all months is dropped and made anew instead of being deleted row by row.</summary>
    public int Worth { get; init; } = 10_000;

    private const string Partition = "select connection_logs_partition(@now)";

    public async Task<Result<bool>> DivideAsync(CancellationToken ct)
    {
        try
        {
            var outcome = await db.RunAsync<Result<bool>>(
                IsolationLevel.ReadCommitted,
                async inner =>
                {
                    await BePatientAsync(inner);
                    return await db.ScalarAsync<bool>(Partition, new { now = time.GetUtcNow().ToMicroseconds() }, inner);
                },
                ct);
            await layout.LookAsync(db, ct);
            return outcome;
        }
        catch (DbException e) when (e.SqlState == LockNotAvailable)
        {
            return InUse;
        }
    }

    // What the server ended by itself, and what went with the retention, is seen by what goes on.
    private const string CloseKeys = """
        with ended as materialized (
            select k.connection_id, k.workspace_id, k.agent_name, k.id
            from connection_log_keys k
            where k.closed_at is null and not exists (select 1 from connection_logs_ongoing s where s.id = k.id)
        )
        update connection_log_keys k
        set closed_at = @now
        from ended e
        where k.connection_id = e.connection_id and k.workspace_id = e.workspace_id and k.agent_name = e.agent_name
          and k.id = e.id and k.closed_at is null
        """;

    private const string ForgetKeys = "delete from connection_log_keys where closed_at < @before";

    public async Task<bool> PrepareAsync(CancellationToken ct)
    {
        if (!await layout.LookAsync(db, ct))
        {
            return false;
        }

        var now = time.GetUtcNow().ToMicroseconds();
        await AdvanceAsync(now, ct);
        await ConnectionLogLayout.MakeRoomAsync(db, [now, NextMonth(now)], now, ct);
        await db.ExecuteAsync(CloseKeys, new { now }, ct);
        await db.ExecuteAsync(ForgetKeys, new { before = now - KeyAge }, ct);
        return true;
    }

    private const string Advance = "select connection_logs_advance(@now)";

    // While others do not leave the log, the rows of the present go to what was far ahead, and are moved the next time.
    private Task<bool> AdvanceAsync(DateTimeOffset now, CancellationToken ct) =>
        UnlessInUseAsync(inner => db.ScalarAsync<bool>(Advance, new { now }, inner), ct);

    private const string DropMonth = "select connection_logs_drop_month(@before, @ongoingBefore, @worth)";

    public Task<long?> DropAsync(DateTimeOffset before, DateTimeOffset ongoingBefore, CancellationToken ct) =>
        UnlessInUseAsync(inner => db.ScalarAsync<long?>(DropMonth, new { before, ongoingBefore, worth = (long)Worth }, inner), ct);

    private async Task<T?> UnlessInUseAsync<T>(Func<CancellationToken, Task<T?>> work, CancellationToken ct)
    {
        try
        {
            return (await db.RunAsync<Result<T?>>(
                IsolationLevel.ReadCommitted,
                async inner =>
                {
                    await BePatientAsync(inner);
                    return await work(inner);
                },
                ct)).Match(done => done, _ => default);
        }
        catch (DbException e) when (e.SqlState == LockNotAvailable)
        {
            return default;
        }
    }

    private const string LockTimeout = "select set_config('lock_timeout', @patience, true)";

    private Task<string?> BePatientAsync(CancellationToken ct) =>
        db.ScalarAsync<string>(LockTimeout, new { patience = FormattableString.Invariant($"{Patience.TotalMilliseconds:F0}ms") }, ct);

    // Not a month later, which of the 31st of January is in February.
    private static DateTimeOffset NextMonth(DateTimeOffset now) =>
        new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
}
