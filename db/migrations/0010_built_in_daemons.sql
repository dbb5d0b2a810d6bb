-- Daemons that run in a server. Jobs for Terraform wait for one that does not, as long as there is one: docs/spec/workspaces.md, section 3.5.

alter table provisioner_daemons add column built_in boolean not null default false;
