-- Open connections of a session end with it, on every node. Hints leave at the commit; few keys are named, many are one hint to look.

create function tell_ended_sessions() returns trigger
language plpgsql as
$$
begin
    if (select count(*) from ended) > 16 then
        perform pg_notify('sessions', '');
    else
        perform pg_notify('sessions', id) from ended;
    end if;
    return null;
end
$$;

create trigger api_keys_tell_ended
    after delete on api_keys
    referencing old table as ended
    for each statement execute function tell_ended_sessions();

create function tell_ended_account() returns trigger
language plpgsql as
$$
begin
    perform pg_notify('sessions', '');
    return null;
end
$$;

create trigger users_tell_ended
    after update of status, deleted on users
    for each row
    when (old.status is distinct from new.status or old.deleted is distinct from new.deleted)
    execute function tell_ended_account();
