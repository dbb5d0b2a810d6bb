using Coder.Testing;

namespace Coder.Infrastructure.Tests.ConnectionLogs;

/// <summary>
/// A database whose connection log was divided in January, when it was empty: February is there, and what the tests write to later months
/// is the first that anybody writes to these.
/// </summary>
public sealed class PartitionedLogFixture : IAsyncLifetime
{
    public DatabaseFixture Log { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Log.InitializeAsync();
        await Log.Database.ExecuteAsync("select connection_logs_partition('2026-01-15T00:00:00Z')", CancellationToken.None);
    }

    public ValueTask DisposeAsync() => Log.DisposeAsync();
}
