using System.Security.Cryptography;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.ConnectionLogs;
using Coder.Infrastructure.Database;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Coder.Infrastructure.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, sections 4.2 and 12.4.</summary>
public sealed class BufferedConnectionLoggerTests(DatabaseFixture fixture) : ConnectionLogTests(fixture), IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private readonly CancellationTokenSource _stop = new();
    private ServiceProvider _services = null!;
    private BufferedConnectionLogger _logger = null!;
    private Func<DbSession> _session = null!;

    public ValueTask InitializeAsync()
    {
        _session = Fixture.NewSession;
        _services = new ServiceCollection()
            .AddScoped(_ => _session())
            .AddSingleton(Layout)
            .AddSingleton(TestClock.System)
            .AddScoped<ConnectionLogWriter>()
            .BuildServiceProvider();
        _logger = new BufferedConnectionLogger(_services.GetRequiredService<IServiceScopeFactory>(), new PostgresErrors());
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Success_means_that_it_is_stored()
    {
        var running = _logger.RunAsync(_stop.Token);
        var start = Connect();

        (await _logger.WriteAsync([start], Ct)).Error.Should().BeNull();

        (await EntriesAsync()).Should().ContainSingle().Which.Id.Should().Be(start.Id);
        await StopAsync(running);
    }

    [Fact]
    public async Task Events_of_many_callers_are_all_stored_once()
    {
        var running = _logger.RunAsync(_stop.Token);
        var starts = Enumerable.Range(0, 2_000).Select(_ => Connect()).ToArray();

        var outcomes = await Task.WhenAll(starts.Select(s => Task.Run(() => _logger.WriteAsync([s, End(s, Now.AddMinutes(1))], Ct), Ct)));

        outcomes.Should().OnlyContain(o => o.Error == null);
        (await EntriesAsync()).Should().HaveCount(2_000).And.OnlyContain(e => e.DisconnectTime != null);
        await StopAsync(running);
    }

    [Fact]
    public async Task A_full_queue_refuses_and_says_when_to_try_again()
    {
        var waiting = Enumerable.Range(0, 10).Select(_ => _logger.WriteAsync([.. Enumerable.Range(0, 1_000).Select(_ => Connect())], Ct)).ToArray();

        var refused = (await _logger.WriteAsync([Connect()], Ct)).Error!;

        refused.Kind.Should().Be(ErrorKind.Unavailable);
        refused.RetryAfter.Should().BePositive();
        var running = _logger.RunAsync(_stop.Token);
        (await Task.WhenAll(waiting)).Should().OnlyContain(o => o.Error == null);
        (await _logger.WriteAsync([Connect()], Ct)).Error.Should().BeNull("there is room again");
        (await EntriesAsync()).Should().HaveCount(10_000, "the window of this test ends there");
        await StopAsync(running);
    }

    [Fact]
    public async Task One_event_that_can_not_be_stored_does_not_take_the_others_with_it()
    {
        Task<Result<Done>>[] good = [.. Enumerable.Range(0, 5).Select(_ => _logger.WriteAsync([Connect()], Ct))];
        var bad = _logger.WriteAsync([Unstorable()], Ct);
        var mixed = _logger.WriteAsync([Connect(), Unstorable(), Connect()], Ct);
        var running = _logger.RunAsync(_stop.Token);

        (await Task.WhenAll(good)).Should().OnlyContain(o => o.Error == null);
        await FluentActions.Awaiting(() => bad).Should().ThrowAsync<PostgresException>();
        await FluentActions.Awaiting(() => mixed).Should().ThrowAsync<PostgresException>();
        (await EntriesAsync()).Should().HaveCount(7);
        (await _logger.WriteAsync([Connect()], Ct)).Error.Should().BeNull();
        await StopAsync(running);
    }

    [Fact]
    public async Task While_the_database_is_away_callers_are_told_so_and_afterwards_all_is_well_again()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=2");
        _session = () => new DbSession(nowhere, TestClock.System);
        var running = _logger.RunAsync(_stop.Token);

        var refused = (await _logger.WriteAsync([Connect()], Ct)).Error!;

        refused.Kind.Should().Be(ErrorKind.Unavailable);
        refused.RetryAfter.Should().BePositive();
        _session = Fixture.NewSession;
        (await _logger.WriteAsync([Connect()], Ct)).Error.Should().BeNull();
        await StopAsync(running);
    }

    [Fact]
    public async Task What_waits_when_the_server_stops_is_still_stored_and_nothing_more_is_taken()
    {
        Task<Result<Done>>[] waiting = [.. Enumerable.Range(0, 100).Select(_ => _logger.WriteAsync([Connect()], Ct))];
        await _stop.CancelAsync();

        await _logger.RunAsync(_stop.Token);

        (await Task.WhenAll(waiting)).Should().OnlyContain(o => o.Error == null);
        (await EntriesAsync()).Should().HaveCount(100);
        (await _logger.WriteAsync([Connect()], Ct)).Error!.Kind.Should().Be(ErrorKind.Unavailable);
    }

    // Longer than an entry of an index can be, and not to be compressed.
    private ConnectionEvent Unstorable() => Connect() with { AgentName = Convert.ToBase64String(RandomNumberGenerator.GetBytes(12_000)) };

    private async Task StopAsync(Task running)
    {
        await _stop.CancelAsync();
        await running;
    }
}
