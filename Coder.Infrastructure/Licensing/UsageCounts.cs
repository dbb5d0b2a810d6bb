using Coder.Application.Licensing;
using Coder.Domain.Licensing;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.Replicas;

namespace Coder.Infrastructure.Licensing;

internal sealed class UsageCounts(DbSession db, ReplicaIdentity replica) : IUsageCounts
{
    private const string ActiveUsers = """
        select count(*) from users where status = 'active' and not deleted and not is_system and not is_service_account
        """;

    public Task<long> ActiveUsersAsync(CancellationToken ct) => db.ScalarAsync<long>(ActiveUsers, null, ct);

    private const string Replicas = """
        select count(*)
        from replicas
        where stopped_at is null and id <> @self and updated_at > @alive and started_at <= @grown
        """;

    public async Task<int> ReplicasAsync(DateTimeOffset now, CancellationToken ct) => 1 + await db.ScalarAsync<int>(
        Replicas, new { self = replica.Id, alive = now - ReplicaIdentity.Lifetime, grown = now - TimeSpan.FromMinutes(1) }, ct);

    // Whole days come from their sums; the edges have at most the events of two days.
    private const string ManagedAgents = """
        select coalesce((
                   select sum((usage_data ->> 'count')::bigint)
                   from usage_events_daily
                   where event_type = 'dc_managed_agents_v1' and day >= @firstWholeDay and day < @endDay
               ), 0)
             + coalesce((
                   select sum((event_data ->> 'count')::bigint)
                   from usage_events
                   where event_type = 'dc_managed_agents_v1'
                     and created_at >= @start and created_at <= @end and created_at < @firstEdgeEnd
               ), 0)
             + coalesce((
                   select sum((event_data ->> 'count')::bigint)
                   from usage_events
                   where event_type = 'dc_managed_agents_v1'
                     and created_at >= @start and created_at <= @end and created_at >= @lastEdgeStart
               ), 0)
        """;

    public async Task<long> ManagedAgentsAsync(UsageWindow window, CancellationToken ct) => (long)await db.ScalarAsync<decimal>(
        ManagedAgents,
        new { window.Start, window.End, window.FirstWholeDay, window.EndDay, window.FirstEdgeEnd, window.LastEdgeStart },
        ct);
}
