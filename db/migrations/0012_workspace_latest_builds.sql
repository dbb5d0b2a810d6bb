-- What a list of workspaces filters and sorts by, beside the workspace itself: one narrow row for each workspace that has a build.
-- Triggers keep it, so that whoever writes builds and jobs need not know of it.

create table workspace_latest_builds (
    workspace_id uuid primary key references workspaces (id) on delete cascade,
    build_id uuid not null references workspace_builds (id) on delete cascade,
    build_number integer not null,
    job_id uuid not null,
    template_version_id uuid not null,
    transition workspace_transition not null,
    job_status provisioner_job_status not null
);

create unique index workspace_latest_builds_job_key on workspace_latest_builds (job_id);
create index workspace_latest_builds_status_idx on workspace_latest_builds (job_status, transition, workspace_id);

create function workspace_latest_builds_take() returns trigger language plpgsql as $$
begin
    insert into workspace_latest_builds as l
        (workspace_id, build_id, build_number, job_id, template_version_id, transition, job_status)
    select new.workspace_id, new.id, new.build_number, new.job_id, new.template_version_id, new.transition, j.job_status
    from provisioner_jobs j
    where j.id = new.job_id
    on conflict (workspace_id) do update
    set build_id = excluded.build_id,
        build_number = excluded.build_number,
        job_id = excluded.job_id,
        template_version_id = excluded.template_version_id,
        transition = excluded.transition,
        job_status = excluded.job_status
    where l.build_number < excluded.build_number;
    return null;
end
$$;

create trigger workspace_latest_builds_take after insert on workspace_builds
    for each row execute function workspace_latest_builds_take();

-- The row of a deleted build went with it; the build before is the latest again. Of a deleted workspace none is.
create function workspace_latest_builds_fall_back() returns trigger language plpgsql as $$
begin
    insert into workspace_latest_builds
        (workspace_id, build_id, build_number, job_id, template_version_id, transition, job_status)
    select b.workspace_id, b.id, b.build_number, b.job_id, b.template_version_id, b.transition, j.job_status
    from workspace_builds b
    join provisioner_jobs j on j.id = b.job_id
    where b.workspace_id = old.workspace_id and exists (select 1 from workspaces w where w.id = old.workspace_id)
    order by b.build_number desc
    limit 1
    on conflict (workspace_id) do nothing;
    return null;
end
$$;

create constraint trigger workspace_latest_builds_fall_back after delete on workspace_builds
    deferrable initially deferred
    for each row execute function workspace_latest_builds_fall_back();

create function workspace_latest_builds_follow() returns trigger language plpgsql as $$
begin
    update workspace_latest_builds set job_status = new.job_status where job_id = new.id;
    return null;
end
$$;

create trigger workspace_latest_builds_follow after update on provisioner_jobs
    for each row when (old.job_status is distinct from new.job_status)
    execute function workspace_latest_builds_follow();

insert into workspace_latest_builds (workspace_id, build_id, build_number, job_id, template_version_id, transition, job_status)
select distinct on (b.workspace_id)
    b.workspace_id, b.id, b.build_number, b.job_id, b.template_version_id, b.transition, j.job_status
from workspace_builds b
join provisioner_jobs j on j.id = b.job_id
order by b.workspace_id, b.build_number desc;
