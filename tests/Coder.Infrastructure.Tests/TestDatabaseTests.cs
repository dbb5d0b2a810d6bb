using Coder.Infrastructure.Database;
using Coder.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests;

public sealed class TestDatabaseTests
{
    private const string Applied = "select count(*) from schema_versions";
    private const string CountTables = "select count(*) from pg_tables where schemaname = 'public'";
    private const string Exists = "select exists (select from pg_database where datname = @name)";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_test_database_has_the_schema_of_this_version()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);

        var applied = await ScalarAsync(database.ConnectionString, Applied);

        applied.Should().Be((long)Migrator.Scripts.Count);
    }

    [Fact]
    public async Task Databases_made_at_the_same_time_do_not_get_in_each_others_way()
    {
        var databases = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TestDatabase.CreateAsync(Ct)));

        databases.Select(database => database.ConnectionString).Should().OnlyHaveUniqueItems();
        foreach (var database in databases)
        {
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_empty_database_has_no_table()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(Ct);

        var tables = await ScalarAsync(database.ConnectionString, CountTables);

        tables.Should().Be(0L);
    }

    [Fact]
    public async Task A_disposed_database_is_gone_even_if_somebody_is_connected()
    {
        var database = await TestDatabase.CreateAsync(Ct);
        await using var left = new NpgsqlConnection(database.ConnectionString);
        await left.OpenAsync(Ct);

        await database.DisposeAsync();

        var server = await PostgresServer.SharedAsync(Ct);
        (await ScalarAsync(server.ConnectionString, Exists, left.Database)).Should().Be(false);
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql, string name = "")
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("name", name);
        return await command.ExecuteScalarAsync(Ct);
    }
}
