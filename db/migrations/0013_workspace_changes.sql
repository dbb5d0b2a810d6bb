-- Whoever watches a workspace is told of every change of it, its latest build, that build's job and its agents: a hint to read again.
-- The payload is the id of the workspace. Within a transaction the same hint is sent once.

create function workspace_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('workspaces', new.id::text);
    return null;
end
$$;

-- That somebody used it is no news: it is written again and again while somebody does.
create trigger workspaces_changed after update on workspaces
    for each row when (
        (old.owner_id, old.name, old.deleted, old.autostart_schedule, old.ttl, old.dormant_at, old.deleting_at, old.automatic_updates,
         old.favorite, old.next_start_at, old.user_acl, old.group_acl)
        is distinct from
        (new.owner_id, new.name, new.deleted, new.autostart_schedule, new.ttl, new.dormant_at, new.deleting_at, new.automatic_updates,
         new.favorite, new.next_start_at, new.user_acl, new.group_acl))
    execute function workspace_changed();

create function workspace_build_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('workspaces', new.workspace_id::text);
    return null;
end
$$;

create trigger workspace_builds_added after insert on workspace_builds
    for each row execute function workspace_build_changed();

create trigger workspace_builds_changed after update on workspace_builds
    for each row when (
        (old.deadline, old.max_deadline, old.daily_cost, old.has_ai_task, old.ai_task_sidebar_app_id, old.has_external_agent)
        is distinct from
        (new.deadline, new.max_deadline, new.daily_cost, new.has_ai_task, new.ai_task_sidebar_app_id, new.has_external_agent))
    execute function workspace_build_changed();

create trigger workspace_app_statuses_added after insert on workspace_app_statuses
    for each row execute function workspace_build_changed();

create function workspace_job_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('workspaces', l.workspace_id::text) from workspace_latest_builds l where l.job_id = new.id;
    return null;
end
$$;

create trigger workspace_jobs_changed after update on provisioner_jobs
    for each row when (
        new.type = 'workspace_build'
        and (old.job_status, old.logs_overflowed) is distinct from (new.job_status, new.logs_overflowed))
    execute function workspace_job_changed();

create function workspace_agent_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('workspaces', l.workspace_id::text)
    from workspace_resources r
    join workspace_latest_builds l on l.job_id = r.job_id
    where r.id = new.resource_id;
    return null;
end
$$;

-- A sign of life is no news either, unless it was taken for gone.
create trigger workspace_agents_changed after update on workspace_agents
    for each row when (
        (old.lifecycle_state, old.first_connected_at, old.disconnected_at, old.started_at, old.ready_at, old.version, old.api_version,
         old.expanded_directory, old.logs_overflowed, old.deleted, old.last_connected_at > old.disconnected_at)
        is distinct from
        (new.lifecycle_state, new.first_connected_at, new.disconnected_at, new.started_at, new.ready_at, new.version, new.api_version,
         new.expanded_directory, new.logs_overflowed, new.deleted, new.last_connected_at > new.disconnected_at))
    execute function workspace_agent_changed();

create function workspace_app_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('workspaces', l.workspace_id::text)
    from workspace_agents a
    join workspace_resources r on r.id = a.resource_id
    join workspace_latest_builds l on l.job_id = r.job_id
    where a.id = new.agent_id;
    return null;
end
$$;

create trigger workspace_apps_changed after update on workspace_apps
    for each row when (old.health is distinct from new.health)
    execute function workspace_app_changed();
