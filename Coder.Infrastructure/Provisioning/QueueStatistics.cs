using Coder.Application.Provisioning;
using Coder.Domain.Provisioning;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Provisioning;

internal sealed class QueueStatistics(DbSession db) : IQueueStatistics
{
    // Those that have not ended are few, and have an index of their own.
    private const string Active = """
        select type::text as type, job_status::text as status, count(*) as count,
               min(created_at) filter (where job_status = 'pending') as oldest
        from provisioner_jobs
        where completed_at is null
        group by type, job_status
        order by type, job_status
        """;

    private const string Daemons = "select count(*) from provisioner_daemons where last_seen_at >= @since";

    public async Task<QueueFill> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await db.QueryAsync<Row>(Active, null, cancellationToken);
        var daemons = await db.ScalarAsync<long>(Daemons, new { since = now - DaemonStatuses.StaleAfter }, cancellationToken);
        return new QueueFill(
            [.. rows.Select(row => (JobReader.TypeOf(row.Type), JobReader.StatusOf(row.Status), row.Count))],
            rows.Min(row => row.Oldest),
            daemons);
    }

    private sealed record Row
    {
        public string Type { get; init; } = "";

        public string Status { get; init; } = "";

        public long Count { get; init; }

        public DateTimeOffset? Oldest { get; init; }
    }
}
