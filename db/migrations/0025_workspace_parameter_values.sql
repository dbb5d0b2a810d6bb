-- Searches like param:region=eu: docs/spec/workspaces.md, section 7.6. A value may be longer than an entry of an index.
create index workspace_build_parameters_value_idx on workspace_build_parameters (md5(lower(name || '=' || value)));
