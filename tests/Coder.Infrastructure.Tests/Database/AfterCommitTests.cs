using System.Data;
using Coder.Domain.Common;
using Coder.Infrastructure.Database;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.Database;

/// <summary>What a node does once its transaction is committed.</summary>
public sealed class AfterCommitTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private const string Insert = "insert into site_configs (key, value) values (@key, @value)";
    private const string Find = "select value from site_configs where key = @key";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly Error Conflict = new(ErrorKind.Conflict, "Taken.");

    private readonly DbSession _db = fixture.NewSession();

    /// <summary>The tests share a table, so each has a key of its own.</summary>
    private readonly string _key = $"test-{Random.Shared.NextInt64()}";

    [Fact]
    public async Task Steps_after_the_commit_run_in_their_order_and_see_what_was_written()
    {
        var events = new List<string?>();

        await _db.RunAsync(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                _db.Do(async c => Note(events, await _db.ScalarAsync<string>(Find, new { key = _key }, c)));
                _db.Do(_ => Task.FromResult(Note(events, "second")));
                await InsertAsync(_db, _key, Done.Value, ct);
                events.Add("work");
                return Result<Done>.From(Done.Value);
            },
            Ct);

        events.Should().Equal("work", "one", "second");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_follows_a_rollback_not_even_the_commit_of_the_next_transaction(bool isException)
    {
        var events = new List<string?>();
        var run = () => _db.RunAsync(
            IsolationLevel.ReadCommitted,
            _ =>
            {
                _db.Do(_ => Task.FromResult(Note(events, "after")));
                return isException ? throw new InvalidOperationException("bug") : Task.FromResult(Result<Done>.From(Conflict));
            },
            Ct);

        if (isException)
        {
            await run.Should().ThrowAsync<InvalidOperationException>();
        }
        else
        {
            await run();
        }

        await _db.RunAsync(IsolationLevel.ReadCommitted, ct => InsertAsync(_db, _key, Done.Value, ct), Ct);
        events.Should().BeEmpty();
    }

    [Fact]
    public async Task A_failing_step_is_the_outcome_and_ends_the_steps_and_the_transaction_stays_committed()
    {
        var events = new List<string?>();

        var result = await _db.RunAsync(
            IsolationLevel.ReadCommitted,
            ct =>
            {
                _db.Do(_ => Task.FromResult(Result<Done>.From(Conflict)));
                _db.Do(_ => Task.FromResult(Note(events, "second")));
                return InsertAsync(_db, _key, Done.Value, ct);
            },
            Ct);

        result.Error.Should().Be(Conflict);
        events.Should().BeEmpty();
        (await ValueAsync(_key)).Should().Be("one");
    }

    [Fact]
    public async Task A_step_may_run_a_transaction_with_steps_of_its_own()
    {
        var events = new List<string?>();

        var result = await _db.RunAsync(
            IsolationLevel.ReadCommitted,
            ct =>
            {
                _db.Do(c => _db.RunAsync(
                    IsolationLevel.ReadCommitted,
                    _ =>
                    {
                        _db.Do(_ => Task.FromResult(Note(events, "inner")));
                        return Task.FromResult(Note(events, "step"));
                    },
                    c));
                _db.Do(_ => Task.FromResult(Note(events, "second")));
                return InsertAsync(_db, _key, Done.Value, ct);
            },
            Ct);

        result.Error.Should().BeNull();
        events.Should().Equal("step", "inner", "second");
    }

    [Fact]
    public void Without_a_transaction_there_is_nothing_to_do_something_after()
    {
        var act = () => _db.Do(_ => Task.FromResult(Result<Done>.From(Done.Value)));

        act.Should().Throw<InvalidOperationException>();
    }

    private static async Task<Result<Done>> InsertAsync(DbSession db, string key, Result<Done> outcome, CancellationToken ct)
    {
        await db.ExecuteAsync(Insert, new { key, value = "one" }, ct);
        return outcome;
    }

    private static Result<Done> Note(List<string?> events, string? what)
    {
        events.Add(what);
        return Done.Value;
    }

    private Task<string?> ValueAsync(string key) =>
        fixture.Database.ScalarAsync<string>("select value from site_configs where key = $1", Ct, key);
}
