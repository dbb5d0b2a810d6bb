using System.Globalization;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.EmbeddedPostgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Coder.Testing;

/// <summary>
/// The one PostgreSQL of a test process, started when first asked for and stopped with the process.
/// It keeps nothing safe: a crash may lose everything, and nobody would mind.
/// </summary>
public sealed class PostgresServer
{
    internal const string TemplateName = "coder_template";
    private const int FirstWithStrategy = 15;
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(5);
    private static readonly Lazy<Task<PostgresServer>> Shared = new(StartSharedAsync);

    private static readonly Dictionary<string, string> ThrowAway = new(StringComparer.Ordinal)
    {
        ["fsync"] = "off",
        ["synchronous_commit"] = "off",
        ["full_page_writes"] = "off",
        ["wal_level"] = "minimal",
        ["max_wal_senders"] = "0",
        ["max_connections"] = "300",
        // A worker that is connected to the template would make a "create database" wait.
        ["autovacuum"] = "off",
    };

    private readonly EmbeddedPostgresServer _server;
    private readonly string _strategy;
    private int _databases;

    private PostgresServer(EmbeddedPostgresServer server, int major)
    {
        _server = server;
        _strategy = major >= FirstWithStrategy ? " strategy file_copy" : "";
    }

    /// <summary>Connection string of the superuser to the maintenance database.</summary>
    public string ConnectionString => _server.ConnectionString;

    /// <summary>The server of this process, with the migrated template in it. All callers share its start, and its failure.</summary>
    public static Task<PostgresServer> SharedAsync(CancellationToken ct) => Shared.Value.WaitAsync(ct);

    /// <summary>Makes a database and returns its connection string.</summary>
    /// <param name="isMigrated">Whether it has the schema of this version, or nothing.</param>
    /// <param name="ct">Stops the statement.</param>
    internal async Task<string> CreateDatabaseAsync(bool isMigrated, CancellationToken ct)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync($"create database {name} template {(isMigrated ? TemplateName : "template1")}{_strategy}", ct);
        return ConnectionTo(name);
    }

    /// <summary>Drops a database, whoever is connected to it.</summary>
    internal async Task DropDatabaseAsync(string connectionString, CancellationToken ct)
    {
        await using (var pooled = new NpgsqlConnection(connectionString))
        {
            NpgsqlConnection.ClearPool(pooled);
        }

        await ExecuteAsync($"drop database if exists {new NpgsqlConnectionStringBuilder(connectionString).Database} with (force)", ct);
    }

    private static async Task<PostgresServer> StartSharedAsync()
    {
        var root = TestFolders.Root;
        await TestFolders.SweepAsync(CancellationToken.None);
        var folder = Path.Combine(root, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        var options = new EmbeddedPostgresOptions
        {
            ConfigDirectory = folder,
            BinDirectory = Environment.GetEnvironmentVariable("CODER_PG_BIN"),
            Settings = ThrowAway,
            SyncNewData = false,
        };
        var embedded = await EmbeddedPostgresServer.StartAsync(options, NullLogger.Instance, TestClock.System, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => StopAtExit(embedded, folder);

        await using var connection = new NpgsqlConnection(embedded.ConnectionString);
        await connection.OpenAsync();
        var server = new PostgresServer(embedded, connection.PostgreSqlVersion.Major);
        await server.ExecuteAsync($"create database {TemplateName}{server._strategy}", CancellationToken.None);
        await new Migrator(server.ConnectionTo(TemplateName), NullLogger.Instance).RunAsync(CancellationToken.None);
        // Whatever connected to it would make every later copy fail.
        NpgsqlConnection.ClearAllPools();
        await server.ExecuteAsync($"alter database {TemplateName} with is_template true allow_connections false", CancellationToken.None);
        return server;
    }

    private static void StopAtExit(EmbeddedPostgresServer server, string folder)
    {
        server.Abandon();
        // The event can not wait for a task, and a slow disk must not hold up the end: the next run sweeps what is left.
        var removal = Task.Run(() => TestFolders.RemoveAsync(folder, CancellationToken.None));
        _ = Task.WhenAny(removal, Task.Delay(ExitPatience, TestClock.System)).GetAwaiter().GetResult();
    }

    private string ConnectionTo(string database) =>
        new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database }.ConnectionString;

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
