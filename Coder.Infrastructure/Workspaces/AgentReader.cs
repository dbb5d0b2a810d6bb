using Coder.Application.Workspaces;
using Coder.Domain.Authorization;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Workspaces;

internal sealed class AgentReader(DbSession db) : IAgentReader
{
    private const string Find = """
        select a.id, r.job_id, w.id as workspace_id, w.name as workspace_name, w.owner_id, u.username as owner_name, w.organization_id,
               w.dormant_at is not null as is_dormant, w.user_acl::text as user_acl, w.group_acl::text as group_acl
        from workspace_agents a
        join workspace_resources r on r.id = a.resource_id
        join workspace_builds b on b.job_id = r.job_id
        join workspaces w on w.id = b.workspace_id
        join users u on u.id = w.owner_id
        where a.id = @agent and not a.deleted
        """;

    public async Task<AgentPlace?> FindAsync(Guid agent, CancellationToken cancellationToken) =>
        await db.QueryOneAsync<PlaceRow>(Find, new { agent }, cancellationToken) is { } row
            ? new AgentPlace
            {
                AgentId = row.Id,
                JobId = row.JobId,
                WorkspaceId = row.WorkspaceId,
                WorkspaceName = row.WorkspaceName,
                OwnerName = row.OwnerName,
                Workspace = row.ToObject(),
            }
            : null;

    private const string IsCurrent = $"""
        select exists (
            select
            from workspace_agents a
            join workspace_resources r on r.id = a.resource_id
            join workspace_builds own on own.job_id = r.job_id
            join workspaces w on w.id = own.workspace_id
            where a.id = @agent
              and not a.deleted
              and not w.deleted
              and not exists (
                  select
                  from workspace_builds b
                  join provisioner_jobs j on j.id = b.job_id
                  where b.workspace_id = w.id and b.build_number > own.build_number and {CurrentBuilds.HasTakenPlace}))
        """;

    public Task<bool> IsCurrentAsync(Guid agent, CancellationToken cancellationToken) =>
        db.ScalarAsync<bool>(IsCurrent, new { agent }, cancellationToken);

    private const string Places = """
        select a.id, a.name, w.id as workspace_id, w.name as workspace_name, w.owner_id, w.organization_id
        from workspace_agents a
        join workspace_resources r on r.id = a.resource_id
        join workspace_builds b on b.job_id = r.job_id
        join workspaces w on w.id = b.workspace_id
        where a.id = any (@agents::uuid[])
        """;

    public async Task<IReadOnlyDictionary<Guid, ConnectedAgent>> PlacesAsync(
        IReadOnlyCollection<Guid> agents, CancellationToken cancellationToken) =>
        (await db.QueryAsync<PlaceRow>(Places, new { agents = agents.ToArray() }, cancellationToken)).ToDictionary(
            row => row.Id,
            row => new ConnectedAgent(row.OrganizationId, row.OwnerId, row.WorkspaceId, row.WorkspaceName, row.Name));

    private const string FindExternal = $"""
        select w.id as workspace_id, w.owner_id, w.organization_id, w.dormant_at is not null as is_dormant, w.user_acl::text as user_acl,
               w.group_acl::text as group_acl, a.auth_token
        from workspaces w
        left join lateral (
            select b.job_id
            from workspace_builds b
            join provisioner_jobs j on j.id = b.job_id
            where b.workspace_id = w.id and {CurrentBuilds.HasTakenPlace}
            order by b.build_number desc
            limit 1) latest on true
        left join lateral (
            select t.auth_token
            from workspace_resources r
            join workspace_agents t on t.resource_id = r.id
            where r.job_id = latest.job_id and r.type = 'coder_external_agent' and t.name = @agent and not t.deleted
            limit 1) a on true
        where w.id = @workspace and not w.deleted
        """;

    public async Task<ExternalAgent?> FindExternalAsync(Guid workspace, string agent, CancellationToken cancellationToken) =>
        await db.QueryOneAsync<PlaceRow>(FindExternal, new { workspace, agent }, cancellationToken) is { } row
            ? new ExternalAgent(row.ToObject(), row.AuthToken)
            : null;

    private sealed record PlaceRow
    {
        public Guid Id { get; init; }

        public string Name { get; init; } = "";

        public Guid JobId { get; init; }

        public Guid WorkspaceId { get; init; }

        public string WorkspaceName { get; init; } = "";

        public Guid OwnerId { get; init; }

        public string OwnerName { get; init; } = "";

        public Guid OrganizationId { get; init; }

        public bool IsDormant { get; init; }

        public string UserAcl { get; init; } = "";

        public string GroupAcl { get; init; } = "";

        public Guid? AuthToken { get; init; }

        public ObjectRef ToObject() => ObjectRef.Workspace(
            WorkspaceId, OwnerId, OrganizationId, IsDormant, AccessControlList.FromJson(UserAcl), AccessControlList.FromJson(GroupAcl));
    }
}
