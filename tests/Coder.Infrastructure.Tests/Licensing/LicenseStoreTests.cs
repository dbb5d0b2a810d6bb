using System.Data;
using Coder.Application.Licensing;
using Coder.Domain.Common;
using Coder.Infrastructure.Licensing;

namespace Coder.Infrastructure.Tests.Licensing;

public sealed class LicenseStoreTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Now = LicensingDatabase.Now;
    private static readonly Guid Uuid = new("0193a5d0-1111-4222-8333-444455556666");

    private readonly LicensingDatabase _database = new();

    public ValueTask InitializeAsync() => _database.InitializeAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task What_was_added_is_listed_to_the_microsecond()
    {
        var uploadedAt = Now.AddTicks(1_234_560);

        var (id, isNew) = await _database.Licenses().AddAsync("token", Uuid, uploadedAt, Now.AddYears(1), Ct);

        var stored = (await _database.Licenses().ListAsync(Ct)).Should().ContainSingle().Which;
        (id, isNew).Should().Be((1, true));
        (stored.Id, stored.Uuid, stored.UploadedAt, stored.Token).Should().Be((1, Uuid, uploadedAt, "token"));
        stored.UploadedAt.Offset.Should().Be(TimeSpan.Zero);
        stored.ToString().Should().NotContain("token");
        (await _database.ScalarAsync<DateTime>("select exp from licenses", Ct)).Should().Be(Now.AddYears(1).UtcDateTime);
    }

    [Fact]
    public async Task The_same_token_again_answers_with_the_id_that_it_has()
    {
        await AddAsync("other");
        var first = await AddAsync("token");

        var second = await AddAsync("token");

        first.Should().Be((2, true));
        second.Should().Be((2, false));
        (await _database.Licenses().ListAsync(Ct)).Should().HaveCount(2);
    }

    [Fact]
    public async Task A_token_that_another_transaction_is_adding_is_waited_for_and_found_when_it_is_committed()
    {
        var session = _database.Session();
        Task<(int, bool)> second = null!;

        var first = await session.RunAsync<Result<(int, bool)>>(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                var added = await new LicenseStore(session).AddAsync("token", Uuid, Now, Now, ct);
                second = AddAsync("token");
                await WaitUntilSomebodyWaitsAsync();
                return added;
            },
            Ct);

        first.Should().Be((Result<(int, bool)>)(1, true));
        (await second).Should().Be((1, false));
    }

    [Fact]
    public async Task A_token_that_another_transaction_gave_up_is_added()
    {
        var session = _database.Session();
        Task<(int, bool)> second = null!;

        await session.RunAsync<Result<Done>>(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                await new LicenseStore(session).AddAsync("token", Uuid, Now, Now, ct);
                second = AddAsync("token");
                await WaitUntilSomebodyWaitsAsync();
                return Error.Forbidden;
            },
            Ct);

        (await second).Should().Be((2, true));
    }

    [Fact]
    public async Task The_longest_tokens_are_told_apart_by_their_last_character()
    {
        var start = new string('a', 65_535);

        var one = await AddAsync(start + "b");
        var two = await AddAsync(start + "c");

        one.Should().Be((1, true));
        two.Should().Be((2, true));
    }

    [Fact]
    public async Task The_list_is_ordered_by_id_whatever_was_changed_last()
    {
        await AddAsync("a");
        await AddAsync("b");
        await AddAsync("c");
        await _database.ExecuteAsync("update licenses set uploaded_at = now() where id = 1", Ct);

        var stored = await _database.Licenses().ListAsync(Ct);

        stored.Select(l => l.Id).Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task An_id_is_never_used_again()
    {
        await AddAsync("a");
        var (second, _) = await AddAsync("b");
        await _database.Licenses().DeleteAsync(second, Ct);

        var (third, _) = await AddAsync("b");

        third.Should().BeGreaterThan(second);
    }

    [Fact]
    public async Task Deleting_tells_whether_there_was_one()
    {
        var (id, _) = await AddAsync("a");

        var first = await _database.Licenses().DeleteAsync(id, Ct);
        var second = await _database.Licenses().DeleteAsync(id, Ct);

        first.Should().Be(new DeletedLicense(Uuid, Now, Now));
        second.Should().BeNull();
    }

    private Task<(int Id, bool IsNew)> AddAsync(string token) => _database.Licenses().AddAsync(token, Uuid, Now, Now, Ct);

    private async Task WaitUntilSomebodyWaitsAsync()
    {
        const string Waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        while (await _database.ScalarAsync<long>(Waiting, Ct) == 0)
        {
            await Task.Yield();
        }
    }
}
