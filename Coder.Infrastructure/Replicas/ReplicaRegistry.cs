using Coder.Application.Common;
using Coder.Application.Deployment;
using Coder.Infrastructure.Common;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Replicas;

internal sealed class ReplicaRegistry(DbSession db, ReplicaIdentity self, ServerVersion version, TimeProvider time) : IReplicaRegistry
{
    private const string Beat = """
        with gone as (
            delete from replicas where updated_at < @forgotten
        )
        insert into replicas (id, hostname, version, started_at, updated_at)
        values (@id, @hostname, @version, @startedAt, @now)
        on conflict (id) do update set updated_at = excluded.updated_at, stopped_at = null
        """;

    public Task BeatAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow().ToMicroseconds();
        return db.ExecuteAsync(
            Beat,
            new { self.Id, hostname = Environment.MachineName, version = version.Text, self.StartedAt, now, forgotten = now - TimeSpan.FromDays(1) },
            ct);
    }

    private const string EndOthers = "update replicas set stopped_at = @now where stopped_at is null and id <> @id";

    public Task EndOthersAsync(CancellationToken ct) =>
        db.ExecuteAsync(EndOthers, new { self.Id, now = time.GetUtcNow().ToMicroseconds() }, ct);

    private const string Leave = "update replicas set stopped_at = @now, updated_at = @now where id = @id";

    public async Task LeaveAsync(CancellationToken ct)
    {
        await db.ExecuteAsync(Leave, new { self.Id, now = time.GetUtcNow().ToMicroseconds() }, ct);
        await db.NotifyAsync(NotificationChannels.Licenses, "going away", ct);
    }
}
