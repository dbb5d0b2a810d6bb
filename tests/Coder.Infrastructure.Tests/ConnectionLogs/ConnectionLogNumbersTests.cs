using Coder.Application.ConnectionLogs;
using Coder.Domain.Authorization;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.ConnectionLogs;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.ConnectionLogs;

/// <summary>
/// docs/spec/connection-logs.md, section 11 item 6: the stored numbers have predicates of their own, and count what those of the list count.
/// </summary>
public abstract class ConnectionLogNumbersTests(DatabaseFixture fixture) : ConnectionLogTests(fixture)
{
    private const int Seed = 20_260_301;
    private const string Count = "select count(*) from connection_logs c";

    private static readonly DateTimeOffset Midnight = new(2026, 2, 20, 0, 0, 0, TimeSpan.Zero);

    private static readonly (DateTimeOffset? After, DateTimeOffset? Before)[] Ranges =
    [
        (null, null),
        (Midnight.AddHours(13), null),
        (null, Midnight.AddHours(13)),
        (Midnight, Midnight.AddDays(4)),
        (Midnight.AddMicroseconds(1), Midnight.AddDays(4).AddMicroseconds(-1)),
        (Midnight.AddHours(3), Midnight.AddHours(15)),
        (Midnight.AddDays(-3).AddHours(23), Midnight.AddDays(2).AddHours(1)),
        (Midnight.AddDays(1), Midnight),
    ];

    [Fact]
    public async Task Stored_numbers_are_what_the_predicates_of_the_list_count()
    {
        Guid[] organizations = [Organization, TestIds.New(), TestIds.New(), TestIds.New()];
        var random = new Random(Seed);
        await WriteAsync([.. Enumerable.Range(0, 400).SelectMany(_ => AnyEvents(random, organizations))]);
        await Upkeep.RepairAsync(Ct);
        await WriteAsync([.. Enumerable.Range(0, 200).SelectMany(_ => AnyEvents(random, organizations))]);
        ReadScope[] readers =
        [
            ReadScope.All, ScopeOf(organizations[0]), ScopeOf(organizations[1], organizations[2]), ScopeOf(TestIds.New()),
            ScopeOf([organizations[3], .. Enumerable.Range(0, 9).Select(_ => TestIds.New())]),
        ];
        Guid?[] asked = [null, organizations[0], organizations[3], TestIds.New()];
        ConnectionType?[] types =
            [null, ConnectionType.Ssh, ConnectionType.JetBrains, ConnectionType.WorkspaceApp, ConnectionType.PortForwarding];
        SessionStatus?[] statuses = [null, SessionStatus.Ongoing, SessionStatus.Completed];

        var all = from scope in readers
                  from organization in asked
                  from type in types
                  from status in statuses
                  from range in Ranges
                  select new ConnectionLogQuery
                  {
                      Scope = scope,
                      OrganizationId = organization,
                      Type = type,
                      Status = status,
                      ConnectedAfter = range.After,
                      ConnectedBefore = range.Before,
                  };
        var session = Fixture.NewSession();
        var found = 0L;
        foreach (var query in all)
        {
            var counted = ConnectionLogStatements.Where(query).Between(Count);
            var (rows, numbers) = await session.QueryWithNumbersAsync<long>(counted, ConnectionLogNumbers.Of(query)!.Statements, Ct);
            numbers.Sum().Should().Be(rows[0], $"of seed {Seed}: {query}");

            var (_, capped) = await session.QueryWithNumbersAsync<long>(counted, ConnectionLogNumbers.Of(query, cap: 7)!.Statements, Ct);
            Math.Min(capped.Sum(), 8).Should().Be(Math.Min(rows[0], 8), $"of seed {Seed}, no more than 7: {query}");
            found += rows[0];
        }

        found.Should().BePositive();
    }

    [Fact]
    public async Task The_days_at_both_ends_are_counted_no_further_than_the_cap()
    {
        await WriteAsync([.. Enumerable.Range(0, 50).Select(i => Open(Midnight.AddHours(12).AddMinutes(i)))]);
        var query = Mine with { ConnectedAfter = Midnight.AddHours(1), ConnectedBefore = Midnight.AddHours(23) };

        var (_, numbers) = await Fixture.NewSession().QueryWithNumbersAsync<long>(
            ConnectionLogStatements.Where(query).Between(Count), ConnectionLogNumbers.Of(query, cap: 10)!.Statements, Ct);

        numbers.Should().Equal(11);
        (await Store.ListAsync(query, new ConnectionLogWindow(2), new ConnectionLogCounting(Cap: 10), Ct)).Count.Should().Be(11);
    }

    private IEnumerable<ConnectionEvent> AnyEvents(Random random, Guid[] organizations)
    {
        // Many at midnight, where days meet.
        var time = random.Next(4) == 0
            ? Midnight.AddDays(random.Next(-5, 8))
            : Midnight.AddMicroseconds(random.NextInt64(-5L * 86_400_000_000, 8L * 86_400_000_000));
        var type = (ConnectionType)random.Next(6);
        var start = (type.IsSession() ? Connect(time) : Open(time)) with
        {
            Type = type,
            OrganizationId = organizations[random.Next(organizations.Length)],
        };
        yield return start;
        if (type.IsSession() && random.Next(5) < 3)
        {
            yield return End(start, time.AddHours(random.Next(-2, 50)));
        }
    }
}

/// <summary>The log as one table.</summary>
public sealed class WholeConnectionLogNumbersTests(DatabaseFixture fixture)
    : ConnectionLogNumbersTests(fixture), IClassFixture<DatabaseFixture>;

/// <summary>The log as a table for each month: all answers are the same.</summary>
public sealed class PartitionedConnectionLogNumbersTests(PartitionedLogFixture fixture)
    : ConnectionLogNumbersTests(fixture.Log), IClassFixture<PartitionedLogFixture>;
