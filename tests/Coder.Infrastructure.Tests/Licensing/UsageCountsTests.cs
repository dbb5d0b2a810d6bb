using Coder.Domain.Licensing;
using CsCheck;

namespace Coder.Infrastructure.Tests.Licensing;

/// <summary>Managed agents are counted from daily sums and two edges, and still exactly (docs/spec/licensing.md, 4.6).</summary>
public sealed class UsageCountsTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Day = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly LicensingDatabase _database = new();
    private int _events;

    public ValueTask InitializeAsync() => _database.InitializeAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Without_events_nothing_is_counted()
    {
        var count = await CountAsync(Day, Day.AddYears(1));

        count.Should().Be(0);
    }

    [Fact]
    public async Task Both_ends_belong_to_the_period_to_the_microsecond()
    {
        var start = Day.AddHours(10);
        var end = Day.AddDays(3).AddHours(10);
        await RecordAsync(start.AddMicroseconds(-1), 1);
        await RecordAsync(start, 10);
        await RecordAsync(end, 100);
        await RecordAsync(end.AddMicroseconds(1), 1000);

        var count = await CountAsync(start, end);

        count.Should().Be(110);
    }

    [Theory]
    [InlineData(0, 24)]
    [InlineData(0, 48)]
    [InlineData(10, 12)]
    [InlineData(10, 24)]
    [InlineData(10, 34)]
    [InlineData(10, 48)]
    [InlineData(24, 24)]
    [InlineData(24, 36)]
    [InlineData(0, 0)]
    public async Task Windows_that_begin_or_end_at_midnight_or_hold_no_whole_day_are_exact(int startHour, int endHour)
    {
        for (var hour = -1; hour <= 60; hour++)
        {
            await RecordAsync(Day.AddHours(hour), 1);
        }

        var count = await CountAsync(Day.AddHours(startHour), Day.AddHours(endHour));

        count.Should().Be(endHour - startHour + 1);
    }

    [Fact]
    public async Task Any_window_counts_what_adding_up_every_event_counts()
    {
        // Around a few midnights, because that is where days and edges meet.
        var instants = Gen.Select(Gen.Int[0, 6], Gen.Int[-3, 3], Gen.Int[0, 86_399]).Select((day, microseconds, second) =>
            second % 3 == 0 ? Day.AddDays(day).AddMicroseconds(microseconds) : Day.AddDays(day).AddSeconds(second));
        var events = new List<(DateTimeOffset At, long Count)>();
        instants.Select(Gen.Long[1, 1000]).Array[150].Sample(
            array =>
            {
                events.Clear();
                events.AddRange(array);
            },
            iter: 1,
            threads: 1);
        foreach (var (at, count) in events)
        {
            await RecordAsync(at, count);
        }

        var windows = new List<(DateTimeOffset Start, DateTimeOffset End)>();
        Gen.Select(instants, instants).Sample((a, b) => windows.Add(a <= b ? (a, b) : (b, a)), iter: 200, threads: 1);

        foreach (var (start, end) in windows)
        {
            var expected = events.Where(e => e.At >= start && e.At <= end).Sum(e => e.Count);
            (await CountAsync(start, end)).Should().Be(expected, "from {0:O} to {1:O}", start, end);
        }
    }

    [Fact]
    public async Task Whole_days_come_from_their_sums_and_not_from_the_events()
    {
        await RecordAsync(Day.AddDays(1).AddHours(5), 7);
        await _database.ExecuteAsync("delete from usage_events", Ct);

        var count = await CountAsync(Day.AddHours(1), Day.AddDays(2).AddHours(1));

        count.Should().Be(7);
    }

    [Fact]
    public async Task The_longest_window_there_is_counts_everything()
    {
        await RecordAsync(Day, 5);

        var count = await CountAsync(DateTimeOffset.MinValue, new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero));

        count.Should().Be(5);
    }

    [Fact]
    public async Task Seats_are_taken_by_active_users_only()
    {
        await AddUserAsync("active-1", "active");
        await AddUserAsync("active-2", "active");
        await AddUserAsync("dormant", "dormant");
        await AddUserAsync("suspended", "suspended");
        await AddUserAsync("deleted", "active", isDeleted: true);
        await AddUserAsync("system", "active", isSystem: true);

        var users = await _database.Usage().ActiveUsersAsync(Ct);

        users.Should().Be(2, "the owner of prebuilt workspaces is of the system");
    }

    private Task<long> CountAsync(DateTimeOffset start, DateTimeOffset end) =>
        _database.Usage().ManagedAgentsAsync(UsageWindow.Of(new UsagePeriod(start, start, end)), Ct);

    private Task<int> RecordAsync(DateTimeOffset at, long count) => _database.RecordAsync($"build:{_events++}", at, count, Ct);

    private Task<int> AddUserAsync(string name, string status, bool isDeleted = false, bool isSystem = false) => _database.ExecuteAsync(
        """
        insert into users (id, email, username, created_at, updated_at, status, deleted, is_system)
        values (gen_random_uuid(), @name || '@example.com', @name, now(), now(), @status::user_status, @deleted, @system)
        """,
        Ct,
        ("name", name),
        ("status", status),
        ("deleted", isDeleted),
        ("system", isSystem));
}
