using System.Net;
using System.Text.Json.Nodes;
using Coder.Domain.Authorization;
using Coder.Testing;

namespace Coder.Api.Tests.Users;

/// <summary>Tokens that may do less than their users: docs/spec/platform.md, sections 8.3 and 12.</summary>
public sealed class ScopedTokensTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Tokens = "/api/v2/users/me/keys/tokens";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_token_shows_its_scopes_and_its_allow_list_and_to_older_clients_one_of_two_words()
    {
        using var user = await Server.AddUserAsync(Ct);
        var allowed = $"user:{user.Id}";
        await MakeAsync(
            user.Client,
            $$"""{"token_name":"narrow","scope":"all","scopes":["user:read","template:*"],"allow_list":["{{allowed}}","template:*"]}""");
        await MakeAsync(user.Client, """{"token_name":"plain"}""");
        await MakeAsync(user.Client, """{"token_name":"apps","scopes":["coder:application_connect"]}""");

        var narrow = await (await user.Client.GetAsync($"{Tokens}/narrow", Ct)).JsonAsync(Ct);
        var plain = await (await user.Client.GetAsync($"{Tokens}/plain", Ct)).JsonAsync(Ct);
        var apps = await (await user.Client.GetAsync($"{Tokens}/apps", Ct)).JsonAsync(Ct);
        var tokens = await (await user.Client.GetAsync(Tokens, Ct)).ListAsync(Ct);
        var listed = tokens.Single(t => t["token_name"]!.GetValue<string>() == "narrow");

        Shown(narrow).Should().Be(("all", """["user:read","template:*"]""", $$"""["user:{{user.Id}}","template:*"]"""));
        Shown(listed).Should().Be(Shown(narrow));
        Shown(plain).Should().Be(("all", """["all"]""", """["*:*"]"""));
        Shown(apps).Should().Be(("application_connect", """["application_connect"]""", """["*:*"]"""));
    }

    [Fact]
    public async Task A_token_does_what_its_scopes_say_and_what_the_roles_of_its_user_give()
    {
        using var auditor = await Server.AddUserAsync(roles: ["auditor"], Ct);
        using var token = Server.With(
            await MakeAsync(auditor.Client, """{"scopes":["user:read","deployment_config:update","license:read"]}"""));

        (await StatusAsync(token, "/api/v2/users/me")).Should().Be(200);
        (await StatusAsync(token, "/api/v2/deployment/config")).Should().Be(403, "the scopes do not have it");
        (await StatusAsync(auditor.Client, "/api/v2/deployment/config")).Should().Be(200);
        (await (await token.GetAsync("/api/v2/licenses", Ct)).ListAsync(Ct)).Should().BeEmpty("the roles do not have it");
        (await token.PutJsonAsync("/api/v2/appearance", "{}", Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await token.PutJsonAsync("/api/v2/users/me/profile", """{"username":"x"}""", Ct)).StatusCode
            .Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_allow_list_limits_objects_and_lists_alike()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        using var seen = await Server.AddUserAsync(Ct);
        using var hidden = await Server.AddUserAsync(Ct);
        using var token = Server.With(
            await MakeAsync(owner.Client, $$"""{"scopes":["user:*"],"allow_list":["user:{{owner.Id}}","user:{{seen.Id}}"]}"""));

        var list = await (await token.GetAsync("/api/v2/users", Ct)).JsonAsync(Ct);

        list["count"]!.GetValue<long>().Should().Be(2);
        list["users"]!.AsArray().Select(u => u!["id"]!.GetValue<Guid>()).Should().BeEquivalentTo([owner.Id, seen.Id]);
        (await StatusAsync(token, $"/api/v2/users/{seen.Id}")).Should().Be(200);
        (await StatusAsync(token, $"/api/v2/users/{hidden.Id}")).Should().Be(400);
        (await token.PutAsync($"/api/v2/users/{seen.Id}/status/suspend", null, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Authcheck_answers_for_the_token_and_not_for_its_user()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        using var token = Server.With(await MakeAsync(owner.Client, """{"scopes":["template:read"]}"""));
        const string Checks = """
            {"checks":{
                "read":{"object":{"resource_type":"template"},"action":"read"},
                "update":{"object":{"resource_type":"template"},"action":"update"}}}
            """;

        var answer = await (await token.PostJsonAsync("/api/v2/authcheck", Checks, Ct)).JsonAsync(Ct);

        answer.ToJsonString().Should().Be("""{"read":true,"update":false}""");
    }

    [Theory]
    [InlineData("""{"scopes":["workspace:read","workspace:fly"]}""", "scopes", "workspace:fly")]
    [InlineData("""{"scopes":["coder:workspaces.access"]}""", "scopes", "coder:workspaces.access")]
    [InlineData("""{"scopes":[null]}""", "scopes", "")]
    [InlineData("""{"scopes":["workspace:read"],"allow_list":["workspace:one"]}""", "allow_list", "workspace:one")]
    [InlineData("""{"allow_list":["castle:*"]}""", "allow_list", "castle:*")]
    public async Task An_unknown_scope_or_entry_is_named(string body, string field, string value)
    {
        using var user = await Server.AddUserAsync(Ct);

        var problem = await (await user.Client.PostJsonAsync(Tokens, body, Ct)).ProblemAsync(Ct);

        var detail = $"Validation failed for tag \"oneof\" with value: \"{value}\"";
        problem.Should().BeEquivalentTo(new Problem(HttpStatusCode.BadRequest, "Validation failed.", null, [(field, detail)]));
    }

    [Theory]
    [InlineData("scopes", "workspace:read")]
    [InlineData("allow_list", "workspace:*")]
    public async Task A_list_has_an_end(string field, string entry)
    {
        using var user = await Server.AddUserAsync(Ct);

        var most = await user.Client.PostJsonAsync(Tokens, Body(128), Ct);
        var problem = await (await user.Client.PostJsonAsync(Tokens, Body(129), Ct)).ProblemAsync(Ct);

        most.StatusCode.Should().Be(HttpStatusCode.Created);
        problem.Validations.Should().Equal((field, "Validation failed for tag \"max\" with value: \"129\""));

        string Body(int count) => new JsonObject
        {
            [field] = new JsonArray([.. Enumerable.Repeat(entry, count).Select(e => (JsonNode)e)]),
        }.ToJsonString();
    }

    [Fact]
    public async Task A_token_makes_no_key_that_may_do_more_than_itself()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var token = Server.With(await MakeAsync(user.Client, """{"scopes":["api_key:*","user:read","workspace:read"]}"""));

        var wider = await token.PostJsonAsync(Tokens, """{"scopes":["workspace:*"]}""", Ct);
        var all = await token.PostJsonAsync(Tokens, "{}", Ct);
        var session = await token.PostAsync("/api/v2/users/me/keys", null, Ct);
        var same = await token.PostJsonAsync(Tokens, """{"scopes":["workspace:read"],"allow_list":["workspace:*"]}""", Ct);

        foreach (var refused in new[] { wider, all, session })
        {
            var problem = await refused.ProblemAsync(Ct);
            (problem.Status, problem.Message).Should().Be((HttpStatusCode.Forbidden, "Forbidden."));
            problem.Detail.Should().StartWith("The scopes and the allow-list of a new key must lie within");
        }

        same.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task What_is_stored_of_a_limited_key_is_checked_by_the_database()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Scope = KeyScope.Of(["user:read"], []) }, Ct);

        var forget = () => Server.Database.ExecuteAsync("update api_keys set scopes = null where user_id = $1", Ct, user.Id);

        (await StatusAsync(user.Client, "/api/v2/users/me")).Should().Be(200);
        (await forget.Should().ThrowAsync<Npgsql.PostgresException>()).Which.ConstraintName.Should().Be("api_keys_limits_check");
    }

    private static (string Scope, string Scopes, string Allowed) Shown(JsonObject token) =>
        (token["scope"]!.GetValue<string>(), token["scopes"]!.ToJsonString(), token["allow_list"]!.ToJsonString());

    private static async Task<int> StatusAsync(HttpClient client, string path) => (int)(await client.GetAsync(path, Ct)).StatusCode;

    private static async Task<string> MakeAsync(HttpClient client, string body)
    {
        var response = await client.PostJsonAsync(Tokens, body, Ct);
        response.StatusCode.Should().Be(HttpStatusCode.Created);
        return (await response.JsonAsync(Ct))["key"]!.GetValue<string>();
    }
}
