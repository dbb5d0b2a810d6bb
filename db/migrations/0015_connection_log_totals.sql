-- Counts of the connection log without looking at it: docs/spec/connection-logs.md, section 12.3. Measured by script/bench connection-log.
-- At millions of rows the sessions that go on are too many to count, and the days of a year too many to add up.

-- What is written between these numbers and the new triggers would be missing.
lock table connection_logs, connection_log_counts in share row exclusive mode;

alter table connection_log_counts add column ongoing bigint not null default 0;

insert into connection_log_counts as c (day, organization_id, type, slot, rows, ongoing)
select (l.connect_time at time zone 'utc')::date, l.organization_id, l.type, -1, 0, count(*)
from connection_logs l
where l.disconnect_time is null and l.type in ('ssh', 'vscode', 'jetbrains', 'reconnecting_pty')
group by 1, 2, 3;

-- The same over all days.
create table connection_log_totals (
    organization_id uuid not null,
    type connection_type not null,
    slot smallint not null,
    rows bigint not null,
    ongoing bigint not null,
    primary key (organization_id, type, slot)
) with (fillfactor = 50);

insert into connection_log_totals (organization_id, type, slot, rows, ongoing)
select organization_id, type, slot, sum(rows), sum(ongoing)
from connection_log_counts
group by 1, 2, 3;

-- Which sessions go on, in a table of its own: as a condition of an index on the log it would make every end of a session write to all
-- indexes of the log, because none of a row's entries can stay when one has to go.
create table connection_logs_ongoing (
    id uuid primary key,
    connect_time timestamptz not null
);

insert into connection_logs_ongoing (id, connect_time)
select id, connect_time
from connection_logs
where disconnect_time is null and type in ('ssh', 'vscode', 'jetbrains', 'reconnecting_pty');

create index connection_logs_ongoing_time_idx on connection_logs_ongoing (connect_time desc, id desc);
drop index connection_logs_ongoing_idx;

-- The end then needs no more than a little room on the page of the row.
alter table connection_logs set (fillfactor = 90);

-- A slot that no other transaction writes to, so that none waits for another's numbers, in whatever order they come. Slot -1 is the
-- repair's. Only when all are taken one waits, and then it has none.
create function connection_log_slot() returns smallint language plpgsql as $body$
declare
    mine smallint;
begin
    for candidate in 0..7 loop
        if pg_try_advisory_xact_lock(1330529357, candidate) then
            return candidate;
        end if;
    end loop;
    mine := pg_backend_pid() % 8;
    perform pg_advisory_xact_lock(1330529357, mine);
    return mine;
end
$body$;

create function connection_log_ongoing(type connection_type, disconnect_time timestamptz) returns integer language sql immutable as $body$
    select (disconnect_time is null and type in ('ssh', 'vscode', 'jetbrains', 'reconnecting_pty'))::integer
$body$;

create or replace function connection_logs_count_inserted() returns trigger language plpgsql as $body$
declare
    mine constant smallint := connection_log_slot();
begin
    insert into connection_log_counts as c (day, organization_id, type, slot, rows, ongoing)
    select (n.connect_time at time zone 'utc')::date as day, n.organization_id, n.type, mine, count(*),
           sum(connection_log_ongoing(n.type, n.disconnect_time))
    from new_rows n
    group by 1, 2, 3
    order by 2, 3, 1
    on conflict (organization_id, type, day, slot) do update set rows = c.rows + excluded.rows, ongoing = c.ongoing + excluded.ongoing;

    insert into connection_logs_ongoing (id, connect_time)
    select n.id, n.connect_time from new_rows n where connection_log_ongoing(n.type, n.disconnect_time) = 1;
    return null;
end
$body$;

create or replace function connection_logs_count_deleted() returns trigger language plpgsql as $body$
declare
    mine constant smallint := connection_log_slot();
begin
    insert into connection_log_counts as c (day, organization_id, type, slot, rows, ongoing)
    select (o.connect_time at time zone 'utc')::date as day, o.organization_id, o.type, mine, -count(*),
           -sum(connection_log_ongoing(o.type, o.disconnect_time))
    from old_rows o
    group by 1, 2, 3
    order by 2, 3, 1
    on conflict (organization_id, type, day, slot) do update set rows = c.rows + excluded.rows, ongoing = c.ongoing + excluded.ongoing;

    delete from connection_logs_ongoing s
    where s.id = any (array(select o.id from old_rows o where connection_log_ongoing(o.type, o.disconnect_time) = 1));
    return null;
