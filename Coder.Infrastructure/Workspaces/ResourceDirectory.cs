using Coder.Application.Workspaces;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Workspaces;

internal sealed class ResourceDirectory(DbSession db) : IResourceDirectory
{
    private const string Resources = """
        select r.id, r.created_at, r.job_id, r.transition::text as transition, r.type, r.name, r.hide, r.icon, r.daily_cost
        from workspace_resources r
        where r.job_id = any (@jobs::uuid[])
        order by r.name, r.id
        """;

    private const string Metadata = """
        select m.workspace_resource_id as resource_id, m.key, coalesce(m.value, '') as value, m.sensitive
        from workspace_resources r
        join workspace_resource_metadata m on m.workspace_resource_id = r.id
        where r.job_id = any (@jobs::uuid[])
        order by m.id
        """;

    private const string Agents = """
        select a.id, a.parent_id, a.created_at, a.updated_at, a.resource_id, a.name, a.instance_id, a.architecture, a.operating_system,
               a.environment_variables::text as environment, a.directory, a.expanded_directory, a.version, a.api_version,
               a.connection_timeout_seconds, a.troubleshooting_url, a.display_apps, a.lifecycle_state::text as lifecycle,
               a.first_connected_at, a.last_connected_at, a.disconnected_at, a.started_at, a.ready_at, a.logs_length, a.logs_overflowed,
               a.simulated
        from workspace_resources r
        join workspace_agents a on a.resource_id = r.id
        where r.job_id = any (@jobs::uuid[]) and not a.deleted
        order by a.display_order, a.name, a.id
        """;

    private const string Scripts = """
        select s.workspace_agent_id as agent_id, s.id, s.log_source_id, s.display_name, s.icon, s.script, s.cron, s.run_on_start,
               s.run_on_stop, s.start_blocks_login, s.timeout_seconds, s.log_path
        from workspace_agent_scripts s
        where s.workspace_agent_id = any (@agents::uuid[])
        order by s.created_at, s.display_name, s.id
        """;

    private const string LogSources = """
        select s.workspace_agent_id as agent_id, s.id, s.created_at, s.display_name, s.icon
        from workspace_agent_log_sources s
        where s.workspace_agent_id = any (@agents::uuid[])
        order by s.created_at, s.id
        """;

    private const string Apps = """
        select p.id, p.agent_id, p.slug, p.display_name, p.icon, p.command, p.url, p.external, p.subdomain,
               p.sharing_level::text as sharing_level, p.healthcheck_url, p.healthcheck_interval, p.healthcheck_threshold,
               p.health::text as health, p.display_group, p.hidden, p.open_in::text as open_in
        from workspace_apps p
        where p.agent_id = any (@agents::uuid[])
        order by p.display_order, p.slug
        """;

    // An AI that works for days says a lot.
    private const string Statuses = """
        select s.id, s.created_at, s.agent_id, s.app_id, s.workspace_id, s.state::text as state, s.message, s.uri
        from unnest(@apps::uuid[]) as app (id)
        cross join lateral (
            select t.id, t.created_at, t.agent_id, t.app_id, t.workspace_id, t.state, t.message, t.uri
            from workspace_app_statuses t
            where t.app_id = app.id
            order by t.created_at desc, t.id desc
            limit 20) s
        order by s.created_at desc, s.id desc
        """;

    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<ResourceView>>> ReadAsync(
        IReadOnlyCollection<Guid> jobs, CancellationToken cancellationToken)
    {
        var parameters = new { jobs = jobs.ToArray() };
        var resources = jobs.Count == 0 ? [] : await db.QueryAsync<ResourceRow>(Resources, parameters, cancellationToken);
        if (resources.Count == 0)
        {
            return jobs.Distinct().ToDictionary(job => job, IReadOnlyList<ResourceView> (_) => []);
        }

        var metadata = (await db.QueryAsync<MetadataRow>(Metadata, parameters, cancellationToken)).ToLookup(m => m.ResourceId);
        var agents = (await AgentsAsync(parameters, cancellationToken)).ToLookup(a => a.ResourceId);
        var views = resources.ToLookup(r => r.JobId, r => r.ToView(metadata[r.Id], agents[r.Id]));
        return jobs.Distinct().ToDictionary(job => job, IReadOnlyList<ResourceView> (job) => [.. views[job]]);
    }

    private async Task<IReadOnlyList<AgentView>> AgentsAsync(object jobs, CancellationToken cancellationToken)
    {
        var agents = await db.QueryAsync<AgentRow>(Agents, jobs, cancellationToken);
        if (agents.Count == 0)
        {
            return [];
        }

        var parameters = new { agents = agents.Select(a => a.Id).ToArray() };
        var scripts = (await db.QueryAsync<ScriptRow>(Scripts, parameters, cancellationToken)).ToLookup(s => s.AgentId, s => s.ToView());
        var sources = (await db.QueryAsync<LogSourceRow>(LogSources, parameters, cancellationToken))
            .ToLookup(s => s.AgentId, s => s.ToView());
        var apps = await db.QueryAsync<AppRow>(Apps, parameters, cancellationToken);
        var statuses = apps.Count == 0
            ? []
            : await db.QueryAsync<AppStatusRow>(Statuses, new { apps = apps.Select(a => a.Id).ToArray() }, cancellationToken);
        var statusesOf = statuses.ToLookup(s => s.AppId, s => s.ToView());
        var appsOf = apps.ToLookup(a => a.AgentId, a => a.ToView(statusesOf[a.Id]));
        return [.. agents.Select(agent => agent.ToView(scripts[agent.Id], sources[agent.Id], appsOf[agent.Id]))];
    }
}
