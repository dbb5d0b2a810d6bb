using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.ConnectionLogs;
using Coder.Testing;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, section 12.6: events of any time are stored, and few partitions are made for them.</summary>
public sealed class ConnectionLogBoundsTests(OwnDatabase fixture) : DividedLogTests(fixture)
{
    [Fact]
    public async Task Events_of_any_time_are_stored_although_nobody_has_made_their_month()
    {
        var present = Now.AddYears(2);
        await DivideAsync();
        (await PurgeAsync(present, TimeSpan.FromDays(90))).Rows.Should().Be(0);
        (await PartitionsAsync()).Should().Be(
            "connection_logs_history 2027-12-01 00:00, connection_logs_2028_03 2028-04-01 00:00, connection_logs_2028_04 2028-05-01 00:00",
            "what was empty is gone");
        ConnectionEvent[] events =
        [
            Open(Now.AddYears(-30)), Connect(Now.AddMonths(-3)), Connect(new DateTimeOffset(2028, 2, 29, 23, 59, 59, TimeSpan.Zero)),
            Open(new DateTimeOffset(9998, 12, 31, 23, 59, 59, TimeSpan.Zero)),
        ];

        await WriteAtAsync(present, events);
        await WriteAtAsync(present, End(events[1], Now), End(events[2], Now));

        (await EntriesAsync()).Select(e => e.Id).Should().Equal(events.Reverse().Select(e => e.Id));
        (await MonthsAsync())!.Split(", ").Select(name => name["connection_logs_".Length..])
            .Should().Equal("history", "2028_02", "2028_03", "2028_04", "future");
    }

    [Fact]
    public async Task Wrong_clocks_do_not_make_partitions()
    {
        await DivideAsync(Now.AddYears(-1));
        await PurgeAsync(Now, TimeSpan.FromDays(90));
        var before = await MonthsAsync();
        ConnectionEvent[] past = [.. Enumerable.Range(4, 1_000).Select(i => Open(Now.AddMonths(-i)))];
        ConnectionEvent[] future = [.. Enumerable.Range(14, 1_000).Select(i => Connect(Now.AddMonths(i)))];

        await WriteAtAsync(Now, [.. past[..500], .. future[..500]]);
        await WriteAtAsync(Now, [.. past[500..], .. future[500..]]);

        (await MonthsAsync()).Should().Be(before + ", connection_logs_future");
        (await EntriesAsync()).Select(e => e.Id).Should().Equal(future.Reverse().Concat(past).Select(e => e.Id));
        await WriteAtAsync(Now, [.. future.Select(start => End(start, Now))]);
        (await CountOngoingAsync()).Should().Be(0);
    }

    [Fact]
    public async Task A_list_over_many_months_that_nobody_has_made_is_stored()
    {
        await DivideAsync(Now.AddYears(-90));
        ConnectionEvent[] events = [.. Enumerable.Range(0, 1_000).Select(i => Open(Now.AddMonths(-i)))];

        await WriteAtAsync(Now, events);

        (await EntriesAsync()).Should().HaveCount(1_000);
        (await PartitionsAsync()).Should().StartWith(
            "connection_logs_history 1936-04-01 00:00, connection_logs_1936_04 1936-05-01 00:00, connection_logs_1936_05 2025-03-01 00:00, "
            + "connection_logs_2025_03 2025-04-01 00:00, ").And.EndWith(", connection_logs_2026_03 2026-04-01 00:00");
    }

    [Fact]
    public async Task A_log_whose_history_was_dropped_before_gets_one_partition_for_all_that_is_old()
    {
        await DivideAsync();
        await Fixture.Database.ExecuteAsync("drop table connection_logs_history", Ct);

        await WriteAtAsync(Now.AddMonths(1), Open(Now.AddYears(-30)), Open(Now.AddYears(-20)), Open(Now.AddMonths(-1)));

        (await PartitionsAsync()).Should().Be("connection_logs_history 2026-04-01 00:00, connection_logs_2026_04 2026-05-01 00:00");
    }

