-- Nothing is put into a deleted organization, whoever does it and however closely it follows the deletion:
-- docs/spec/platform.md, section 8.4. The lock makes whoever comes first win.

create function refuse_contents_of_deleted_organization() returns trigger language plpgsql as $body$
declare
    is_deleted boolean;
begin
    select deleted into is_deleted from organizations where id = new.organization_id for share;
    if is_deleted then
        raise exception 'organization % is deleted', new.organization_id
            using errcode = 'foreign_key_violation', constraint = 'organizations_deleted';
    end if;
    return new;
end
$body$;

create trigger organization_members_organization_deleted before insert on organization_members
    for each row execute function refuse_contents_of_deleted_organization();

create trigger groups_organization_deleted before insert on groups
    for each row execute function refuse_contents_of_deleted_organization();

create trigger custom_roles_organization_deleted before insert on custom_roles
    for each row execute function refuse_contents_of_deleted_organization();
