-- Templates, the provisioner queue, workspaces and their builds: docs/spec/workspaces.md, section 2.
-- Durations are nanoseconds, as clients send them.

create type provisioner_type as enum ('echo', 'terraform');
create type provisioner_storage_method as enum ('file');
create type provisioner_job_type as enum ('template_version_import', 'workspace_build', 'template_version_dry_run');
create type provisioner_job_status as enum ('pending', 'running', 'succeeded', 'canceling', 'canceled', 'failed');
create type log_source as enum ('provisioner_daemon', 'provisioner');
create type log_level as enum ('trace', 'debug', 'info', 'warn', 'error');
create type workspace_transition as enum ('start', 'stop', 'delete');
create type build_reason as enum (
    'initiator', 'autostart', 'autostop', 'dormancy', 'failedstop', 'autodelete',
    'dashboard', 'cli', 'ssh_connection', 'vscode_connection', 'jetbrains_connection');
create type automatic_updates as enum ('always', 'never');
create type app_sharing_level as enum ('owner', 'authenticated', 'organization', 'public');
create type cors_behavior as enum ('simple', 'passthru');
create type prebuild_status as enum ('healthy', 'hard_limited', 'validation_failed');
create type agent_lifecycle_state as enum (
    'created', 'starting', 'start_timeout', 'start_error', 'ready', 'shutting_down', 'shutdown_timeout', 'shutdown_error', 'off');
create type app_health as enum ('disabled', 'initializing', 'healthy', 'unhealthy');
create type app_open_in as enum ('slim-window', 'tab');
create type app_status_state as enum ('working', 'idle', 'complete', 'failure');
create type port_share_protocol as enum ('http', 'https');

create table files (
    id uuid primary key,
    hash varchar(64) not null,
    created_at timestamptz not null,
    created_by uuid not null references users (id),
    mimetype text not null,
    data bytea not null,
    unique (hash, created_by)
);

-- Archives are compressed already, or read as a whole.
alter table files alter column data set storage external;

create table provisioner_keys (
    id uuid primary key,
    organization_id uuid not null references organizations (id) on delete cascade,
    created_at timestamptz not null,
    name varchar(64) not null,
    hashed_secret bytea not null unique,
    tags jsonb not null default '{}'
);

create unique index provisioner_keys_name_key on provisioner_keys (organization_id, lower(name));

create table provisioner_daemons (
    id uuid primary key,
    created_at timestamptz not null,
    name varchar(64) not null,
    provisioners provisioner_type[] not null,
    tags jsonb not null default '{}',
    last_seen_at timestamptz,
    version text not null default '',
    api_version text not null default '1.9',
    organization_id uuid not null references organizations (id) on delete cascade,
    key_id uuid references provisioner_keys (id) on delete cascade,
    registered_by uuid references users (id) on delete set null
);

create unique index provisioner_daemons_name_key
    on provisioner_daemons (organization_id, name, lower(coalesce(tags ->> 'owner', '')));
create index provisioner_daemons_seen_idx on provisioner_daemons (organization_id, last_seen_at);

create table provisioner_jobs (
    id uuid primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    started_at timestamptz,
    canceled_at timestamptz,
    completed_at timestamptz,
    error text,
    error_code text,
    organization_id uuid not null references organizations (id) on delete cascade,
    initiator_id uuid not null,
    provisioner provisioner_type not null,
    storage_method provisioner_storage_method not null default 'file',
    type provisioner_job_type not null,
    input jsonb not null,
    worker_id uuid,
    file_id uuid not null references files (id),
    tags jsonb not null default '{"scope": "organization", "owner": ""}',
    trace_metadata jsonb,
    logs_length integer not null default 0 check (logs_length between 0 and 1048576),
    logs_overflowed boolean not null default false,
    -- 0: somebody waits for it; 1: stock.
    priority smallint not null default 0 check (priority in (0, 1)),
    acquire_request_id uuid,
    -- The first match wins; the same table stands in the domain, and a test keeps the two equal.
    job_status provisioner_job_status not null generated always as (
        case
            when error is not null and error <> '' then 'failed'::provisioner_job_status
            when completed_at is not null and canceled_at is not null then 'canceled'::provisioner_job_status
            when completed_at is not null then 'succeeded'::provisioner_job_status
            when canceled_at is not null then 'canceling'::provisioner_job_status
            when started_at is not null then 'running'::provisioner_job_status
            else 'pending'::provisioner_job_status
        end) stored
);