end
$body$;

create or replace function connection_logs_count_updated() returns trigger language plpgsql as $body$
declare
    mine constant smallint := connection_log_slot();
begin
    insert into connection_log_counts as c (day, organization_id, type, slot, rows, ongoing)
    select (m.connect_time at time zone 'utc')::date as day, m.organization_id, m.type, mine, sum(m.rows), sum(m.ongoing)
    from (
        select n.connect_time, n.organization_id, n.type, 1 as rows, connection_log_ongoing(n.type, n.disconnect_time) as ongoing
        from new_rows n
        union all
        select o.connect_time, o.organization_id, o.type, -1, -connection_log_ongoing(o.type, o.disconnect_time)
        from old_rows o
    ) m
    group by 1, 2, 3
    having sum(m.rows) <> 0 or sum(m.ongoing) <> 0
    order by 2, 3, 1
    on conflict (organization_id, type, day, slot) do update set rows = c.rows + excluded.rows, ongoing = c.ongoing + excluded.ongoing;

    delete from connection_logs_ongoing s
    where s.id = any (array(select n.id from new_rows n where connection_log_ongoing(n.type, n.disconnect_time) = 0));

    -- Only an operator by hand does this to a row.
    insert into connection_logs_ongoing as s (id, connect_time)
    select n.id, n.connect_time from new_rows n where connection_log_ongoing(n.type, n.disconnect_time) = 1
    on conflict (id) do update set connect_time = excluded.connect_time;
    return null;
end
$body$;

-- The totals follow the days, whoever changes those: they need no repair of their own.
create function connection_log_counts_total() returns trigger language plpgsql as $body$
begin
    if tg_op = 'INSERT' then
        insert into connection_log_totals as t (organization_id, type, slot, rows, ongoing)
        select n.organization_id, n.type, n.slot, sum(n.rows), sum(n.ongoing)
        from new_rows n
        group by 1, 2, 3
        order by 1, 2, 3
        on conflict (organization_id, type, slot) do update set rows = t.rows + excluded.rows, ongoing = t.ongoing + excluded.ongoing;
    elsif tg_op = 'UPDATE' then
        insert into connection_log_totals as t (organization_id, type, slot, rows, ongoing)
        select m.organization_id, m.type, m.slot, sum(m.rows), sum(m.ongoing)
        from (
            select n.organization_id, n.type, n.slot, n.rows, n.ongoing from new_rows n
            union all
            select o.organization_id, o.type, o.slot, -o.rows, -o.ongoing from old_rows o
        ) m
        group by 1, 2, 3
        having sum(m.rows) <> 0 or sum(m.ongoing) <> 0
        order by 1, 2, 3
        on conflict (organization_id, type, slot) do update set rows = t.rows + excluded.rows, ongoing = t.ongoing + excluded.ongoing;
    elsif tg_op = 'DELETE' then
        insert into connection_log_totals as t (organization_id, type, slot, rows, ongoing)
        select o.organization_id, o.type, o.slot, -sum(o.rows), -sum(o.ongoing)
        from old_rows o
        group by 1, 2, 3
        order by 1, 2, 3
        on conflict (organization_id, type, slot) do update set rows = t.rows + excluded.rows, ongoing = t.ongoing + excluded.ongoing;
    else
        truncate connection_log_totals;
    end if;

    return null;
end
$body$;

create trigger connection_log_counts_inserted after insert on connection_log_counts
    referencing new table as new_rows
    for each statement execute function connection_log_counts_total();

create trigger connection_log_counts_updated after update on connection_log_counts
    referencing old table as old_rows new table as new_rows
    for each statement execute function connection_log_counts_total();

create trigger connection_log_counts_deleted after delete on connection_log_counts
    referencing old table as old_rows
    for each statement execute function connection_log_counts_total();

create trigger connection_log_counts_truncated after truncate on connection_log_counts
    for each statement execute function connection_log_counts_total();

create or replace function connection_logs_count_truncated() returns trigger language plpgsql as $body$
begin
    truncate connection_log_counts, connection_logs_ongoing;
    return null;
end
$body$;
