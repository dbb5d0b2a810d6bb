using Coder.Application.Organizations;
using Coder.Domain.Authorization;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Organizations;

internal sealed class CustomRoleStore(DbSession db) : ICustomRoleStore
{
    private const string Select = """
        select id, name, display_name, organization_id, org_permissions::text as permissions
        from custom_roles
        where organization_id = @organization
        """;

    private const string List = Select + " order by name";

    public async Task<IReadOnlyList<CustomRole>> ListAsync(Guid organization, CancellationToken ct) =>
        ToRoles(await db.QueryAsync<Row>(List, new { organization }, ct));

    private const string Hold = List + " for share";

    public async Task<IReadOnlyList<CustomRole>> HoldAsync(Guid organization, CancellationToken ct) =>
        ToRoles(await db.QueryAsync<Row>(Hold, new { organization }, ct));

    private const string Lock = Select + " and name = @name for update";

    public async Task<CustomRoleRecord?> LockAsync(Guid organization, string name, CancellationToken ct) =>
        await db.QueryOneAsync<Row>(Lock, new { organization, name }, ct) is { } row ? new CustomRoleRecord(row.Id, row.ToRole()) : null;

    private const string Add = """
        insert into custom_roles (id, name, display_name, organization_id, org_permissions, created_at, updated_at)
        values (@id, @name, @displayName, @organization, @permissions::jsonb, @now, @now)
        on conflict do nothing
        """;

    public async Task<bool> AddAsync(CustomRoleRecord role, DateTimeOffset now, CancellationToken ct) => await db.ExecuteAsync(
        Add,
        new
        {
            role.Id,
            role.Role.Name,
            role.Role.DisplayName,
            role.Role.Organization,
            permissions = StoredPermissions.Write(role.Role.Permissions),
            now,
        },
        ct) > 0;

    private const string Update = """
        update custom_roles set display_name = @displayName, org_permissions = @permissions::jsonb, updated_at = @now
        where id = @id
        """;

    public Task UpdateAsync(CustomRoleRecord role, DateTimeOffset now, CancellationToken ct) => db.ExecuteAsync(
        Update,
        new { role.Id, role.Role.DisplayName, permissions = StoredPermissions.Write(role.Role.Permissions), now },
        ct);

    private const string Delete = "delete from custom_roles where id = @id";

    public Task DeleteAsync(Guid id, CancellationToken ct) => db.ExecuteAsync(Delete, new { id }, ct);

    private static CustomRole[] ToRoles(IReadOnlyList<Row> rows) => [.. rows.Select(r => r.ToRole())];

    private sealed record Row
    {
        public Guid Id { get; init; }

        public string Name { get; init; } = "";

        public string DisplayName { get; init; } = "";

        public Guid OrganizationId { get; init; }

        public string Permissions { get; init; } = "";

        public CustomRole ToRole() => new(Name, DisplayName, OrganizationId, StoredPermissions.Read(Permissions));
    }
}