create index provisioner_jobs_queue_idx on provisioner_jobs (organization_id, priority, created_at, id)
    where started_at is null and completed_at is null and canceled_at is null;
create index provisioner_jobs_active_idx on provisioner_jobs (updated_at) where completed_at is null;
create index provisioner_jobs_organization_idx on provisioner_jobs (organization_id, created_at desc);
create index provisioner_jobs_worker_idx on provisioner_jobs (worker_id, started_at desc) where worker_id is not null;
create unique index provisioner_jobs_acquire_key on provisioner_jobs (worker_id, acquire_request_id) where acquire_request_id is not null;

create table provisioner_job_logs (
    id bigint generated always as identity primary key,
    job_id uuid not null references provisioner_jobs (id) on delete cascade,
    created_at timestamptz not null,
    source log_source not null,
    level log_level not null,
    stage varchar(128) not null,
    output varchar(1024) not null
);

create index provisioner_job_logs_job_idx on provisioner_job_logs (job_id, id);

create table provisioner_job_timings (
    job_id uuid not null references provisioner_jobs (id) on delete cascade,
    started_at timestamptz not null,
    ended_at timestamptz not null,
    stage text not null,
    source text not null,
    action text not null,
    resource text not null
);

create index provisioner_job_timings_job_idx on provisioner_job_timings (job_id, started_at);

create table templates (
    id uuid primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    organization_id uuid not null references organizations (id) on delete cascade,
    deleted boolean not null default false,
    name varchar(64) not null,
    provisioner provisioner_type not null,
    active_version_id uuid not null,
    description varchar(128) not null default '',
    default_ttl bigint not null default 0,
    activity_bump bigint not null default 3600000000000,
    created_by uuid not null references users (id),
    icon varchar(256) not null default '',
    user_acl jsonb not null default '{}',
    group_acl jsonb not null default '{}',
    display_name varchar(64) not null default '',
    allow_user_cancel_workspace_jobs boolean not null default true,
    allow_user_autostart boolean not null default true,
    allow_user_autostop boolean not null default true,
    failure_ttl bigint not null default 0,
    time_til_dormant bigint not null default 0,
    time_til_dormant_autodelete bigint not null default 0,
    -- Days as bits, Monday first; 0 means that nothing is required.
    autostop_requirement_days_of_week smallint not null default 0 check (autostop_requirement_days_of_week between 0 and 127),
    autostop_requirement_weeks bigint not null default 0 check (autostop_requirement_weeks between 0 and 16),
    -- The inverse of the allowed days, so that 0 allows all.
    autostart_block_days_of_week smallint not null default 0 check (autostart_block_days_of_week between 0 and 127),
    require_active_version boolean not null default false,
    deprecated text not null default '',
    max_port_sharing_level app_sharing_level not null default 'owner',
    use_classic_parameter_flow boolean not null default true,
    cors_behavior cors_behavior not null default 'simple'
);

create unique index templates_name_key on templates (organization_id, lower(name)) where not deleted;

create table template_versions (
    id uuid primary key,
    template_id uuid references templates (id) on delete cascade,
    organization_id uuid not null references organizations (id) on delete cascade,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    name varchar(64) not null,
    readme text not null default '',
    job_id uuid not null unique references provisioner_jobs (id),
    created_by uuid not null references users (id),
    message varchar(1048576) not null default '',
    archived boolean not null default false,
    source_example_id text,
    has_ai_task boolean,
    has_external_agent boolean,
    unique (template_id, name)
);

create table template_version_parameters (
    template_version_id uuid not null references template_versions (id) on delete cascade,
    name text not null,
    display_name text not null default '',
    description text not null default '',
    type text not null check (type in ('string', 'number', 'bool', 'list(string)')),
    form_type text not null default '',
    mutable boolean not null default true,
    default_value text not null default '',
    icon text not null default '',
    options jsonb not null default '[]',
    validation_regex text not null default '',
    validation_error text not null default '',
    validation_min integer,
    validation_max integer,
    validation_monotonic text not null default '' check (validation_monotonic in ('increasing', 'decreasing', '')),
    required boolean not null default true,
    ephemeral boolean not null default false,
    display_order integer not null default 0,
    unique (template_version_id, name)
);

create table template_version_variables (
    template_version_id uuid not null references template_versions (id) on delete cascade,
    name text not null,
    description text not null default '',
    type text not null check (type in ('string', 'number', 'bool')),
    value text not null default '',
    default_value text not null default '',
    required boolean not null default false,
    sensitive boolean not null default false,
    unique (template_version_id, name)
);

