-- The name of a request is free again when its job has ended: docs/spec/workspaces.md, section 5.

drop index provisioner_jobs_acquire_key;

create unique index provisioner_jobs_acquire_key on provisioner_jobs (worker_id, acquire_request_id)
    where acquire_request_id is not null and completed_at is null;

-- Connections that stay open keep the rights that they were opened with, so whoever loses some loses the connections, on every node, and
-- opens them again with what is left. Hints leave at the commit and name the user.

create function tell_lost_rights() returns trigger
language plpgsql as
$$
begin
    perform pg_notify('sessions', 'user:' || l.user_id) from (select distinct user_id from lost) l;
    return null;
end
$$;

create trigger organization_members_tell_lost
    after delete on organization_members
    referencing old table as lost
    for each statement execute function tell_lost_rights();

create trigger group_members_tell_lost
    after delete on group_members
    referencing old table as lost
    for each statement execute function tell_lost_rights();

create function tell_changed_member_roles() returns trigger
language plpgsql as
$$
begin
    perform pg_notify('sessions', 'user:' || new.user_id);
    return null;
end
$$;

create trigger organization_members_tell_roles
    after update of roles on organization_members
    for each row
    when (old.roles is distinct from new.roles)
    execute function tell_changed_member_roles();

create function tell_changed_site_roles() returns trigger
language plpgsql as
$$
begin
    perform pg_notify('sessions', 'user:' || new.id);
    return null;
end
$$;

create trigger users_tell_roles
    after update of rbac_roles on users
    for each row
    when (old.rbac_roles is distinct from new.rbac_roles)
    execute function tell_changed_site_roles();

create function tell_changed_custom_role() returns trigger
language plpgsql as
$$
begin
    perform pg_notify('sessions', 'user:' || m.user_id)
    from organization_members m
    where m.organization_id = old.organization_id and old.name = any (m.roles);
    return null;
end
$$;

create trigger custom_roles_tell_changed
    after update of org_permissions on custom_roles
    for each row
    when (old.org_permissions is distinct from new.org_permissions)
    execute function tell_changed_custom_role();

create trigger custom_roles_tell_deleted
    after delete on custom_roles
    for each row
    execute function tell_changed_custom_role();
