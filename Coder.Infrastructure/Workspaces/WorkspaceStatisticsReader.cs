using Coder.Application.Deployment;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Workspaces;

internal sealed class WorkspaceStatisticsReader(DbSession db) : IWorkspaceStatistics
{
    private const string Count = """
        select count(*) filter (where l.job_status = 'pending') as pending,
               count(*) filter (where l.job_status in ('running', 'canceling')) as building,
               count(*) filter (where l.job_status = 'succeeded' and l.transition = 'start') as running,
               count(*) filter (where l.job_status = 'failed') as failed,
               count(*) filter (where l.job_status = 'succeeded' and l.transition = 'stop') as stopped
        from workspace_latest_builds l
        join workspaces w on w.id = l.workspace_id
        where not w.deleted
        """;

    /// <summary>Counts workspaces. Agents report no sessions and no traffic to this server, so there is none to tell of.</summary>
    public async Task<WorkspaceStatistics> ReadAsync(DateTimeOffset since, CancellationToken ct) =>
        await db.QueryOneAsync<WorkspaceStatistics>(Count, null, ct) ?? WorkspaceStatistics.None;
}
