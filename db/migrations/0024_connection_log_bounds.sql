-- As few partitions as there are months to keep, whatever times are reported: docs/spec/connection-logs.md, section 12.6. A wrong clock
-- could have a month for each of its events, because nothing was left for the times before the months once the history was dropped.

-- Makes a partition without rows; infinity is the end of all times. Readers and writers go on meanwhile.
create function connection_logs_add_partition(wanted text, since timestamptz, until timestamptz) returns void language plpgsql as $body$
declare
    name text := wanted;
begin
    -- One that was detached, to be kept elsewhere, may still have the name.
    while to_regclass(name) is not null loop
        name := name || '_';
    end loop;

    execute format('create table %I (like connection_logs including defaults) with (fillfactor = 90)', name);
    execute format('alter table %I add primary key (id)', name);
    perform connection_logs_follow(to_regclass(name));
    execute format(
        'alter table connection_logs attach partition %I for values from (%s) to (%s)', name,
        case when isfinite(since) then quote_literal(since) else 'minvalue' end,
        case when isfinite(until) then quote_literal(until) else 'maxvalue' end);
end
$body$;

create function connection_logs_has_room(moment timestamptz) returns boolean language sql stable as $body$
    select exists (
        select 1 from connection_log_partitions() p where p.since <= moment and (moment < p.until or p.until = 'infinity'))
$body$;

-- Makes the partition for a time, unless there is one. Only the months of a year before the present and of a year after it have one each.
-- What is older, or further ahead, has one together, as far as there is nothing yet.
create function connection_logs_make_room(moment timestamptz, present timestamptz) returns boolean language plpgsql as $body$
declare
    this_month constant timestamptz := connection_log_month(present, 0);
    long_ago constant timestamptz := connection_log_month(present, -12);
    far_ahead constant timestamptz := connection_log_month(present, 14);
    since timestamptz;
    until timestamptz;
begin
    if connection_logs_has_room(moment) then
        return false;
    end if;

    lock table only connection_logs in share update exclusive mode;
    if connection_logs_has_room(moment) then
        return false;
    end if;

    select coalesce(max(p.until) filter (where p.until <= moment), '-infinity'),
           coalesce(min(p.since) filter (where p.since > moment), 'infinity')
    into since, until
    from connection_log_partitions() p;

    if since = '-infinity' and moment < least(until, this_month) then
        perform connection_logs_add_partition('connection_logs_history', since, least(until, this_month));
    elsif moment >= far_ahead then
        perform connection_logs_add_partition('connection_logs_future', greatest(since, far_ahead), until);
    elsif moment < long_ago then
        perform connection_logs_add_partition(
            'connection_logs_' || to_char(since at time zone 'utc', 'YYYY_MM'), since, least(until, long_ago));
    else
        perform connection_logs_add_partition(
            'connection_logs_' || to_char(moment at time zone 'utc', 'YYYY_MM'),
            greatest(since, connection_log_month(moment, 0)),
            least(until, connection_log_month(moment, 1)));
    end if;

    return true;
end
$body$;

-- The same for many times, but no more partitions than a transaction should make: each takes a dozen locks, of which there is no endless
-- number. As many as that say that more may be missing.
create function connection_logs_make_rooms(times timestamptz[], present timestamptz, most integer) returns integer language plpgsql as $body$
declare
    made integer := 0;
    moment timestamptz;
begin
    while made < most loop
        with parts as materialized (
            select p.since, p.until from connection_log_partitions() p
        )
        select min(t) into moment
        from unnest(times) t
        where not exists (select 1 from parts p where p.since <= t and (t < p.until or p.until = 'infinity'));
        exit when moment is null;

        perform connection_logs_make_room(moment, present);
        made := made + 1;
    end loop;

    return made;
end
$body$;

create or replace function connection_logs_add_month(moment timestamptz) returns boolean language sql as $body$
    select connection_logs_make_room(moment, moment)
$body$;

-- Takes a partition out of the log, under a name that is in nobody's way. Its numbers are for the caller to forget.
create function connection_logs_take_out(target regclass, place integer) returns regclass language plpgsql as $body$
declare
    name constant text := 'connection_logs_taken_out_' || place;
begin
    execute format('alter table connection_logs detach partition %s', target);
    execute format('alter table %s rename to %I', target, name);
    return to_regclass(name);
end
$body$;

-- Forgets the numbers of a time whose partitions were taken out, and says how many rows those had.
create function connection_logs_forget(since timestamptz, until timestamptz) returns bigint language plpgsql as $body$
declare
    forgotten bigint;
begin
    delete from connection_logs_ongoing s where s.connect_time >= since and s.connect_time < until;
    with gone as (
        delete from connection_log_counts n
        where n.day >= (since at time zone 'utc')::date and n.day < (until at time zone 'utc')::date
        returning n.rows
    )
    select coalesce(sum(g.rows), 0) into forgotten from gone g;
    return forgotten;
