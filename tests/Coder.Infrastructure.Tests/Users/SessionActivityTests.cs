using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Users;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.Users;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Coder.Infrastructure.Tests.Users;

public sealed class SessionActivityTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncDisposable
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly NpgsqlDataSource Dead = NpgsqlDataSource.Create(
        "Host=127.0.0.1;Port=1;Username=nobody;Database=nothing;Timeout=5");

    private readonly List<ServiceProvider> _providers = [];
    private bool _isAway;

    private TestDatabase Database => fixture.Database;

    [Fact]
    public async Task Uses_of_many_keys_are_written_together()
    {
        var user = await AddAsync();
        var other = await AddAsync();
        var second = await Database.AddKeyAsync(user.Id, KeyScope.All, Now, TimeSpan.FromHours(1), Ct);
        var activity = NewActivity();

        activity.Record(Use(user, Now.AddHours(2), Now.AddHours(26)));
        activity.Record(Use(user, Now.AddHours(3), null) with { KeyId = second.Id, IpAddress = "2001:db8::1" });
        activity.Record(Use(other, Now.AddHours(1), null));
        await activity.FlushAsync(Ct);

        (await KeyAsync(user.Token.Id)).Should().Be((Now.AddHours(2), Now.AddHours(26), "192.0.2.1"));
        (await KeyAsync(second.Id)).Should().Be((Now.AddHours(3), Now.AddHours(1), "2001:db8::1"));
        (await KeyAsync(other.Token.Id)).Should().Be((Now.AddHours(1), Now.AddHours(24), "192.0.2.1"));
        (await SeenAsync(user.Id)).Should().Be(Now.AddHours(3));
        (await SeenAsync(other.Id)).Should().Be(Now.AddHours(1));
    }

    [Fact]
    public async Task Of_several_uses_of_one_key_the_newest_counts()
    {
        var user = await AddAsync();
        var activity = NewActivity();

        activity.Record(Use(user, Now.AddMinutes(61), Now.AddHours(25)));
        activity.Record(Use(user, Now.AddMinutes(62), Now.AddHours(26)));
        await activity.FlushAsync(Ct);

        (await KeyAsync(user.Token.Id)).Should().Be((Now.AddMinutes(62), Now.AddHours(26), "192.0.2.1"));
    }

    [Fact]
    public async Task What_another_server_wrote_meanwhile_is_not_taken_back()
    {
        var user = await AddAsync();
        var (one, other) = (NewActivity(), NewActivity());
        one.Record(Use(user, Now.AddHours(2), Now.AddHours(26)));
        other.Record(Use(user, Now.AddHours(5), Now.AddHours(29)));

        await other.FlushAsync(Ct);
        await one.FlushAsync(Ct);

        (await KeyAsync(user.Token.Id)).Should().Be((Now.AddHours(5), Now.AddHours(29), "192.0.2.1"));
        (await SeenAsync(user.Id)).Should().Be(Now.AddHours(5));
    }

    [Theory]
    [InlineData(UserStatus.Active, "active", false)]
    [InlineData(UserStatus.Dormant, "active", true)]
    [InlineData(UserStatus.Suspended, "suspended", false)]
    public async Task A_dormant_user_becomes_active_and_nobody_else_changes(UserStatus status, string expected, bool isChanged)
    {
        var user = await Database.AddUserAsync(new NewTestUser { Status = status }, Now, Ct);
        var activity = NewActivity();

        activity.Record(Use(user, Now.AddHours(2), null));
        await activity.FlushAsync(Ct);

        (await Database.ScalarAsync<string>("select status::text from users where id = $1", Ct, user.Id)).Should().Be(expected);
        (await Database.ScalarAsync<DateTimeOffset>("select updated_at from users where id = $1", Ct, user.Id))
            .Should().Be(isChanged ? Now.AddHours(2) : Now);
    }

    [Fact]
    public async Task A_key_that_is_gone_stays_gone_and_the_others_are_written()
    {
        var user = await AddAsync();
        var gone = await AddAsync();
        var activity = NewActivity();
        activity.Record(Use(user, Now.AddHours(2), null));
        activity.Record(Use(gone, Now.AddHours(2), null));
        await Database.ExecuteAsync("delete from api_keys where id = $1", Ct, gone.Token.Id);

        await activity.FlushAsync(Ct);

        (await Database.ScalarAsync<bool>("select exists (select from api_keys where id = $1)", Ct, gone.Token.Id)).Should().BeFalse();
        (await SeenAsync(user.Id)).Should().Be(Now.AddHours(2));
        (await SeenAsync(gone.Id)).Should().Be(DateTimeOffset.MinValue);
    }

    [Fact]
    public async Task What_could_not_be_written_is_written_the_next_time()
    {
        var user = await AddAsync();
        var activity = NewActivity();
        activity.Record(Use(user, Now.AddHours(2), null));

        _isAway = true;
        var flush = () => activity.FlushAsync(Ct);
        await flush.Should().ThrowAsync<NpgsqlException>();
        _isAway = false;
        await activity.FlushAsync(Ct);

        (await SeenAsync(user.Id)).Should().Be(Now.AddHours(2));
    }

    [Fact]
    public async Task What_was_written_is_not_written_again()
    {
        var user = await AddAsync();
        var activity = NewActivity();
        activity.Record(Use(user, Now.AddHours(2), null));
        await activity.FlushAsync(Ct);
        await Database.ExecuteAsync("update api_keys set last_used = $2 where id = $1", Ct, user.Token.Id, Now);

        await activity.FlushAsync(Ct);

        (await KeyAsync(user.Token.Id)).LastUsed.Should().Be(Now);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in _providers)
        {
            await provider.DisposeAsync();
        }
    }

    private SessionActivity NewActivity()
    {
        var provider = new ServiceCollection()
            .AddScoped(_ => _isAway ? new DbSession(Dead, TestClock.System) : fixture.NewSession())
            .AddUnlicensedAudit()
            .BuildServiceProvider();
        _providers.Add(provider);
        return new SessionActivity(provider.GetRequiredService<IServiceScopeFactory>());
    }

    private Task<TestAccount> AddAsync() => Database.AddUserAsync(new NewTestUser(), Now, Ct);

    private static SessionUse Use(TestAccount user, DateTimeOffset at, DateTimeOffset? expiresAt) =>
        new(user.Token.Id, user.Id, "192.0.2.1", at, expiresAt);

    private async Task<(DateTimeOffset LastUsed, DateTimeOffset ExpiresAt, string? Address)> KeyAsync(string id) => (
        await Database.ScalarAsync<DateTimeOffset>("select last_used from api_keys where id = $1", Ct, id),
        await Database.ScalarAsync<DateTimeOffset>("select expires_at from api_keys where id = $1", Ct, id),
        await Database.ScalarAsync<string>("select host(ip_address) from api_keys where id = $1", Ct, id));

    private Task<DateTimeOffset> SeenAsync(Guid id) =>
        Database.ScalarAsync<DateTimeOffset>("select last_seen_at from users where id = $1", Ct, id);
}