create table template_version_presets (
    id uuid primary key,
    template_version_id uuid not null references template_versions (id) on delete cascade,
    name text not null,
    created_at timestamptz not null,
    -- Null: no prebuilt workspaces.
    desired_instances integer check (desired_instances >= 0),
    invalidate_after_secs integer,
    prebuild_status prebuild_status not null default 'healthy',
    scheduling_timezone text not null default '',
    is_default boolean not null default false,
    description varchar(128) not null default '',
    icon varchar(256) not null default '',
    unique (template_version_id, name)
);

create unique index template_version_presets_default_key on template_version_presets (template_version_id) where is_default;

create table template_version_preset_parameters (
    template_version_preset_id uuid not null references template_version_presets (id) on delete cascade,
    name text not null,
    value text not null,
    unique (template_version_preset_id, name)
);

create table template_version_preset_prebuild_schedules (
    preset_id uuid not null references template_version_presets (id) on delete cascade,
    cron_expression text not null,
    desired_instances integer not null check (desired_instances >= 0)
);

create index template_version_preset_schedules_idx on template_version_preset_prebuild_schedules (preset_id);

create table workspaces (
    id uuid primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    owner_id uuid not null references users (id),
    organization_id uuid not null references organizations (id),
    template_id uuid not null references templates (id),
    deleted boolean not null default false,
    name varchar(64) not null,
    autostart_schedule text,
    ttl bigint,
    last_used_at timestamptz not null default '0001-01-01 00:00:00+00',
    dormant_at timestamptz,
    deleting_at timestamptz,
    automatic_updates automatic_updates not null default 'never',
    favorite boolean not null default false,
    next_start_at timestamptz,
    user_acl jsonb not null default '{}',
    group_acl jsonb not null default '{}'
);

create unique index workspaces_name_key on workspaces (owner_id, lower(name)) where not deleted;
create index workspaces_next_start_idx on workspaces (next_start_at) where not deleted;
create index workspaces_last_used_idx on workspaces (last_used_at) where not deleted and dormant_at is null;
create index workspaces_deleting_idx on workspaces (deleting_at) where not deleted and deleting_at is not null;
create index workspaces_template_idx on workspaces (template_id) where not deleted;
create index workspaces_organization_idx on workspaces (organization_id) where not deleted;
create index workspaces_prebuilds_idx on workspaces (template_id, created_at)
    where not deleted and owner_id = 'c42fdf75-3097-471c-8c33-fb52454d81c0';

create table workspace_builds (
    id uuid primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    workspace_id uuid not null references workspaces (id) on delete cascade,
    template_version_id uuid not null references template_versions (id),
    build_number integer not null check (build_number > 0),
    transition workspace_transition not null,
    initiator_id uuid not null,
    provisioner_state bytea,
    job_id uuid not null unique references provisioner_jobs (id),
    deadline timestamptz,
    max_deadline timestamptz,
    reason build_reason not null default 'initiator',
    daily_cost integer not null default 0,
    template_version_preset_id uuid references template_version_presets (id) on delete set null,
    has_ai_task boolean,
    ai_task_sidebar_app_id uuid,
    has_external_agent boolean,
    unique (workspace_id, build_number),
    check (max_deadline is null or (deadline is not null and deadline <= max_deadline) is true)
);

create index workspace_builds_latest_idx on workspace_builds (workspace_id, build_number desc)
    include (job_id, transition, template_version_id, template_version_preset_id, deadline);
create index workspace_builds_deadline_idx on workspace_builds (deadline) where transition = 'start' and deadline is not null;
create index workspace_builds_preset_idx on workspace_builds (template_version_preset_id, created_at desc)
    where template_version_preset_id is not null;
create index workspace_builds_version_idx on workspace_builds (template_version_id);

create table workspace_build_parameters (
    workspace_build_id uuid not null references workspace_builds (id) on delete cascade,
    name text not null,
    value text not null,
    primary key (workspace_build_id, name)
);

-- Of imports the resources that a build would have, of builds those that it left.
create table workspace_resources (
    id uuid primary key,
    created_at timestamptz not null,
    job_id uuid not null references provisioner_jobs (id) on delete cascade,
    transition workspace_transition not null,
    type varchar(192) not null,
    name varchar(64) not null,
    hide boolean not null default false,
    icon varchar(256) not null default '',
    daily_cost integer not null default 0
);