    [Fact]
    public async Task What_was_far_ahead_goes_to_its_months_when_these_come()
    {
        await DivideAsync();
        ConnectionEvent[] events = [Connect(Now.AddMonths(14)), Open(Now.AddMonths(15)), Open(Now.AddMonths(40)), Open(Now.AddYears(900))];
        await WriteAtAsync(Now, events);
        (await MonthsAsync()).Should().Be("connection_logs_history, connection_logs_2026_04, connection_logs_future");

        await PartitionsAt(Now.AddMonths(12)).PrepareAsync(Ct);
        (await MonthsAsync()).Should().Be(
            "connection_logs_history, connection_logs_2026_04, connection_logs_2027_03, connection_logs_2027_04, connection_logs_future");
        await PartitionsAt(Now.AddMonths(13)).PrepareAsync(Ct);

        (await PartitionsAsync()).Should().Be(
            "connection_logs_history 2026-04-01 00:00, connection_logs_2026_04 2026-05-01 00:00, connection_logs_2027_03 2027-04-01 00:00, "
            + "connection_logs_2027_04 2027-05-01 00:00, connection_logs_2027_05 2027-06-01 00:00, connection_logs_2027_06 2027-07-01 00:00, "
            + "connection_logs_future infinity");
        (await EntriesAsync()).Select(e => e.Id).Should().Equal(events.Reverse().Select(e => e.Id));
        await WriteAtAsync(Now.AddMonths(13), End(events[0], Now.AddMonths(15)));
        (await CountOngoingAsync()).Should().Be(0);
    }

    [Fact]
    public async Task While_others_read_what_was_far_ahead_stays_and_is_written_to()
    {
        await DivideAsync();
        await WriteAtAsync(Now, Open(Now.AddMonths(14)));
        await using var connection = new NpgsqlConnection(Fixture.Database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var reading = await connection.BeginTransactionAsync(Ct);
        await using var read = new NpgsqlCommand("select count(*) from connection_logs", connection, reading);
        await read.ExecuteScalarAsync(Ct);

        (await Impatient(Now.AddMonths(14)).PrepareAsync(Ct)).Should().BeTrue();
        await WriteAtAsync(Now.AddMonths(14), Open(Now.AddMonths(14)));

        (await MonthsAsync()).Should().EndWith("connection_logs_future");
        await reading.RollbackAsync(Ct);
        (await PartitionsAt(Now.AddMonths(14)).PrepareAsync(Ct)).Should().BeTrue();
        (await MonthsAsync()).Should().EndWith("connection_logs_2027_05, connection_logs_2027_06", "nothing is left that is far ahead");
        (await EntriesAsync()).Should().HaveCount(2);
    }

    [Fact]
    public async Task Late_reports_are_deleted_row_by_row_and_many_of_them_at_once()
    {
        await DivideAsync(Now.AddMonths(-6));
        await PurgeAsync(Now, TimeSpan.FromDays(50));
        var history = await HistoryAsync();
        await WriteAtAsync(Now, Open(Now.AddYears(-2)), Open(Now.AddYears(-3)), Connect(Now.AddDays(-60)));

        (await PurgeAsync(Now, TimeSpan.FromDays(50))).Rows.Should().Be(2);
        (await HistoryAsync()).Should().Be(history, "nobody was kept from the log for so few");

        await WriteAtAsync(Now, Open(Now.AddYears(-2)), Open(Now.AddYears(-3)));
        var partitions = new ConnectionLogPartitions(Fixture.NewSession(), Layout, new FakeTimeProvider(Now)) { Worth = 2 };
        (await PurgeAsync(Now, TimeSpan.FromDays(50), partitions)).Rows.Should().Be(2);
        (await HistoryAsync()).Should().NotBe(history);
        (await EntriesAsync()).Should().ContainSingle("it goes on");
    }

    private Task<string?> HistoryAsync() =>
        Fixture.Database.ScalarAsync<string>("select 'connection_logs_history'::regclass::oid::text", Ct);
}
