using System.Net;
using Coder.Domain.Authorization;
using Coder.Domain.Users;
using Coder.Testing;

namespace Coder.Api.Tests.Users;

/// <summary>Tokens, sessions and their limits: docs/spec/platform.md, sections 8.3 and 12.</summary>
public sealed class TokensTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Tokens = "/api/v2/users/me/keys/tokens";
    private const string Sessions = "/api/v2/users/me/sessions";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_lifetime_of_zero_is_the_default_as_Go_clients_send_it_for_none()
    {
        using var user = await Server.AddUserAsync(Ct);
        var key = await MakeAsync(user.Client, """{"lifetime":0,"token_name":"zero"}""");

        var token = await (await user.Client.GetAsync($"{Tokens}/zero", Ct)).JsonAsync(Ct);

        key.Should().NotBeEmpty();
        token["lifetime_seconds"]!.GetValue<long>().Should().Be(168 * 3600);
    }

    [Fact]
    public async Task A_token_without_wishes_acts_as_its_user_for_the_default_lifetime_under_a_random_name()
    {
        using var user = await Server.AddUserAsync(Ct);

        var key = await MakeAsync(user.Client, "{}");
        using var client = Server.With(key);
        var token = (await (await user.Client.GetAsync(Tokens, Ct)).ListAsync(Ct)).Should().ContainSingle().Subject;

        (await client.GetAsync("/api/v2/users/me", Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        token["id"]!.GetValue<string>().Should().Be(key[..10]);
        token["username"]!.GetValue<string>().Should().Be(user.Username);
        token["login_type"]!.GetValue<string>().Should().Be("token");
        token["scope"]!.GetValue<string>().Should().Be("all");
        token["token_name"]!.GetValue<string>().Should().MatchRegex("^[a-z]+_[a-z]+[0-9]$");
        token["lifetime_seconds"]!.GetValue<long>().Should().Be(168 * 3600);
        token["expires_at"]!.GetValue<string>().Should().Be("2026-03-08T12:00:00Z");
        token["last_used"]!.GetValue<string>().Should().Be("0001-01-01T00:00:00Z");
        token.ToJsonString().Should().NotContain(key[11..]);
    }

    [Fact]
    public async Task A_token_has_the_lifetime_scope_and_name_that_were_asked_for()
    {
        using var user = await Server.AddUserAsync(Ct);

        var key = await MakeAsync(user.Client, """{"lifetime":3600000000000,"scope":"application_connect","token_name":"ci"}""");
        var byName = await (await user.Client.GetAsync($"{Tokens}/ci", Ct)).JsonAsync(Ct);
        var byId = await (await user.Client.GetAsync($"/api/v2/users/me/keys/{key[..10]}", Ct)).JsonAsync(Ct);

        byName.ToJsonString().Should().Be(byId.ToJsonString());
        (byName["scope"]!.GetValue<string>(), byName["lifetime_seconds"]!.GetValue<long>()).Should().Be(("application_connect", 3600));
        using var client = Server.With(key);
        (await client.GetAsync("/api/v2/users/me", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("owner", """{"lifetime":604800000000001}""", "lifetime must be less than 168h0m0s")]
    [InlineData("auditor", """{"lifetime":3155760000000000001}""", "lifetime must be less than 876600h0m0s")]
    [InlineData("auditor", """{"lifetime":-1}""", "lifetime must be positive number greater than 0")]
    public async Task A_lifetime_is_positive_and_within_the_users_maximum(string role, string body, string detail)
    {
        using var user = await Server.AddUserAsync(roles: [role], Ct);

        var response = await user.Client.PostJsonAsync(Tokens, body, Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new Problem(
            HttpStatusCode.BadRequest, "Failed to validate create API key request.", detail, []));
    }

    [Fact]
    public async Task The_maximum_is_taken()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        using var user = await Server.AddUserAsync(Ct);

        var ofOwner = await owner.Client.PostJsonAsync(Tokens, """{"lifetime":604800000000000}""", Ct);
        var ofUser = await owner.Client.PostJsonAsync(
            $"/api/v2/users/{user.Id}/keys/tokens", """{"lifetime":3155760000000000000}""", Ct);

        ofOwner.StatusCode.Should().Be(HttpStatusCode.Created);
        ofUser.StatusCode.Should().Be(HttpStatusCode.Created, "the maximum is that of the token's user");
    }

    [Fact]
    public async Task The_limits_are_those_of_the_user_that_is_asked_about()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        using var user = await Server.AddUserAsync(Ct);

        var own = await owner.Client.GetAsync($"{Tokens}/tokenconfig", Ct);
        var other = await owner.Client.GetAsync($"/api/v2/users/{user.Id}/keys/tokens/tokenconfig", Ct);

        (await own.Content.ReadAsStringAsync(Ct)).Should().Be("""{"max_token_lifetime":604800000000000}""");
        (await other.Content.ReadAsStringAsync(Ct)).Should().Be("""{"max_token_lifetime":3155760000000000000}""");
    }

    [Fact]
    public async Task The_limits_are_settings()
    {
        await using var server = await TestServer.StartAsync(
            o => (o.DefaultTokenLifetime, o.MaxTokenLifetime, o.MaxAdminTokenLifetime) = ("2h", "3h", "1h"), Ct);
        using var owner = await server.AddUserAsync(roles: ["owner"], Ct);
        using var user = await server.AddUserAsync(Ct);
        await owner.Client.PostJsonAsync(Tokens, "{}", Ct);
        await user.Client.PostJsonAsync(Tokens, "{}", Ct);

        var lifetimes = (await (await owner.Client.GetAsync($"{Tokens}?include_all=true", Ct)).ListAsync(Ct))
            .ToDictionary(t => t["username"]!.GetValue<string>(), t => t["lifetime_seconds"]!.GetValue<long>(), StringComparer.Ordinal);
        var refused = await user.Client.PostJsonAsync(Tokens, """{"lifetime":10800000000001}""", Ct);

        lifetimes[owner.Username].Should().Be(3600);
        lifetimes[user.Username].Should().Be(7200);
        (await refused.ProblemAsync(Ct)).Detail.Should().Be("lifetime must be less than 3h0m0s");
    }

    [Fact]
    public async Task A_name_is_given_once_a_user()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var other = await Server.AddUserAsync(Ct);
        await MakeAsync(user.Client, """{"token_name":"twice"}""");
        await MakeAsync(other.Client, """{"token_name":"twice"}""");

        var problem = await (await user.Client.PostJsonAsync(Tokens, """{"token_name":"twice"}""", Ct)).ProblemAsync(Ct);

        (problem.Status, problem.Message).Should().Be((HttpStatusCode.Conflict, "A token with name \"twice\" already exists."));
        problem.Validations.Should().ContainSingle().Which.Field.Should().Be("name");
    }

    [Theory]
    [InlineData("""{"scope":"everything"}""", "scope", "Validation failed for tag \"oneof\" with value: \"everything\"")]
    [InlineData(
        """{"token_name":"12345678901234567890123456789012345678901234567890123456789012345"}""",
        "token_name",
        "Validation failed for tag \"max\" with value: \"12345678901234567890123456789012345678901234567890123456789012345\"")]
    public async Task A_scope_is_known_and_a_name_is_short(string body, string field, string detail)
    {
        using var user = await Server.AddUserAsync(Ct);

        var response = await user.Client.PostJsonAsync(Tokens, body, Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new Problem(HttpStatusCode.BadRequest, "Validation failed.", null, [(field, detail)]));
    }

    [Fact]
    public async Task A_session_can_be_made_that_lives_as_long_as_a_token()
    {
        using var user = await Server.AddUserAsync(Ct);

        var response = await user.Client.PostAsync("/api/v2/users/me/keys", null, Ct);
        var key = (await response.JsonAsync(Ct))["key"]!.GetValue<string>();
        var stored = await (await user.Client.GetAsync($"/api/v2/users/me/keys/{key[..10]}", Ct)).JsonAsync(Ct);

        response.StatusCode.Should().Be(HttpStatusCode.Created);
        response.Headers.Contains("Set-Cookie").Should().BeFalse();
        (stored["login_type"]!.GetValue<string>(), stored["lifetime_seconds"]!.GetValue<long>()).Should().Be(("password", 168 * 3600));
        (await (await user.Client.GetAsync(Tokens, Ct)).ListAsync(Ct)).Should().BeEmpty("a session is no token");
    }

    [Theory]
    [InlineData("user-admin")]
    [InlineData("auditor")]
    public async Task Whoever_only_sees_a_user_neither_makes_nor_sees_nor_deletes_its_keys(string role)
    {
        using var caller = await Server.AddUserAsync(roles: [role], Ct);
        using var user = await Server.AddUserAsync(Ct);
        var key = await MakeAsync(user.Client, """{"token_name":"hidden"}""");
        var path = $"/api/v2/users/{user.Id}/keys";

        (await caller.Client.PostAsync(path, null, Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await caller.Client.PostJsonAsync($"{path}/tokens", "{}", Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await (await caller.Client.GetAsync($"{path}/tokens", Ct)).ListAsync(Ct)).Should().BeEmpty();
        var hidden = await (await caller.Client.GetAsync($"{path}/tokens/hidden", Ct)).Content.ReadAsStringAsync(Ct);
        var missing = await (await caller.Client.GetAsync($"{path}/tokens/missing", Ct)).Content.ReadAsStringAsync(Ct);
        hidden.Should().Be(missing).And.Be("""{"message":"Resource not found or you do not have access to this resource"}""");
        (await caller.Client.GetAsync($"{path}/{key[..10]}", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await caller.Client.DeleteAsync($"{path}/{key[..10]}", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await (await caller.Client.GetAsync($"/api/v2/users/{user.Id}/sessions", Ct)).ListAsync(Ct)).Should().BeEmpty();
        (await caller.Client.DeleteAsync($"/api/v2/users/{user.Id}/sessions", Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Include_all_lists_what_the_caller_may_read()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        using var user = await Server.AddUserAsync(Ct);
        await MakeAsync(owner.Client, """{"token_name":"of-owner"}""");
        await MakeAsync(user.Client, """{"token_name":"of-user"}""");

        var ofUser = await NamesAsync(user.Client, "?include_all=1");
        var ofOwner = await NamesAsync(owner.Client, "?include_all=true");
        var own = await NamesAsync(owner.Client, "?include_all=false");

        ofUser.Should().Equal("of-user");
        ofOwner.Should().Contain(["of-owner", "of-user"]);
        own.Should().Equal("of-owner");
    }

    [Fact]
    public async Task A_switch_that_is_neither_on_nor_off_is_refused()
    {
        using var user = await Server.AddUserAsync(Ct);

        var problem = await (await user.Client.GetAsync($"{Tokens}?include_all=perhaps", Ct)).ProblemAsync(Ct);

        problem.Message.Should().Be("Query parameters have invalid values.");
        problem.Validations.Should().Equal(("include_all", "Query param \"include_all\" must be a valid boolean: \"perhaps\" is none"));
    }

    [Fact]
    public async Task A_deleted_key_is_refused_at_once_and_gone()
    {
        using var user = await Server.AddUserAsync(Ct);
        var key = await MakeAsync(user.Client, "{}");
        using var client = Server.With(key);

        var deleted = await user.Client.DeleteAsync($"/api/v2/users/me/keys/{key[..10]}", Ct);
        var again = await user.Client.DeleteAsync($"/api/v2/users/me/keys/{key[..10]}", Ct);

        deleted.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await client.GetAsync("/api/v2/users/me", Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        again.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_key_is_found_under_its_own_user_only()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        using var user = await Server.AddUserAsync(Ct);
        var key = await MakeAsync(user.Client, "{}");

        var wrong = await owner.Client.DeleteAsync($"/api/v2/users/me/keys/{key[..10]}", Ct);
        var right = await owner.Client.DeleteAsync($"/api/v2/users/{user.Id}/keys/{key[..10]}", Ct);

        wrong.StatusCode.Should().Be(HttpStatusCode.NotFound);
        right.StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_token_that_is_used_lives_on()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var user = await server.AddUserAsync(Ct);
        var made = await (await user.Client.PostJsonAsync(Tokens, """{"lifetime":14400000000000}""", Ct)).JsonAsync(Ct);
        using var token = server.With(made["key"]!.GetValue<string>());

        for (var hours = 0; hours < 8; hours += 2)
        {
            (await token.GetAsync("/api/v2/users/me", Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
            await FlushAsync(server);
            server.Clock.Advance(TimeSpan.FromHours(2));
        }

        server.Clock.Advance(TimeSpan.FromHours(4));
        (await token.GetAsync("/api/v2/users/me", Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Sessions_are_listed_with_their_address_and_tokens_are_not()
    {
        using var user = await Server.AddUserAsync(Ct);
        await MakeAsync(user.Client, "{}");
        await Server.Database.AddKeyAsync(user.Id, KeyScope.All, Server.Clock.GetUtcNow().AddDays(-2), TimeSpan.FromHours(1), Ct);

        var sessions = await (await user.Client.GetAsync(Sessions, Ct)).ListAsync(Ct);

        var session = sessions.Should().ContainSingle("what has expired is no session").Subject;
        session["id"]!.GetValue<string>().Should().Be(user.Account.Token.Id);
        IPAddress.TryParse(session["ip_address"]!.GetValue<string>(), out _).Should().BeTrue();
    }

    [Fact]
    public async Task All_other_sessions_end_or_all_and_tokens_stay()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var token = Server.With(await MakeAsync(user.Client, "{}"));
        var second = await Server.Database.AddKeyAsync(user.Id, KeyScope.All, Server.Clock.GetUtcNow(), TimeSpan.FromHours(1), Ct);
        using var other = Server.With(second.Reveal());

        var others = await user.Client.DeleteAsync($"{Sessions}?keep_current=true", Ct);
        var afterOthers = (await StatusAsync(user.Client), await StatusAsync(other), await StatusAsync(token));
        var all = await user.Client.DeleteAsync(Sessions, Ct);
        var afterAll = (await StatusAsync(user.Client), await StatusAsync(token));

        (others.StatusCode, all.StatusCode).Should().Be((HttpStatusCode.NoContent, HttpStatusCode.NoContent));
        afterOthers.Should().Be((200, 401, 200));
        afterAll.Should().Be((401, 200));
    }

    private static async Task<int> StatusAsync(HttpClient client) => (int)(await client.GetAsync("/api/v2/users/me", Ct)).StatusCode;

    private static async Task<string> MakeAsync(HttpClient client, string body)
    {
        var response = await client.PostJsonAsync(Tokens, body, Ct);
        response.StatusCode.Should().Be(HttpStatusCode.Created);
        var key = (await response.JsonAsync(Ct))["key"]!.GetValue<string>();
        ApiKeyToken.Parse(key).Error.Should().BeNull();
        return key;
    }

    private static async Task<IEnumerable<string>> NamesAsync(HttpClient client, string query) =>
        (await (await client.GetAsync(Tokens + query, Ct)).ListAsync(Ct)).Select(t => t["token_name"]!.GetValue<string>());

    private static Task FlushAsync(TestServer server) =>
        ((Coder.Application.Users.ISessionActivity)server.Services.GetService(typeof(Coder.Application.Users.ISessionActivity))!).FlushAsync(Ct);
}
