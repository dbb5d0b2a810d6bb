-- What the client said when it made the version: the template takes it over, although the archive decides who runs its jobs
-- (docs/spec/workspaces.md, section 3.5).
alter table template_versions add column provisioner provisioner_type not null default 'terraform';
