using Coder.Application;
using Coder.Application.ConnectionLogs;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.ConnectionLogs;
using Coder.Infrastructure.Database;
using Coder.Testing;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, section 12.3 b: what is derived from the rows is compared with them, and put right.</summary>
public abstract class ConnectionLogCheckTests(DatabaseFixture fixture) : ConnectionLogTests(fixture), IAsyncLifetime
{
    private readonly TestLogs _logs = new();

    public async ValueTask InitializeAsync()
    {
        await Fixture.Database.ExecuteAsync("truncate connection_logs", Ct);
        await Fixture.Database.ExecuteAsync("delete from site_configs where key = 'connection_log_checked_at'", Ct);
    }

    public ValueTask DisposeAsync()
    {
        _logs.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Sessions_that_are_missing_and_those_that_do_not_go_on_are_found_and_put_right()
    {
        ConnectionEvent[] starts = [.. Enumerable.Range(0, 4).Select(i => Connect(Now.AddDays(-i)))];
        var (missing, ended, moved, gone) = (starts[0], starts[1], starts[2], TestIds.New());
        await WriteAsync([.. starts, End(ended, Now), Open()]);
        await Fixture.Database.ExecuteAsync("delete from connection_logs_ongoing where id = $1", Ct, missing.Id);
        await Fixture.Database.ExecuteAsync("insert into connection_logs_ongoing values ($1, $2), ($3, $2)", Ct, ended.Id, ended.Time, gone);
        await Fixture.Database.ExecuteAsync("update connection_logs_ongoing set connect_time = $2 where id = $1", Ct, moved.Id, Now);
        ConnectionLogSessionDrift[] expected =
        [
            new(missing.Id, missing.Time, IsMissing: true),
            new(ended.Id, ended.Time, IsMissing: false),
            new(gone, ended.Time, IsMissing: false),
            new(moved.Id, Now, IsMissing: false),
            new(moved.Id, moved.Time, IsMissing: true),
        ];

        (await Upkeep.FindSessionDriftAsync(Ct)).Should().BeEquivalentTo(expected);
        (await Upkeep.RepairSessionsAsync(Ct)).Should().BeEquivalentTo(expected);

        (await Upkeep.FindSessionDriftAsync(Ct)).Should().BeEmpty();
        (await Upkeep.RepairSessionsAsync(Ct)).Should().BeEmpty();
        var ongoing = await EntriesAsync(Mine with { Status = SessionStatus.Ongoing });
        ongoing.Select(e => e.Id).Should().Equal(missing.Id, moved.Id, starts[3].Id);
    }

    [Fact]
    public async Task A_session_that_ends_while_its_entry_is_added_does_not_go_on_afterwards()
    {
        var (ending, going) = (Connect(), Connect());
        await WriteAsync(ending, going);
        await Fixture.Database.ExecuteAsync("delete from connection_logs_ongoing", Ct);
        await using var connection = new NpgsqlConnection(Fixture.Database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using var end = new NpgsqlCommand("update connection_logs set disconnect_time = now() where id = $1", connection, transaction);
        end.Parameters.AddWithValue(ending.Id);
        await end.ExecuteNonQueryAsync(Ct);

        var repairing = Upkeep.RepairSessionsAsync(Ct);
        var waiting = Fixture.Database.UntilAsync(
            "select exists (select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')", Ct);
        (await Task.WhenAny(waiting, repairing)).Should().BeSameAs(waiting, "the row is not what it will be");
        await transaction.CommitAsync(Ct);

        (await repairing).Should().HaveCount(2);
        (await Upkeep.FindSessionDriftAsync(Ct)).Should().BeEmpty();
        (await EntriesAsync(Mine with { Status = SessionStatus.Ongoing })).Should().ContainSingle().Which.Id.Should().Be(going.Id);
    }

    [Fact]
    public async Task Sessions_are_put_right_while_they_begin_and_end_and_others_repair_too()
    {
        ConnectionEvent[] starts = [.. Enumerable.Range(0, 300).Select(i => Connect(Now.AddDays(-i % 9)))];
        await WriteAsync(starts);
        await Fixture.Database.ExecuteAsync("delete from connection_logs_ongoing", Ct);

        var writing = starts.Take(150).Chunk(50).Select(part => Task.Run(
            async () =>
            {
                foreach (var start in part)
                {
                    await WriteAsync(End(start, Now), Connect(Now.AddDays(-3)));
                }
            },
            Ct)).ToList();
        var repairing = Enumerable.Range(0, 3).Select(_ => Task.Run(() => Upkeep.RepairSessionsAsync(Ct), Ct)).ToList();
        await Task.WhenAll([.. writing, .. repairing]);

        (await Upkeep.FindSessionDriftAsync(Ct)).Should().BeEmpty();
        (await Store.ListAsync(Mine with { Status = SessionStatus.Ongoing }, new ConnectionLogWindow(1), Exact, Ct)).Count.Should().Be(300);
    }

    [Fact]
    public async Task A_comparison_takes_the_time_it_takes()
    {
        await WriteAsync(Connect());
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(Fixture.Database.ConnectionString) { CommandTimeout = 1 }.ConnectionString);
        ConnectionLogUpkeep Impatient() => new(new DbSession(source, TestClock.System), TestClock.System);
        await using var connection = new NpgsqlConnection(Fixture.Database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using var busy = new NpgsqlCommand("lock table connection_logs in access exclusive mode", connection, transaction);
        await busy.ExecuteNonQueryAsync(Ct);
        Task[] comparing =
        [
            Impatient().FindDriftAsync(Ct), Impatient().FindSessionDriftAsync(Ct),
            Impatient().RepairAsync(Ct), Impatient().RepairAsync(Ct), Impatient().RepairSessionsAsync(Ct),
        ];

        busy.CommandText = "select pg_sleep(2)";
        await busy.ExecuteNonQueryAsync(Ct);
        await transaction.CommitAsync(Ct);

        await Task.WhenAll(comparing);
    }

    [Fact]
    public async Task All_replicas_together_check_once_a_day()
    {
        (await CheckAsync(Now)).Should().BeTrue();
        await WriteAsync(Connect());
        await SpoilAsync();

        (await CheckAsync(Now.AddHours(23.9))).Should().BeFalse();
        (await Upkeep.FindDriftAsync(Ct)).Should().NotBeEmpty();
        _logs.Lines.Should().NotContain(line => line.Contains("stored numbers", StringComparison.Ordinal));

        (await CheckAsync(Now.AddHours(24))).Should().BeTrue();
        (await Upkeep.FindDriftAsync(Ct)).Should().BeEmpty();
        (await Upkeep.FindSessionDriftAsync(Ct)).Should().BeEmpty();
        _logs.Lines.Should().ContainSingle(line =>
            line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("1 stored numbers", StringComparison.Ordinal));
        _logs.Lines.Should().ContainSingle(line =>
            line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("1 entries", StringComparison.Ordinal));
        (await CheckAsync(Now.AddHours(25))).Should().BeFalse();
    }

    [Fact]
    public async Task A_check_in_the_future_was_a_wrong_clock()
    {
        (await CheckAsync(Now.AddYears(5))).Should().BeTrue();

        (await CheckAsync(Now)).Should().BeTrue();
        (await CheckAsync(Now.AddMinutes(10))).Should().BeFalse();
    }

    [Fact]
    public async Task While_one_replica_checks_others_pass_and_one_that_failed_is_not_repeated_at_once()
    {
        var failing = () => new ConnectionLogUpkeep(Fixture.NewSession(), new FakeTimeProvider(Now)).TryCheckAsync(
            TimeSpan.FromDays(1),
            async _ =>
            {
                (await CheckAsync(Now.AddDays(2))).Should().BeFalse();
                throw new TimeoutException("checked");
            },
            Ct);
        await failing.Should().ThrowAsync<TimeoutException>();

        (await CheckAsync(Now.AddHours(23))).Should().BeFalse();
        (await CheckAsync(Now.AddHours(24))).Should().BeTrue();
    }

    [Fact]
    public async Task The_commands_of_the_operator_tell_of_numbers_and_sessions()
    {
        await WriteAsync(Connect());
        await SpoilAsync();

        var found = await SendAsync(new VerifyConnectionLogCounts(), Now);
        var repaired = await SendAsync(new RebuildConnectionLogCounts(), Now);

        found.IsEmpty.Should().BeFalse();
        found.Numbers.Should().ContainSingle().Which.Missing.Should().Be(-5);
        found.Sessions.Should().ContainSingle().Which.IsMissing.Should().BeTrue();
        repaired.Should().BeEquivalentTo(found);
        (await SendAsync(new VerifyConnectionLogCounts(), Now)).IsEmpty.Should().BeTrue();
        (await SendAsync(new RebuildConnectionLogCounts(), Now)).IsEmpty.Should().BeTrue();
    }

    private async Task SpoilAsync()
    {
        await Fixture.Database.ExecuteAsync("update connection_log_counts set rows = rows + 5 where organization_id = $1", Ct, Organization);
        await Fixture.Database.ExecuteAsync("delete from connection_logs_ongoing", Ct);
    }

    private Task<bool> CheckAsync(DateTimeOffset now) => SendAsync(new CheckConnectionLog(), now);

    private async Task<T> SendAsync<T>(IRequest<Domain.Common.Result<T>> request, DateTimeOffset now)
    {
        var clock = new FakeTimeProvider(now);
        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(_logs))
            .AddCoderApplication()
            .AddSingleton<TimeProvider>(clock)
            .AddScoped<IConnectionLogUpkeep>(_ => new ConnectionLogUpkeep(Fixture.NewSession(), clock))
            .BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        var outcome = await scope.ServiceProvider.GetRequiredService<ISender>().Send(request, Ct);
        return outcome.Match(value => value, error => throw new InvalidOperationException(error.Message));
    }
}

/// <summary>The log as one table.</summary>
public sealed class WholeConnectionLogCheckTests(DatabaseFixture fixture)
    : ConnectionLogCheckTests(fixture), IClassFixture<DatabaseFixture>;

/// <summary>The log as a table for each month: all answers are the same.</summary>
public sealed class PartitionedConnectionLogCheckTests(PartitionedLogFixture fixture)
    : ConnectionLogCheckTests(fixture.Log), IClassFixture<PartitionedLogFixture>;
