using System.Net;
using Coder.Application.ConnectionLogs;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.ConnectionLogs;
using Coder.Testing;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, section 12.6: dividing, months, keys and retention.</summary>
public sealed class ConnectionLogPartitionsTests(OwnDatabase fixture) : DividedLogTests(fixture)
{
    private const string Keys = "select count(*) from connection_log_keys";

    [Fact]
    public async Task What_is_there_stays_as_it_is_and_goes_on_as_before()
    {
        ConnectionEvent[] starts = [Connect(Now.AddDays(-100)), Connect(Now.AddDays(-2)), Connect(Now.AddDays(-1))];
        await WriteAsync([.. starts, Open(Now.AddDays(-500)), Open()]);
        await WriteAsync(End(starts[1], Now.AddDays(-1)));
        var before = await EntriesAsync();

        (await DivideAsync()).Should().BeTrue();

        (await EntriesAsync()).Should().Equal(before);
        (await Upkeep.FindDriftAsync(Ct)).Should().BeEmpty();
        (await PartitionsAsync()).Should().Be("connection_logs_history 2026-04-01 00:00, connection_logs_2026_04 2026-05-01 00:00");
        await WriteAsync(End(starts[0], Now, 7), End(starts[1], Now, 8, "too late"), starts[2] with { Id = TestIds.New() });
        var after = await EntriesAsync();
        after.Should().HaveCount(before.Count);
        after.Single(e => e.ConnectionId == starts[0].ConnectionId).Should().Match<ConnectionLogEntry>(e => e.Id == starts[0].Id && e.Code == 7);
        after.Single(e => e.ConnectionId == starts[1].ConnectionId).Should().Match<ConnectionLogEntry>(
            e => e.DisconnectTime == Now.AddDays(-1) && e.Code == 0);
    }

