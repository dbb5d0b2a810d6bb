-- Agents that count as connected, by the time of their last sign of life: what looks for those that have gone silent.
create index workspace_agents_connected_idx on workspace_agents (last_connected_at)
    where not simulated and last_connected_at is not null and (disconnected_at is null or disconnected_at < last_connected_at);

create index workspace_app_statuses_app_idx on workspace_app_statuses (app_id, created_at desc, id desc);
