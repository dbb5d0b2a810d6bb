using DbUp;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Coder.Infrastructure.Database;

/// <summary>
/// Brings a database to the schema of this version: plain SQL scripts, each in a transaction of its own, recorded in <c>schema_versions</c>.
/// An advisory lock lets any number of replicas start at once.
/// </summary>
public sealed class Migrator(string connectionString, ILogger logger)
{
    // Any constant will do, as long as nothing else in this database takes it.
    private const long LockKey = 0x636f646572_6d6967;
    private const string Lock = "select pg_advisory_lock(@key)";
    private const string HasJournal = "select to_regclass('public.schema_versions') is not null";
    private const string Applied = "select scriptname from public.schema_versions";

    /// <summary>The names of all scripts of this version, in the order in which they run.</summary>
    public static IReadOnlyList<string> Scripts { get; } =
        [.. typeof(Migrator).Assembly.GetManifestResourceNames().Where(IsScript).Order(StringComparer.Ordinal)];

    /// <summary>Runs the scripts that the database does not have yet.</summary>
    /// <exception cref="InvalidOperationException">A script failed; the message names it. Earlier scripts stay applied.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        // The lock belongs to this connection, which therefore must not come from a pool that hands it on.
        // Whoever waits for another server's migration waits as long as that takes.
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString;
        await using var connection = new NpgsqlConnection(unpooled);
        await connection.OpenAsync(ct);
        if (await IsCurrentAsync(connection, ct))
        {
            return;
        }

        await using (var command = new NpgsqlCommand(Lock, connection))
        {
            command.Parameters.AddWithValue("key", LockKey);
            await command.ExecuteNonQueryAsync(ct);
        }

        // DbUp has no asynchronous interface.
        await Task.Run(() => Upgrade(unpooled), ct);
    }

    private static async Task<bool> IsCurrentAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var journal = new NpgsqlCommand(HasJournal, connection);
        if (await journal.ExecuteScalarAsync(ct) is not true)
        {
            return false;
        }

        var applied = new HashSet<string>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand(Applied, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            applied.Add(reader.GetString(0));
        }

        return applied.IsSupersetOf(Scripts);
    }

    private void Upgrade(string unpooled)
    {
        var result = DeployChanges.To
            .PostgresqlDatabase(unpooled)
            .WithScriptsEmbeddedInAssembly(typeof(Migrator).Assembly, IsScript)
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .JournalToPostgresqlTable("public", "schema_versions")
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            throw new InvalidOperationException($"Migration {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);
        }

        foreach (var script in result.Scripts)
        {
            DatabaseLog.Migrated(logger, script.Name);
        }
    }

    private static bool IsScript(string name) => name.EndsWith(".sql", StringComparison.Ordinal);
}
