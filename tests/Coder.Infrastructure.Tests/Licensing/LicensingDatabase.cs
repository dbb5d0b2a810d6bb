using Coder.Infrastructure.Common;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.Licensing;
using Coder.Infrastructure.Replicas;
using Coder.Testing;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests.Licensing;

/// <summary>The stores behind licensing on a database of their own.</summary>
public sealed class LicensingDatabase : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;

    public static DateTimeOffset Now { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Clock { get; } = new(Now);

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        _source = NpgsqlDataSource.Create(_database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken ct) => _source.OpenConnectionAsync(ct);

    public async Task<int> ExecuteAsync(string sql, CancellationToken ct, params (string Name, object Value)[] values)
    {
        await using var connection = await OpenAsync(ct);
        return await ExecuteAsync(connection, sql, ct, values);
    }

    public async Task<T> ScalarAsync<T>(string sql, CancellationToken ct)
    {
        await using var command = _source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }

    public static async Task<int> ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken ct, params (string Name, object Value)[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return await command.ExecuteNonQueryAsync(ct);
    }

    public Task<int> RecordAsync(string id, DateTimeOffset at, long count, CancellationToken ct) => ExecuteAsync(
        """
        insert into usage_events (id, event_type, event_data, created_at)
        values (@id, 'dc_managed_agents_v1', jsonb_build_object('count', @count), @at)
        on conflict do nothing
        """,
        ct,
        ("id", id),
        ("count", count),
        ("at", at.ToUniversalTime()));

    internal DbSession Session() => new(_source, Clock);

    internal LicenseStore Licenses() => new(Session());

    internal ReplicaIdentity NewReplica() => new(new Ids(Clock), Clock);

    internal UsageCounts Usage(ReplicaIdentity? replica = null) => new(Session(), replica ?? NewReplica());
}
