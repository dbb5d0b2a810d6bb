using System.Text.Json;
using Coder.Application.Provisioning;
using Coder.Domain.Authorization;
using Coder.Domain.Provisioning;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Provisioning;

internal sealed class ProvisionerKeyStore(DbSession db) : IProvisionerKeyStore
{
    private const string NameKey = "provisioner_keys_name_key";

    // Nobody owns a key.
    private static readonly ScopeColumns Columns = new(id: "k.id", organization: "k.organization_id", owner: "null::uuid");

    private const string Add = """
        insert into provisioner_keys (id, organization_id, created_at, name, hashed_secret, tags)
        values (@id, @organizationId, @createdAt, @name, @hashedSecret, @tags::jsonb)
        """;

    public Task<bool> AddAsync(ProvisionerKey key, byte[] hashedSecret, CancellationToken ct) => db.ExecuteUniqueAsync(
        Add,
        new { key.Id, key.OrganizationId, key.CreatedAt, key.Name, hashedSecret, tags = JsonSerializer.Serialize(key.Tags) },
        NameKey,
        ct);

    private const string Select = """
        select k.id, k.organization_id, k.created_at, k.name, k.tags::text as tags
        from provisioner_keys k
        """;

    public async Task<IReadOnlyList<ProvisionerKey>> ListAsync(Guid organization, ReadScope scope, CancellationToken ct)
    {
        if (scope.Kind == ReadScopeKind.None)
        {
            return [];
        }

        var where = new SqlFilter().And("k.organization_id = @organization", organization, "organization").AndScope(scope, Columns);
        var rows = await db.QueryAsync<Row>(where.Between(Select, "order by lower(k.name)"), ct);
        return [.. rows.Select(row => row.ToKey())];
    }

    private const string Find = Select + "\nwhere k.id = @id";

    public async Task<ProvisionerKey?> FindAsync(Guid id, CancellationToken ct) =>
        (await db.QueryOneAsync<Row>(Find, new { id }, ct))?.ToKey();

    private const string FindByName = Select + "\nwhere k.organization_id = @organization and lower(k.name) = lower(@name)";

    public async Task<ProvisionerKey?> FindByNameAsync(Guid organization, string name, CancellationToken ct) =>
        (await db.QueryOneAsync<Row>(FindByName, new { organization, name }, ct))?.ToKey();

    private const string Delete = "delete from provisioner_keys where id = @id";

    public async Task<bool> DeleteAsync(Guid id, CancellationToken ct) => await db.ExecuteAsync(Delete, new { id }, ct) > 0;

    private sealed record Row
    {
        public Guid Id { get; init; }

        public Guid OrganizationId { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public string Name { get; init; } = "";

        public string Tags { get; init; } = "";

        public ProvisionerKey ToKey() => new()
        {
            Id = Id,
            OrganizationId = OrganizationId,
            CreatedAt = CreatedAt,
            Name = Name,
            Tags = JsonSerializer.Deserialize<Dictionary<string, string>>(Tags)!,
        };
    }
}
