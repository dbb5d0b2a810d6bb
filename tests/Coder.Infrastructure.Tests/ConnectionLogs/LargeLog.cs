using Coder.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests.ConnectionLogs;

/// <summary>A log of 200,000 rows over 200,000 minutes, made by one statement.</summary>
public sealed class LargeLog : IAsyncLifetime
{
    private const string Fill = """
        insert into connection_logs (
            id, connect_time, organization_id, workspace_owner_id, workspace_id, workspace_name, agent_name, type, ip, code, user_agent,
            user_id, slug_or_port, connection_id, disconnect_time)
        select gen_random_uuid(), '2026-03-01T00:00:00Z'::timestamptz - make_interval(mins => n),
               case when n % 2000 = 7 then pg_temp.id(21) else pg_temp.id(n % 20) end, pg_temp.id(n % 500),
               pg_temp.id(n % 700), 'work', 'main',
               case when n % 1000 = 3 then 'jetbrains'
                   else (array['ssh', 'vscode', 'vscode', 'reconnecting_pty', 'workspace_app', 'port_forwarding'])[1 + n % 6]
               end::connection_type,
               '192.0.2.1', 0, 'firefox',
               case when n % 6 > 3 then pg_temp.id(n % 400) end, 'code', case when n % 6 <= 3 then pg_temp.id(n) end,
               case when n % 6 <= 3 and n % 100 <> 0 then now() end
        from generate_series(1, 200000) n
        """;

    private readonly bool _isPartitioned;
    private TestDatabase? _database;

    public LargeLog()
        : this(isPartitioned: false)
    {
    }

    internal LargeLog(bool isPartitioned) => _isPartitioned = isPartitioned;

    public string ConnectionString => _database!.ConnectionString;

    public static Guid Id(int number) => Guid.ParseExact(number.ToString("x32", System.Globalization.CultureInfo.InvariantCulture), "N");

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(CancellationToken.None);
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync();
        await RunAsync(connection, "create function pg_temp.id(n int) returns uuid language sql as $f$ select lpad(to_hex(n), 32, '0')::uuid $f$");
        if (_isPartitioned)
        {
            await RunAsync(connection, "select connection_logs_partition('2025-10-20T00:00:00Z')");
            await RunAsync(
                connection,
                """
                select connection_logs_add_month(m)
                from generate_series('2025-12-02T00:00:00Z'::timestamptz, '2026-02-02T00:00:00Z', '1 month') m
                """);
        }

        await RunAsync(connection, Fill);
        foreach (var table in await TablesAsync(connection))
        {
            await RunAsync(connection, $"vacuum analyze {table}");
        }

        await RunAsync(connection, "vacuum analyze connection_logs_ongoing");
        await RunAsync(connection, "analyze connection_log_counts");
        await RunAsync(connection, "analyze connection_log_totals");
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    // Nothing analyzes the whole of a table with partitions by itself.
    private static async Task<string[]> TablesAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            """
            select coalesce((select array_agg(p.name::text) from connection_log_partitions() p), array['connection_logs'])
            """,
            connection);
        return (string[])(await command.ExecuteScalarAsync())!;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>The same in five partitions, of which the first has all before November.</summary>
public sealed class PartitionedLargeLog : IAsyncLifetime
{
    public LargeLog Log { get; } = new(isPartitioned: true);

    public ValueTask InitializeAsync() => Log.InitializeAsync();

    public ValueTask DisposeAsync() => Log.DisposeAsync();
}
