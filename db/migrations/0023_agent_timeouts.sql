-- That the time of an agent has run out is derived when it is read, so that nothing changes then. Whoever watches its workspace has to be
-- told all the same: by a note, which one server writes once.

alter table workspace_agents add column timed_out_at timestamptz;

-- Nobody waits to hear of those whose time had run out before.
update workspace_agents
set timed_out_at = now()
where first_connected_at is null
  and not simulated
  and not deleted
  and connection_timeout_seconds > 0
  and created_at < now() - make_interval(secs => connection_timeout_seconds);

-- Agents that are waited for: what looks for those whose time has run out.
create index workspace_agents_awaited_idx on workspace_agents (created_at)
    where first_connected_at is null and timed_out_at is null and not simulated and not deleted and connection_timeout_seconds > 0;

create trigger workspace_agents_timed_out after update on workspace_agents
    for each row when (old.timed_out_at is distinct from new.timed_out_at)
    execute function workspace_agent_changed();
