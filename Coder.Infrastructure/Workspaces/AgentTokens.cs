using Coder.Application.Workspaces;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Workspaces;

internal sealed class AgentTokens(DbSession db) : IAgentTokens
{
    // A claim keeps the token of the agent that it takes over, so two builds may have it; only one of them is the current one.
    private const string Find = $"""
        select a.id, a.name, w.id as workspace_id, w.name as workspace_name, w.owner_id, w.organization_id, a.last_connected_at,
               a.disconnected_at
        from workspace_agents a
        join workspace_resources r on r.id = a.resource_id
        join workspace_builds own on own.job_id = r.job_id
        join workspaces w on w.id = own.workspace_id
        where a.auth_token = @token
          and not a.deleted
          and not w.deleted
          and own.id = (
              select b.id
              from workspace_builds b
              join provisioner_jobs j on j.id = b.job_id
              where b.workspace_id = w.id and {CurrentBuilds.HasTakenPlace}
              order by b.build_number desc
              limit 1)
        limit 1
        """;

    public async Task<AgentCredential?> FindAsync(Guid token, CancellationToken cancellationToken) =>
        await db.QueryOneAsync<Row>(Find, new { token }, cancellationToken) is { } row
            ? new AgentCredential(
                new AgentSession(
                    row.Id, new ConnectedAgent(row.OrganizationId, row.OwnerId, row.WorkspaceId, row.WorkspaceName, row.Name)),
                row.LastConnectedAt,
                row.DisconnectedAt)
            : null;

    private const string See = """
        update workspace_agents
        set first_connected_at = coalesce(first_connected_at, @now), last_connected_at = @now, updated_at = @now
        where id = @agent and (last_connected_at is null or last_connected_at <= @unless or disconnected_at >= last_connected_at)
        """;

    public Task SeeAsync(Guid agent, DateTimeOffset now, DateTimeOffset unless, CancellationToken cancellationToken) =>
        db.ExecuteAsync(See, new { agent, now, unless }, cancellationToken);

    private const string Miss = """
        update workspace_agents
        set disconnected_at = @now, updated_at = @now
        where not simulated
          and last_connected_at is not null
          and last_connected_at < @before
          and (disconnected_at is null or disconnected_at < last_connected_at)
        """;

    public Task<int> MissAsync(DateTimeOffset before, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.ExecuteAsync(Miss, new { before, now }, cancellationToken);

    private const string TimeOut = """
        update workspace_agents
        set timed_out_at = @now, updated_at = @now
        where first_connected_at is null
          and timed_out_at is null
          and not simulated
          and not deleted
          and connection_timeout_seconds > 0
          and created_at < @now::timestamptz - make_interval(secs => connection_timeout_seconds)
        """;

    public Task<int> TimeOutAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        db.ExecuteAsync(TimeOut, new { now }, cancellationToken);

    private sealed record Row
    {
        public Guid Id { get; init; }

        public string Name { get; init; } = "";

        public Guid WorkspaceId { get; init; }

        public string WorkspaceName { get; init; } = "";

        public Guid OwnerId { get; init; }

        public Guid OrganizationId { get; init; }

        public DateTimeOffset? LastConnectedAt { get; init; }

        public DateTimeOffset? DisconnectedAt { get; init; }
    }
}
