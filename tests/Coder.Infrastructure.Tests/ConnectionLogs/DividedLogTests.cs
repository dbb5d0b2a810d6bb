using Coder.Application;
using Coder.Application.ConnectionLogs;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.ConnectionLogs;
using Coder.Testing;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Coder.Infrastructure.Tests.ConnectionLogs;

/// <summary>
/// docs/spec/connection-logs.md, section 12.6. Each test divides a database of its own, and whatever it does, what is derived from the rows
/// agrees with them at its end.
/// </summary>
public abstract class DividedLogTests(OwnDatabase fixture) : ConnectionLogTests(fixture.Log), IClassFixture<OwnDatabase>, IAsyncLifetime
{
    private const string Partitions = """
        select coalesce(string_agg(
            p.name || ' ' || case when isfinite(p.until) then to_char(p.until at time zone 'utc', 'YYYY-MM-DD HH24:MI') else 'infinity' end,
            ', ' order by p.until), '')
        from connection_log_partitions() p
        """;

    public ValueTask InitializeAsync() => RenewAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        (await Upkeep.FindDriftAsync(Ct)).Should().BeEmpty();
        (await Upkeep.FindSessionDriftAsync(Ct)).Should().BeEmpty();
    }

    private protected ValueTask RenewAsync() => fixture.RenewAsync();

    private protected async Task WriteAtAsync(DateTimeOffset now, params ConnectionEvent[] events) =>
        (await new ConnectionLogWriter(Fixture.NewSession(), Layout, new FakeTimeProvider(now)).WriteAsync(events, Ct)).Error.Should().BeNull();

    private protected async Task<bool> DivideAsync(DateTimeOffset now) =>
        (await PartitionsAt(now).DivideAsync(Ct)).Match(isNew => isNew, error => throw new InvalidOperationException(error.Message));

    private protected Task<bool> DivideAsync() => DivideAsync(Now);

    private protected ConnectionLogPartitions Impatient(DateTimeOffset now) =>
        new(Fixture.NewSession(), Layout, new FakeTimeProvider(now)) { Patience = TimeSpan.FromMilliseconds(50) };

    private protected Task<string?> PartitionsAsync() => Fixture.Database.ScalarAsync<string>(Partitions, Ct);

    private protected Task<string?> MonthsAsync() => Fixture.Database.ScalarAsync<string>(
        "select coalesce(string_agg(p.name::text, ', ' order by p.until), '') from connection_log_partitions() p", Ct);

    private protected async Task<long> CountOngoingAsync()
    {
        var slice = await Store.ListAsync(Mine with { Status = SessionStatus.Ongoing }, new ConnectionLogWindow(100), Exact, Ct);
        slice.Views.Should().HaveCount((int)slice.Count);
        return slice.Count;
    }

    private protected async Task<PurgedConnectionLogs> PurgeAsync(DateTimeOffset now, TimeSpan retention, ConnectionLogPartitions? partitions = null)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddCoderApplication()
            .AddSingleton<TimeProvider>(new FakeTimeProvider(now))
            .AddSingleton(new ConnectionLogOptions(retention))
            .AddScoped<IConnectionLogUpkeep>(_ => Upkeep)
            .AddScoped<IConnectionLogPartitions>(_ => partitions ?? PartitionsAt(now))
            .AddScoped<IWebSessionStore>(_ => new WebSessionStore(Fixture.NewSession()))
            .BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        var outcome = await scope.ServiceProvider.GetRequiredService<ISender>().Send(new PurgeConnectionLogs(now.AddSeconds(10)), Ct);
        return outcome.Match(purged => purged, error => throw new InvalidOperationException(error.Message));
    }
}

/// <summary>A database that each test makes anew.</summary>
public sealed class OwnDatabase : IAsyncLifetime
{
    public DatabaseFixture Log { get; } = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Begins with the whole log again.</summary>
    public async ValueTask RenewAsync()
    {
        await Log.DisposeAsync();
        await Log.InitializeAsync();
    }

    public ValueTask DisposeAsync() => Log.DisposeAsync();
}
