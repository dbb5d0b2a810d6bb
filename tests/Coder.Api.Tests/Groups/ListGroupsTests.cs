using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Domain.Authorization;
using Coder.Testing;

namespace Coder.Api.Tests.Groups;

public sealed class ListGroupsTests(GroupsServer groups) : IClassFixture<GroupsServer>
{
    private const string NotFound = "Resource not found or you do not have access to this resource";

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => groups.Server;

    private HttpClient Owner => groups.Owner;

    [Fact]
    public async Task A_group_is_shown_with_its_organization_and_its_members()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Name = "Ida" }, Ct);
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);
        var id = await Server.Database.AddGroupAsync(organization, "shown", [user.Id], Ct);

        var group = await Owner.GroupAsync(id, Ct);

        var expected = JsonNode.Parse(
            $$"""
            {
              "id": "{{id}}",
              "name": "shown",
              "display_name": "",
              "organization_id": "{{organization}}",
              "organization_name": "coder",
              "organization_display_name": "Coder",
              "avatar_url": "",
              "quota_allowance": 0,
              "source": "user",
              "members": [
                {
                  "id": "{{user.Id}}",
                  "username": "{{user.Username}}",
                  "name": "Ida",
                  "email": "{{user.Email}}",
                  "created_at": "2026-03-01T12:00:00Z",
                  "updated_at": "2026-03-01T12:00:00Z",
                  "last_seen_at": "0001-01-01T00:00:00Z",
                  "status": "active",
                  "login_type": "password"
                }
              ],
              "total_member_count": 1
            }
            """);
        JsonNode.DeepEquals(group, expected).Should().BeTrue("the body is {0}", group.ToJsonString());
    }

    [Fact]
    public async Task The_members_of_the_Everyone_group_are_those_of_the_organization_without_users_of_the_system()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { IsMember = false }, Ct);
        var organization = await Server.Database.AddOrganizationAsync("implied", Ct);
        await Server.Database.AddMemberAsync(organization, user.Id, [], Ct);
        await Server.Database.AddMemberAsync(organization, SystemActors.PrebuildsUserId, [], Ct);

        var everyone = await Owner.GroupAsync(organization, Ct);

        everyone["name"]!.GetValue<string>().Should().Be("Everyone");
        everyone.Members().Should().Equal(user.Id);
        everyone.Count().Should().Be(1);
    }

    [Fact]
    public async Task Deleted_users_and_users_of_the_system_are_no_members_to_anybody()
    {
        using var gone = await Server.AddUserAsync(Ct);
        using var user = await Server.AddUserAsync(Ct);
        var id = await AddGroupAsync("ghosts", gone.Id, user.Id, SystemActors.PrebuildsUserId);
        await Server.Database.ExecuteAsync("update users set deleted = true where id = $1", Ct, gone.Id);

        var group = await Owner.GroupAsync(id, Ct);

        group.Members().Should().Equal(user.Id);
        group.Count().Should().Be(1);
    }

    [Fact]
    public async Task A_member_sees_only_groups_that_it_is_in_and_there_only_itself_but_how_many_there_are()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var other = await Server.AddUserAsync(Ct);
        var own = await AddGroupAsync("own", user.Id, other.Id);
        var foreign = await AddGroupAsync("foreign", other.Id);

        var list = await user.Client.ListGroupsAsync("", Ct);

        list.Names().Should().Equal("Everyone", "own");
        var group = await user.Client.GroupAsync(own, Ct);
        group.Members().Should().Equal(user.Id);
        group.Count().Should().Be(2);
        var hidden = await (await user.Client.GetAsync($"{GroupsApi.Groups}/{foreign}", Ct)).ProblemAsync(Ct);
        hidden.Should().BeEquivalentTo(new { Status = HttpStatusCode.NotFound, Message = NotFound });
    }

    [Theory]
    [InlineData("auditor")]
    [InlineData("template-admin")]
    [InlineData("user-admin")]
    public async Task Who_may_read_groups_and_their_members_sees_all(string role)
    {
        using var admin = await Server.AddUserAsync([role], Ct);
        using var user = await Server.AddUserAsync(Ct);
        var id = await AddGroupAsync($"for-{role}", user.Id);

        (await admin.Client.GroupAsync(id, Ct)).Members().Should().Equal(user.Id);
        (await admin.Client.ListGroupsAsync("", Ct)).Names().Should().Contain($"for-{role}");
    }

    [Fact]
    public async Task Who_may_read_groups_and_not_their_members_sees_how_many_there_are()
    {
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);
        await Server.Database.AddCustomRoleAsync(organization, "group-reader", ["group:read"], Ct);
        using var reader = await Server.AddUserAsync(new NewTestUser { OrganizationRoles = ["group-reader"] }, Ct);
        using var user = await Server.AddUserAsync(Ct);
        var id = await AddGroupAsync("counted", user.Id);

        var group = await reader.Client.GroupAsync(id, Ct);

        group.Members().Should().BeEmpty();
        group.Count().Should().Be(1);
        (await reader.Client.ListGroupsAsync($"?has_member={user.Id}&group_ids={id}", Ct)).Should().BeEmpty("that would tell who is in it");
    }

    [Fact]
    public async Task A_list_is_narrowed_by_member()
    {
        using var user = await Server.AddUserAsync(Ct);
        await AddGroupAsync("with-user", user.Id);
        await AddGroupAsync("without-user");

        foreach (var member in (string[])[user.Id.ToString(), user.Username, user.Username.ToUpperInvariant()])
        {
            (await Owner.ListGroupsAsync($"?has_member={member}", Ct)).Names().Should().Equal("Everyone", "with-user");
        }

        (await user.Client.ListGroupsAsync("?has_member=me", Ct)).Names().Should().Equal("Everyone", "with-user");
        (await user.Client.ListGroupsAsync($"?has_member={user.Id}", Ct)).Names().Should().Equal("Everyone", "with-user");
    }

    [Fact]
    public async Task A_list_is_narrowed_by_organization_and_by_ids()
    {
        var organization = await Server.Database.AddOrganizationAsync("narrow", Ct);
        var first = await Server.Database.AddGroupAsync(organization, "first", [], Ct);
        await Server.Database.AddGroupAsync(organization, "second", [], Ct);

        foreach (var selector in (string[])[organization.ToString(), "narrow", "NARROW"])
        {
            (await Owner.ListGroupsAsync($"?organization={selector}", Ct)).Names().Should().Equal("Everyone", "first", "second");
        }

        (await Owner.ListGroupsAsync($"?group_ids={first},{organization},{Guid.Empty}", Ct)).Names().Should().Equal("Everyone", "first");
        (await Owner.ListGroupsAsync($"?organization=default&group_ids={first}", Ct)).Should().BeEmpty();
        (await Owner.ListGroupsAsync($"?organization={Guid.Empty}", Ct)).Select(g => g!["organization_name"]!.GetValue<string>())
            .Should().NotBeEmpty().And.OnlyContain(name => name == "coder");
        (await Owner.ListGroupsAsync("?organization=00000000-0000-0000-0000-00000000dead", Ct)).Should().BeEmpty();
        (await Owner.ListGroupsAsync("?organization=&has_member=&group_ids=", Ct)).Names().Should().Contain("second");
    }

    [Fact]
    public async Task What_is_wrong_with_the_query_is_said_for_each_parameter()
    {
        var response = await Owner.GetAsync($"{GroupsApi.Groups}?organization=nowhere&has_member=nobody&group_ids=x", Ct);

        var problem = await response.ProblemAsync(Ct);
        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Message.Should().Be("Query parameters have invalid values.");
        problem.Validations.Should().Equal(
            ("organization", "Query param \"organization\" must be an existing uuid or name: organization \"nowhere\" not found"),
            ("has_member", "Query param \"has_member\" must be an existing uuid or username: user \"nobody\" not found"),
            ("group_ids", "Query param \"group_ids\" must be a list of valid uuids: \"x\" is none"));
    }

    [Fact]
    public async Task A_user_that_one_may_not_see_is_not_found_by_name()
    {
        using var user = await Server.AddUserAsync(Ct);

        var problem = await (await user.Client.GetAsync($"{GroupsApi.Groups}?has_member=owner", Ct)).ProblemAsync(Ct);

        problem.Validations.Should().ContainSingle().Which.Detail.Should().EndWith("user \"owner\" not found");
    }

    [Fact]
    public async Task A_parameter_stands_there_once()
    {
        var problem = await (await Owner.GetAsync($"{GroupsApi.Groups}?organization=coder&organization=coder", Ct)).ProblemAsync(Ct);

        problem.Validations.Should().Equal((
            "organization",
            "Query param \"organization\" provided more than once, found 2 times. Only provide 1 instance of this query param."));
    }

    [Fact]
    public async Task A_group_is_found_by_its_name_in_its_organization_without_regard_to_case()
    {
        var organization = await Server.Database.AddOrganizationAsync("named", Ct);
        var id = await Server.Database.AddGroupAsync(organization, "Testers", [], Ct);

        foreach (var path in (string[])["named/groups/Testers", "named/groups/TESTERS", $"{organization}/groups/testers"])
        {
            (await Owner.GetFromJsonAsync<JsonObject>($"/api/v2/organizations/{path}", Ct))!.Id().Should().Be(id);
        }

        (await Owner.GetFromJsonAsync<JsonObject>("/api/v2/organizations/named/groups/everyone", Ct))!.Id().Should().Be(organization);
        (await Owner.GetFromJsonAsync<JsonArray>("/api/v2/organizations/named/groups", Ct))!.Names().Should().Equal("Everyone", "Testers");
    }

    [Theory]
    [InlineData("/api/v2/organizations/default/groups/nothing")]
    [InlineData("/api/v2/organizations/nowhere/groups/Everyone")]
    [InlineData("/api/v2/organizations/nowhere/groups")]
    [InlineData("/api/v2/groups/00000000-0000-0000-0000-00000000dead")]
    [InlineData("/api/v2/groups/00000000-0000-0000-0000-000000000000")]
    public async Task What_is_not_there_is_404(string path)
    {
        var problem = await (await Owner.GetAsync(path, Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.NotFound, Message = NotFound, Detail = (string?)null });
    }

    [Fact]
    public async Task The_groups_of_an_organization_that_one_is_not_in_are_404()
    {
        using var user = await Server.AddUserAsync(Ct);
        var organization = await Server.Database.AddOrganizationAsync("foreign-land", Ct);

        var problem = await (await user.Client.GetAsync($"/api/v2/organizations/{organization}/groups", Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.NotFound, Message = NotFound });
    }

    [Fact]
    public async Task What_is_no_id_is_400()
    {
        var problem = await (await Owner.GetAsync($"{GroupsApi.Groups}/developers", Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Invalid UUID \"developers\"." });
        problem.Detail.Should().NotBeNull();
    }

    [Fact]
    public async Task Without_a_session_nothing_is_shown() =>
        (await Server.Anonymous.GetAsync(GroupsApi.Groups, Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);

    private async Task<Guid> AddGroupAsync(string name, params Guid[] members) =>
        await Server.Database.AddGroupAsync(await Server.Database.DefaultOrganizationAsync(Ct), name, members, Ct);
}
