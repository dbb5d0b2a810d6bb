-- Accounts, organizations, roles and keys: docs/spec/platform.md, section 3.

create type user_status as enum ('active', 'suspended', 'dormant');
create type login_type as enum ('password', 'github', 'oidc', 'token', 'none', 'oauth2_provider_app');
create type api_key_scope as enum ('all', 'application_connect');
create type group_source as enum ('user', 'oidc');

create table site_configs (
    key text primary key,
    value text not null
);

insert into site_configs (key, value) values ('deployment_id', gen_random_uuid()::text);

create table users (
    id uuid primary key,
    email text not null,
    username text not null check (length(username) >= 1),
    name text not null default '',
    hashed_password bytea not null default '',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    status user_status not null default 'dormant',
    rbac_roles text[] not null default '{}',
    login_type login_type not null default 'password',
    avatar_url text not null default '',
    deleted boolean not null default false,
    last_seen_at timestamptz not null default '0001-01-01 00:00:00+00',
    quiet_hours_schedule text not null default '',
    github_com_user_id bigint,
    hashed_one_time_passcode bytea,
    one_time_passcode_expires_at timestamptz,
    is_system boolean not null default false,
    check ((hashed_one_time_passcode is null) = (one_time_passcode_expires_at is null))
);

create unique index users_email_key on users (lower(email)) where not deleted;
create unique index users_username_key on users (lower(username)) where not deleted;
create index users_list_idx on users (lower(username) text_pattern_ops) where not deleted and not is_system;
create index users_active_idx on users (id) where status = 'active' and not deleted and not is_system;

-- Owns prebuilt workspaces. Its id is known to clients.
insert into users (id, email, username, name, created_at, updated_at, status, login_type, is_system)
values ('c42fdf75-3097-471c-8c33-fb52454d81c0', 'prebuilds@system', 'prebuilds', 'Prebuilds Owner', now(), now(), 'active', 'none', true);

create table organizations (
    id uuid primary key,
    name text not null,
    display_name text not null,
    description text not null default '',
    icon text not null default '',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    is_default boolean not null default false,
    deleted boolean not null default false
);

create unique index organizations_name_key on organizations (lower(name)) where not deleted;
create unique index organizations_default_key on organizations (is_default) where is_default;

create table organization_members (
    organization_id uuid not null references organizations (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    roles text[] not null default '{}',
    primary key (organization_id, user_id)
);

create index organization_members_user_idx on organization_members (user_id) include (organization_id, roles);

create table groups (
    id uuid primary key,
    name text not null,
    organization_id uuid not null references organizations (id) on delete cascade,
    avatar_url text not null default '',
    quota_allowance integer not null default 0,
    display_name text not null default '',
    source group_source not null default 'user'
);

create unique index groups_name_key on groups (organization_id, lower(name));

create table group_members (
    group_id uuid not null references groups (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    primary key (group_id, user_id)
);

create index group_members_user_idx on group_members (user_id);

-- The default organization and its Everyone group, whose id is that of the organization.
with created as (
    insert into organizations (id, name, display_name, created_at, updated_at, is_default)
    values (gen_random_uuid(), 'coder', 'Coder', now(), now(), true)
    returning id
)
insert into groups (id, name, organization_id)
select id, 'Everyone', id from created;

-- Leaving an organization ends the membership in its groups.
create function leave_groups_with_organization() returns trigger language plpgsql as $body$
begin
    delete from group_members gm
    using groups g
    where g.id = gm.group_id and g.organization_id = old.organization_id and gm.user_id = old.user_id;
    return old;
end
$body$;

create trigger organization_members_leave after delete on organization_members
    for each row execute function leave_groups_with_organization();

create table api_keys (
    id text primary key check (length(id) = 10),
    hashed_secret bytea not null,
    user_id uuid not null references users (id) on delete cascade,
    last_used timestamptz not null default '0001-01-01 00:00:00+00',
    expires_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    login_type login_type not null,
    lifetime_seconds bigint not null default 86400,
    ip_address inet not null default '0.0.0.0',
    scope api_key_scope not null default 'all',
    token_name text not null default ''
);

create unique index api_keys_token_name_key on api_keys (user_id, token_name) where login_type = 'token';
create index api_keys_user_idx on api_keys (user_id);
create index api_keys_expires_idx on api_keys (expires_at);

create function refuse_key_of_deleted_user() returns trigger language plpgsql as $body$
begin
    if exists (select 1 from users where id = new.user_id and deleted) then
        raise exception 'user % is deleted', new.user_id using errcode = 'foreign_key_violation', constraint = 'api_keys_user_deleted';
    end if;
    return new;
end
$body$;

create trigger api_keys_user_deleted before insert on api_keys
    for each row execute function refuse_key_of_deleted_user();

create function end_keys_of_deleted_user() returns trigger language plpgsql as $body$
begin
    delete from api_keys where user_id = new.id;
    return new;
end
$body$;

create trigger users_deleted after update of deleted on users
    for each row when (new.deleted and not old.deleted) execute function end_keys_of_deleted_user();

create table custom_roles (
    id uuid primary key,
    name text not null check (name = lower(name)),
    display_name text not null default '',
    organization_id uuid references organizations (id) on delete cascade,
    site_permissions jsonb not null default '[]',
    org_permissions jsonb not null default '[]',
    user_permissions jsonb not null default '[]',
    created_at timestamptz not null,
    updated_at timestamptz not null
);

-- Per organization, and not per deployment: two organizations may use the same name.
create unique index custom_roles_name_key on custom_roles (organization_id, name) where organization_id is not null;
create unique index custom_roles_site_name_key on custom_roles (name) where organization_id is null;

create function drop_custom_role_from_members() returns trigger language plpgsql as $body$
begin
    update organization_members
    set roles = array_remove(roles, old.name)
    where organization_id = old.organization_id and old.name = any (roles);
    return old;
end
$body$;

create trigger custom_roles_deleted before delete on custom_roles
    for each row execute function drop_custom_role_from_members();