    [Fact]
    public async Task A_log_is_divided_once_also_by_two_operators_at_the_same_time()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(DivideAsync, Ct)));

        outcomes.Should().BeEquivalentTo([true, false, false]);
        (await DivideAsync()).Should().BeFalse();
    }

    [Fact]
    public async Task A_log_that_others_do_not_leave_stays_whole()
    {
        await WriteAsync(Open());
        await using var connection = new NpgsqlConnection(Fixture.Database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var reading = await connection.BeginTransactionAsync(Ct);
        await using var read = new NpgsqlCommand("select count(*) from connection_logs", connection, reading);
        await read.ExecuteScalarAsync(Ct);

        var refused = await Impatient(Now).DivideAsync(Ct);

        refused.Error.Should().Match<Error>(e => e.Kind == ErrorKind.Unavailable && e.Message == "The connection log is in use, and nothing was changed.");
        (await PartitionsAsync()).Should().BeEmpty();
        await reading.RollbackAsync(Ct);
        (await DivideAsync()).Should().BeTrue();
    }

    [Fact]
    public async Task Servers_write_while_the_log_is_divided_and_nothing_is_lost_or_doubled()
    {
        await WriteAsync([.. Enumerable.Range(0, 200).Select(i => Open(Now.AddDays(-i)))]);
        using var divided = new CancellationTokenSource();
        var writing = Enumerable.Range(0, 4).Select(_ => Task.Run(() => ReportAsync(divided.Token), Ct)).ToList();

        (await DivideAsync()).Should().BeTrue();
        await divided.CancelAsync();
        var reported = (await Task.WhenAll(writing)).Sum();

        var rows = await EntriesAsync();
        rows.Should().HaveCount(200 + (2 * reported)).And.OnlyContain(e => e.ConnectionId == null || e.DisconnectTime != null);
    }

    // As a server of its own: none knows what another one has seen. It goes on for a while afterwards.
    private async Task<int> ReportAsync(CancellationToken divided)
    {
        var layout = new ConnectionLogLayout();
        var reported = 0;
        for (var after = 0; after < 10; after += divided.IsCancellationRequested ? 1 : 0)
        {
            var start = Connect(Now.AddMinutes(-reported));
            await WriteAsync(layout, start, Open(Now.AddMinutes(reported)));
            await WriteAsync(layout, End(start, Now));
            reported++;
        }

        return reported;
    }

    [Fact]
    public async Task A_server_that_takes_a_whole_log_for_a_divided_one_sees_its_mistake()
    {
        await DivideAsync();
        var layout = new ConnectionLogLayout();
        (await layout.LookAsync(Fixture.NewSession(), Ct)).Should().BeTrue();
        await RenewAsync();

        await WriteAsync(layout, Connect());

        (await EntriesAsync()).Should().ContainSingle();
        (await Fixture.Database.ScalarAsync<long>(Keys, Ct)).Should().Be(0);
    }

    [Theory]
    [InlineData("2026-01-31T23:59:59.999999Z", "connection_logs_2026_02")]
    [InlineData("2026-02-01T00:00:00Z", "connection_logs_2026_02, connection_logs_2026_03")]
    [InlineData("2026-02-28T23:59:59Z", "connection_logs_2026_02, connection_logs_2026_03")]
    [InlineData("2026-12-31T12:00:00Z", "connection_logs_2026_02, connection_logs_2026_12, connection_logs_2027_01")]
    [InlineData("2028-02-29T12:00:00Z", "connection_logs_2026_02, connection_logs_2028_02, connection_logs_2028_03")]
    public async Task This_month_and_the_next_one_are_made_ahead(string now, string expected)
    {
        await DivideAsync(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
        var time = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);

        (await PartitionsAt(time).PrepareAsync(Ct)).Should().BeTrue();
        (await PartitionsAt(time).PrepareAsync(Ct)).Should().BeTrue();

        (await MonthsAsync()).Should().Be("connection_logs_history, " + expected);
        await WriteAsync(Connect(time), Connect(time.AddMinutes(5)));
    }

    [Fact]
    public async Task Nothing_is_made_where_nobody_asked_for_partitions()
    {
        (await PartitionsAt(Now).PrepareAsync(Ct)).Should().BeFalse();

        (await PartitionsAsync()).Should().BeEmpty();
        (await PurgeAsync(Now, TimeSpan.FromDays(1))).Rows.Should().Be(0);
    }

    [Fact]
    public async Task Many_servers_make_the_same_months_at_once()
    {
        await DivideAsync(Now.AddYears(-1));

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(
            () => WriteAsync([.. Enumerable.Range(0, 8).Select(m => Open(Now.AddMonths((i + m) % 8)))]), Ct)));

        (await EntriesAsync()).Should().HaveCount(48);
    }

    [Fact]
    public async Task A_late_start_moves_a_row_to_its_month_and_later_events_find_it_there()
    {
        await DivideAsync(Now.AddMonths(-3));
        var start = Connect(Now.AddDays(-3)) with { Type = ConnectionType.VsCode, Ip = IPAddress.Loopback };
        await WriteAsync(End(start, Now, null) with { Type = ConnectionType.Ssh });

        await WriteAsync(start);
        await WriteAsync(End(start, Now.AddDays(1), 3, "reason"));

        (await EntriesAsync()).Should().ContainSingle().Which.Should().Match<ConnectionLogEntry>(e =>
            e.ConnectTime == Now.AddDays(-3) && e.DisconnectTime == Now && e.Type == ConnectionType.VsCode && e.Code == 3
            && e.DisconnectReason == "reason" && e.Ip!.Equals(IPAddress.Loopback));
        (await Fixture.Database.ScalarAsync<long>("select count(*) from connection_logs_2026_02", Ct)).Should().Be(1);
    }

    [Fact]
    public async Task Months_before_the_retention_are_dropped_and_the_rest_is_deleted_row_by_row()
    {
        await DivideAsync(Now.AddMonths(-4));
        ConnectionEvent[] rows = [.. Enumerable.Range(0, 150).Select(i => Open(Now.AddDays(-i)))];
        await WriteAsync(rows);
        var retention = TimeSpan.FromDays(40);

        var purged = await PurgeAsync(Now, retention);

        purged.Rows.Should().Be(109);
        (await EntriesAsync()).Select(e => e.Id).Should().Equal(rows.Take(41).Select(r => r.Id));
        (await MonthsAsync()).Should().Be(
            "connection_logs_history, connection_logs_2026_01, connection_logs_2026_02, connection_logs_2026_03, connection_logs_2026_04");
        (await Fixture.Database.ScalarAsync<long>("select sum(rows)::bigint from connection_log_totals", Ct)).Should().Be(41);
        (await PurgeAsync(Now, retention)).Rows.Should().Be(0);
    }

    [Fact]
    public async Task Sessions_that_go_on_outlive_their_month_until_twice_the_retention_has_passed()
    {
        await DivideAsync(Now.AddMonths(-6));
        var (old, young) = (Connect(Now.AddDays(-130)), Connect(Now.AddDays(-90)));
        await WriteAsync(old, young, Open(Now.AddDays(-130)), Open(Now.AddDays(-90)));

        (await PurgeAsync(Now, TimeSpan.FromDays(50))).Rows.Should().Be(3);

        (await EntriesAsync()).Should().ContainSingle().Which.Id.Should().Be(young.Id);
        (await CountOngoingAsync()).Should().Be(1);
        (await PurgeAsync(Now, TimeSpan.FromDays(50))).Rows.Should().Be(0, "the month is not made anew each time");
        await WriteAsync(End(young, Now));
        (await EntriesAsync()).Should().ContainSingle().Which.DisconnectTime.Should().Be(Now);
        (await PurgeAsync(Now, TimeSpan.FromDays(50))).Rows.Should().Be(1);
        (await CountOngoingAsync()).Should().Be(0);
    }

    [Fact]
    public async Task Sessions_that_go_on_outlive_the_history_too()
    {
        var session = Connect(Now.AddDays(-60));
        await WriteAsync(session, Open(Now.AddDays(-90)));
        await DivideAsync(Now.AddMonths(-1));

        var partitions = new ConnectionLogPartitions(Fixture.NewSession(), Layout, new FakeTimeProvider(Now.AddDays(62))) { Worth = 1 };
        (await PurgeAsync(Now.AddDays(62), TimeSpan.FromDays(62), partitions)).Rows.Should().Be(1);

        (await EntriesAsync()).Should().ContainSingle().Which.Id.Should().Be(session.Id);
        (await MonthsAsync()).Should().StartWith("connection_logs_history, connection_logs_2026_03");
    }

    [Fact]
    public async Task Rows_of_months_that_can_not_be_dropped_now_are_deleted()
    {
        await DivideAsync(Now.AddMonths(-6));
        await WriteAsync(Open(Now.AddDays(-130)), Open());
        await using var connection = new NpgsqlConnection(Fixture.Database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var reading = await connection.BeginTransactionAsync(Ct);
        await using var read = new NpgsqlCommand("select count(*) from connection_logs", connection, reading);
        await read.ExecuteScalarAsync(Ct);

        (await PurgeAsync(Now, TimeSpan.FromDays(50), Impatient(Now))).Rows.Should().Be(1);

        (await MonthsAsync()).Should().StartWith("connection_logs_history");
        (await EntriesAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task Keys_are_forgotten_a_week_after_the_end_and_an_end_after_that_is_a_row_of_its_own()
    {
        await DivideAsync();
        var (ended, orphan, open) = (Connect(), Connect(), Connect());
        await WriteAsync(ended, orphan, open, Open());
        await WriteAsync(End(ended, Now.AddMinutes(1)));
        (await CloseOrphansAsync(orphan)).Should().Be(1);

        await PartitionsAt(Now.AddDays(6.9)).PrepareAsync(Ct);
        (await Fixture.Database.ScalarAsync<long>(Keys, Ct)).Should().Be(3);
        await PartitionsAt(Now.AddDays(7.1)).PrepareAsync(Ct);
        (await Fixture.Database.ScalarAsync<long>(Keys, Ct)).Should().Be(2, "the week of the orphan began when its end was seen");
        await PartitionsAt(Now.AddDays(14.1)).PrepareAsync(Ct);
        (await Fixture.Database.ScalarAsync<long>(Keys, Ct)).Should().Be(1);

        await WriteAsync(End(ended, Now.AddDays(8)), End(open, Now.AddDays(8)));
        (await EntriesAsync()).Should().HaveCount(5);
    }

    [Fact]
    public async Task A_session_whose_row_was_deleted_begins_anew()
    {
        await DivideAsync();
        var (one, two) = (Connect(), Connect());
        await WriteAsync(one, two);
        await Fixture.Database.ExecuteAsync("delete from connection_logs", Ct);

        var (again, end) = (one with { Id = TestIds.New() }, End(two, Now.AddMinutes(1)));
        await WriteAsync(again, end);
        await WriteAsync(End(one, Now.AddMinutes(2)));

        (await EntriesAsync()).Should().BeEquivalentTo(
            [Row(again) with { DisconnectTime = Now.AddMinutes(2), Code = 0 }, Row(end)]);
    }

    [Fact]
    public async Task The_end_of_a_workspace_ends_its_sessions_of_all_months()
    {
        await DivideAsync(Now.AddMonths(-6));
        var first = Connect(Now.AddDays(-70));
        await WriteAsync(
            first, Connect() with { WorkspaceId = first.WorkspaceId }, Connect(Now.AddYears(-1)) with { WorkspaceId = first.WorkspaceId }, Connect());

        (await CloseOrphansAsync(first)).Should().Be(3);

        (await CountOngoingAsync()).Should().Be(1);
        (await EntriesAsync(Mine with { WorkspaceId = first.WorkspaceId })).Should().OnlyContain(e => e.DisconnectReason == "workspace stopped");
    }

    [Fact]
    public async Task An_operator_who_writes_to_a_partition_by_hand_does_not_spoil_the_numbers()
    {
        await DivideAsync();
        var ended = Connect();
        await WriteAsync(ended, Connect(), Open());

        await Fixture.Database.ExecuteAsync("update connection_logs_history set disconnect_time = now() where id = $1", Ct, ended.Id);
        await Fixture.Database.ExecuteAsync("delete from connection_logs_history where type = 'workspace_app'", Ct);

        (await CountOngoingAsync()).Should().Be(1);
        (await Upkeep.FindDriftAsync(Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_month_that_was_detached_to_be_kept_elsewhere_is_in_nobodys_way()
    {
        await DivideAsync();
        var start = Connect(Now.AddMonths(1));
        await WriteAsync(start);
        await Fixture.Database.ExecuteAsync("alter table connection_logs detach partition connection_logs_2026_04", Ct);
        (await Upkeep.RepairAsync(Ct)).Should().ContainSingle();
        (await Upkeep.RepairSessionsAsync(Ct)).Should().Equal(new ConnectionLogSessionDrift(start.Id, start.Time, IsMissing: false));

        await WriteAsync(End(start, Now.AddMonths(1)));

        (await EntriesAsync()).Should().ContainSingle();
        (await MonthsAsync()).Should().Be("connection_logs_history, connection_logs_2026_04_");
    }

    [Fact]
    public async Task Wrong_numbers_are_found_and_put_right()
    {
        await DivideAsync();
        await WriteAsync(Connect(), Open(), Open(Now.AddMonths(1)));
        await Fixture.Database.ExecuteAsync("update connection_log_counts set rows = rows + 3, ongoing = ongoing + 1 where type = 'ssh'", Ct);
        ConnectionLogDrift[] expected = [new(new DateOnly(2026, 3, 1), Organization, ConnectionType.Ssh, -3) { MissingOngoing = -1 }];

        (await Upkeep.FindDriftAsync(Ct)).Should().Equal(expected);
        (await Upkeep.RepairAsync(Ct)).Should().Equal(expected);

        (await Upkeep.FindDriftAsync(Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_log_with_rows_of_the_future_is_divided_after_them()
    {
        await WriteAsync(Open(new DateTimeOffset(2026, 5, 31, 23, 59, 59, TimeSpan.Zero)));

        await DivideAsync();

        await PartitionsAt(Now.AddMonths(1)).PrepareAsync(Ct);
        (await MonthsAsync()).Should().Be("connection_logs_history");
        await PartitionsAt(Now.AddMonths(2)).PrepareAsync(Ct);
        (await MonthsAsync()).Should().Be("connection_logs_history, connection_logs_2026_06");
    }

    private async Task WriteAsync(ConnectionLogLayout layout, params ConnectionEvent[] events) =>
        (await new ConnectionLogWriter(Fixture.NewSession(), layout, new FakeTimeProvider(Now)).WriteAsync(events, Ct)).Error.Should().BeNull();

    private Task<int> CloseOrphansAsync(ConnectionEvent session) =>
        new ConnectionSessions(Fixture.NewSession()).CloseOrphansAsync(session.WorkspaceId, Now.AddHours(1), Ct);

    private static ConnectionLogEntry Row(ConnectionEvent e) => ConnectionFold.Apply(null, e);
}