end
$body$;

-- Writes rows of a partition that was taken out to the log again, and their numbers with them.
create function connection_logs_put_back(source regclass, ids uuid[]) returns bigint language plpgsql as $body$
declare
    written bigint;
begin
    execute format(
        'insert into connection_logs (
             id, connect_time, organization_id, workspace_owner_id, workspace_id, workspace_name, agent_name, type, ip, code, user_agent,
             user_id, slug_or_port, connection_id, disconnect_time, disconnect_reason)
         select k.id, k.connect_time, k.organization_id, k.workspace_owner_id, k.workspace_id, k.workspace_name, k.agent_name, k.type, k.ip,
                k.code, k.user_agent, k.user_id, k.slug_or_port, k.connection_id, k.disconnect_time, k.disconnect_reason
         from %s k
         where k.id = any ($1)', source)
    using ids;
    get diagnostics written = row_count;
    return written;
end
$body$;

-- What may be dropped together now: the oldest month with what is before it, which then ends where the month has ended. What is before all
-- months is dropped by itself only when many rows go with it, for late reports would have it made anew each time.
create function connection_logs_droppable(before timestamptz, ongoing_before timestamptz, worth bigint)
returns table (names regclass[], until timestamptz) language sql stable as $body$
    select t.names, t.until
    from (
        select array_agg(o.name order by o.until) as names, min(o.since) as since, max(o.until) as until
        from (
            select p.name, p.since, p.until
            from connection_log_partitions() p
            where p.until <= before
            order by p.until
            limit 2
        ) o
    ) t
    where cardinality(t.names) = 2
       or t.since > '-infinity'
       or (select coalesce(sum(n.rows), 0) from connection_log_counts n where n.day < (t.until at time zone 'utc')::date)
          - (select count(*) from connection_logs_ongoing s where s.connect_time >= ongoing_before and s.connect_time < t.until)
          >= greatest(worth, 1)
$body$;

-- Drops that, and says how many rows went; null when there is nothing. What goes on is kept, in a new partition for all that is before the
-- months that are left.
create function connection_logs_drop_month(before timestamptz, ongoing_before timestamptz, worth bigint) returns bigint
language plpgsql as $body$
declare
    old record;
    kept uuid[];
    taken_out regclass[] := '{}';
    part regclass;
    removed bigint;
    following timestamptz;
begin
    select d.names, d.until into old from connection_logs_droppable(before, ongoing_before, worth) d;
    if not found then
        return null;
    end if;

    -- Whoever writes to the log, or to its numbers, has the log too.
    lock table only connection_logs in access exclusive mode;
    select d.names, d.until into old from connection_logs_droppable(before, ongoing_before, worth) d;
    if not found then
        return null;
    end if;

    kept := array(
        select s.id from connection_logs_ongoing s where s.connect_time >= ongoing_before and s.connect_time < old.until);
    foreach part in array old.names loop
        taken_out := taken_out || connection_logs_take_out(part, cardinality(taken_out) + 1);
    end loop;

    removed := connection_logs_forget('-infinity', old.until);
    select coalesce(min(p.since), 'infinity') into following from connection_log_partitions() p;
    perform connection_logs_add_partition(
        'connection_logs_history', '-infinity', least(following, greatest(old.until, connection_log_month(before, 0))));
    foreach part in array taken_out loop
        removed := removed - connection_logs_put_back(part, kept);
        execute format('drop table %s', part);
    end loop;

    return removed;
end
$body$;

-- For servers of the version before, which may still run.
create or replace function connection_logs_drop_month(before timestamptz, ongoing_before timestamptz) returns bigint language sql as $body$
    select connection_logs_drop_month(before, ongoing_before, 10000)
$body$;

-- When the present comes near to what was far ahead, its rows go to months like others. That is once in a year at most, and there are hardly
-- any.
create function connection_logs_advance(present timestamptz) returns boolean language plpgsql as $body$
declare
    near constant timestamptz := connection_log_month(present, 2);
    far record;
    part regclass;
    ids uuid[];
    months timestamptz[];
begin
    select p.name, p.since, p.until into far
    from connection_log_partitions() p
    join pg_class c on c.oid = p.name
    where c.relname ~ '^connection_logs_future_*$' and p.since < near
    order by p.since
    limit 1;
    if not found then
        return false;
    end if;

    lock table only connection_logs in access exclusive mode;
    if not exists (select 1 from connection_log_partitions() p where p.name = far.name) then
        return false;
    end if;

    part := connection_logs_take_out(far.name, 1);
    perform connection_logs_forget(far.since, far.until);
    execute format('select array_agg(k.id), array_agg(distinct connection_log_month(k.connect_time, 0)) from %s k', part) into ids, months;
    perform connection_logs_make_rooms(months, present, cardinality(months));
    perform connection_logs_put_back(part, ids);
    execute format('drop table %s', part);
    return true;
end
$body$;
