-- The running servers of this deployment: docs/spec/licensing.md, rule 4.8.2.

create table replicas (
    id uuid primary key,
    hostname text not null,
    version text not null,
    started_at timestamptz not null,
    updated_at timestamptz not null,
    stopped_at timestamptz
);

create index replicas_running_idx on replicas (updated_at) where stopped_at is null;
