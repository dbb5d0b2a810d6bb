using Coder.Application.Workspaces;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Workspaces;

internal sealed class AgentStore(DbSession db) : IAgentStore
{
    private const string LockProgress = """
        select lifecycle_state::text as state, started_at, ready_at from workspace_agents where id = @agent for no key update
        """;

    public async Task<AgentProgress> LockProgressAsync(Guid agent, CancellationToken cancellationToken) =>
        await db.QueryOneAsync<ProgressRow>(LockProgress, new { agent }, cancellationToken) is { } row
            ? new AgentProgress(Stored.Lifecycle(row.State), row.StartedAt, row.ReadyAt, null)
            : default;

    // An agent that says goodbye is gone from now on, whenever it says it ended: its call was still a sign of life.
    private const string SaveProgress = """
        update workspace_agents
        set lifecycle_state = @state::agent_lifecycle_state, started_at = @startedAt, ready_at = @readyAt, updated_at = @now,
            disconnected_at = case when @hasEnded then greatest(@now, last_connected_at) else disconnected_at end
        where id = @agent
        """;

    public Task SaveProgressAsync(Guid agent, AgentProgress progress, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.ExecuteAsync(
            SaveProgress,
            new
            {
                agent,
                state = progress.State.WireName(),
                startedAt = progress.StartedAt,
                readyAt = progress.ReadyAt,
                hasEnded = progress.EndedAt is not null,
                now,
            },
            cancellationToken);

    private const string FindApp = "select id from workspace_apps where agent_id = @agent and slug = @slug";

    public Task<Guid?> FindAppAsync(Guid agent, string slug, CancellationToken cancellationToken) =>
        db.ScalarAsync<Guid?>(FindApp, new { agent, slug }, cancellationToken);

    private const string AddAppStatus = """
        insert into workspace_app_statuses (id, created_at, agent_id, app_id, workspace_id, state, message, uri)
        values (@id, @createdAt, @agentId, @appId, @workspaceId, @state::app_status_state, @message, @uri)
        """;

    public Task AddAppStatusAsync(AppStatusView status, CancellationToken cancellationToken) => db.ExecuteAsync(
        AddAppStatus,
        new
        {
            status.Id,
            status.CreatedAt,
            status.AgentId,
            status.AppId,
            status.WorkspaceId,
            state = status.State.WireName(),
            status.Message,
            status.Uri,
        },
        cancellationToken);

    private sealed record ProgressRow
    {
        public string State { get; init; } = "";

        public DateTimeOffset? StartedAt { get; init; }

        public DateTimeOffset? ReadyAt { get; init; }
    }
}
