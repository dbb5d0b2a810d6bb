using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Organizations;

public sealed class OrganizationRolesEndpointTests(OrganizationsApi api) : IClassFixture<OrganizationsApi>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => api.Server;

    private HttpClient Owner => api.Owner;

    [Fact]
    public async Task The_built_in_roles_come_first_and_without_the_implied_one()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        await Server.Database.AddCustomRoleAsync(organization.Id, "aide", ["group:read"], Ct);

        var roles = await (await Owner.GetAsync(organization.Roles, Ct)).JsonArrayAsync(Ct);

        roles.Select(r => r!["name"]!.GetValue<string>()).Should().Equal(
            "organization-admin",
            "organization-auditor",
            "organization-user-admin",
            "organization-template-admin",
            "organization-workspace-creation-ban",
            "aide");
        roles.Select(r => r!["built_in"]!.GetValue<bool>()).Should().Equal(true, true, true, true, true, false);
        roles.Select(r => r!["assignable"]!.GetValue<bool>()).Should().AllBeEquivalentTo(true);
        roles.Select(r => r!["organization_id"]!.GetValue<Guid>()).Should().AllBeEquivalentTo(organization.Id);
        var expected = JsonNode.Parse(
            $$"""
            {"name": "aide", "display_name": "aide", "organization_id": "{{organization.Id}}", "site_permissions": [],
             "organization_permissions": [{"negate": false, "resource_type": "group", "action": "read"}], "user_permissions": [],
             "assignable": true, "built_in": false}
            """);
        JsonNode.DeepEquals(roles[^1], expected).Should().BeTrue("it is {0}", roles[^1]!.ToJsonString());
        roles[0]!["site_permissions"]!.ToJsonString().Should().Be("""[{"negate":false,"resource_type":"user","action":"read"}]""");
        roles[4]!["organization_permissions"]!.AsArray().Should().HaveCount(4).And.OnlyContain(p => p!["negate"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("organization-admin", true)]
    [InlineData("organization-user-admin", false)]
    [InlineData("organization-auditor", false)]
    public async Task Every_member_sees_the_roles_and_whether_they_may_give_them(string held, bool isAssignable)
    {
        var organization = await api.NewOrganizationAsync(Ct);
        using var member = await api.NewMemberAsync(organization, Ct, held);

        var roles = await (await member.Client.GetAsync(organization.Roles, Ct)).JsonArrayAsync(Ct);

        roles.Should().HaveCount(5);
        roles.Select(r => r!["assignable"]!.GetValue<bool>()).Should().AllBeEquivalentTo(isAssignable);
    }

    [Fact]
    public async Task A_made_role_is_answered_listed_and_in_force_for_its_holders()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        using var user = await api.NewMemberAsync(organization, Ct);

        var response = await Owner.PostAsJsonAsync(
            organization.Roles, Role("Help-Desk", ("organization", "update"), ("organization", "update")), Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        var body = await response.JsonAsync(Ct);
        var expected = JsonNode.Parse(
            $$"""
            {"name": "help-desk", "display_name": "Title", "organization_id": "{{organization.Id}}", "site_permissions": [],
             "organization_permissions": [{"negate": false, "resource_type": "organization", "action": "update"}], "user_permissions": []}
            """);
        JsonNode.DeepEquals(body, expected).Should().BeTrue("it is {0}", body.ToJsonString());
        await Owner.SetRolesAsync(organization, user.Id, "help-desk", Ct);
        (await user.Client.PatchAsJsonAsync(organization.Path, new { icon = "x" }, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Two_organizations_may_have_roles_of_one_name()
    {
        var one = await api.NewOrganizationAsync(Ct);
        var two = await api.NewOrganizationAsync(Ct);

        (await Owner.PostAsJsonAsync(one.Roles, Role("same"), Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await Owner.PostAsJsonAsync(two.Roles, Role("same"), Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Of_roles_with_one_name_made_at_once_exactly_one_stays()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        string[] names = ["race", "Race", "RACE"];

        var answers = await Task.WhenAll(
            names.Select(name => Owner.PostAsJsonAsync(organization.Roles, Role(name), Ct)));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).Should().Be(1);
        var refused = await answers.First(a => a.StatusCode != HttpStatusCode.OK).ProblemAsync(Ct);
        refused.Should().BeEquivalentTo(
            new { Status = HttpStatusCode.Conflict, Message = "A role with the name \"race\" already exists in this organization." });
        refused.Validations.Should().ContainSingle().Which.Field.Should().Be("name");
    }

    [Theory]
    [InlineData("""{"name":"organization-admin"}""", "Reserved role name")]
    [InlineData("""{"name":"OWNER"}""", "Reserved role name")]
    [InlineData(
        """{"name":"a","site_permissions":[{"resource_type":"user","action":"read"}]}""",
        "Invalid request, not allowed to assign site wide permissions for an organization role.")]
    [InlineData(
        """{"name":"a","user_permissions":[{"resource_type":"user","action":"read"}]}""",
        "Invalid request, not allowed to assign user permissions for an organization role.")]
    [InlineData("""{"name":"a","organization_permissions":[{"resource_type":"*","action":"read"}]}""", "Failed to update role permissions")]
    [InlineData("""{"name":"a","organization_permissions":[{"resource_type":"group","action":"*"}]}""", "Failed to update role permissions")]
    [InlineData(
        """{"name":"a","organization_permissions":[{"negate":true,"resource_type":"group","action":"read"}]}""",
        "Failed to update role permissions")]
    [InlineData("""{"name":"a","organization_permissions":[{"resource_type":"user_secret","action":"read"}]}""", "Failed to update role permissions")]
    [InlineData("""{"name":""}""", "Validation failed.")]
    [InlineData("""{"name":"two words"}""", "Validation failed.")]
    [InlineData("""{"name":"a","display_name":" x"}""", "Validation failed.")]
    [InlineData("""{"name":1}""", "Request body must be valid JSON.")]
    public async Task A_role_that_no_organization_may_have_is_refused_when_made_and_when_changed(string json, string message)
    {
        var organization = await api.NewOrganizationAsync(Ct);
        await Owner.PostAsJsonAsync(organization.Roles, Role("a"), Ct);
        using var content = new StringContent(json);
        using var again = new StringContent(json);

        var made = await (await Owner.PostAsync(organization.Roles, content, Ct)).ProblemAsync(Ct);
        var changed = await (await Owner.PutAsync(organization.Roles, again, Ct)).ProblemAsync(Ct);

        made.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = message });
        changed.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = message });
    }

    [Fact]
    public async Task Permissions_that_do_not_exist_are_refused_in_a_new_role_and_dropped_from_a_changed_one()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        var role = Role("aged", ("spaceship", "read"), ("group", "read"));

        var made = await (await Owner.PostAsJsonAsync(organization.Roles, role, Ct)).ProblemAsync(Ct);
        await Owner.PostAsJsonAsync(organization.Roles, Role("aged"), Ct);
        var changed = await (await Owner.PutAsJsonAsync(organization.Roles, role, Ct)).JsonAsync(Ct);

        made.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Failed to update role permissions" });
        changed["organization_permissions"]!.ToJsonString().Should().Be("""[{"negate":false,"resource_type":"group","action":"read"}]""");
    }

    [Fact]
    public async Task A_changed_role_holds_for_those_who_have_it_at_once()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        using var user = await api.NewMemberAsync(organization, Ct, "worker");
        await Owner.PostAsJsonAsync(organization.Roles, Role("worker", ("organization", "update")), Ct);

        var before = await user.Client.PatchAsJsonAsync(organization.Path, new { icon = "x" }, Ct);
        var changed = await Owner.PutAsJsonAsync(organization.Roles, Role("Worker", ("group", "read")), Ct);
        var after = await user.Client.PatchAsJsonAsync(organization.Path, new { icon = "y" }, Ct);

        before.StatusCode.Should().Be(HttpStatusCode.OK);
        changed.StatusCode.Should().Be(HttpStatusCode.OK);
        after.StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_deleted_role_is_taken_from_its_holders()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        using var user = await api.NewMemberAsync(organization, Ct, "brief", "organization-auditor");
        await Owner.PostAsJsonAsync(organization.Roles, Role("brief"), Ct);

        var response = await Owner.DeleteAsync($"{organization.Roles}/Brief", Ct);

        response.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await Server.Database.ScalarAsync<string[]>("select roles from organization_members where user_id = $1", Ct, user.Id))
            .Should().Equal("organization-auditor");
        await (await Owner.DeleteAsync($"{organization.Roles}/brief", Ct)).IsNotFoundAsync(Ct);
    }

    [Fact]
    public async Task Unknown_and_built_in_roles_can_be_neither_changed_nor_deleted()
    {
        var organization = await api.NewOrganizationAsync(Ct);

        await (await Owner.PutAsJsonAsync(organization.Roles, Role("unknown"), Ct)).IsNotFoundAsync(Ct);
        await (await Owner.DeleteAsync($"{organization.Roles}/unknown", Ct)).IsNotFoundAsync(Ct);
        await (await Owner.DeleteAsync($"{organization.Roles}/organization-admin", Ct)).IsNotFoundAsync(Ct);
    }

    [Fact]
    public async Task Whoever_may_not_write_roles_is_refused()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        using var userAdmin = await api.NewMemberAsync(organization, Ct, "organization-user-admin");
        await Owner.PostAsJsonAsync(organization.Roles, Role("there"), Ct);

        var made = await userAdmin.Client.PostAsJsonAsync(organization.Roles, Role("novel"), Ct);
        var changed = await userAdmin.Client.PutAsJsonAsync(organization.Roles, Role("there"), Ct);
        var deleted = await userAdmin.Client.DeleteAsync($"{organization.Roles}/there", Ct);

        foreach (var response in new[] { made, changed, deleted })
        {
            (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new { Status = HttpStatusCode.Forbidden, Message = "Forbidden." });
        }
    }

    [Fact]
    public async Task Whoever_may_write_roles_gives_nothing_that_they_do_not_have_themselves()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        await Server.Database.AddCustomRoleAsync(
            organization.Id, "writer", ["assign_org_role:create", "assign_org_role:update", "group:read"], Ct);
        using var writer = await api.NewMemberAsync(organization, Ct, "writer");

        var more = await writer.Client.PostAsJsonAsync(organization.Roles, Role("more", ("group", "read"), ("template", "read")), Ct);
        var less = await writer.Client.PostAsJsonAsync(organization.Roles, Role("less", ("group", "read")), Ct);
        var self = await writer.Client.PutAsJsonAsync(organization.Roles, Role("writer", ("template", "read")), Ct);

        var refused = new
        {
            Status = HttpStatusCode.BadRequest,
            Message = "Failed to update role permissions",
            Detail = "The permission \"template:read\" is one that you do not have in this organization yourself.",
        };
        (await more.ProblemAsync(Ct)).Should().BeEquivalentTo(refused);
        (await self.ProblemAsync(Ct)).Should().BeEquivalentTo(refused);
        less.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private static object Role(string name, params (string Type, string Action)[] permissions) => new
    {
        name,
        display_name = "Title",
        organization_permissions = permissions.Select(p => new { resource_type = p.Type, action = p.Action }),
    };
}
