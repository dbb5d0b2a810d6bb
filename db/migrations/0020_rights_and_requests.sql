-- The name of a request is free again when its job has ended: docs/spec/workspaces.md, section 5.

drop index provisioner_jobs_acquire_key;

create unique index provisioner_jobs_acquire_key on provisioner_jobs (worker_id, acquire_request_id)
    where acquire_request_id is not null and completed_at is null;
