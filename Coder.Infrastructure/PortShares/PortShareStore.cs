using Coder.Application.PortShares;
using Coder.Domain.PortShares;
using Coder.Domain.Templates;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.Workspaces;

namespace Coder.Infrastructure.PortShares;

internal sealed class PortShareStore(DbSession db) : IPortShareStore
{
    private const string List = """
        select s.workspace_id, s.agent_name, s.port, s.share_level::text as share_level, s.protocol::text as protocol
        from workspace_agent_port_shares s
        where s.workspace_id = @workspace
        order by s.agent_name, s.port
        """;

    public async Task<IReadOnlyList<PortShare>> ListAsync(Guid workspace, CancellationToken cancellationToken) =>
        [.. (await db.QueryAsync<Row>(List, new { workspace }, cancellationToken)).Select(row => row.ToShare())];

    private const string HasAgent = $"""
        select exists (
            select 1
            from workspace_resources r
            join workspace_agents a on a.resource_id = r.id
            where a.name = @agent
              and not a.deleted
              and r.job_id = (
                  select b.job_id
                  from workspace_builds b
                  join provisioner_jobs j on j.id = b.job_id
                  where b.workspace_id = @workspace and {CurrentBuilds.HasTakenPlace}
                  order by b.build_number desc
                  limit 1))
        """;

    public Task<bool> HasAgentAsync(Guid workspace, string agent, CancellationToken cancellationToken) =>
        db.ScalarAsync<bool>(HasAgent, new { workspace, agent }, cancellationToken);

    private const string Set = """
        insert into workspace_agent_port_shares (workspace_id, agent_name, port, share_level, protocol)
        values (@workspaceId, @agentName, @port, @level::app_sharing_level, @protocol::port_share_protocol)
        on conflict (workspace_id, agent_name, port) do update
        set share_level = excluded.share_level, protocol = excluded.protocol
        """;

    public Task SetAsync(PortShare share, CancellationToken cancellationToken) => db.ExecuteAsync(
        Set,
        new { share.WorkspaceId, share.AgentName, share.Port, level = share.Level.WireName(), protocol = share.Protocol.WireName() },
        cancellationToken);

    private const string Delete =
        "delete from workspace_agent_port_shares where workspace_id = @workspace and agent_name = @agent and port = @port";

    public async Task<bool> DeleteAsync(Guid workspace, string agent, int port, CancellationToken cancellationToken) =>
        await db.ExecuteAsync(Delete, new { workspace, agent, port }, cancellationToken) > 0;

    private sealed record Row
    {
        public Guid WorkspaceId { get; init; }

        public string AgentName { get; init; } = "";

        public int Port { get; init; }

        public string ShareLevel { get; init; } = "";

        public string Protocol { get; init; } = "";

        public PortShare ToShare()
        {
            _ = AppSharingLevels.TryParse(ShareLevel, out var level);
            _ = PortProtocols.TryParse(Protocol, out var protocol);
            return new PortShare(WorkspaceId, AgentName, Port, level, protocol);
        }
    }
}
