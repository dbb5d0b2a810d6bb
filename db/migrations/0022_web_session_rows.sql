-- A session of an application or a port is known once its row is committed: docs/spec/connection-logs.md, sections 3.4 and 4.4.
-- The sessions that there are have theirs, as far as anybody knows.

alter table workspace_app_audit_sessions
    add column event_time timestamptz not null default now(),
    add column is_logged boolean not null default true;
