-- What is done with the keys of provisioner daemons is recorded.
alter type audit_resource_type add value 'provisioner_key';

-- The daemons of a key, which go with it.
create index provisioner_daemons_key_idx on provisioner_daemons (key_id) where key_id is not null;

-- Who counts the starts of AI tasks near the limit writes this row first: one after the other, whatever the isolation of their transactions.
create table ai_usage_hold (
    is_only boolean primary key default true check (is_only),
    holders bigint not null default 0
);

insert into ai_usage_hold default values;
