-- The connection log: docs/spec/connection-logs.md, sections 3.1, 3.2, 3.4 and 12.3.

create type connection_type as enum ('ssh', 'vscode', 'jetbrains', 'reconnecting_pty', 'workspace_app', 'port_forwarding');

-- For the write path only; no column has it.
create type connection_status as enum ('connected', 'disconnected');

-- No foreign keys: history outlives the organizations, users and workspaces that it is about.
create table connection_logs (
    id uuid primary key,
    connect_time timestamptz not null,
    organization_id uuid not null,
    workspace_owner_id uuid not null,
    workspace_id uuid not null,
    workspace_name text not null,
    agent_name text not null,
    type connection_type not null,
    ip inet,
    code integer,
    user_agent text,
    user_id uuid,
    slug_or_port text,
    connection_id uuid,
    disconnect_time timestamptz,
    disconnect_reason text
);

create index connection_logs_time_idx on connection_logs (connect_time desc, id desc);
create index connection_logs_organization_idx on connection_logs (organization_id, connect_time desc, id desc);
create index connection_logs_owner_idx on connection_logs (workspace_owner_id, connect_time desc, id desc);
create index connection_logs_workspace_idx on connection_logs (workspace_id, connect_time desc, id desc);
create index connection_logs_user_idx on connection_logs (user_id, connect_time desc, id desc) where user_id is not null;
create index connection_logs_type_idx on connection_logs (type, connect_time desc, id desc);

-- Stays tiny, however long the history is.
create index connection_logs_ongoing_idx on connection_logs (connect_time desc, id desc)
    where disconnect_time is null and type in ('ssh', 'vscode', 'jetbrains', 'reconnecting_pty');

create unique index connection_logs_session_key on connection_logs (connection_id, workspace_id, agent_name)
    where connection_id is not null;

-- How many rows there are, by UTC day. A sum over slots is exact; the slots keep writers out of each other's way.
create table connection_log_counts (
    day date not null,
    organization_id uuid not null,
    type connection_type not null,
    slot smallint not null,
    rows bigint not null,
    primary key (organization_id, type, day, slot)
);

-- By triggers, so that the numbers are right whoever writes: also a purge, and also an operator by hand.
create function connection_logs_count_inserted() returns trigger language plpgsql as $body$
begin
    insert into connection_log_counts as c (day, organization_id, type, slot, rows)
    select (n.connect_time at time zone 'utc')::date as day, n.organization_id, n.type, pg_backend_pid() % 4, count(*)
    from new_rows n
    group by 1, 2, 3
    order by 2, 3, 1
    on conflict (organization_id, type, day, slot) do update set rows = c.rows + excluded.rows;
    return null;
end
$body$;

create function connection_logs_count_deleted() returns trigger language plpgsql as $body$
begin
    insert into connection_log_counts as c (day, organization_id, type, slot, rows)
    select (o.connect_time at time zone 'utc')::date as day, o.organization_id, o.type, pg_backend_pid() % 4, -count(*)
    from old_rows o
    group by 1, 2, 3
    order by 2, 3, 1
    on conflict (organization_id, type, day, slot) do update set rows = c.rows + excluded.rows;
    return null;
end
$body$;

-- The end of a session moves nothing; a late start may be of another day or type.
create function connection_logs_count_updated() returns trigger language plpgsql as $body$
begin
    insert into connection_log_counts as c (day, organization_id, type, slot, rows)
    select (m.connect_time at time zone 'utc')::date as day, m.organization_id, m.type, pg_backend_pid() % 4, sum(m.rows)
    from (
        select n.connect_time, n.organization_id, n.type, 1 as rows from new_rows n
        union all
        select o.connect_time, o.organization_id, o.type, -1 from old_rows o
    ) m
    group by 1, 2, 3
    having sum(m.rows) <> 0
    order by 2, 3, 1
    on conflict (organization_id, type, day, slot) do update set rows = c.rows + excluded.rows;
    return null;
end
$body$;

create trigger connection_logs_inserted after insert on connection_logs
    referencing new table as new_rows
    for each statement execute function connection_logs_count_inserted();

create trigger connection_logs_deleted after delete on connection_logs
    referencing old table as old_rows
    for each statement execute function connection_logs_count_deleted();

create trigger connection_logs_updated after update on connection_logs
    referencing old table as old_rows new table as new_rows
    for each statement execute function connection_logs_count_updated();

create function connection_logs_count_truncated() returns trigger language plpgsql as $body$
begin
    truncate connection_log_counts;
    return null;
end
$body$;

create trigger connection_logs_truncated after truncate on connection_logs
    for each statement execute function connection_logs_count_truncated();

-- May vanish in a crash: then a few openings are logged twice.
create unlogged table workspace_app_audit_sessions (
    id uuid primary key,
    agent_id uuid not null,
    app_id uuid not null,
    user_id uuid not null,
    ip text not null,
    user_agent text not null,
    slug_or_port text not null,
    status_code integer not null,
    started_at timestamptz not null,
    updated_at timestamptz not null
);

-- A user agent can be longer than an entry of an index may be.
create unique index workspace_app_audit_sessions_key
    on workspace_app_audit_sessions (agent_id, app_id, user_id, ip, md5(user_agent), slug_or_port, status_code);
create index workspace_app_audit_sessions_updated_idx on workspace_app_audit_sessions (updated_at);

-- The log is searched for people who are gone, too.
create index users_deleted_username_idx on users (lower(username)) where deleted;
create index users_deleted_email_idx on users (lower(email)) where deleted;
