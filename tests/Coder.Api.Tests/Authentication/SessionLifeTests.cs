using System.Net;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Users;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Authentication;

/// <summary>
/// What the use of a session changes (docs/spec/platform.md, section 5.3). The tests of a class run one after the other, so they share
/// the clock.
/// </summary>
public sealed class SessionLifeTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly DateTime Never = DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc);
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    private DateTime Now => Server.Clock.GetUtcNow().UtcDateTime;

    [Fact]
    public async Task The_first_use_is_noted_with_its_address_and_shown_at_the_user()
    {
        using var user = await Server.AddUserAsync(Ct);

        await UseAsync(Server, user);

        (await LastUsedAsync(user)).Should().Be(Now);
        (await Server.Database.ScalarAsync<string>("select host(ip_address) from api_keys where id = $1", Ct, user.Account.Token.Id))
            .Should().Be("127.0.0.1");
        var shown = await (await user.Client.GetAsync("/api/v2/users/me", Ct)).JsonAsync(Ct);
        shown["last_seen_at"]!.GetValue<DateTimeOffset>().UtcDateTime.Should().Be(Now);
    }

    [Fact]
    public async Task Whoever_has_just_signed_in_is_seen_with_the_first_request()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Password = TestServer.OwnerPassword }, Ct);
        using var session = await Server.LogInAsync(user.Email, TestServer.OwnerPassword, Ct);

        await UseAsync(Server, session);

        (await Server.Database.ScalarAsync<DateTime>("select last_seen_at from users where id = $1", Ct, user.Id)).Should().Be(Now);
    }

    [Fact]
    public async Task A_use_is_noted_once_an_hour_and_moves_the_expiry_with_it()
    {
        using var user = await Server.AddUserAsync(Ct);
        var start = Now;
        await UseAsync(Server, user);

        Server.Clock.Advance(TimeSpan.FromMinutes(59));
        await UseAsync(Server, user);
        var (usedWithin, expiresWithin) = (await LastUsedAsync(user), await ExpiresAsync(user));
        Server.Clock.Advance(TimeSpan.FromMinutes(1));
        await UseAsync(Server, user);

        usedWithin.Should().Be(start);
        expiresWithin.Should().Be(start.AddHours(24));
        (await LastUsedAsync(user)).Should().Be(start.AddHours(1));
        (await ExpiresAsync(user)).Should().Be(start.AddHours(25));
    }

    [Fact]
    public async Task A_session_that_is_used_lives_on_and_one_that_is_not_ends()
    {
        using var used = await Server.AddUserAsync(Ct);
        using var idle = await Server.AddUserAsync(Ct);

        for (var i = 0; i < 3; i++)
        {
            Server.Clock.Advance(TimeSpan.FromHours(23));
            await UseAsync(Server, used);
        }

        (await idle.Client.GetAsync("/api/v2/users/me", Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await ExpiresAsync(used)).Should().Be(Now.AddHours(24));
    }

    [Fact]
    public async Task A_key_with_another_lifetime_is_prolonged_by_its_own()
    {
        using var user = await Server.AddUserAsync(Ct);
        var token = await Server.Database.AddKeyAsync(user.Id, KeyScope.All, Server.Clock.GetUtcNow(), TimeSpan.FromHours(168), Ct);
        using var client = Server.With(token.Reveal());

        Server.Clock.Advance(TimeSpan.FromHours(2));
        await UseAsync(Server, client);

        (await Server.Database.ScalarAsync<DateTime>("select expires_at from api_keys where id = $1", Ct, token.Id))
            .Should().Be(Now.AddHours(168));
    }

    [Fact]
    public async Task Where_refreshing_is_disabled_the_use_is_noted_and_the_expiry_stays()
    {
        await using var server = await TestServer.StartAsync(o => o.DisableSessionExpiryRefresh = "true", Ct, beside: Server);
        using var user = await server.AddUserAsync(Ct);
        var end = Now.AddHours(24);

        server.Clock.Advance(TimeSpan.FromHours(2));
        await UseAsync(server, user);

        (await LastUsedAsync(user)).Should().Be(Now);
        (await ExpiresAsync(user)).Should().Be(end);
    }

    [Fact]
    public async Task A_dormant_user_proceeds_and_becomes_active()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Status = UserStatus.Dormant }, Ct);

        await UseAsync(Server, user);

        (await Server.Database.ScalarAsync<string>("select status::text from users where id = $1", Ct, user.Id)).Should().Be("active");
    }

    [Fact]
    public async Task A_refused_credential_leaves_no_trace()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Status = UserStatus.Suspended }, Ct);
        using var wrong = Server.With($"{user.Account.Token.Id}-0123456789012345678901");

        await user.Client.GetAsync("/api/v2/users/me", Ct);
        await wrong.GetAsync("/api/v2/users/me", Ct);
        await Server.Services.GetRequiredService<ISessionActivity>().FlushAsync(Ct);

        (await LastUsedAsync(user)).Should().Be(Never);
    }

    private static Task UseAsync(TestServer server, TestUser user) => UseAsync(server, user.Client);

    private static async Task UseAsync(TestServer server, HttpClient client)
    {
        (await client.GetAsync("/api/v2/users/me", Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        await server.Services.GetRequiredService<ISessionActivity>().FlushAsync(Ct);
    }

    private Task<DateTime> LastUsedAsync(TestUser user) =>
        Server.Database.ScalarAsync<DateTime>("select last_used from api_keys where id = $1", Ct, user.Account.Token.Id);

    private Task<DateTime> ExpiresAsync(TestUser user) =>
        Server.Database.ScalarAsync<DateTime>("select expires_at from api_keys where id = $1", Ct, user.Account.Token.Id);
}
