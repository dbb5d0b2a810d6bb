using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Domain.Users;
using Coder.Testing;

namespace Coder.Api.Tests.Organizations;

public sealed class OrganizationMembersEndpointTests(OrganizationsApi api) : IClassFixture<OrganizationsApi>
{
    private const string Prebuilds = "c42fdf75-3097-471c-8c33-fb52454d81c0";

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => api.Server;

    private HttpClient Owner => api.Owner;

    [Fact]
    public async Task A_member_is_shown_with_both_kinds_of_roles_and_without_what_is_empty()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        using var user = await Server.AddUserAsync(
            new NewTestUser { IsMember = false, Roles = ["auditor"], Username = OrganizationsApi.NewName("zoe") }, Ct);
        await Server.Database.AddMemberAsync(organization.Id, user.Id, ["organization-auditor", "helper"], Ct);
        await Server.Database.AddCustomRoleAsync(organization.Id, "helper", [], Ct);
        await Server.Database.ExecuteAsync("update custom_roles set display_name = 'Help Desk' where organization_id = $1", Ct, organization.Id);

        var members = await (await Owner.GetAsync(organization.Members, Ct)).JsonArrayAsync(Ct);

        var expected = JsonNode.Parse(
            $$"""
            {"user_id": "{{user.Id}}", "organization_id": "{{organization.Id}}",
             "created_at": "1970-01-01T00:00:00Z", "updated_at": "1970-01-01T00:00:00Z",
             "roles": [
               {"name": "organization-auditor", "display_name": "Organization Auditor", "organization_id": "{{organization.Id}}"},
               {"name": "helper", "display_name": "Help Desk", "organization_id": "{{organization.Id}}"}],
             "username": "{{user.Username}}", "email": "{{user.Email}}",
             "global_roles": [{"name": "auditor", "display_name": "Auditor"}]}
            """);
        members.Should().HaveCount(2);
        members[0]!["name"]!.GetValue<string>().Should().Be("Olga Owner");
        JsonNode.DeepEquals(members[1], expected).Should().BeTrue("it is {0}", members[1]!.ToJsonString());
    }

    [Fact]
    public async Task A_plain_member_lists_only_themselves_and_has_no_pages()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        using var member = await api.NewMemberAsync(organization, Ct);

        var list = await (await member.Client.GetAsync(organization.Members, Ct)).JsonArrayAsync(Ct);
        var page = await member.Client.GetAsync($"{organization.Path}/paginated-members", Ct);

        list.Select(m => m!["user_id"]!.GetValue<Guid>()).Should().Equal(member.Id);
        await page.IsNotFoundAsync(Ct);
    }

    [Fact]
    public async Task Pages_are_in_the_order_of_usernames_with_the_number_of_all_and_without_the_deleted_and_the_system()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        var prefix = OrganizationsApi.NewName("page");
        foreach (var suffix in new[] { "C", "a", "B" })
        {
            var user = await Server.AddUserAsync(new NewTestUser { Username = $"{prefix}-{suffix}", IsMember = false }, Ct);
            await Server.Database.AddMemberAsync(organization.Id, user.Id, [], Ct);
        }

        using var gone = await api.NewMemberAsync(organization, Ct);
        await Server.Database.ExecuteAsync("update users set deleted = true where id = $1", Ct, gone.Id);
        await Server.Database.AddMemberAsync(organization.Id, Guid.Parse(Prebuilds), [], Ct);

        (await PageAsync(organization, "")).Should().Be((4, $"owner {prefix}-a {prefix}-B {prefix}-C"));
        (await PageAsync(organization, "?limit=0&offset=")).Should().Be((4, $"owner {prefix}-a {prefix}-B {prefix}-C"));
        (await PageAsync(organization, "?limit=2&offset=1")).Should().Be((4, $"{prefix}-a {prefix}-B"));
        (await PageAsync(organization, "?offset=3")).Should().Be((4, $"{prefix}-C"));
        (await PageAsync(organization, "?limit=2&offset=4")).Should().Be((4, ""));
        (await PageAsync(organization, "?limit=2147483647&offset=2147483647")).Should().Be((4, ""));
    }

    [Theory]
    [InlineData("limit=-1", "limit", "must be a valid 32-bit positive integer: \"-1\" is none")]
    [InlineData("limit=2147483648", "limit", "must be a valid 32-bit positive integer: \"2147483648\" is none")]
    [InlineData("offset=one", "offset", "must be a valid 32-bit positive integer: \"one\" is none")]
    [InlineData("offset=%201", "offset", "must be a valid 32-bit positive integer: \" 1\" is none")]
    [InlineData("limit=1&limit=2", "limit", "provided more than once, found 2 times. Only provide 1 instance of this query param.")]
    public async Task Paging_that_can_not_be_read_is_refused(string query, string field, string detail)
    {
        var problem = await (await Owner.GetAsync($"{OrganizationsApi.Root}/default/paginated-members?{query}", Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Query parameters have invalid values." });
        problem.Validations.Should().Equal((field, $"Query param \"{field}\" {detail}"));
    }

    [Fact]
    public async Task Both_refused_parameters_are_named()
    {
        var problem = await (await Owner.GetAsync($"{OrganizationsApi.Root}/default/paginated-members?limit=x&offset=y", Ct)).ProblemAsync(Ct);

        problem.Validations.Select(v => v.Field).Should().Equal("limit", "offset");
    }

    [Fact]
    public async Task An_added_member_belongs_to_the_organization_at_once()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        using var user = await Server.AddUserAsync(new NewTestUser { IsMember = false }, Ct);

        var response = await Owner.PostAsync($"{organization.Members}/{user.Username.ToUpperInvariant()}", null, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        var body = await response.JsonAsync(Ct);
        var expected = JsonNode.Parse(
            $$"""
            {"user_id": "{{user.Id}}", "organization_id": "{{organization.Id}}",
             "created_at": "2026-03-01T12:00:00Z", "updated_at": "2026-03-01T12:00:00Z", "roles": []}
            """);
        JsonNode.DeepEquals(body, expected).Should().BeTrue("the body is {0}", body.ToJsonString());
        (await user.Client.GetAsync(organization.Path, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Adding_somebody_twice_is_refused_also_at_once()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        using var user = await Server.AddUserAsync(new NewTestUser { IsMember = false }, Ct);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => Owner.PostAsync($"{organization.Members}/{user.Id}", null, Ct)));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).Should().Be(1);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.OK))
        {
            (await refused.ProblemAsync(Ct)).Should().BeEquivalentTo(
                new { Status = HttpStatusCode.BadRequest, Message = "User is already an organization member" });
        }
    }

    [Theory]
    [InlineData("organization-admin", HttpStatusCode.OK)]
    [InlineData("organization-user-admin", HttpStatusCode.OK)]
    [InlineData("organization-template-admin", HttpStatusCode.BadRequest)]
    [InlineData("adder", HttpStatusCode.Forbidden)]
    public async Task Adding_needs_the_right_to_add_and_to_assign(string role, HttpStatusCode status)
    {
        var organization = await api.NewOrganizationAsync(Ct);
        await Server.Database.AddCustomRoleAsync(organization.Id, "adder", ["organization_member:create"], Ct);
        using var admin = await api.NewMemberAsync(organization, Ct, role);
        using var user = await Server.AddUserAsync(new NewTestUser { IsMember = false }, Ct);
        if (role == "adder")
        {
            // A custom role shows no users; the right to see them comes from elsewhere.
            await Server.Database.ExecuteAsync("update users set rbac_roles = '{auditor}' where id = $1", Ct, admin.Id);
        }

        var response = await admin.Client.PostAsync($"{organization.Members}/{user.Id}", null, Ct);

        response.StatusCode.Should().Be(status);
    }

    [Fact]
    public async Task An_unknown_user_is_a_bad_request_when_added_or_given_roles_and_missing_when_removed()
    {
        var organization = await api.NewOrganizationAsync(Ct);

        var added = await (await Owner.PostAsync($"{organization.Members}/nobody", null, Ct)).ProblemAsync(Ct);
        var given = await (await SetRolesAsync(Owner, organization, "nobody", "organization-admin")).ProblemAsync(Ct);
        var removed = await Owner.DeleteAsync($"{organization.Members}/nobody", Ct);

        added.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "\"user\" must be an existing uuid or username." });
        given.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Detail = "queried user=\"nobody\"" });
        await removed.IsNotFoundAsync(Ct);
    }

    [Fact]
    public async Task A_removed_member_loses_the_organization_and_its_groups_at_once()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        using var user = await api.NewMemberAsync(organization, Ct);
        await Server.Database.AddGroupAsync(organization.Id, "crew", [user.Id], Ct);

        var response = await Owner.DeleteAsync($"{organization.Members}/{user.Username}", Ct);

        response.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await response.Content.ReadAsStringAsync(Ct)).Should().BeEmpty();
        await (await user.Client.GetAsync(organization.Path, Ct)).IsNotFoundAsync(Ct);
        (await Server.Database.ScalarAsync<long>("select count(*) from group_members where user_id = $1", Ct, user.Id)).Should().Be(0);
        await (await Owner.DeleteAsync($"{organization.Members}/{user.Id}", Ct)).IsNotFoundAsync(Ct);
    }

    [Theory]
    [InlineData("me")]
    [InlineData("owner")]
    public async Task Nobody_removes_themselves(string name)
    {
        var organization = await api.NewOrganizationAsync(Ct);

        var problem = await (await Owner.DeleteAsync($"{organization.Members}/{name}", Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "cannot remove self from an organization" });
    }

    [Fact]
    public async Task Removing_needs_the_right_and_a_hidden_member_is_missing()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        using var reader = await api.NewMemberAsync(organization, Ct, "organization-auditor");
        using var plain = await api.NewMemberAsync(organization, Ct);
        using var victim = await api.NewMemberAsync(organization, Ct);

        var forbidden = await reader.Client.DeleteAsync($"{organization.Members}/{victim.Id}", Ct);
        var hidden = await plain.Client.DeleteAsync($"{organization.Members}/{victim.Id}", Ct);

        forbidden.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        await hidden.IsNotFoundAsync(Ct);
    }

    [Fact]
    public async Task Roles_are_replaced_without_duplicates_and_the_implied_one_and_count_at_once()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        using var user = await api.NewMemberAsync(organization, Ct, "organization-auditor");
        await Server.Database.AddCustomRoleAsync(organization.Id, "helper", ["organization:update"], Ct);

        var response = await SetRolesAsync(
            Owner, organization, user.Username, "helper", "organization-member", "organization-template-admin", "helper");

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        var roles = (await response.JsonAsync(Ct))["roles"]!.AsArray();
        roles.Select(r => (r!["name"]!.GetValue<string>(), r["display_name"]!.GetValue<string>(), r["organization_id"]!.GetValue<Guid>()))
            .Should().Equal(
                ("helper", "helper", organization.Id),
                ("organization-template-admin", "Organization Template Admin", organization.Id));
        (await user.Client.PatchAsJsonAsync(organization.Path, new { description = "by helper" }, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("owner", "\"owner\" is not a supported role")]
    [InlineData("elsewhere", "\"elsewhere\" is not a supported role")]
    [InlineData(null, "\"\" is not a supported role")]
    public async Task A_role_that_does_not_exist_there_is_refused(string? role, string message)
    {
        var organization = await api.NewOrganizationAsync(Ct);
        var other = await api.NewOrganizationAsync(Ct);
        await Server.Database.AddCustomRoleAsync(other.Id, "elsewhere", [], Ct);
        using var user = await api.NewMemberAsync(organization, Ct);

        var problem = await (await SetRolesAsync(Owner, organization, user.Username, role)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = message });
    }

    [Fact]
    public async Task Nobody_changes_their_own_roles_and_only_some_give_any()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        using var admin = await api.NewMemberAsync(organization, Ct, "organization-admin");
        using var userAdmin = await api.NewMemberAsync(organization, Ct, "organization-user-admin");
        using var auditor = await Server.AddUserAsync(roles: ["auditor"], Ct);
        using var stranger = await Server.AddUserAsync(Ct);

        var self = await (await SetRolesAsync(admin.Client, organization, "me")).ProblemAsync(Ct);
        var beyond = await (await SetRolesAsync(userAdmin.Client, organization, admin.Username)).ProblemAsync(Ct);
        var forbidden = await (await SetRolesAsync(auditor.Client, organization, admin.Username)).ProblemAsync(Ct);
        var noMember = await SetRolesAsync(Owner, organization, stranger.Username);

        self.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "You cannot change your own organization roles." });
        beyond.Should().BeEquivalentTo(
            new { Status = HttpStatusCode.BadRequest, Message = "not authorized to assign role \"organization-admin\"" });
        forbidden.Should().BeEquivalentTo(new { Status = HttpStatusCode.Forbidden, Message = "Forbidden." });
        await noMember.IsNotFoundAsync(Ct);
    }

    [Fact]
    public async Task A_role_that_is_deleted_while_it_is_given_is_on_nobody_afterwards()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        using var user = await api.NewMemberAsync(organization, Ct);
        for (var round = 0; round < 5; round++)
        {
            await Server.Database.AddCustomRoleAsync(organization.Id, "brief", ["group:read"], Ct);
            var giving = SetRolesAsync(Owner, organization, user.Username, "brief");
            var deleting = Owner.DeleteAsync($"{organization.Roles}/brief", Ct);

            (await giving).StatusCode.Should().BeOneOf(HttpStatusCode.OK, HttpStatusCode.BadRequest);
            (await deleting).StatusCode.Should().Be(HttpStatusCode.NoContent);
            (await Server.Database.ScalarAsync<string[]>("select roles from organization_members where user_id = $1", Ct, user.Id))
                .Should().BeEmpty();
        }
    }

    [Fact]
    public async Task Suspended_users_stay_members()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        var user = await Server.AddUserAsync(new NewTestUser { IsMember = false, Status = UserStatus.Suspended }, Ct);
        await Server.Database.AddMemberAsync(organization.Id, user.Id, [], Ct);

        (await PageAsync(organization, "")).Count.Should().Be(2);
    }

    private static Task<HttpResponseMessage> SetRolesAsync(
        HttpClient client, TestOrganization organization, string user, params string?[] roles) =>
        client.PutAsJsonAsync($"{organization.Members}/{user}/roles", new { roles }, Ct);

    private async Task<(int Count, string Names)> PageAsync(TestOrganization organization, string query)
    {
        var body = await (await Owner.GetAsync($"{organization.Path}/paginated-members{query}", Ct)).JsonAsync(Ct);
        return (body["count"]!.GetValue<int>(), string.Join(' ', body["members"]!.AsArray().Select(m => m!["username"]!.GetValue<string>())));
    }
}
