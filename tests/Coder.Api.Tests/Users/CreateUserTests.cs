using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Users;

public sealed class CreateUserTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Users = "/api/v2/users";
    private const string Good = TestServer.OwnerPassword;
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_user_admin_creates_a_dormant_user_who_signs_in_with_the_password()
    {
        using var admin = await Server.AddUserAsync(roles: ["user-admin"], Ct);

        var response = await CreateAsync(admin, body => body["name"] = "New One");

        response.StatusCode.Should().Be(HttpStatusCode.Created);
        var user = await response.JsonAsync(Ct);
        user["status"]!.GetValue<string>().Should().Be("dormant");
        user["login_type"]!.GetValue<string>().Should().Be("password");
        user["name"]!.GetValue<string>().Should().Be("New One");
        user["roles"]!.AsArray().Should().BeEmpty();
        using var session = await Server.LogInAsync(user["email"]!.GetValue<string>(), Good, Ct);
        (await session.GetAsync("/api/v2/users/me", Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_user_joins_every_organization_that_is_named()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        var other = await Server.Database.AddOrganizationAsync(NewName(), Ct);
        var first = await Server.Database.DefaultOrganizationAsync(Ct);

        var response = await CreateAsync(owner, body => body["organization_ids"] = new JsonArray(first, other, first));

        (await response.JsonAsync(Ct))["organization_ids"]!.AsArray().Select(id => id!.GetValue<Guid>()).Should().BeEquivalentTo([first, other]);
    }

    [Fact]
    public async Task The_nil_id_stands_for_the_default_organization()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);

        var response = await CreateAsync(owner, body => body["organization_ids"] = new JsonArray(Guid.Empty, organization));

        response.StatusCode.Should().Be(HttpStatusCode.Created);
        (await response.JsonAsync(Ct))["organization_ids"]!.AsArray().Should().ContainSingle().Which!.GetValue<Guid>().Should().Be(organization);
    }

    [Fact]
    public async Task One_organization_is_taken_as_older_clients_name_it()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);

        var response = await CreateAsync(owner, body =>
        {
            body.Remove("organization_ids");
            body["organization_id"] = organization;
            body["user_status"] = "active";
        });

        var user = await response.JsonAsync(Ct);
        user["organization_ids"]!.AsArray().Should().ContainSingle().Which!.GetValue<Guid>().Should().Be(organization);
        user["status"]!.GetValue<string>().Should().Be("active");
    }

    [Fact]
    public async Task A_user_without_a_way_to_sign_in_has_no_password()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);

        var response = await CreateAsync(owner, body =>
        {
            body["login_type"] = "none";
            body.Remove("password");
        });

        response.StatusCode.Should().Be(HttpStatusCode.Created);
        (await response.JsonAsync(Ct))["login_type"]!.GetValue<string>().Should().Be("none");
    }

    [Theory]
    [InlineData("login_type", "none", 400, "Password cannot be set for non-password (\"none\") authentication.")]
    [InlineData("organization_ids", "[]", 400, "Validation failed.")]
    [InlineData("password", "password", 400, "Password is invalid")]
    [InlineData("password", "", 400, "Password is invalid")]
    [InlineData("username", "new", 400, "Validation failed.")]
    [InlineData("username", "a--b", 400, "Validation failed.")]
    [InlineData("email", "nobody", 400, "Validation failed.")]
    [InlineData("name", " x", 400, "Validation failed.")]
    [InlineData("user_status", "asleep", 400, "Validation failed.")]
    [InlineData("username", "Prebuilds", 409, "User already exists.")]
    public async Task A_field_that_can_not_be_taken_is_refused(string field, string value, int status, string message)
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);

        var response = await CreateAsync(owner, body => body[field] = value == "[]" ? new JsonArray() : value);

        var problem = await response.ProblemAsync(Ct);
        ((int)problem.Status, problem.Message).Should().Be((status, message));
        if (message is "Validation failed." or "Password is invalid")
        {
            problem.Validations.Should().ContainSingle().Which.Field.Should().Be(field);
        }
    }

    [Theory]
    [InlineData("oidc", "You must configure OIDC before creating OIDC users.")]
    [InlineData("github", "Users of login type \"github\" can not be created.")]
    [InlineData("token", "Users of login type \"token\" can not be created.")]
    [InlineData("magic", "Users of login type \"magic\" can not be created.")]
    public async Task A_login_type_that_is_not_served_is_refused(string type, string message)
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);

        var response = await CreateAsync(owner, body =>
        {
            body["login_type"] = type;
            body.Remove("password");
        });

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = message });
    }

    [Fact]
    public async Task An_unknown_organization_is_named()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        var id = Guid.Parse("5b3a4f0e-0000-4000-8000-000000000000");

        var response = await CreateAsync(owner, body => body["organization_ids"] = new JsonArray(id));

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.NotFound, Message = $"Organization does not exist with the provided id \"{id}\"." });
    }

    [Theory]
    [InlineData("email")]
    [InlineData("username")]
    public async Task A_name_or_address_that_differs_only_in_case_is_taken(string field)
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        var taken = field == "email" ? owner.Email : owner.Username;

        var response = await CreateAsync(owner, body => body[field] = taken.ToUpperInvariant());

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new { Status = HttpStatusCode.Conflict, Message = "User already exists." });
    }

    [Fact]
    public async Task Of_two_who_want_a_name_at_once_one_gets_it()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        var name = NewName();

        var responses = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => CreateAsync(owner, body => body["username"] = name)));

        responses.Select(r => (int)r.StatusCode).Order().Should().Equal(201, 409, 409);
    }

    [Theory]
    [InlineData("auditor")]
    [InlineData("template-admin")]
    public async Task Whoever_may_not_create_users_is_not_told_which_names_are_taken(string role)
    {
        using var caller = await Server.AddUserAsync(roles: [role], Ct);

        var response = await CreateAsync(caller, body => body["username"] = caller.Username);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.Forbidden, Message = "You are not authorized to create users." });
    }

    [Fact]
    public async Task A_deployment_without_passwords_creates_no_users_with_one()
    {
        await using var server = await TestServer.StartAsync(o => o.DisablePasswordAuth = "true", Ct);
        using var owner = await server.AddUserAsync(roles: ["owner"], Ct);

        var response = await owner.Client.PostJsonAsync(
            Users, $$"""{"email":"a@example.com","username":"a","password":"{{Good}}","organization_ids":[]}""", Ct);
        var methods = await (await server.Anonymous.GetAsync("/api/v2/users/authmethods", Ct)).JsonAsync(Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.Forbidden, Message = "Password authentication is disabled." });
        methods["password"]!["enabled"]!.GetValue<bool>().Should().BeFalse();
    }

    [Fact]
    public async Task The_ways_to_sign_in_are_open_to_everybody()
    {
        var response = await Server.Anonymous.GetAsync("/api/v2/users/authmethods", Ct);

        (await response.Content.ReadAsStringAsync(Ct)).Should().Be(
            """{"password":{"enabled":true},"github":{"enabled":false,"default_provider_configured":false},"oidc":{"enabled":false,"signInText":"","iconUrl":""}}""");
    }

    [Theory]
    [InlineData(Good, true, "")]
    [InlineData("password", false, "insecure password, try including more special characters, using uppercase letters, using numbers or using a longer password")]
    public async Task A_password_is_judged_before_it_is_chosen(string password, bool isValid, string details)
    {
        var body = await (await Server.Anonymous.PostJsonAsync(
            "/api/v2/users/validate-password", $$"""{"password":"{{password}}"}""", Ct)).JsonAsync(Ct);

        (body["valid"]!.GetValue<bool>(), body["details"]!.GetValue<string>()).Should().Be((isValid, details));
    }

    [Fact]
    public async Task Nothing_is_no_password_to_judge()
    {
        var response = await Server.Anonymous.PostJsonAsync("/api/v2/users/validate-password", "{}", Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new Problem(
            HttpStatusCode.BadRequest,
            "Validation failed.",
            null,
            [("password", "Validation failed for tag \"required\" with value: \"\"")]));
    }

    private static string NewName() => $"n{RandomNumberGenerator.GetHexString(16, lowercase: true)}";

    private async Task<HttpResponseMessage> CreateAsync(TestUser caller, Action<JsonObject> change)
    {
        var name = NewName();
        var body = new JsonObject
        {
            ["email"] = $"{name}@example.com",
            ["username"] = name,
            ["password"] = Good,
            ["organization_ids"] = new JsonArray(await Server.Database.DefaultOrganizationAsync(Ct)),
        };
        change(body);
        return await caller.Client.PostJsonAsync(Users, body.ToJsonString(), Ct);
    }
}
