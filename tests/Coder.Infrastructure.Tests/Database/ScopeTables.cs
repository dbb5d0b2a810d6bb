using System.Text.Json;
using Coder.Domain.Tests.Authorization;
using Coder.Infrastructure.Database;
using Coder.Testing;
using CsCheck;
using Npgsql;

namespace Coder.Infrastructure.Tests.Database;

/// <summary>One row of the table that <see cref="ScopeSqlTests"/> fills, as each type of object sees it.</summary>
public sealed record ScopeRow(
    Guid Id,
    Guid? Owner,
    Guid? Organization,
    bool Dormant,
    IReadOnlyDictionary<Guid, string[]> Users,
    IReadOnlyDictionary<Guid, string[]> Groups)
{
    public string UserActions => Actions(Users);

    public string GroupActions => Actions(Groups);

    public string UserPermissions => Permissions(Users);

    public string GroupPermissions => Permissions(Groups);

    private static string Actions(IReadOnlyDictionary<Guid, string[]> list) =>
        JsonSerializer.Serialize(list.ToDictionary(e => e.Key.ToString(), e => e.Value, StringComparer.Ordinal));

    private static string Permissions(IReadOnlyDictionary<Guid, string[]> list) =>
        JsonSerializer.Serialize(list.ToDictionary(e => e.Key.ToString(), e => new { permissions = e.Value }, StringComparer.Ordinal));
}

/// <summary>A database with one table that has every column a scope can compare, and random rows in it.</summary>
public sealed class ScopeTables : IAsyncLifetime
{
    private const string Create = """
        create table scope_rows (
            n int primary key,
            id uuid not null,
            owner_id uuid,
            organization_id uuid,
            dormant_at timestamptz,
            user_actions jsonb not null,
            group_actions jsonb not null,
            user_permissions jsonb not null,
            group_permissions jsonb not null)
        """;

    private const string Insert = """
        insert into scope_rows
        select *
        from unnest(
            @numbers, @ids, @owners::uuid[], @organizations::uuid[], @dormant::timestamptz[],
            @userActions::jsonb[], @groupActions::jsonb[], @userPermissions::jsonb[], @groupPermissions::jsonb[])
        """;

    private static readonly Gen<Dictionary<Guid, string[]>> Acl = Gen.Select(
            Gen.OneOf<Guid>([.. Generated.Users, .. Generated.Groups, .. Generated.Organizations]),
            Gen.OneOf("read", "read", "use", "update", "*", "unknown").Array[0, 2],
            KeyValuePair.Create)
        .Array[0, 3]
        .Select(entries => entries.DistinctBy(e => e.Key).ToDictionary());

    private static readonly Gen<ScopeRow> Row = Gen.Select(
        Gen.OneOf<Guid>(Generated.Rows),
        Gen.OneOf<Guid?>([.. Generated.Users.Select(id => (Guid?)id), null]),
        Gen.OneOf<Guid?>([.. Generated.Organizations.Select(id => (Guid?)id), null]),
        Gen.Bool,
        Acl,
        Acl,
        (id, owner, organization, dormant, users, groups) => new ScopeRow(id, owner, organization, dormant, users, groups));

    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;

    public static ScopeRow[] Rows { get; } = Row.Array[400].Generate(new PCG(stream: 1, seed: 2026), null, out _);

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        _database = await TestDatabase.CreateEmptyAsync(ct);
        _source = NpgsqlDataSource.Create(_database.ConnectionString);
        await FillAsync(Session(), Rows, ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    public DbSession Session() => new(_source, TestClock.System);

    private static async Task FillAsync(DbSession db, ScopeRow[] rows, CancellationToken ct)
    {
        await db.ExecuteAsync(Create, null, ct);
        var values = new
        {
            numbers = Enumerable.Range(0, rows.Length).ToArray(),
            ids = rows.Select(r => r.Id).ToArray(),
            owners = rows.Select(r => r.Owner).ToArray(),
            organizations = rows.Select(r => r.Organization).ToArray(),
            dormant = rows.Select(r => r.Dormant ? DateTime.UnixEpoch : (DateTime?)null).ToArray(),
            userActions = rows.Select(r => r.UserActions).ToArray(),
            groupActions = rows.Select(r => r.GroupActions).ToArray(),
            userPermissions = rows.Select(r => r.UserPermissions).ToArray(),
            groupPermissions = rows.Select(r => r.GroupPermissions).ToArray(),
        };
        await db.ExecuteAsync(Insert, values, ct);
    }
}
