using Coder.Application.Provisioning;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Provisioning;

/// <summary>Adds resources with everything that belongs to them in one statement.</summary>
internal sealed class NewResources(DbSession db)
{
    private const string Add = """
        with resources as (
            insert into workspace_resources (id, created_at, job_id, transition, type, name, hide, icon, daily_cost)
            select r.id, @at, @job, @transition::workspace_transition, r.type, r.name, r.hide, r.icon, r.daily_cost
            from jsonb_to_recordset(@resources::jsonb) as r (
                id uuid, type text, name text, hide boolean, icon text, daily_cost integer)
        ), metadata as (
            insert into workspace_resource_metadata (workspace_resource_id, key, value, sensitive)
            select m.resource_id, m.key, m.value, m.sensitive
            from jsonb_to_recordset(@metadata::jsonb) as m (resource_id uuid, key text, value text, sensitive boolean)
        ), agents as (
            insert into workspace_agents
                (id, created_at, updated_at, name, resource_id, auth_token, architecture, operating_system, environment_variables,
                 directory, connection_timeout_seconds, troubleshooting_url, motd_file, display_apps, display_order, lifecycle_state,
                 first_connected_at, last_connected_at, started_at, ready_at, simulated)
            select a.id, @at, @at, a.name, a.resource_id, a.auth_token, a.architecture, a.operating_system, a.environment_variables,
                   a.directory, a.connection_timeout_seconds, a.troubleshooting_url, a.motd_file, a.display_apps, a.display_order,
                   case when a.simulated then 'ready' else 'created' end::agent_lifecycle_state,
                   case when a.simulated then @at::timestamptz end, case when a.simulated then @at::timestamptz end,
                   case when a.simulated then @at::timestamptz end, case when a.simulated then @at::timestamptz end, a.simulated
            from jsonb_to_recordset(@agents::jsonb) as a (
                id uuid, name text, resource_id uuid, auth_token uuid, architecture text, operating_system text,
                environment_variables jsonb, directory text, connection_timeout_seconds integer, troubleshooting_url text,
                motd_file text, display_apps text[], display_order integer, simulated boolean)
        ), sources as (
            insert into workspace_agent_log_sources (workspace_agent_id, id, created_at, display_name, icon)
            select s.agent_id, s.log_source_id, @at, left(s.display_name, 127), s.icon
            from jsonb_to_recordset(@scripts::jsonb) as s (agent_id uuid, log_source_id uuid, display_name text, icon text)
        ), scripts as (
            insert into workspace_agent_scripts
                (id, workspace_agent_id, log_source_id, display_name, icon, script, cron, run_on_start, run_on_stop, start_blocks_login,
                 timeout_seconds, log_path, created_at)
            select s.id, s.agent_id, s.log_source_id, s.display_name, s.icon, s.script, s.cron, s.run_on_start, s.run_on_stop,
                   s.start_blocks_login, s.timeout_seconds, s.log_path, @at
            from jsonb_to_recordset(@scripts::jsonb) as s (
                id uuid, agent_id uuid, log_source_id uuid, display_name text, icon text, script text, cron text, run_on_start boolean,
                run_on_stop boolean, start_blocks_login boolean, timeout_seconds integer, log_path text)
        )
        insert into workspace_apps
            (id, created_at, agent_id, slug, display_name, icon, command, url, external, subdomain, sharing_level, healthcheck_url,
             healthcheck_interval, healthcheck_threshold, health, display_order, display_group, hidden, open_in)
        select p.id, @at, p.agent_id, p.slug, p.display_name, p.icon, p.command, p.url, p.external, p.subdomain,
               p.sharing_level::app_sharing_level, p.healthcheck_url, p.healthcheck_interval, p.healthcheck_threshold,
               case when p.healthcheck_url = '' then 'disabled' else 'initializing' end::app_health, p.display_order, p.display_group,
               p.hidden, p.open_in::app_open_in
        from jsonb_to_recordset(@apps::jsonb) as p (
            id uuid, agent_id uuid, slug text, display_name text, icon text, command text, url text, external boolean, subdomain boolean,
            sharing_level text, healthcheck_url text, healthcheck_interval integer, healthcheck_threshold integer, display_order integer,
            display_group text, hidden boolean, open_in text)
        """;

    public Task AddAsync(
        Guid job,
        WorkspaceTransition transition,
        IReadOnlyList<PlannedResource> resources,
        bool isRunning,
        DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        if (resources.Count == 0)
        {
            return Task.CompletedTask;
        }

        var agents = resources.SelectMany(r => r.Agents).ToList();
        return db.ExecuteAsync(
            Add,
            new
            {
                job,
                transition = transition.WireName(),
                at,
                resources = ResourceRows.Json(resources.Select(ResourceRows.Resource)),
                metadata = ResourceRows.Json(resources.SelectMany(ResourceRows.Metadata)),
                agents = ResourceRows.Json(resources.SelectMany(resource => ResourceRows.Agents(resource, isRunning))),
                scripts = ResourceRows.Json(agents.SelectMany(ResourceRows.Scripts)),
                apps = ResourceRows.Json(agents.SelectMany(ResourceRows.Apps)),
            },
            cancellationToken);
    }
}
