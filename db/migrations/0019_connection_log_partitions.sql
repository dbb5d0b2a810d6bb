-- Months of the connection log as partitions: docs/spec/connection-logs.md, section 12.6. Nothing of this is in use until an operator calls
-- connection_logs_partition(), by "maintenance partition-connection-log". The table that there is then becomes the first partition, as it
-- is; the months after it have partitions of their own.

-- A unique key can not span partitions. Empty as long as there are none.
create table connection_log_keys (
    connection_id uuid not null,
    workspace_id uuid not null,
    agent_name text not null,
    id uuid not null,
    connect_time timestamptz not null,
    closed_at timestamptz,
    primary key (connection_id, workspace_id, agent_name)
);

create index connection_log_keys_closed_idx on connection_log_keys (closed_at);

create or replace function connection_logs_count_truncated() returns trigger language plpgsql as $body$
begin
    truncate connection_log_counts, connection_logs_ongoing, connection_log_keys;
    return null;
end
$body$;

create function connection_logs_is_partitioned() returns boolean language sql stable as $body$
    select exists (select 1 from pg_partitioned_table p where p.partrelid = to_regclass('connection_logs'))
$body$;

create function connection_log_month(moment timestamptz, months integer) returns timestamptz language sql immutable as $body$
    select (date_trunc('month', moment at time zone 'utc') + make_interval(months => months)) at time zone 'utc'
$body$;

-- As the catalog has them, so that what an operator attaches or detaches counts. The settings decide how bounds are printed.
create function connection_log_partitions() returns table (name regclass, since timestamptz, until timestamptz) language sql stable
set timezone = 'UTC' set datestyle = 'ISO' as $body$
    select c.oid::regclass,
           coalesce(nullif(bound[1], 'MINVALUE')::timestamptz, '-infinity'),
           coalesce(nullif(bound[2], 'MAXVALUE')::timestamptz, 'infinity')
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    cross join lateral regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \(''?([^'')]+)''?\) TO \(''?([^'')]+)''?\)') bound
    where i.inhparent = to_regclass('connection_logs') and bound is not null
$body$;

