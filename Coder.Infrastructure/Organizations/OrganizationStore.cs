using Coder.Application.Organizations;
using Coder.Domain.Authorization;
using Coder.Domain.Organizations;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Organizations;

internal sealed class OrganizationStore(DbSession db) : IOrganizationStore
{
    private const string DefaultId = "select id from organizations where is_default";

    public Task<Guid> DefaultIdAsync(CancellationToken ct) => db.ScalarAsync<Guid>(DefaultId, null, ct);

    private const string SelectAll = "select " + OrganizationRow.Columns + " from organizations o";

    private const string Select = SelectAll + " where not o.deleted";

    private const string Find = Select + " and o.id = @id";

    public async Task<Organization?> FindAsync(Guid id, CancellationToken ct) =>
        (await db.QueryOneAsync<OrganizationRow>(Find, new { id }, ct))?.ToOrganization();

    private const string FindByName = Select + " and lower(o.name) = lower(@name)";

    public async Task<Organization?> FindByNameAsync(string name, CancellationToken ct) =>
        (await db.QueryOneAsync<OrganizationRow>(FindByName, new { name }, ct))?.ToOrganization();

    private const string FindEver = SelectAll + " where o.id = any (@ids)";

    public async Task<IReadOnlyList<Organization>> FindEverAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        ids.Count == 0 ? [] : [.. (await db.QueryAsync<OrganizationRow>(FindEver, new { ids = ids.ToArray() }, ct)).Select(row => row.ToOrganization())];

    private const string FindDefault = Select + " and o.is_default";

    public async Task<Organization?> FindDefaultAsync(CancellationToken ct) =>
        (await db.QueryOneAsync<OrganizationRow>(FindDefault, null, ct))?.ToOrganization();

    private static readonly ScopeColumns Scope = new(id: "o.id", organization: "o.id");

    private const string ByName = "order by lower(o.name)";

    public async Task<IReadOnlyList<Organization>> ListAsync(ReadScope scope, CancellationToken ct)
    {
        var filter = new SqlFilter().And("not o.deleted").AndScope(scope, Scope);
        var rows = await db.QueryAsync<OrganizationRow>(filter.Between(SelectAll, ByName), ct);
        return [.. rows.Select(r => r.ToOrganization())];
    }

    private const string Hold = "select true from organizations where id = @id and not deleted for share";

    public Task<bool> HoldAsync(Guid id, CancellationToken ct) => db.ScalarAsync<bool>(Hold, new { id }, ct);

    private const string Lock = Find + " for update";

    public async Task<Organization?> LockAsync(Guid id, CancellationToken ct) =>
        (await db.QueryOneAsync<OrganizationRow>(Lock, new { id }, ct))?.ToOrganization();

    private const string Add = """
        with created as (
            insert into organizations (id, name, display_name, description, icon, created_at, updated_at)
            values (@id, @name, @displayName, @description, @icon, @now, @now)
            on conflict do nothing
            returning id
        ),
        everyone as (
            insert into groups (id, name, organization_id) select id, 'Everyone', id from created
        )
        insert into organization_members (organization_id, user_id, created_at, updated_at) select id, @creator, @now, @now from created
        """;

    public async Task<bool> AddAsync(Organization organization, Guid creator, CancellationToken ct) => await db.ExecuteAsync(
        Add,
        new
        {
            organization.Id,
            organization.Name,
            organization.DisplayName,
            organization.Description,
            organization.Icon,
            now = organization.CreatedAt,
            creator,
        },
        ct) > 0;

    private const string Update = """
        update organizations
        set name = @name, display_name = @displayName, description = @description, icon = @icon, updated_at = @updatedAt
        where id = @id and not deleted
        """;

    public Task<bool> UpdateAsync(Organization organization, CancellationToken ct) =>
        db.ExecuteUniqueAsync(Update, organization, "organizations_name_key", ct);

    private const string RemoveMembers = "delete from organization_members where organization_id = @id";

    private const string Delete = """
        with
            roles as (delete from custom_roles where organization_id = @id),
            everyone as (delete from groups where organization_id = @id)
        update organizations set deleted = true, updated_at = @now where id = @id
        """;

    public async Task DeleteAsync(Guid id, DateTimeOffset now, CancellationToken ct)
    {
        // First and apart: the end of a role changes the members that have it, and one statement must not touch a row twice.
        await db.ExecuteAsync(RemoveMembers, new { id }, ct);
        await db.ExecuteAsync(Delete, new { id, now }, ct);
    }
}
