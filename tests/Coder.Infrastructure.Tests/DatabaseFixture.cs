using Coder.Infrastructure.Database;
using Coder.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests;

/// <summary>One database for all tests of a class, with sessions on it.</summary>
public sealed class DatabaseFixture : IAsyncLifetime
{
    private TestDatabase? _database;
    private NpgsqlDataSource? _source;

    /// <summary>The database.</summary>
    public TestDatabase Database => _database ?? throw new InvalidOperationException("The database was not made.");

    /// <summary>A session of its own, as each scope of the server has one.</summary>
    public DbSession NewSession() => new(_source!, TestClock.System);

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(CancellationToken.None);
        _source = NpgsqlDataSource.Create(_database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
