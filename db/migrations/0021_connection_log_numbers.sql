-- Less work for each report, and next to none for a statement that touches no row: docs/spec/connection-logs.md, section 12.3. Measured by
-- script/bench ingestion. What is written is what it was.

-- The log's own triggers write the totals together with the days. Whoever else changes the days still has the totals follow.
drop trigger connection_log_counts_inserted on connection_log_counts;
drop trigger connection_log_counts_updated on connection_log_counts;

create trigger connection_log_counts_inserted after insert on connection_log_counts
    referencing new table as new_rows
    for each statement when (pg_trigger_depth() = 0) execute function connection_log_counts_total();

create trigger connection_log_counts_updated after update on connection_log_counts
    referencing old table as old_rows new table as new_rows
    for each statement when (pg_trigger_depth() = 0) execute function connection_log_counts_total();

create or replace function connection_logs_count_inserted() returns trigger language plpgsql as $body$
declare
    mine smallint;
begin
    if not exists (select 1 from new_rows) then
        return null;
    end if;

    mine := connection_log_slot();
    with numbers as materialized (
        select (n.connect_time at time zone 'utc')::date as day, n.organization_id, n.type, count(*) as rows,
               sum(connection_log_ongoing(n.type, n.disconnect_time)) as ongoing
        from new_rows n
        group by 1, 2, 3
    ), days as (
        insert into connection_log_counts as c (day, organization_id, type, slot, rows, ongoing)
        select n.day, n.organization_id, n.type, mine, n.rows, n.ongoing from numbers n
        on conflict (organization_id, type, day, slot) do update set rows = c.rows + excluded.rows, ongoing = c.ongoing + excluded.ongoing
    ), totals as (
        insert into connection_log_totals as t (organization_id, type, slot, rows, ongoing)
        select n.organization_id, n.type, mine, sum(n.rows), sum(n.ongoing) from numbers n group by 1, 2
        on conflict (organization_id, type, slot) do update set rows = t.rows + excluded.rows, ongoing = t.ongoing + excluded.ongoing
    )
    insert into connection_logs_ongoing (id, connect_time)
    select n.id, n.connect_time from new_rows n where connection_log_ongoing(n.type, n.disconnect_time) = 1;
    return null;
end
$body$;

create or replace function connection_logs_count_updated() returns trigger language plpgsql as $body$
declare
    mine smallint;
begin
    if not exists (select 1 from new_rows) then
        return null;
    end if;

    mine := connection_log_slot();
    with changes as materialized (
        select (n.connect_time at time zone 'utc')::date as day, n.organization_id, n.type, 1 as rows,
               connection_log_ongoing(n.type, n.disconnect_time) as ongoing
        from new_rows n
        union all
        select (o.connect_time at time zone 'utc')::date, o.organization_id, o.type, -1, -connection_log_ongoing(o.type, o.disconnect_time)
        from old_rows o
    ), numbers as materialized (
        select c.day, c.organization_id, c.type, sum(c.rows) as rows, sum(c.ongoing) as ongoing
        from changes c
        group by 1, 2, 3
        having sum(c.rows) <> 0 or sum(c.ongoing) <> 0
    ), days as (
        insert into connection_log_counts as c (day, organization_id, type, slot, rows, ongoing)
        select n.day, n.organization_id, n.type, mine, n.rows, n.ongoing from numbers n
        on conflict (organization_id, type, day, slot) do update set rows = c.rows + excluded.rows, ongoing = c.ongoing + excluded.ongoing
    ), totals as (
        insert into connection_log_totals as t (organization_id, type, slot, rows, ongoing)
        select n.organization_id, n.type, mine, sum(n.rows), sum(n.ongoing) from numbers n group by 1, 2
        on conflict (organization_id, type, slot) do update set rows = t.rows + excluded.rows, ongoing = t.ongoing + excluded.ongoing
    )
    delete from connection_logs_ongoing s
    where s.id = any (array(select n.id from new_rows n where connection_log_ongoing(n.type, n.disconnect_time) = 0));

    -- Only an operator by hand does this to a row, or a late start to one that began on another day.
    if exists (select 1 from new_rows n where connection_log_ongoing(n.type, n.disconnect_time) = 1) then
        insert into connection_logs_ongoing as s (id, connect_time)
        select n.id, n.connect_time from new_rows n where connection_log_ongoing(n.type, n.disconnect_time) = 1
        on conflict (id) do update set connect_time = excluded.connect_time;
    end if;

    return null;
end
$body$;

create or replace function connection_logs_count_deleted() returns trigger language plpgsql as $body$
declare
    mine smallint;
begin
    if not exists (select 1 from old_rows) then
        return null;
    end if;

    mine := connection_log_slot();
    with numbers as materialized (
        select (o.connect_time at time zone 'utc')::date as day, o.organization_id, o.type, count(*) as rows,
               sum(connection_log_ongoing(o.type, o.disconnect_time)) as ongoing
        from old_rows o
        group by 1, 2, 3
    ), days as (
        insert into connection_log_counts as c (day, organization_id, type, slot, rows, ongoing)
        select n.day, n.organization_id, n.type, mine, -n.rows, -n.ongoing from numbers n
        on conflict (organization_id, type, day, slot) do update set rows = c.rows + excluded.rows, ongoing = c.ongoing + excluded.ongoing
    ), totals as (
        insert into connection_log_totals as t (organization_id, type, slot, rows, ongoing)
        select n.organization_id, n.type, mine, -sum(n.rows), -sum(n.ongoing) from numbers n group by 1, 2
        on conflict (organization_id, type, slot) do update set rows = t.rows + excluded.rows, ongoing = t.ongoing + excluded.ongoing
    )
    delete from connection_logs_ongoing s
    where s.id = any (array(select o.id from old_rows o where connection_log_ongoing(o.type, o.disconnect_time) = 1));
    return null;
end
$body$;
