using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;
using static Coder.Api.Tests.Organizations.OrganizationsApi;

namespace Coder.Api.Tests.Organizations;

public sealed class OrganizationsEndpointTests(OrganizationsApi api) : IClassFixture<OrganizationsApi>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => api.Server;

    private HttpClient Owner => api.Owner;

    [Fact]
    public async Task A_new_organization_has_the_defaults_its_everyone_group_and_its_creator_as_member()
    {
        var name = NewName("fresh");

        var response = await Owner.PostAsJsonAsync(Root, new { name }, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.Created);
        var body = await response.JsonAsync(Ct);
        var id = body["id"]!.GetValue<Guid>();
        var expected = JsonNode.Parse(
            $$"""
            {"id": "{{id}}", "name": "{{name}}", "display_name": "{{name}}", "icon": "", "description": "",
             "created_at": "2026-03-01T12:00:00Z", "updated_at": "2026-03-01T12:00:00Z", "is_default": false}
            """);
        JsonNode.DeepEquals(body, expected).Should().BeTrue("the body is {0}", body.ToJsonString());
        (await Server.Database.ScalarAsync<string>("select name from groups where id = $1 and organization_id = $1", Ct, id)).Should().Be("Everyone");
        var me = await (await Owner.GetAsync("/api/v2/users/me", Ct)).JsonAsync(Ct);
        me["organization_ids"]!.AsArray().Select(o => o!.GetValue<Guid>()).Should().Contain(id);
    }

    [Fact]
    public async Task All_fields_are_stored_as_given()
    {
        var name = NewName("Full");

        await Owner.PostAsJsonAsync(Root, new { name, display_name = "Full Company", description = "d", icon = "/i.png" }, Ct);

        var body = await (await Owner.GetAsync($"{Root}/{name.ToUpperInvariant()}", Ct)).JsonAsync(Ct);
        body["name"]!.GetValue<string>().Should().Be(name);
        body["display_name"]!.GetValue<string>().Should().Be("Full Company");
        body["description"]!.GetValue<string>().Should().Be("d");
        body["icon"]!.GetValue<string>().Should().Be("/i.png");
    }

    [Theory]
    [InlineData("", "", "name", "required")]
    [InlineData("two words", "", "name", "organization_name")]
    [InlineData("create", "", "name", "organization_name")]
    [InlineData("a123456789012345678901234567890123", "", "name", "organization_name")]
    [InlineData("fine", " padded", "display_name", "organization_display_name")]
    public async Task Fields_that_break_their_rules_are_named(string name, string displayName, string field, string tag)
    {
        var response = await Owner.PostAsJsonAsync(Root, new { name, display_name = displayName }, Ct);

        var problem = await response.ProblemAsync(Ct);
        var value = field == "name" ? name : displayName;
        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Validation failed." });
        problem.Validations.Should().Equal((field, $"Validation failed for tag \"{tag}\" with value: \"{value}\""));
    }

    [Fact]
    public async Task The_reserved_name_is_refused_on_creation_and_change()
    {
        var organization = await api.NewOrganizationAsync(Ct);

        var created = await (await Owner.PostAsJsonAsync(Root, new { name = "default" }, Ct)).ProblemAsync(Ct);
        var changed = await (await Owner.PatchAsJsonAsync(organization.Path, new { name = "Default" }, Ct)).ProblemAsync(Ct);

        created.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Organization name \"default\" is reserved." });
        changed.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Organization name \"Default\" is reserved." });
    }

    [Fact]
    public async Task A_taken_name_is_a_conflict_whatever_its_case()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        var other = await api.NewOrganizationAsync(Ct);
        var taken = organization.Name.ToUpperInvariant();

        var created = await (await Owner.PostAsJsonAsync(Root, new { name = taken }, Ct)).ProblemAsync(Ct);
        var renamed = await (await Owner.PatchAsJsonAsync(other.Path, new { name = taken }, Ct)).ProblemAsync(Ct);

        created.Should().BeEquivalentTo(new { Status = HttpStatusCode.Conflict, Message = "Organization already exists with that name." });
        renamed.Should().BeEquivalentTo(
            new { Status = HttpStatusCode.Conflict, Message = $"Organization already exists with the name \"{taken}\"." });
        renamed.Validations.Should().ContainSingle().Which.Field.Should().Be("name");
    }

    [Fact]
    public async Task Of_creations_with_one_name_at_once_exactly_one_wins()
    {
        var name = NewName("race");

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Owner.PostAsJsonAsync(Root, new { name }, Ct)));

        answers.Count(a => a.StatusCode == HttpStatusCode.Created).Should().Be(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.Conflict).Should().Be(3);
    }

    [Fact]
    public async Task Of_renamings_to_one_name_at_once_exactly_one_wins()
    {
        var name = NewName("race");
        var organizations = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => api.NewOrganizationAsync(Ct)));

        var answers = await Task.WhenAll(organizations.Select(o => Owner.PatchAsJsonAsync(o.Path, new { name }, Ct)));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).Should().Be(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.Conflict).Should().Be(2);
    }

    [Fact]
    public async Task A_change_touches_only_what_is_given_and_empties_only_what_may_be_empty()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        await Owner.PatchAsJsonAsync(organization.Path, new { display_name = "Acme Inc", description = "about", icon = "/i.png" }, Ct);

        var response = await Owner.PatchAsJsonAsync(organization.Path, new { name = "", display_name = "", description = "" }, Ct);

        var body = await response.JsonAsync(Ct);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        body["name"]!.GetValue<string>().Should().Be(organization.Name);
        body["display_name"]!.GetValue<string>().Should().Be("Acme Inc");
        body["description"]!.GetValue<string>().Should().BeEmpty();
        body["icon"]!.GetValue<string>().Should().Be("/i.png");
    }

    [Fact]
    public async Task The_list_has_what_the_caller_may_see_in_the_order_of_names()
    {
        var mine = await api.NewOrganizationAsync(Ct);
        var other = await api.NewOrganizationAsync(Ct);
        using var member = await api.NewMemberAsync(mine, Ct);
        using var auditor = await Server.AddUserAsync(roles: ["auditor"], Ct);

        var seen = await NamesAsync(member.Client);
        var all = await NamesAsync(auditor.Client);

        seen.Should().Equal(mine.Name);
        all.Should().Contain([mine.Name, other.Name, "coder"]).And.BeInAscendingOrder(StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Whoever_belongs_to_nothing_gets_an_empty_list()
    {
        using var nobody = await Server.AddUserAsync(new NewTestUser { IsMember = false }, Ct);

        var response = await nobody.Client.GetAsync(Root, Ct);

        (await response.Content.ReadAsStringAsync(Ct)).Should().Be("[]");
    }

    [Theory]
    [InlineData("default")]
    [InlineData("Default")]
    [InlineData("CODER")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task The_default_organization_has_several_names(string name)
    {
        var body = await (await Owner.GetAsync($"{Root}/{name}", Ct)).JsonAsync(Ct);

        body["is_default"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task Missing_and_hidden_are_the_same_404_for_every_action()
    {
        var hidden = await api.NewOrganizationAsync(Ct);
        using var stranger = await Server.AddUserAsync(Ct);
        var client = stranger.Client;
        foreach (var path in new[] { hidden.Path, $"{Root}/{hidden.Id}", $"{Root}/nowhere", $"{Root}/5b3a4f0e-0000-4000-8000-000000000000" })
        {
            await (await client.GetAsync(path, Ct)).IsNotFoundAsync(Ct);
            await (await client.PatchAsJsonAsync(path, new { name = "x" }, Ct)).IsNotFoundAsync(Ct);
            await (await client.DeleteAsync(path, Ct)).IsNotFoundAsync(Ct);
            await (await client.GetAsync($"{path}/members", Ct)).IsNotFoundAsync(Ct);
            await (await client.GetAsync($"{path}/paginated-members", Ct)).IsNotFoundAsync(Ct);
            await (await client.GetAsync($"{path}/members/roles", Ct)).IsNotFoundAsync(Ct);
            await (await client.PostAsync($"{path}/members/me", null, Ct)).IsNotFoundAsync(Ct);
            await (await client.DeleteAsync($"{path}/members/me", Ct)).IsNotFoundAsync(Ct);
            await (await client.PutAsJsonAsync($"{path}/members/me/roles", new { roles = Array.Empty<string>() }, Ct)).IsNotFoundAsync(Ct);
            await (await client.PostAsJsonAsync($"{path}/members/roles", new { name = "x" }, Ct)).IsNotFoundAsync(Ct);
            await (await client.PutAsJsonAsync($"{path}/members/roles", new { name = "x" }, Ct)).IsNotFoundAsync(Ct);
            await (await client.DeleteAsync($"{path}/members/roles/x", Ct)).IsNotFoundAsync(Ct);
        }
    }

    [Fact]
    public async Task A_member_sees_the_organization_and_may_not_change_it()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        using var member = await api.NewMemberAsync(organization, Ct);

        var patched = await member.Client.PatchAsJsonAsync(organization.Path, new { description = "x" }, Ct);
        var deleted = await member.Client.DeleteAsync(organization.Path, Ct);
        var created = await member.Client.PostAsJsonAsync(Root, new { name = NewName("mine") }, Ct);

        foreach (var response in new[] { patched, deleted, created })
        {
            (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new { Status = HttpStatusCode.Forbidden, Message = "Forbidden." });
        }
    }

    [Fact]
    public async Task An_organization_admin_changes_and_deletes_its_own_and_makes_none()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        using var admin = await api.NewMemberAsync(organization, Ct, "organization-admin");

        var created = await admin.Client.PostAsJsonAsync(Root, new { name = NewName("mine") }, Ct);
        var patched = await admin.Client.PatchAsJsonAsync(organization.Path, new { description = "x" }, Ct);
        await admin.Client.DeleteAsync($"{organization.Members}/owner", Ct);
        var deleted = await admin.Client.DeleteAsync(organization.Path, Ct);

        created.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        patched.StatusCode.Should().Be(HttpStatusCode.OK);
        deleted.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_default_organization_can_not_be_deleted()
    {
        var problem = await (await Owner.DeleteAsync($"{Root}/default", Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Default organization cannot be deleted." });
    }

    [Fact]
    public async Task An_organization_with_members_and_groups_is_not_deleted_and_says_so()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        using var member = await api.NewMemberAsync(organization, Ct);
        using var gone = await api.NewMemberAsync(organization, Ct);
        await Server.Database.ExecuteAsync("update users set deleted = true where id = $1", Ct, gone.Id);
        await Server.Database.AddGroupAsync(organization.Id, "one", [], Ct);
        await Server.Database.AddGroupAsync(organization.Id, "two", [member.Id], Ct);

        var problem = await (await Owner.DeleteAsync(organization.Path, Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.Conflict,
            Message = "Error deleting organization.",
            Detail = "This organization has 1 member, 2 groups that must be deleted first.",
        });
    }

    [Fact]
    public async Task A_deleted_organization_counts_nowhere_and_its_name_is_free()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        using var last = await api.NewMemberAsync(organization, Ct, "helper");
        await Server.Database.AddCustomRoleAsync(organization.Id, "helper", ["organization:delete"], Ct);
        await Server.Database.ExecuteAsync(
            "delete from organization_members where organization_id = $1 and user_id <> $2", Ct, organization.Id, last.Id);

        var response = await last.Client.DeleteAsync(organization.Path, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync(Ct)).Should().Be("""{"message":"Organization has been deleted."}""");
        await (await Owner.GetAsync(organization.Path, Ct)).IsNotFoundAsync(Ct);
        await (await Owner.GetAsync($"{Root}/{organization.Id}", Ct)).IsNotFoundAsync(Ct);
        (await NamesAsync(Owner)).Should().NotContain(organization.Name);
        (await (await last.Client.GetAsync("/api/v2/users/me", Ct)).JsonAsync(Ct))["organization_ids"]!.AsArray().Should().BeEmpty();
        (await NamesAsync(last.Client)).Should().BeEmpty();
        (await Owner.PostAsJsonAsync(Root, new { name = organization.Name }, Ct)).StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Whoever_joins_while_the_organization_is_deleted_either_stops_the_deletion_or_does_not_join()
    {
        for (var round = 0; round < 5; round++)
        {
            var organization = await api.NewOrganizationAsync(Ct);
            using var user = await Server.AddUserAsync(Ct);
            var joining = Owner.PostAsync($"{organization.Members}/{user.Id}", null, Ct);
            var deleting = Owner.DeleteAsync(organization.Path, Ct);

            var (joined, deleted) = (await joining, await deleting);

            (joined.StatusCode, deleted.StatusCode).Should().BeOneOf(
                (HttpStatusCode.OK, HttpStatusCode.Conflict), (HttpStatusCode.NotFound, HttpStatusCode.OK));
        }
    }

    [Fact]
    public async Task A_key_that_only_opens_applications_sees_no_organization()
    {
        using var key = await Server.AddUserAsync(
            new NewTestUser { Roles = ["owner"], Scope = Coder.Domain.Authorization.KeyScope.ApplicationConnect }, Ct);

        (await (await key.Client.GetAsync(Root, Ct)).JsonArrayAsync(Ct)).Should().BeEmpty();
        await (await key.Client.GetAsync($"{Root}/default", Ct)).IsNotFoundAsync(Ct);
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(HttpClient client) =>
        [.. (await (await client.GetAsync(Root, Ct)).JsonArrayAsync(Ct)).Select(o => o!["name"]!.GetValue<string>())];
}
