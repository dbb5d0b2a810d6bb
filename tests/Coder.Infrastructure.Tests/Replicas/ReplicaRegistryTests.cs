using Coder.Infrastructure.Common;
using Coder.Infrastructure.Replicas;
using Coder.Infrastructure.Tests.Licensing;

namespace Coder.Infrastructure.Tests.Replicas;

public sealed class ReplicaRegistryTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly LicensingDatabase _database = new();

    public ValueTask InitializeAsync() => _database.InitializeAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_server_always_counts_itself()
    {
        var self = _database.NewReplica();

        var before = await CountAsync(self);
        await Registry(self).BeatAsync(Ct);

        (before, await CountAsync(self)).Should().Be((1, 1));
    }

    [Theory]
    [InlineData(59_999, 1)]
    [InlineData(60_000, 2)]
    public async Task Another_server_counts_from_its_first_minute_on(int milliseconds, int expected)
    {
        var (self, other) = (_database.NewReplica(), _database.NewReplica());
        await Registry(other).BeatAsync(Ct);

        _database.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        (await CountAsync(self)).Should().Be(expected);
    }

    [Theory]
    [InlineData(89_999, 2)]
    [InlineData(90_000, 1)]
    public async Task A_server_that_gives_no_sign_of_life_counts_for_ninety_seconds(int milliseconds, int expected)
    {
        var (self, other) = (_database.NewReplica(), _database.NewReplica());
        _database.Clock.Advance(TimeSpan.FromHours(1));
        await Registry(other).BeatAsync(Ct);

        _database.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        (await CountAsync(self)).Should().Be(expected);
    }

    [Fact]
    public async Task A_server_that_is_alone_ends_those_that_died_without_a_word()
    {
        var (self, dead) = (_database.NewReplica(), _database.NewReplica());
        _database.Clock.Advance(TimeSpan.FromMinutes(2));
        await Registry(dead).BeatAsync(Ct);

        await Registry(self).EndOthersAsync(Ct);

        (await CountAsync(self)).Should().Be(1);
    }

    [Fact]
    public async Task A_server_that_left_does_not_count_and_counts_again_when_it_is_back()
    {
        var (self, other) = (_database.NewReplica(), _database.NewReplica());
        _database.Clock.Advance(TimeSpan.FromMinutes(2));
        await Registry(other).BeatAsync(Ct);

        await Registry(other).LeaveAsync(Ct);
        var gone = await CountAsync(self);
        await Registry(other).BeatAsync(Ct);

        (gone, await CountAsync(self)).Should().Be((1, 2));
    }

    [Fact]
    public async Task Servers_that_are_silent_for_a_day_are_forgotten()
    {
        await Registry(_database.NewReplica()).BeatAsync(Ct);
        _database.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMilliseconds(1));

        await Registry(_database.NewReplica()).BeatAsync(Ct);

        (await _database.ScalarAsync<long>("select count(*) from replicas", Ct)).Should().Be(1);
    }

    private ReplicaRegistry Registry(ReplicaIdentity replica) =>
        new(_database.Session(), replica, new ServerVersion("v0.0.0"), _database.Clock);

    private Task<int> CountAsync(ReplicaIdentity self) => _database.Usage(self).ReplicasAsync(_database.Clock.GetUtcNow(), Ct);
}
