-- Workspace proxies and inboxes: docs/spec/platform.md, section 8.5.

create table workspace_proxies (
    id uuid primary key,
    name text not null,
    display_name text not null default '',
    icon text not null default '',
    -- Where the proxy serves; empty until it registers itself.
    url text not null default '',
    wildcard_hostname text not null default '',
    version text not null default '',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    -- A deleted proxy keeps its row, because logs name it.
    deleted boolean not null default false,
    -- SHA-256 of the secret half of the token.
    token_hashed_secret bytea not null check (length(token_hashed_secret) = 32)
);

create unique index workspace_proxies_name_key on workspace_proxies (lower(name)) where not deleted;

create table inbox_notifications (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    -- The kind of notification; kinds are known to the program.
    template_id uuid not null,
    -- What the notification is about, such as a template or a workspace.
    targets uuid[] not null default '{}',
    title text not null,
    content text not null,
    icon text not null default '',
    actions jsonb not null default '[]' check (jsonb_typeof(actions) = 'array'),
    read_at timestamptz,
    created_at timestamptz not null
);

create index inbox_notifications_list_idx on inbox_notifications (user_id, created_at desc, id desc);
create index inbox_notifications_unread_idx on inbox_notifications (user_id) where read_at is null;
