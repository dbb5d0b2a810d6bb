using Npgsql;

namespace Coder.Infrastructure.Tests.Licensing;

/// <summary>The tables of usage keep themselves consistent (docs/spec/licensing.md, section 3).</summary>
public sealed class UsageEventsTests : IAsyncLifetime
{
    private const string Daily = """
        select coalesce(string_agg(day::text || ' ' || (usage_data ->> 'count'), ', ' order by day), '')
        from usage_events_daily
        """;

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly LicensingDatabase _database = new();

    public ValueTask InitializeAsync() => _database.InitializeAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_day_is_a_day_of_UTC_whatever_the_time_zone_of_whoever_writes()
    {
        await using var connection = await _database.OpenAsync(Ct);
        await LicensingDatabase.ExecuteAsync(connection, "set time zone 'Australia/Sydney'", Ct);
        await LicensingDatabase.ExecuteAsync(
            connection,
            """
            insert into usage_events (id, event_type, event_data, created_at)
            values ('a', 'dc_managed_agents_v1', '{"count": 41}', '2025-01-01 00:00:00+00'),
                   ('b', 'dc_managed_agents_v1', '{"count": 1}', '2025-01-02 08:38:57')
            """,
            Ct);

        var daily = await _database.ScalarAsync<string>(Daily, Ct);

        daily.Should().Be("2025-01-01 42");
    }

    [Fact]
    public async Task Days_are_summed_apart()
    {
        await _database.RecordAsync("a", new DateTimeOffset(2025, 1, 1, 23, 59, 59, 999, TimeSpan.Zero), 1, Ct);
        await _database.RecordAsync("b", new DateTimeOffset(2025, 1, 2, 0, 0, 0, TimeSpan.Zero), 2, Ct);
        await _database.RecordAsync("c", new DateTimeOffset(2025, 1, 2, 1, 0, 0, TimeSpan.FromHours(5)), 4, Ct);

        var daily = await _database.ScalarAsync<string>(Daily, Ct);

        daily.Should().Be("2025-01-01 5, 2025-01-02 2");
    }

    [Fact]
    public async Task An_event_that_comes_again_counts_once()
    {
        var first = await _database.RecordAsync("build:1", LicensingDatabase.Now, 1, Ct);

        var second = await _database.RecordAsync("build:1", LicensingDatabase.Now.AddDays(1), 1, Ct);

        (first, second).Should().Be((1, 0));
        (await _database.ScalarAsync<string>(Daily, Ct)).Should().Be("2026-03-01 1");
    }

    [Fact]
    public async Task Simultaneous_events_are_all_in_the_sum()
    {
        await Task.WhenAll(Enumerable.Range(1, 20).Select(n => _database.RecordAsync($"build:{n}", LicensingDatabase.Now, n, Ct)));

        var daily = await _database.ScalarAsync<string>(Daily, Ct);

        daily.Should().Be("2026-03-01 210");
    }

    [Fact]
    public async Task An_event_of_a_transaction_that_is_rolled_back_counts_nothing()
    {
        await using (var connection = await _database.OpenAsync(Ct))
        {
            await using var transaction = await connection.BeginTransactionAsync(Ct);
            await LicensingDatabase.ExecuteAsync(
                connection, "insert into usage_events values ('a', 'dc_managed_agents_v1', '{\"count\": 1}', now())", Ct);
            await transaction.RollbackAsync(Ct);
        }

        var daily = await _database.ScalarAsync<string>(Daily, Ct);

        daily.Should().BeEmpty();
    }

    [Theory]
    [InlineData("dc_managed_agents_v2", """{"count": 1}""")]
    [InlineData("", """{"count": 1}""")]
    [InlineData("dc_managed_agents_v1", """{"count": 0}""")]
    [InlineData("dc_managed_agents_v1", """{"count": -1}""")]
    [InlineData("dc_managed_agents_v1", """{"count": 1.5}""")]
    [InlineData("dc_managed_agents_v1", """{"count": "1"}""")]
    [InlineData("dc_managed_agents_v1", """{"count": null}""")]
    [InlineData("dc_managed_agents_v1", "{}")]
    [InlineData("dc_managed_agents_v1", "[]")]
    [InlineData("dc_managed_agents_v1", "null")]
    public async Task What_can_not_be_counted_is_not_stored(string type, string data)
    {
        var insert = () => _database.ExecuteAsync(
            "insert into usage_events (id, event_type, event_data, created_at) values ('a', @type, @data::jsonb, now())",
            Ct,
            ("type", type),
            ("data", data));

        await insert.Should().ThrowAsync<PostgresException>();
        (await _database.ScalarAsync<long>("select count(*) from usage_events", Ct)).Should().Be(0);
        (await _database.ScalarAsync<string>(Daily, Ct)).Should().BeEmpty();
    }
}
