using System.Net;
using System.Text.Json.Nodes;
using Coder.Application.Licensing;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Users;

/// <summary>Accounts of machines: docs/spec/platform.md, sections 8.2 and 12.</summary>
public sealed class ServiceAccountsTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Users = "/api/v2/users";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_service_account_says_so_and_people_do_not()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        using var person = await Server.AddUserAsync(Ct);

        var made = await CreateAsync(owner, """ "is_service_account":true """);
        var read = await (await owner.Client.GetAsync($"{Users}/{made["id"]}", Ct)).JsonAsync(Ct);
        var other = await (await owner.Client.GetAsync($"{Users}/{person.Id}", Ct)).JsonAsync(Ct);

        foreach (var user in new[] { made, read })
        {
            (user["login_type"]!.GetValue<string>(), user["is_service_account"]!.GetValue<bool>()).Should().Be(("none", true));
        }

        other.ContainsKey("is_service_account").Should().BeFalse();
    }

    [Theory]
    [InlineData(""" "is_service_account":true,"login_type":"password" """, "Service accounts do not sign in.", "login_type")]
    [InlineData(""" "is_service_account":true,"login_type":"oidc" """, "Service accounts do not sign in.", "login_type")]
    [InlineData(
        """ "is_service_account":true,"password":"SomeSecurePassword!" """,
        "Password cannot be set for non-password (\"none\") authentication.",
        null)]
    public async Task A_service_account_has_no_way_to_sign_in(string fields, string message, string? field)
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);

        var problem = await (await PostAsync(owner, fields)).ProblemAsync(Ct);

        (problem.Status, problem.Message).Should().Be((HttpStatusCode.BadRequest, message));
        problem.Validations.Select(v => v.Field).Should().Equal(field is null ? [] : [field]);
    }

    [Fact]
    public async Task A_service_account_has_tokens_and_neither_sessions_nor_a_password()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        var account = await CreateAsync(owner, """ "is_service_account":true """);
        var path = $"{Users}/{account["id"]}";

        var session = await (await owner.Client.PostAsync($"{path}/keys", null, Ct)).ProblemAsync(Ct);
        var change = await owner.Client.PutJsonAsync($"{path}/password", """{"password":"SomeSecurePassword!"}""", Ct);
        var password = await change.ProblemAsync(Ct);
        var login = await Server.Anonymous.PostJsonAsync(
            $"{Users}/login", $$"""{"email":"{{account["email"]}}","password":"SomeSecurePassword!"}""", Ct);
        var key = (await (await owner.Client.PostJsonAsync($"{path}/keys/tokens", "{}", Ct)).JsonAsync(Ct))["key"]!.GetValue<string>();
        using var client = Server.With(key);

        (session.Status, session.Message).Should().Be((HttpStatusCode.BadRequest, "Service accounts have tokens and no sessions."));
        password.Message.Should().Be("Users without password login type cannot change their password.");
        login.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await (await client.GetAsync($"{Users}/me", Ct)).JsonAsync(Ct))["id"]!.ToString().Should().Be(account["id"]!.ToString());
    }

    [Fact]
    public async Task The_shorter_limit_on_tokens_of_owners_is_not_for_service_accounts()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        var account = await CreateAsync(owner, """ "is_service_account":true """);
        var path = $"{Users}/{account["id"]}";
        (await owner.Client.PutJsonAsync($"{path}/roles", """{"roles":["owner"]}""", Ct)).EnsureSuccessStatusCode();

        var config = await owner.Client.GetAsync($"{path}/keys/tokens/tokenconfig", Ct);
        var token = await owner.Client.PostJsonAsync($"{path}/keys/tokens", """{"lifetime":31536000000000000}""", Ct);

        (await config.Content.ReadAsStringAsync(Ct)).Should().Be("""{"max_token_lifetime":3155760000000000000}""");
        token.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_service_account_takes_no_seat()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        var before = await SeatsAsync();

        await CreateAsync(owner, """ "is_service_account":true,"user_status":"active" """);
        var afterMachine = await SeatsAsync();
        await CreateAsync(owner, """ "login_type":"none","user_status":"active" """);

        afterMachine.Should().Be(before);
        (await SeatsAsync()).Should().Be(before + 1, "the way to sign in alone makes nobody a machine");
    }

    [Fact]
    public async Task The_database_lets_no_service_account_sign_in()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        var account = await CreateAsync(owner, """ "is_service_account":true """);

        var change = () => Server.Database.ExecuteAsync(
            "update users set login_type = 'password' where id = $1", Ct, account["id"]!.GetValue<Guid>());

        (await change.Should().ThrowAsync<Npgsql.PostgresException>()).Which.ConstraintName.Should().Be("users_service_account_check");
    }

    private async Task<long> SeatsAsync()
    {
        await using var scope = Server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IUsageCounts>().ActiveUsersAsync(Ct);
    }

    private async Task<JsonObject> CreateAsync(TestUser owner, string fields)
    {
        var response = await PostAsync(owner, fields);
        response.StatusCode.Should().Be(HttpStatusCode.Created);
        return await response.JsonAsync(Ct);
    }

    private async Task<HttpResponseMessage> PostAsync(TestUser owner, string fields)
    {
        var name = $"machine-{Path.GetRandomFileName()[..8]}";
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);
        return await owner.Client.PostJsonAsync(
            Users, $$"""{"username":"{{name}}","email":"{{name}}@example.com","organization_ids":["{{organization}}"],{{fields}}}""", Ct);
    }
}
