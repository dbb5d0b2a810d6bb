using System.Net;
using Coder.Testing;

namespace Coder.Api.Tests.Users;

public sealed class UserRolesTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task Stored_roles_are_shown_without_those_that_everybody_has()
    {
        using var user = await Server.AddUserAsync(
            new NewTestUser { Roles = ["auditor"], OrganizationRoles = ["organization-auditor"] }, Ct);
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);

        var response = await user.Client.GetAsync("/api/v2/users/me/roles", Ct);

        (await response.Content.ReadAsStringAsync(Ct)).Should().Be(
            $$$"""{"roles":["auditor"],"organization_roles":{"{{{organization}}}":["organization-auditor"]}}""");
    }

    [Fact]
    public async Task To_whoever_only_sees_a_user_its_roles_do_not_exist()
    {
        using var auditor = await Server.AddUserAsync(roles: ["auditor"], Ct);
        using var user = await Server.AddUserAsync(Ct);

        var response = await auditor.Client.GetAsync($"/api/v2/users/{user.Id}/roles", Ct);

        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task New_roles_count_with_the_next_request_and_once_each_without_the_implied_one()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        using var user = await Server.AddUserAsync(roles: ["template-admin"], Ct);

        var response = await SetAsync(owner, user.Id.ToString(), """["auditor","member","auditor"]""");

        (await response.JsonAsync(Ct))["roles"]!.ToJsonString().Should().Be("""[{"name":"auditor","display_name":"Auditor"}]""");
        (await (await user.Client.GetAsync("/api/v2/users/me/roles", Ct)).JsonAsync(Ct))["roles"]!.ToJsonString().Should().Be("""["auditor"]""");
        (await user.Client.GetAsync($"/api/v2/users/{owner.Id}", Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nobody_changes_his_own_roles()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);

        (await (await SetAsync(owner, "me", """["owner"]""")).ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.BadRequest, Message = "You cannot change your own roles." });
    }

    [Theory]
    [InlineData("owner", """["Auditor"]""", "\"Auditor\" is not a supported role")]
    [InlineData("owner", """["organization-admin"]""", "\"organization-admin\" is not a supported role")]
    [InlineData("owner", """[null]""", "\"\" is not a supported role")]
    [InlineData("user-admin", """["auditor"]""", "not authorized to assign role \"auditor\"")]
    public async Task A_role_that_is_unknown_or_not_the_callers_to_give_is_refused(string caller, string roles, string message)
    {
        using var actor = await Server.AddUserAsync(roles: [caller], Ct);
        using var user = await Server.AddUserAsync(Ct);

        var response = await SetAsync(actor, user.Username, roles);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = message });
    }

    [Fact]
    public async Task A_user_admin_can_not_take_the_role_of_an_owner()
    {
        using var admin = await Server.AddUserAsync(roles: ["user-admin"], Ct);
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);

        var response = await SetAsync(admin, owner.Username, "[]");

        (await response.ProblemAsync(Ct)).Message.Should().Be("not authorized to assign role \"owner\"");
    }

    [Fact]
    public async Task Whoever_gives_no_roles_at_all_is_forbidden_to()
    {
        using var auditor = await Server.AddUserAsync(roles: ["auditor"], Ct);
        using var user = await Server.AddUserAsync(Ct);

        (await (await SetAsync(auditor, user.Username, "[]")).ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.Forbidden, Message = "Forbidden." });
    }

    [Theory]
    [InlineData("owner", true)]
    [InlineData("user-admin", false)]
    [InlineData("auditor", false)]
    public async Task The_roles_of_the_deployment_say_whether_the_caller_may_give_them(string caller, bool isAssignable)
    {
        using var actor = await Server.AddUserAsync(roles: [caller], Ct);

        var roles = await (await actor.Client.GetAsync("/api/v2/users/roles", Ct)).ListAsync(Ct);

        roles.Select(r => r["name"]!.GetValue<string>()).Should().Equal("owner", "auditor", "template-admin", "user-admin");
        roles.Should().OnlyContain(r => r["assignable"]!.GetValue<bool>() == isAssignable && r["built_in"]!.GetValue<bool>());
        roles[3]["display_name"]!.GetValue<string>().Should().Be("User Admin");
        roles[3]["site_permissions"]!.AsArray().Select(p => p!.ToJsonString()).Should().Contain(
            """{"negate":false,"resource_type":"assign_role","action":"assign"}""");
    }

    [Fact]
    public async Task A_credential_that_only_opens_applications_sees_no_roles()
    {
        using var user = await Server.AddUserAsync(
            new NewTestUser { Roles = ["owner"], Scope = Coder.Domain.Authorization.KeyScope.ApplicationConnect }, Ct);

        (await user.Client.GetAsync("/api/v2/users/roles", Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    private static Task<HttpResponseMessage> SetAsync(TestUser actor, string user, string roles) =>
        actor.Client.PutJsonAsync($"/api/v2/users/{user}/roles", $$"""{"roles":{{roles}}}""", Ct);
}