create index workspace_resources_job_idx on workspace_resources (job_id);

create table workspace_resource_metadata (
    id bigint generated always as identity primary key,
    workspace_resource_id uuid not null references workspace_resources (id) on delete cascade,
    key varchar(1024) not null,
    value varchar(65536),
    sensitive boolean not null default false,
    unique (workspace_resource_id, key)
);

create table workspace_agents (
    id uuid primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    name varchar(64) not null,
    resource_id uuid not null references workspace_resources (id) on delete cascade,
    parent_id uuid references workspace_agents (id) on delete cascade,
    auth_token uuid not null,
    instance_id text,
    architecture varchar(64) not null default '',
    operating_system varchar(64) not null default '',
    environment_variables jsonb not null default '{}',
    directory varchar(4096) not null default '',
    expanded_directory varchar(4096) not null default '',
    version text not null default '',
    api_version text not null default '',
    connection_timeout_seconds integer not null default 120,
    troubleshooting_url text not null default '',
    motd_file text not null default '',
    display_apps text[] not null default '{vscode,vscode_insiders,web_terminal,ssh_helper,port_forwarding_helper}',
    display_order integer not null default 0,
    lifecycle_state agent_lifecycle_state not null default 'created',
    first_connected_at timestamptz,
    last_connected_at timestamptz,
    disconnected_at timestamptz,
    started_at timestamptz,
    ready_at timestamptz,
    logs_length integer not null default 0 check (logs_length between 0 and 1048576),
    logs_overflowed boolean not null default false,
    -- There is no process behind it: it is ready as long as its build lasts.
    simulated boolean not null default false,
    deleted boolean not null default false
);

create index workspace_agents_resource_idx on workspace_agents (resource_id);
create index workspace_agents_token_idx on workspace_agents (auth_token);

create table workspace_agent_scripts (
    id uuid primary key,
    workspace_agent_id uuid not null references workspace_agents (id) on delete cascade,
    log_source_id uuid not null,
    display_name text not null default '',
    icon text not null default '',
    script text not null,
    cron text not null default '',
    run_on_start boolean not null default false,
    run_on_stop boolean not null default false,
    start_blocks_login boolean not null default false,
    timeout_seconds integer not null default 0,
    log_path text not null default '',
    created_at timestamptz not null
);

create index workspace_agent_scripts_agent_idx on workspace_agent_scripts (workspace_agent_id);

create table workspace_agent_log_sources (
    workspace_agent_id uuid not null references workspace_agents (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    display_name varchar(127) not null default '',
    icon text not null default '',
    primary key (workspace_agent_id, id)
);

create table workspace_agent_logs (
    id bigint generated always as identity primary key,
    agent_id uuid not null references workspace_agents (id) on delete cascade,
    created_at timestamptz not null,
    output varchar(1024) not null,
    level log_level not null default 'info',
    log_source_id uuid not null
);

create index workspace_agent_logs_agent_idx on workspace_agent_logs (agent_id, id);

create table workspace_apps (
    id uuid primary key,
    created_at timestamptz not null,
    agent_id uuid not null references workspace_agents (id) on delete cascade,
    slug text not null,
    display_name varchar(64) not null default '',
    icon varchar(256) not null default '',
    command text,
    url text,
    external boolean not null default false,
    subdomain boolean not null default false,
    sharing_level app_sharing_level not null default 'owner',
    healthcheck_url text not null default '',
    healthcheck_interval integer not null default 0,
    healthcheck_threshold integer not null default 0,
    health app_health not null default 'disabled',
    display_order integer not null default 0,
    display_group text,
    hidden boolean not null default false,
    open_in app_open_in not null default 'slim-window',
    unique (agent_id, slug)
);

create table workspace_app_statuses (
    id uuid primary key,
    created_at timestamptz not null,
    agent_id uuid not null references workspace_agents (id) on delete cascade,
    app_id uuid not null references workspace_apps (id) on delete cascade,
    workspace_id uuid not null references workspaces (id) on delete cascade,
    state app_status_state not null,
    message text not null,
    uri text
);

create index workspace_app_statuses_workspace_idx on workspace_app_statuses (workspace_id, created_at desc);

create table workspace_agent_port_shares (
    workspace_id uuid not null references workspaces (id) on delete cascade,
    agent_name text not null,
    port integer not null check (port between 9 and 65535),
    share_level app_sharing_level not null,
    protocol port_share_protocol not null default 'http',
    primary key (workspace_id, agent_name, port)
);
