-- Settings of users, and the history of their status: docs/spec/platform.md, sections 3 and 8.2.

create table user_configs (
    user_id uuid not null references users (id) on delete cascade,
    key text not null,
    value text not null,
    primary key (user_id, key)
);

-- One row for every change; no status means that the user was deleted.
create table user_status_changes (
    id bigint generated always as identity primary key,
    user_id uuid not null references users (id) on delete cascade,
    new_status user_status,
    changed_at timestamptz not null
);

create index user_status_changes_user_idx on user_status_changes (user_id, id);

insert into user_status_changes (user_id, new_status, changed_at)
select id, status, created_at from users where not is_system;

insert into user_status_changes (user_id, new_status, changed_at)
select id, null, updated_at from users where deleted and not is_system;

create function note_user_status() returns trigger language plpgsql as $body$
begin
    insert into user_status_changes (user_id, new_status, changed_at)
    values (new.id, case when new.deleted then null else new.status end, case when tg_op = 'INSERT' then new.created_at else new.updated_at end);
    return new;
end
$body$;

create trigger users_status_inserted after insert on users
    for each row when (not new.is_system) execute function note_user_status();

create trigger users_status_changed after update of status, deleted on users
    for each row when (not new.is_system and (new.status, new.deleted) is distinct from (old.status, old.deleted))
    execute function note_user_status();
