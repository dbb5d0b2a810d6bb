using System.Data;
using Coder.Application.Common;
using Coder.Application.Workspaces;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Workspaces;

internal sealed class AgentLogStore(DbSession db) : IAgentLogStore
{
    // The row of the agent is locked before a line gets its id, so that ids are committed in their order and a reader misses none.
    private const string Append = """
        with counted as (
            update workspace_agents
            set logs_length = logs_length + @length
            where id = @agent and not logs_overflowed and logs_length + @length <= @most
            returning id
        )
        insert into workspace_agent_logs (agent_id, created_at, output, level, log_source_id)
        select counted.id, line.created_at, line.output, line.level::log_level, @source
        from counted
        cross join unnest(@times::timestamptz[], @outputs::text[], @levels::text[]) with ordinality as line (created_at, output, level, place)
        order by line.place
        """;

    private const string Overflow = "update workspace_agents set logs_overflowed = true where id = @agent and not logs_overflowed";

    public async Task<bool> AppendAsync(Guid agent, Guid source, AgentLogBatch batch, CancellationToken cancellationToken) =>
        (await db.RunAsync<Result<bool>>(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                var values = new
                {
                    agent,
                    source,
                    length = batch.Length,
                    most = AgentLogBatch.MaximumLog,
                    times = batch.Lines.Select(line => line.CreatedAt).ToArray(),
                    outputs = batch.Lines.Select(line => line.Output).ToArray(),
                    levels = batch.Lines.Select(line => line.Level.WireName()).ToArray(),
                };
                var isStored = await db.ExecuteAsync(Append, values, ct) > 0;
                if (isStored)
                {
                    await db.NotifyAsync(NotificationChannels.AgentLogs, agent.ToString(), ct);
                }
                else
                {
                    await db.ExecuteAsync(Overflow, new { agent }, ct);
                }

                return isStored;
            },
            cancellationToken)).Match(stored => stored, _ => false);

    private const string Lines = """
        select l.id, l.created_at, l.output, l.level::text as level, l.log_source_id as source_id
        from workspace_agent_logs l
        """;

    public async Task<IReadOnlyList<StoredAgentLog>> ReadAsync(Guid agent, AgentLogRange range, CancellationToken cancellationToken)
    {
        var filter = new SqlFilter()
            .And("l.agent_id = @agent", agent, "agent")
            .AndIf(range.After, "l.id > @after", "after")
            .AndIf(range.Before, "l.id < @before", "before");
        return [.. (await db.QueryAsync<Row>(filter.Between(Lines, "order by l.id"), cancellationToken)).Select(row => row.ToLog())];
    }

    private const string AddSource = """
        insert into workspace_agent_log_sources as s (workspace_agent_id, id, created_at, display_name, icon)
        select @agentId, @id, @createdAt, @displayName, @icon
        where (select count(*) from workspace_agent_log_sources where workspace_agent_id = @agentId) < @most
        on conflict (workspace_agent_id, id) do nothing
        """;

    private const string FindSource = """
        select workspace_agent_id as agent_id, id, created_at, display_name, icon
        from workspace_agent_log_sources
        where workspace_agent_id = @agentId and id = @id
        """;

    public async Task<AgentLogSource?> AddSourceAsync(AgentLogSource source, int most, CancellationToken cancellationToken)
    {
        var values = new { source.AgentId, source.Id, source.CreatedAt, source.DisplayName, source.Icon, most };
        if (await db.ExecuteAsync(AddSource, values, cancellationToken) > 0)
        {
            return source;
        }

        // Sources are never deleted while their agent is there.
        var known = await db.QueryOneAsync<LogSourceRow>(FindSource, new { source.AgentId, source.Id }, cancellationToken);
        return known?.ToView();
    }

    private sealed record Row
    {
        public long Id { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public string Output { get; init; } = "";

        public string Level { get; init; } = "";

        public Guid SourceId { get; init; }

        public StoredAgentLog ToLog() => new(
            Id, SourceId, new AgentLogLine(CreatedAt, LogLevels.TryParse(Level, out var level) ? level : LogLevel.Info, Output));
    }
}
