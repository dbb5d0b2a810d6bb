using System.Data;
using Coder.Domain.Common;
using Coder.Infrastructure.Database;
using Coder.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests.Database;

/// <summary>Transactions that PostgreSQL could not fit in between others are run again.</summary>
public sealed class TransactionRetryTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private const string Insert = "insert into site_configs (key, value) values (@key, @value)";
    private const string Update = "update site_configs set value = value || @value where key = @key";
    private const string Find = "select value from site_configs where key = @key";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly DbSession _db = fixture.NewSession();

    /// <summary>The tests share a table, so each has a key of its own.</summary>
    private readonly string _key = $"test-{Random.Shared.NextInt64()}";

    [Fact]
    public async Task A_serialization_failure_makes_the_work_run_again_without_the_steps_of_the_first_try()
    {
        await _db.ExecuteAsync(Insert, new { key = _key, value = "" }, Ct);
        var tries = 0;
        var events = new List<string?>();

        var result = await _db.RunAsync(
            IsolationLevel.Serializable,
            async ct =>
            {
                var attempt = ++tries;
                _db.Do(_ => Task.FromResult(Note(events, $"after {attempt}")));
                await _db.ScalarAsync<string>(Find, new { key = _key }, ct);
                if (attempt == 1)
                {
                    await InterfereAsync(ct);
                }

                await _db.ExecuteAsync(Update, new { key = _key, value = "mine" }, ct);
                return Result<Done>.From(Done.Value);
            },
            Ct);

        result.Error.Should().BeNull();
        tries.Should().Be(2);
        events.Should().Equal("after 2");
        (await ValueAsync(_key)).Should().Be("theirsmine");
    }

    [Fact]
    public async Task After_three_serialization_failures_the_last_one_passes_as_an_outage()
    {
        await _db.ExecuteAsync(Insert, new { key = _key, value = "" }, Ct);
        var tries = 0;

        var run = () => _db.RunAsync(
            IsolationLevel.RepeatableRead,
            async ct =>
            {
                tries++;
                await _db.ScalarAsync<string>(Find, new { key = _key }, ct);
                await InterfereAsync(ct);
                await _db.ExecuteAsync(Update, new { key = _key, value = "mine" }, ct);
                return Result<Done>.From(Done.Value);
            },
            Ct);

        var failure = (await run.Should().ThrowAsync<PostgresException>()).Which;
        failure.SqlState.Should().Be(PostgresErrorCodes.SerializationFailure);
        new PostgresErrors().Classify(failure)!.Kind.Should().Be(ErrorKind.Unavailable);
        tries.Should().Be(3);
    }

    [Fact]
    public async Task Two_that_lock_each_other_out_both_get_done()
    {
        var other = fixture.NewSession();
        await _db.ExecuteAsync(Insert, new { key = _key + "a", value = "" }, Ct);
        await _db.ExecuteAsync(Insert, new { key = _key + "b", value = "" }, Ct);
        using var both = new CountdownEvent(2);
        var met = new TaskCompletionSource();

        var results = await Task.WhenAll(LockAsync(_db, "a", "b"), LockAsync(other, "b", "a"));

        results.Should().OnlyContain(r => r.Error == null);
        (await ValueAsync(_key + "a")).Should().Be("++");
        (await ValueAsync(_key + "b")).Should().Be("++");

        Task<Result<Done>> LockAsync(DbSession session, string first, string second)
        {
            var isFirstTry = true;
            return session.RunAsync(
                IsolationLevel.ReadCommitted,
                async ct =>
                {
                    await session.ExecuteAsync(Update, new { key = _key + first, value = "+" }, ct);
                    if (isFirstTry && both.Signal())
                    {
                        met.SetResult();
                    }

                    isFirstTry = false;
                    await met.Task.WaitAsync(ct);
                    await session.ExecuteAsync(Update, new { key = _key + second, value = "+" }, ct);
                    return Result<Done>.From(Done.Value);
                },
                Ct);
        }
    }

    [Fact]
    public async Task Another_refusal_of_the_database_is_not_tried_again()
    {
        await _db.ExecuteAsync(Insert, new { key = _key, value = "one" }, Ct);
        var tries = 0;

        var run = () => _db.RunAsync(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                tries++;
                await _db.ExecuteAsync(Insert, new { key = _key, value = "two" }, ct);
                return Result<Done>.From(Done.Value);
            },
            Ct);

        await run.Should().ThrowAsync<PostgresException>();
        tries.Should().Be(1);
    }

    private static Result<Done> Note(List<string?> events, string? what)
    {
        events.Add(what);
        return Done.Value;
    }

    private Task<int> InterfereAsync(CancellationToken ct) =>
        fixture.Database.ExecuteAsync("update site_configs set value = value || 'theirs' where key = $1", ct, _key);

    private Task<string?> ValueAsync(string key) =>
        fixture.Database.ScalarAsync<string>("select value from site_configs where key = $1", Ct, key);
}
