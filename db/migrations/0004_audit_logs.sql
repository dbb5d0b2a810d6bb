-- The audit log: docs/spec/connection-logs.md, section 3.3.

create type audit_resource_type as enum (
    'organization', 'template', 'template_version', 'user', 'workspace', 'git_ssh_key', 'api_key', 'group', 'workspace_build', 'license',
    'workspace_proxy', 'convert_login', 'health_settings', 'oauth2_provider_app', 'oauth2_provider_app_secret', 'custom_role',
    'organization_member', 'notifications_settings', 'notification_template', 'idp_sync_settings_organization', 'idp_sync_settings_group',
    'idp_sync_settings_role', 'workspace_agent', 'workspace_app', 'prebuilds_settings');

create type audit_action as enum (
    'create', 'write', 'delete', 'start', 'stop', 'login', 'logout', 'register', 'request_password_reset',
    'connect', 'disconnect', 'open', 'close');

-- No foreign keys: history outlives what it is about. The nil UUID means nobody, or the deployment as a whole.
create table audit_logs (
    id uuid primary key,
    time timestamptz not null,
    user_id uuid not null,
    organization_id uuid not null,
    ip inet,
    user_agent varchar(256),
    resource_type audit_resource_type not null,
    resource_id uuid not null,
    resource_target text not null,
    action audit_action not null,
    diff jsonb not null,
    status_code integer not null,
    additional_fields jsonb not null,
    request_id uuid not null,
    resource_icon text not null
);

create index audit_logs_time_idx on audit_logs (time desc, id desc);
create index audit_logs_organization_idx on audit_logs (organization_id, time desc, id desc);
create index audit_logs_user_idx on audit_logs (user_id, time desc, id desc);
create index audit_logs_resource_idx on audit_logs (resource_id, time desc, id desc);
create index audit_logs_request_idx on audit_logs (request_id);
create index audit_logs_type_idx on audit_logs (resource_type, action, time desc, id desc);

-- A hash, since a name may be longer than an entry of a tree may be.
create index audit_logs_target_idx on audit_logs using hash (lower(resource_target));

-- Finds the legacy connection events that are to be purged; empty on a new deployment.
create index audit_logs_connections_idx on audit_logs (time) where action in ('connect', 'disconnect', 'open', 'close');
