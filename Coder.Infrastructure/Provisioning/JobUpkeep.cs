using Coder.Application.Provisioning;
using Coder.Domain.Provisioning;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Provisioning;

/// <summary>What the reaper and the imports write beside the queue.</summary>
internal sealed class JobUpkeep(DbSession db) : IReapableJobs, IJobReadmes
{
    private const string List = """
        select id
        from provisioner_jobs
        where completed_at is null and updated_at <= case when started_at is null then @pendingSince::timestamptz else @hungSince end
        order by updated_at, id
        limit @most
        """;

    public Task<IReadOnlyList<Guid>> ListAsync(ReaperLimits limits, DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return db.QueryAsync<Guid>(
            List, new { pendingSince = now - limits.Pending, hungSince = now - limits.Hung, most }, cancellationToken);
    }

    private const string TryLock = """
        select started_at, completed_at, updated_at
        from provisioner_jobs
        where id = @job
        for update skip locked
        """;

    public async Task<ReapableJob?> TryLockAsync(Guid job, CancellationToken cancellationToken) =>
        await db.QueryOneAsync<Row>(TryLock, new { job }, cancellationToken) is { } row
            ? new ReapableJob(row.StartedAt, row.CompletedAt, row.UpdatedAt)
            : null;

    private const string KeepState = """
        update workspace_builds b
        set provisioner_state = (
            select e.provisioner_state
            from workspace_builds e
            where e.workspace_id = b.workspace_id and e.build_number < b.build_number
            order by e.build_number desc
            limit 1)
        where b.job_id = @job and b.provisioner_state is null
        """;

    public Task KeepStateAsync(Guid job, CancellationToken cancellationToken) => db.ExecuteAsync(KeepState, new { job }, cancellationToken);

    private const string SetReadme = "update template_versions set readme = @readme, updated_at = @at where job_id = @job";

    public Task SetAsync(Guid job, string readme, DateTimeOffset at, CancellationToken cancellationToken) =>
        db.ExecuteAsync(SetReadme, new { job, readme, at }, cancellationToken);

    private sealed record Row
    {
        public DateTimeOffset? StartedAt { get; init; }

        public DateTimeOffset? CompletedAt { get; init; }

        public DateTimeOffset UpdatedAt { get; init; }
    }
}
