using System.Data;
using Coder.Domain.Common;
using Coder.Infrastructure.Database;
using Coder.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests.Database;

public sealed class DbSessionTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private const string Insert = "insert into site_configs (key, value) values (@key, @value)";
    private const string Find = "select value from site_configs where key = @key";
    private const string List = "select key, value from site_configs where key like @key || '%' order by key";
    private const string Sleep = "select pg_sleep(60)";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly Error Conflict = new(ErrorKind.Conflict, "Taken.");

    private readonly DbSession _db = fixture.NewSession();

    /// <summary>The tests share a table, so each has a key of its own.</summary>
    private readonly string _key = $"test-{Random.Shared.NextInt64()}";

    [Fact]
    public async Task Statements_read_rows_a_row_and_a_value()
    {
        var first = new Row { Key = _key, Value = "one" };
        var second = new Row { Key = _key + "2", Value = "two" };

        var changed = await _db.ExecuteAsync(Insert, first, Ct) + await _db.ExecuteAsync(Insert, second, Ct);

        changed.Should().Be(2);
        (await _db.QueryAsync<Row>(List, new { key = _key }, Ct)).Should().Equal(first, second);
        (await _db.QueryOneAsync<Row>(List, new { key = _key + "2" }, Ct)).Should().Be(second);
        (await _db.QueryOneAsync<Row>(List, new { key = _key + "3" }, Ct)).Should().BeNull();
        (await ValueAsync(_key)).Should().Be("one");
        (await ValueAsync("nothing")).Should().BeNull();
    }

    [Fact]
    public async Task A_commit_that_does_not_wait_for_the_disk_is_there_all_the_same_when_the_transaction_returns()
    {
        var durable = new NpgsqlConnectionStringBuilder(fixture.Database.ConnectionString) { Options = "-c synchronous_commit=on" };
        await using var source = NpgsqlDataSource.Create(durable.ConnectionString);
        var db = new DbSession(source, TestClock.System);
        for (var i = 0; i < 20; i++)
        {
            var written = "";
            var outcome = await db.RunAsync(
                IsolationLevel.ReadCommitted,
                async ct =>
                {
                    await db.ScalarAsync<string>("select set_config('synchronous_commit', 'off', true)", null, ct);
                    db.FlushAfterCommit();
                    await db.ExecuteAsync(Insert, new { key = $"{_key}-{i}", value = "one" }, ct);
                    written = await db.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text", null, ct);
                    return Result<Done>.From(Done.Value);
                },
                Ct);

            outcome.Error.Should().BeNull();
            (await db.ScalarAsync<bool>("select pg_current_wal_flush_lsn() >= @written::text::pg_lsn", new { written }, Ct)).Should().BeTrue();
        }
    }

    [Fact]
    public async Task More_than_one_row_where_one_is_expected_is_a_bug()
    {
        await _db.ExecuteAsync(Insert, new { key = _key, value = "one" }, Ct);
        await _db.ExecuteAsync(Insert, new { key = _key + "2", value = "two" }, Ct);

        var read = () => _db.QueryOneAsync<Row>(List, new { key = _key }, Ct);

        await read.Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task Times_are_read_and_written_in_utc()
    {
        var time = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2));

        var read = await _db.QueryOneAsync<TimeRow>("select @time::timestamptz as time, null::timestamptz as none", new { time }, Ct);

        read!.Time.Should().Be(time);
        read.Time.Offset.Should().Be(TimeSpan.Zero);
        read.None.Should().BeNull();
    }

    [Fact]
    public async Task Success_commits()
    {
        var result = await _db.RunAsync(IsolationLevel.ReadCommitted, ct => InsertAsync(_db, _key, Done.Value, ct), Ct);

        result.Error.Should().BeNull();
        (await ValueAsync(_key)).Should().Be("one");
    }

    [Fact]
    public async Task A_failure_rolls_back_and_is_the_outcome()
    {
        var result = await _db.RunAsync(IsolationLevel.ReadCommitted, ct => InsertAsync(_db, _key, Conflict, ct), Ct);

        result.Error.Should().Be(Conflict);
        (await ValueAsync(_key)).Should().BeNull();
    }

    [Fact]
    public async Task An_exception_rolls_back_and_passes_and_the_session_stays_usable()
    {
        var run = () => _db.RunAsync<Result<Done>>(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                await InsertAsync(_db, _key, Done.Value, ct);
                throw new InvalidOperationException("bug");
            },
            Ct);

        await run.Should().ThrowAsync<InvalidOperationException>();
        (await ValueAsync(_key)).Should().BeNull();
    }

    [Fact]
    public async Task A_failure_after_a_refused_statement_is_the_outcome()
    {
        await _db.ExecuteAsync(Insert, new { key = _key, value = "one" }, Ct);

        var result = await _db.RunAsync(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                try
                {
                    return await InsertAsync(_db, _key, Done.Value, ct);
                }
                catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
                {
                    return Conflict;
                }
            },
            Ct);

        result.Error.Should().Be(Conflict);
    }

    [Fact]
    public async Task Within_a_transaction_nobody_else_sees_what_it_wrote()
    {
        string? inside = null;
        string? outside = null;

        await _db.RunAsync(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                await InsertAsync(_db, _key, Done.Value, ct);
                inside = await _db.ScalarAsync<string>(Find, new { key = _key }, ct);
                outside = await ValueAsync(_key);
                return Result<Done>.From(Done.Value);
            },
            Ct);

        inside.Should().Be("one");
        outside.Should().BeNull();
    }

    [Fact]
    public async Task A_transaction_within_a_transaction_joins_it()
    {
        var result = await _db.RunAsync(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                await _db.RunAsync(IsolationLevel.Serializable, c => InsertAsync(_db, _key, Done.Value, c), ct);
                return Result<Done>.From(Conflict);
            },
            Ct);

        result.Error.Should().Be(Conflict);
        (await ValueAsync(_key)).Should().BeNull();
    }

    [Fact]
    public async Task A_cancelled_statement_ends_and_rolls_back()
    {
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var entered = new TaskCompletionSource();

        var run = _db.RunAsync(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                await InsertAsync(_db, _key, Done.Value, ct);
                entered.SetResult();
                await _db.ExecuteAsync(Sleep, null, ct);
                return Result<Done>.From(Done.Value);
            },
            hangUp.Token);
        await entered.Task.WaitAsync(Ct);
        await hangUp.CancelAsync();

        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
        (await ValueAsync(_key)).Should().BeNull();
    }

    [Fact]
    public async Task Whoever_is_cancelled_before_the_start_does_nothing()
    {
        var run = () => _db.RunAsync(
            IsolationLevel.ReadCommitted, ct => InsertAsync(_db, _key, Done.Value, ct), new CancellationToken(canceled: true));

        await run.Should().ThrowAsync<OperationCanceledException>();
        (await ValueAsync(_key)).Should().BeNull();
    }

    [Fact]
    public async Task A_caller_who_hangs_up_when_the_work_is_done_does_not_stop_the_commit()
    {
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        var result = await _db.RunAsync(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                var outcome = await InsertAsync(_db, _key, Done.Value, ct);
                await hangUp.CancelAsync();
                return outcome;
            },
            hangUp.Token);

        result.Error.Should().BeNull();
        (await ValueAsync(_key)).Should().Be("one");
    }

    private static async Task<Result<Done>> InsertAsync(DbSession db, string key, Result<Done> outcome, CancellationToken ct)
    {
        await db.ExecuteAsync(Insert, new { key, value = "one" }, ct);
        return outcome;
    }

    private Task<string?> ValueAsync(string key) =>
        fixture.Database.ScalarAsync<string>("select value from site_configs where key = $1", Ct, key);

    private sealed record Row
    {
        public string Key { get; init; } = "";

        public string Value { get; init; } = "";
    }

    private sealed record TimeRow
    {
        public DateTimeOffset Time { get; init; }

        public DateTimeOffset? None { get; init; }
    }
}
