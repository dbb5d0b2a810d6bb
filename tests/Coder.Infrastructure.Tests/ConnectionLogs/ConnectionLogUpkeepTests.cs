using Coder.Application;
using Coder.Application.ConnectionLogs;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.ConnectionLogs;
using Coder.Testing;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Coder.Infrastructure.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, sections 9 and 12.3 b. Whatever a test leaves behind, the numbers are those of the rows.</summary>
public abstract class ConnectionLogUpkeepTests(DatabaseFixture fixture) : ConnectionLogTests(fixture), IAsyncLifetime
{
    private const string Sum = "select coalesce(sum(rows), 0)::bigint from connection_log_counts where organization_id = $1";

    public async ValueTask InitializeAsync() => await Fixture.Database.ExecuteAsync("truncate connection_logs", Ct);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_oldest_rows_go_first_and_those_that_are_young_enough_stay()
    {
        await WriteAsync(Open(Now.AddDays(-3)), Open(Now.AddDays(-2)), Open(Now.AddDays(-1)), Open(Now));

        (await Upkeep.DeleteAsync(Now.AddDays(-1), Now.AddDays(-9), 1, Ct)).Should().Be(1);
        (await EntriesAsync()).Min(e => e.ConnectTime).Should().Be(Now.AddDays(-2));
        (await Upkeep.DeleteAsync(Now.AddDays(-1), Now.AddDays(-9), 10, Ct)).Should().Be(1);

        (await EntriesAsync()).Select(e => e.ConnectTime).Should().Equal(Now, Now.AddDays(-1));
        (await Fixture.Database.ScalarAsync<long>(Sum, Ct, Organization)).Should().Be(2);
        (await Upkeep.FindDriftAsync(Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_session_that_goes_on_stays_until_twice_the_time_has_passed()
    {
        var ended = Connect(Now.AddDays(-3));
        await WriteAsync(Connect(Now.AddDays(-3)), Connect(Now.AddDays(-5)), ended, End(ended, Now));

        (await PurgeAsync(TimeSpan.FromDays(2))).Rows.Should().Be(2);

        (await EntriesAsync()).Should().ContainSingle().Which.Should().Match<ConnectionLogEntry>(
            e => e.ConnectTime == Now.AddDays(-3) && e.DisconnectTime == null);
    }

    [Fact]
    public async Task Without_a_retention_everything_stays()
    {
        await WriteAsync(Open(Now.AddYears(-20)));

        (await PurgeAsync(TimeSpan.Zero)).Rows.Should().Be(0);

        (await EntriesAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task A_purge_stops_at_its_time()
    {
        await WriteAsync(Open(Now.AddYears(-20)));

        (await PurgeAsync(TimeSpan.FromDays(1), until: Now)).Rows.Should().Be(0);

        (await EntriesAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task Sessions_of_applications_go_after_a_day()
    {
        var sessions = new WebSessionStore(Fixture.NewSession());
        var key = new WebSessionKey(TestIds.New(), Guid.Empty, Guid.Empty, "192.0.2.1", "firefox", "80", 200);
        await sessions.TouchAsync([Opening(key)], Now.AddDays(-1).AddMinutes(-1), Now.AddDays(-2), Ct);
        await sessions.TouchAsync([Opening(key with { StatusCode = 404 })], Now.AddDays(-1).AddMinutes(1), Now.AddDays(-2), Ct);

        (await PurgeAsync(TimeSpan.Zero)).WebSessions.Should().Be(1);
        (await PurgeAsync(TimeSpan.Zero)).WebSessions.Should().Be(0);

        static WebSessionOpening Opening(WebSessionKey key) => new(key, new WebSessionRow(TestIds.New(), Now), IsLogged: false);
    }

    [Fact]
    public async Task One_replica_purges_at_a_time_and_others_pass()
    {
        await WriteAsync(Open(Now.AddYears(-1)));
        var isDone = await Upkeep.TryAloneAsync(
            async _ => (await PurgeAsync(TimeSpan.FromDays(1))).Should().Be(new PurgedConnectionLogs(0, 0)), Ct);

        isDone.Should().BeTrue();
        (await PurgeAsync(TimeSpan.FromDays(1))).Rows.Should().Be(1, "the lock is free again");
    }

    [Fact]
    public async Task Numbers_that_were_spoilt_are_found_and_put_right()
    {
        await WriteAsync(Open(), Open(), Connect(), Open(Now.AddDays(-1)));
        await Fixture.Database.ExecuteAsync("update connection_log_counts set rows = rows + 5 where organization_id = $1 and type = 'ssh'", Ct, Organization);
        await Fixture.Database.ExecuteAsync(
            "delete from connection_log_counts where organization_id = $1 and type <> 'ssh' and day = '2026-02-28'", Ct, Organization);
        ConnectionLogDrift[] expected =
        [
            new(new DateOnly(2026, 2, 28), Organization, ConnectionType.WorkspaceApp, 1),
            new(new DateOnly(2026, 3, 1), Organization, ConnectionType.Ssh, -5),
        ];

        (await Upkeep.FindDriftAsync(Ct)).Should().Equal(expected);
        (await Upkeep.RepairAsync(Ct)).Should().Equal(expected);

        (await Upkeep.FindDriftAsync(Ct)).Should().BeEmpty();
        (await Upkeep.RepairAsync(Ct)).Should().BeEmpty();
        (await Fixture.Database.ScalarAsync<long>(Sum, Ct, Organization)).Should().Be(4);
    }

    [Fact]
    public async Task A_wrong_number_of_sessions_that_go_on_is_found_and_put_right_too()
    {
        await WriteAsync(Connect(), Connect(), Open());
        await Fixture.Database.ExecuteAsync(
            "update connection_log_counts set ongoing = ongoing - 3 where organization_id = $1 and type = 'ssh'", Ct, Organization);
        ConnectionLogDrift[] expected = [new(new DateOnly(2026, 3, 1), Organization, ConnectionType.Ssh, 0) { MissingOngoing = 3 }];

        (await Upkeep.FindDriftAsync(Ct)).Should().Equal(expected);
        (await Upkeep.RepairAsync(Ct)).Should().Equal(expected);

        (await Upkeep.FindDriftAsync(Ct)).Should().BeEmpty();
        (await CountOngoingAsync()).Should().Be(2);
    }

    [Fact]
    public async Task Totals_and_the_sessions_that_go_on_follow_whatever_is_done_to_the_log()
    {
        ConnectionEvent[] starts = [.. Enumerable.Range(0, 30).Select(i => Connect(Now.AddDays(-i % 5)) with { Type = (ConnectionType)(i % 4) })];
        await WriteAsync([.. starts, Open(), Open(Now.AddDays(-9))]);
        await ShouldFollowAsync(rows: 32, ongoing: 30);

        await WriteAsync([.. starts.Take(10).Select(s => End(s, Now))]);
        await ShouldFollowAsync(rows: 32, ongoing: 20);

        await WriteAsync([.. starts.Take(11).Select(s => End(s, Now.AddHours(1)))]);
        await ShouldFollowAsync(rows: 32, ongoing: 19);

        await Fixture.Database.ExecuteAsync("update connection_logs set disconnect_time = null where id = $1", Ct, starts[0].Id);
        await Fixture.Database.ExecuteAsync(
            "update connection_logs set connect_time = connect_time - interval '2 days' where id = $1", Ct, starts[20].Id);
        await Fixture.Database.ExecuteAsync("update connection_logs set type = 'port_forwarding' where id = $1", Ct, starts[21].Id);
        await ShouldFollowAsync(rows: 32, ongoing: 19);

        await Upkeep.RepairAsync(Ct);
        await Upkeep.DeleteAsync(Now, Now.AddDays(-4), 100, Ct);
        var left = await EntriesAsync();
        left.Count.Should().BeInRange(1, 31);
        await ShouldFollowAsync(left.Count, left.Count(e => e.Type.IsSession() && e.DisconnectTime == null));

        await Fixture.Database.ExecuteAsync("truncate connection_logs", Ct);
        await ShouldFollowAsync(rows: 0, ongoing: 0);
    }

    [Fact]
    public async Task Writers_that_begin_and_end_sessions_of_the_same_organizations_do_not_wait_for_each_other_in_a_circle()
    {
        Guid[] organizations = [Organization, TestIds.New(), TestIds.New()];
        var writing = Enumerable.Range(0, 12).Select(writer => Task.Run(
            async () =>
            {
                ConnectionEvent[] before = [];
                for (var i = 0; i < 25; i++)
                {
                    ConnectionEvent[] starts = [.. organizations.Select(o => Connect(Now.AddDays(-(writer + i) % 6)) with { OrganizationId = o })];
                    await WriteAsync([.. starts, .. before.Select(s => End(s, Now))]);
                    before = starts;
                }
            },
            Ct)).ToList();
        await Task.WhenAll(writing);

        (await Upkeep.FindDriftAsync(Ct)).Should().BeEmpty();
        (await CountOngoingAsync()).Should().Be(12);
        (await Fixture.Database.ScalarAsync<long>(Sum, Ct, Organization)).Should().Be(12 * 25);
    }

    [Fact]
    public async Task Past_days_are_merged_into_one_number()
    {
        await WriteAsync(Open(Now.AddDays(-400)), Open(Now.AddDays(-400)));
        await Fixture.Database.ExecuteAsync(
            """
            insert into connection_log_counts (day, organization_id, type, slot, rows)
            select day, organization_id, type, s, case s when 11 then 5 when 12 then -5 else 0 end
            from connection_log_counts, generate_series(10, 12) s
            where organization_id = $1
            """,
            Ct,
            Organization);

        await Upkeep.RepairAsync(Ct);

        (await Fixture.Database.ScalarAsync<long>("select count(*) from connection_log_counts where organization_id = $1", Ct, Organization))
            .Should().Be(1);
        (await Fixture.Database.ScalarAsync<long>(Sum, Ct, Organization)).Should().Be(2);
    }

    [Fact]
    public async Task Numbers_are_put_right_while_events_arrive_and_others_repair_too()
    {
        await WriteAsync([.. Enumerable.Range(0, 300).Select(i => Open(Now.AddDays(-i % 9)))]);
        await Fixture.Database.ExecuteAsync("update connection_log_counts set rows = rows * 3 where organization_id = $1", Ct, Organization);

        var writing = Enumerable.Range(0, 3).Select(_ => Task.Run(
            async () =>
            {
                for (var i = 0; i < 40; i++)
                {
                    await WriteAsync(Open(Now.AddDays(-i % 9)), Connect(Now.AddDays(-i % 7)));
                }
            },
            Ct)).ToList();
        var repairing = Enumerable.Range(0, 4).Select(_ => Task.Run(() => Upkeep.RepairAsync(Ct), Ct)).ToList();
        await Task.WhenAll(writing.Concat(repairing));

        (await Upkeep.FindDriftAsync(Ct)).Should().BeEmpty();
        (await Fixture.Database.ScalarAsync<long>(Sum, Ct, Organization)).Should().Be(300 + (3 * 40 * 2));
    }

    [Fact]
    public async Task An_operator_who_deletes_or_truncates_by_hand_does_not_spoil_the_numbers()
    {
        await WriteAsync(Open(), Open(), Connect());
        await Fixture.Database.ExecuteAsync("delete from connection_logs where type = 'ssh'", Ct);
        (await Upkeep.FindDriftAsync(Ct)).Should().BeEmpty();

        await Fixture.Database.ExecuteAsync("truncate connection_logs", Ct);
        (await Upkeep.FindDriftAsync(Ct)).Should().BeEmpty();
    }

    private async Task ShouldFollowAsync(long rows, long ongoing)
    {
        (await Upkeep.FindDriftAsync(Ct)).Should().BeEmpty();
        (await Fixture.Database.ScalarAsync<long>("select coalesce(sum(rows), 0)::bigint from connection_log_totals", Ct)).Should().Be(rows);
        (await Fixture.Database.ScalarAsync<long>("select coalesce(sum(ongoing), 0)::bigint from connection_log_totals", Ct)).Should().Be(ongoing);
        (await Fixture.Database.ScalarAsync<long>(
            """
            select count(*)
            from connection_logs_ongoing s
            join connection_logs c on c.id = s.id and c.connect_time = s.connect_time and c.disconnect_time is null
            """,
            Ct)).Should().Be(ongoing);
        (await Fixture.Database.ScalarAsync<long>("select count(*) from connection_logs_ongoing", Ct)).Should().Be(ongoing);
    }

    private async Task<long> CountOngoingAsync() =>
        (await Store.ListAsync(Mine with { Status = SessionStatus.Ongoing }, new ConnectionLogWindow(1), Exact, Ct)).Count;

    private async Task<PurgedConnectionLogs> PurgeAsync(TimeSpan retention, DateTimeOffset? until = null)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddCoderApplication()
            .AddSingleton<TimeProvider>(new FakeTimeProvider(Now))
            .AddSingleton(new ConnectionLogOptions(retention))
            .AddScoped<IConnectionLogUpkeep>(_ => Upkeep)
            .AddScoped<IConnectionLogPartitions>(_ => PartitionsAt(Now))
            .AddScoped<IWebSessionStore>(_ => new WebSessionStore(Fixture.NewSession()))
            .BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        var purge = new PurgeConnectionLogs(until ?? Now.AddSeconds(10));
        var outcome = await scope.ServiceProvider.GetRequiredService<ISender>().Send(purge, Ct);
        return outcome.Match(purged => purged, error => throw new InvalidOperationException(error.Message));
    }
}

/// <summary>The log as one table.</summary>
public sealed class WholeConnectionLogUpkeepTests(DatabaseFixture fixture)
    : ConnectionLogUpkeepTests(fixture), IClassFixture<DatabaseFixture>;

/// <summary>The log as a table for each month: all answers are the same.</summary>
public sealed class PartitionedConnectionLogUpkeepTests(PartitionedLogFixture fixture)
    : ConnectionLogUpkeepTests(fixture.Log), IClassFixture<PartitionedLogFixture>;
