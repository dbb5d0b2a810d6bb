-- Keys that may do less than their users, and accounts of machines: docs/spec/platform.md, sections 3, 8.2 and 8.3.

-- A server that does not know limited keys yet refuses the name, and so never takes one for a key without limits.
alter type api_key_scope add value 'limited';

alter table api_keys
    add column scopes text[],
    add column allow_list text[],
    add constraint api_keys_limits_check
        check ((scopes is null) = (scope::text <> 'limited') and (allow_list is null) = (scope::text <> 'limited'));

alter table users
    add column is_service_account boolean not null default false,
    add constraint users_service_account_check check (not is_service_account or login_type = 'none');

-- Those who take a seat of the license.
drop index users_active_idx;
create index users_seats_idx on users (id) where status = 'active' and not deleted and not is_system and not is_service_account;

-- Finds users by a part of their address or names. Where PostgreSQL has no trigrams, or does not let us use them, a search reads all users.
do $body$
begin
    create extension if not exists pg_trgm;
    create index users_search_idx on users
        using gin ((lower(email) || chr(10) || lower(username) || chr(10) || lower(name)) gin_trgm_ops)
        where not deleted and not is_system;
exception
    when insufficient_privilege or feature_not_supported or undefined_file or undefined_object then
        raise notice 'There is no index for searching users: %', sqlerrm;
end
$body$;