-- A partition has these too, for the operator who writes to it by hand: those of the whole then do not fire.
create function connection_logs_follow(target regclass) returns void language plpgsql as $body$
begin
    execute format(
        'create trigger connection_logs_inserted after insert on %s referencing new table as new_rows
             for each statement execute function connection_logs_count_inserted()', target);
    execute format(
        'create trigger connection_logs_deleted after delete on %s referencing old table as old_rows
             for each statement execute function connection_logs_count_deleted()', target);
    execute format(
        'create trigger connection_logs_updated after update on %s referencing old table as old_rows new table as new_rows
             for each statement execute function connection_logs_count_updated()', target);
end
$body$;

-- Makes the partition of a month, unless there is one for this time. Readers and writers go on meanwhile. There is no partition for all
-- other times: with one, the rows could not be read in order one partition after the other.
create function connection_logs_add_month(moment timestamptz) returns boolean language plpgsql as $body$
declare
    since constant timestamptz := connection_log_month(moment, 0);
    name text := 'connection_logs_' || to_char(moment at time zone 'utc', 'YYYY_MM');
begin
    if exists (select 1 from connection_log_partitions() p where p.since <= moment and moment < p.until) then
        return false;
    end if;

    lock table only connection_logs in share update exclusive mode;
    if exists (select 1 from connection_log_partitions() p where p.since <= moment and moment < p.until) then
        return false;
    end if;

    -- One that was detached, to be kept elsewhere, may still have the name.
    while to_regclass(name) is not null loop
        name := name || '_';
    end loop;

    execute format('create table %I (like connection_logs including defaults) with (fillfactor = 90)', name);
    execute format('alter table %I add primary key (id)', name);
    perform connection_logs_follow(to_regclass(name));
    execute format(
        'alter table connection_logs attach partition %I for values from (%L) to (%L)', name, since, connection_log_month(moment, 1));
    return true;
end
$body$;

-- Takes the time of reading the log once and making an index of it, and nobody else comes to the log meanwhile.
create function connection_logs_partition(moment timestamptz) returns boolean language plpgsql as $body$
declare
    newest timestamptz;
    name text;
begin
    lock table connection_logs in access exclusive mode;
    if connection_logs_is_partitioned() then
        return false;
    end if;

    select max(l.connect_time) into newest from connection_logs l;
    alter table connection_logs rename to connection_logs_history;
    foreach name in array array['pkey', 'time_idx', 'organization_idx', 'owner_idx', 'workspace_idx', 'user_idx', 'type_idx'] loop
        execute format('alter index %I rename to %I', 'connection_logs_' || name, 'connection_logs_history_' || name);
    end loop;

    -- Keys end before rows do, so a row may not be the only one of its key.
    drop index connection_logs_session_key;
    create index connection_logs_history_session_idx on connection_logs_history (connection_id, workspace_id, agent_name)
        where connection_id is not null;
    drop trigger connection_logs_truncated on connection_logs_history;

    create table connection_logs (like connection_logs_history including defaults) partition by range (connect_time);
    create index connection_logs_time_idx on connection_logs (connect_time desc, id desc);
    create index connection_logs_organization_idx on connection_logs (organization_id, connect_time desc, id desc);
    create index connection_logs_owner_idx on connection_logs (workspace_owner_id, connect_time desc, id desc);
    create index connection_logs_workspace_idx on connection_logs (workspace_id, connect_time desc, id desc);
    create index connection_logs_user_idx on connection_logs (user_id, connect_time desc, id desc) where user_id is not null;
    create index connection_logs_type_idx on connection_logs (type, connect_time desc, id desc);
    create index connection_logs_session_idx on connection_logs (connection_id, workspace_id, agent_name) where connection_id is not null;
    perform connection_logs_follow('connection_logs');
    create trigger connection_logs_truncated after truncate on connection_logs
        for each statement execute function connection_logs_count_truncated();
    execute format(
        'alter table connection_logs attach partition connection_logs_history for values from (minvalue) to (%L)',
        connection_log_month(greatest(moment, newest), 1));

    insert into connection_log_keys (connection_id, workspace_id, agent_name, id, connect_time, closed_at)
    select l.connection_id, l.workspace_id, l.agent_name, l.id, l.connect_time, l.disconnect_time
    from connection_logs_history l
    where l.connection_id is not null and (l.disconnect_time is null or l.disconnect_time >= moment - interval '7 days');

    perform connection_logs_add_month(connection_log_month(moment, 1));
    return true;
end
$body$;

-- Drops the oldest partition that has nothing to keep but sessions that go on, and says how many rows went with it; null when there is
-- none. What goes on is kept, in a partition that is new.
create function connection_logs_drop_month(before timestamptz, ongoing_before timestamptz) returns bigint language plpgsql as $body$
declare
    oldest record;
    kept uuid[];
    removed bigint;
begin
    select p.name, p.since, p.until into oldest
    from connection_log_partitions() p
    cross join lateral (
        select coalesce(sum(n.rows), 0) as rows
        from connection_log_counts n
        where n.day >= (p.since at time zone 'utc')::date and n.day < (p.until at time zone 'utc')::date
    ) numbers
    cross join lateral (
        select count(*) as rows
        from connection_logs_ongoing s
        where s.connect_time >= greatest(p.since, ongoing_before) and s.connect_time < p.until
    ) ongoing
    where p.until <= before and (ongoing.rows = 0 or numbers.rows > ongoing.rows)
    order by p.until
    limit 1;
    if not found then
        return null;
    end if;

    -- Whoever writes to the log, or to its numbers, has the log too.
    lock table only connection_logs in access exclusive mode;
    if not exists (select 1 from connection_log_partitions() p where p.name = oldest.name) then
        return null;
    end if;

    execute format('alter table connection_logs detach partition %s', oldest.name);
    execute format('alter table %s rename to connection_logs_dropped', oldest.name);
    with gone as (
        delete from connection_log_counts n
        where n.day >= (oldest.since at time zone 'utc')::date and n.day < (oldest.until at time zone 'utc')::date
        returning n.rows
    )
    select coalesce(sum(g.rows), 0) into removed from gone g;
    with gone as (
        delete from connection_logs_ongoing s
        where s.connect_time >= oldest.since and s.connect_time < oldest.until
        returning s.id, s.connect_time
    )
    select coalesce(array_agg(g.id) filter (where g.connect_time >= ongoing_before), '{}') into kept from gone g;

    if cardinality(kept) > 0 then
        perform connection_logs_add_month(k.connect_time) from connection_logs_dropped k where k.id = any (kept);
        insert into connection_logs (
            id, connect_time, organization_id, workspace_owner_id, workspace_id, workspace_name, agent_name, type, ip, code, user_agent,
            user_id, slug_or_port, connection_id, disconnect_time, disconnect_reason)
        select k.id, k.connect_time, k.organization_id, k.workspace_owner_id, k.workspace_id, k.workspace_name, k.agent_name, k.type, k.ip,
               k.code, k.user_agent, k.user_id, k.slug_or_port, k.connection_id, k.disconnect_time, k.disconnect_reason
        from connection_logs_dropped k
        where k.id = any (kept);
    end if;

    drop table connection_logs_dropped;
    return removed - cardinality(kept);
end
$body$;

create type connection_log_change as (
    id uuid,
    connect_time timestamptz,
    organization_id uuid,
    workspace_owner_id uuid,
    workspace_id uuid,
    workspace_name text,
    agent_name text,
    type connection_type,
    ip inet,
    code integer,
    user_agent text,
    user_id uuid,
    slug_or_port text,
    connection_id uuid,
    disconnect_time timestamptz,
    disconnect_reason text
);

-- What the upsert of the server does to the log without partitions. One call, and several statements within it: each sees what those have
-- committed whose keys the one before has waited for. No key stands twice. A partition begins empty, and plans that are made then must
-- not stay as they would be best for it.
create function connection_logs_write(
    ids uuid[], times timestamptz[], organizations uuid[], owners uuid[], workspaces uuid[], workspace_names text[], agents text[],
    types text[], ips text[], codes integer[], user_agents text[], users uuid[], slugs text[], connections uuid[], ends timestamptz[],
    reasons text[], written timestamptz)
returns void language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $body$
declare
    changes connection_log_change[];
    missing uuid[];
begin
    lock table only connection_logs in row exclusive mode;
    if not connection_logs_is_partitioned() then
        -- As the other statement fails where there are partitions.
        raise exception 'the connection log has no partitions' using errcode = 'invalid_column_reference';
    end if;

    -- In the order of the key, so that two replicas can not wait for each other.
    changes := array(
        select row(
                n.id, n.connect_time, n.organization_id, n.workspace_owner_id, n.workspace_id, n.workspace_name, n.agent_name,
                n.type::connection_type, n.ip::inet, n.code, n.user_agent, n.user_id, n.slug_or_port, n.connection_id, n.disconnect_time,
                n.disconnect_reason)::connection_log_change
        from unnest(
                ids, times, organizations, owners, workspaces, workspace_names, agents, types, ips, codes, user_agents, users, slugs,
                connections, ends, reasons)
            as n (
                id, connect_time, organization_id, workspace_owner_id, workspace_id, workspace_name, agent_name, type, ip, code, user_agent,
                user_id, slug_or_port, connection_id, disconnect_time, disconnect_reason)
        order by n.connection_id, n.workspace_id, n.agent_name);

    -- Also a key that nothing changes is locked.
    insert into connection_log_keys as k (connection_id, workspace_id, agent_name, id, connect_time, closed_at)
    select c.connection_id, c.workspace_id, c.agent_name, c.id, c.connect_time, case when c.disconnect_time is not null then written end
    from unnest(changes) c
    where c.connection_id is not null
    order by c.connection_id, c.workspace_id, c.agent_name
    on conflict (connection_id, workspace_id, agent_name) do update
    set closed_at = excluded.closed_at
    where k.closed_at is null and excluded.closed_at is not null;

    with known as materialized (
        select c.id, c.connection_id, c.workspace_id, c.agent_name, c.connect_time, c.disconnect_time, c.disconnect_reason, c.code, c.ip,
               c.type, k.id as row_id, k.connect_time as row_time
        from unnest(changes) c
        join connection_log_keys k
            on k.connection_id = c.connection_id and k.workspace_id = c.workspace_id and k.agent_name = c.agent_name
    ),
    found as materialized (
        select c.id, c.connection_id, c.workspace_id, c.agent_name, c.connect_time, c.disconnect_time, c.disconnect_reason, c.code, c.ip,
               c.type, c.row_id, c.row_time, l.connect_time as began, l.disconnect_time as ended
        from known c
        join connection_logs l on l.id = c.row_id and l.connect_time = c.row_time
        order by c.connection_id, c.workspace_id, c.agent_name
        for no key update of l
    ),
    -- Their row went with the retention, or by hand; the keys of the others are as new as they are.
    begun_anew as (
        update connection_log_keys k
        set id = c.id, connect_time = c.connect_time, closed_at = case when c.disconnect_time is not null then written end
        from known c
        where k.connection_id = c.connection_id and k.workspace_id = c.workspace_id and k.agent_name = c.agent_name
          and c.row_id <> c.id and c.id not in (select f.id from found f)
    ),
    moved as (
        update connection_log_keys k
        set connect_time = f.connect_time
        from found f
        where k.connection_id = f.connection_id and k.workspace_id = f.workspace_id and k.agent_name = f.agent_name
          and f.began = f.ended and f.connect_time is distinct from f.disconnect_time and f.connect_time < f.began
    ),
    changed as (
        update connection_logs l
        set connect_time = case
                when l.connect_time = l.disconnect_time and f.connect_time is distinct from f.disconnect_time
                then least(l.connect_time, f.connect_time) else l.connect_time end,
            ip = case
                when l.connect_time = l.disconnect_time and f.connect_time is distinct from f.disconnect_time
                    and f.connect_time < l.connect_time
                then f.ip else l.ip end,
            type = case
                when l.connect_time = l.disconnect_time and f.connect_time is distinct from f.disconnect_time
                    and f.connect_time < l.connect_time
                then f.type else l.type end,
            disconnect_time = coalesce(l.disconnect_time, f.disconnect_time),
            disconnect_reason = coalesce(l.disconnect_reason, f.disconnect_reason),
            code = coalesce(l.code, f.code)
        from found f
        where l.id = f.row_id and l.connect_time = f.row_time
          and ((l.disconnect_time is null and f.disconnect_time is not null)
               or (l.disconnect_reason is null and f.disconnect_reason is not null)
               or (l.code is null and f.code is not null)
               or (l.connect_time = l.disconnect_time and f.connect_time is distinct from f.disconnect_time
                   and f.connect_time < l.connect_time))
    )
    select coalesce(array_agg(c.id), '{}') into missing from known c where c.id not in (select f.id from found f);

    insert into connection_logs (
        id, connect_time, organization_id, workspace_owner_id, workspace_id, workspace_name, agent_name, type, ip, code, user_agent,
        user_id, slug_or_port, connection_id, disconnect_time, disconnect_reason)
    select c.id, c.connect_time, c.organization_id, c.workspace_owner_id, c.workspace_id, c.workspace_name, c.agent_name, c.type, c.ip,
           c.code, c.user_agent, c.user_id, c.slug_or_port, c.connection_id, c.disconnect_time, c.disconnect_reason
    from unnest(changes) c
    where c.connection_id is null or c.id = any (missing);
end
$body$;
