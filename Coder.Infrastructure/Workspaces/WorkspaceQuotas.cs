using Coder.Application.Workspaces;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Workspaces;

internal sealed class WorkspaceQuotas(DbSession db) : IWorkspaceQuotas
{
    // The Everyone group has the id of its organization, and its members are those of the organization.
    private const string Read = $"""
        select
            (select coalesce(sum(c.daily_cost), 0)
             from workspaces w
             cross join lateral (
                 select b.daily_cost
                 from workspace_builds b
                 join provisioner_jobs j on j.id = b.job_id
                 where b.workspace_id = w.id and {CurrentBuilds.HasTakenPlace}
                 order by b.build_number desc
                 limit 1
             ) c
             where w.owner_id = @user and w.organization_id = @organization and not w.deleted) as consumed,
            (select coalesce(sum(g.quota_allowance), 0)
             from groups g
             where g.organization_id = @organization
               and (exists (select 1 from group_members m where m.group_id = g.id and m.user_id = @user)
                    or g.id = @organization
                       and exists (select 1 from organization_members m where m.organization_id = @organization and m.user_id = @user))) as budget
        """;

    public async Task<WorkspaceQuota> ReadAsync(Guid organization, Guid user, CancellationToken cancellationToken)
    {
        var row = await db.QueryOneAsync<Row>(Read, new { organization, user }, cancellationToken);
        return new WorkspaceQuota(row!.Consumed, row.Budget);
    }

    private sealed record Row
    {
        public long Consumed { get; init; }

        public long Budget { get; init; }
    }
}
