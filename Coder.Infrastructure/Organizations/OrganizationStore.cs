using Coder.Application.Organizations;
using Coder.Domain.Organizations;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Organizations;

internal sealed class OrganizationStore(DbSession db) : IOrganizationStore
{
    private const string DefaultId = "select id from organizations where is_default";

    public Task<Guid> DefaultIdAsync(CancellationToken ct) => db.ScalarAsync<Guid>(DefaultId, null, ct);

    private const string Select = """
        select o.id, o.name, o.display_name, o.description, o.icon, o.created_at, o.updated_at, o.is_default
        from organizations o
        where not o.deleted
        """;

    private const string Find = Select + " and o.id = @id";

    public async Task<Organization?> FindAsync(Guid id, CancellationToken ct) =>
        (await db.QueryOneAsync<Row>(Find, new { id }, ct))?.ToOrganization();

    private const string FindByName = Select + " and lower(o.name) = lower(@name)";

    public async Task<Organization?> FindByNameAsync(string name, CancellationToken ct) =>
        (await db.QueryOneAsync<Row>(FindByName, new { name }, ct))?.ToOrganization();

    private const string FindEver = """
        select o.id, o.name, o.display_name, o.description, o.icon, o.created_at, o.updated_at, o.is_default
        from organizations o
        where o.id = any (@ids)
        """;

    public async Task<IReadOnlyList<Organization>> FindEverAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        ids.Count == 0 ? [] : [.. (await db.QueryAsync<Row>(FindEver, new { ids = ids.ToArray() }, ct)).Select(row => row.ToOrganization())];

    private const string FindDefault = Select + " and o.is_default";

    public async Task<Organization?> FindDefaultAsync(CancellationToken ct) =>
        (await db.QueryOneAsync<Row>(FindDefault, null, ct))?.ToOrganization();

    private sealed record Row
    {
        public Guid Id { get; init; }

        public string Name { get; init; } = "";

        public string DisplayName { get; init; } = "";

        public string Description { get; init; } = "";

        public string Icon { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset UpdatedAt { get; init; }

        public bool IsDefault { get; init; }

        public Organization ToOrganization() => new()
        {
            Id = Id,
            Name = Name,
            DisplayName = DisplayName,
            Description = Description,
            Icon = Icon,
            CreatedAt = CreatedAt,
            UpdatedAt = UpdatedAt,
            IsDefault = IsDefault,
        };
    }
}
