using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Domain.Authorization;
using Coder.Testing;

namespace Coder.Api.Tests.Groups;

public sealed class ChangeGroupsTests(GroupsServer groups) : IClassFixture<GroupsServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => groups.Server;

    private HttpClient Owner => groups.Owner;

    [Fact]
    public async Task A_new_group_has_what_was_given_and_no_members()
    {
        var body = new { name = "made", display_name = "Made", avatar_url = "https://example.com/a.png", quota_allowance = 7 };

        var response = await Owner.PostAsJsonAsync(GroupsApi.OfDefault, body, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.Created);
        var made = await response.JsonAsync(Ct);
        made["display_name"]!.GetValue<string>().Should().Be("Made");
        made["quota_allowance"]!.GetValue<int>().Should().Be(7);
        made["members"]!.AsArray().Should().BeEmpty();
        JsonNode.DeepEquals(made, await Owner.GroupAsync(made.Id(), Ct)).Should().BeTrue();
    }

    [Theory]
    [InlineData("""{"name":""}""", "name", "required", "")]
    [InlineData("{}", "name", "required", "")]
    [InlineData("""{"name":"new"}""", "name", "group_name", "new")]
    [InlineData("""{"name":"a b"}""", "name", "group_name", "a b")]
    [InlineData("""{"name":"ok","display_name":" x"}""", "display_name", "group_display_name", " x")]
    public async Task A_field_that_breaks_its_rule_is_named(string body, string field, string tag, string value)
    {
        var problem = await (await Owner.PostRawAsync(GroupsApi.OfDefault, body, null, Ct)).ProblemAsync(Ct);

        problem.Message.Should().Be("Validation failed.");
        problem.Validations.Should().Equal((field, $"Validation failed for tag \"{tag}\" with value: \"{value}\""));
    }

    [Theory]
    [InlineData("Everyone")]
    [InlineData("EVERYONE")]
    public async Task No_new_group_is_called_Everyone(string name)
    {
        var problem = await (await Owner.PostAsJsonAsync(GroupsApi.OfDefault, new { name }, Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Invalid group name." });
    }

    [Fact]
    public async Task A_name_is_taken_once_in_an_organization_without_regard_to_case()
    {
        await Owner.CreateGroupAsync("taken", Ct);
        var other = await Owner.CreateGroupAsync("not-taken", Ct);
        await Server.Database.AddOrganizationAsync("elsewhere", Ct);

        var again = await (await Owner.PostAsJsonAsync(GroupsApi.OfDefault, new { name = "Taken" }, Ct)).ProblemAsync(Ct);
        var renamed = await (await Owner.PatchGroupAsync(other.Id(), new { name = "TAKEN" }, Ct)).ProblemAsync(Ct);
        var elsewhere = await Owner.PostAsJsonAsync("/api/v2/organizations/elsewhere/groups", new { name = "taken" }, Ct);

        again.Should().BeEquivalentTo(new { Status = HttpStatusCode.Conflict, Message = "A group named \"Taken\" already exists." });
        renamed.Should().BeEquivalentTo(new { Status = HttpStatusCode.Conflict, Message = "A group with name \"TAKEN\" already exists." });
        elsewhere.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Of_many_who_make_a_group_of_one_name_at_once_one_succeeds()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Owner.PostAsJsonAsync(GroupsApi.OfDefault, new { name = "raced" }, Ct)));

        answers.Select(a => a.StatusCode).Order().Should().Equal(
            [HttpStatusCode.Created, .. Enumerable.Repeat(HttpStatusCode.Conflict, 7)]);
    }

    [Fact]
    public async Task What_is_not_given_stays_and_what_is_given_changes()
    {
        var group = await Owner.CreateGroupAsync("patched", Ct);
        await Owner.PatchGroupAsync(group.Id(), new { display_name = "Patched", avatar_url = "https://example.com/a.png", quota_allowance = 3 }, Ct);

        var response = await Owner.PatchGroupAsync(group.Id(), new { name = "Patched", display_name = "", quota_allowance = 0 }, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        var changed = await response.JsonAsync(Ct);
        changed["name"]!.GetValue<string>().Should().Be("Patched");
        changed["display_name"]!.GetValue<string>().Should().BeEmpty();
        changed["avatar_url"]!.GetValue<string>().Should().Be("https://example.com/a.png");
        changed["quota_allowance"]!.GetValue<int>().Should().Be(0);
        JsonNode.DeepEquals(changed, await Owner.GroupAsync(group.Id(), Ct)).Should().BeTrue();
    }

    [Fact]
    public async Task Two_changes_of_different_fields_at_once_both_stay()
    {
        var group = await Owner.CreateGroupAsync("both", Ct);

        await Task.WhenAll(
            Owner.PatchGroupAsync(group.Id(), new { display_name = "Both" }, Ct), Owner.PatchGroupAsync(group.Id(), new { quota_allowance = 9 }, Ct));

        var changed = await Owner.GroupAsync(group.Id(), Ct);
        changed["display_name"]!.GetValue<string>().Should().Be("Both");
        changed["quota_allowance"]!.GetValue<int>().Should().Be(9);
    }

    [Fact]
    public async Task Users_are_added_and_removed()
    {
        using var first = await Server.AddUserAsync(Ct);
        using var second = await Server.AddUserAsync(Ct);
        var group = await Owner.CreateGroupAsync("crew", Ct);

        var added = await (await Owner.PatchGroupAsync(group.Id(), new { add_users = new[] { first.Id, second.Id } }, Ct)).JsonAsync(Ct);
        var removed = await (await Owner.PatchGroupAsync(group.Id(), new { remove_users = new[] { first.Id, first.Id } }, Ct)).JsonAsync(Ct);

        added.Members().Should().BeEquivalentTo([first.Id, second.Id]);
        removed.Members().Should().Equal(second.Id);
    }

    [Fact]
    public async Task A_change_of_members_takes_effect_with_their_next_request()
    {
        using var user = await Server.AddUserAsync(Ct);
        var group = await Owner.CreateGroupAsync("at-once", Ct);
        var path = $"{GroupsApi.Groups}/{group.Id()}";

        var before = await user.Client.GetAsync(path, Ct);
        await Owner.PatchGroupAsync(group.Id(), new { add_users = new[] { user.Id } }, Ct);
        var inside = await user.Client.GetAsync(path, Ct);
        await Owner.PatchGroupAsync(group.Id(), new { remove_users = new[] { user.Id } }, Ct);
        var after = await user.Client.GetAsync(path, Ct);

        before.StatusCode.Should().Be(HttpStatusCode.NotFound);
        inside.StatusCode.Should().Be(HttpStatusCode.OK);
        after.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Who_leaves_the_organization_leaves_its_groups()
    {
        using var user = await Server.AddUserAsync(Ct);
        var group = await Owner.CreateGroupAsync("left", Ct);
        await Owner.PatchGroupAsync(group.Id(), new { add_users = new[] { user.Id } }, Ct);

        await Server.Database.ExecuteAsync("delete from organization_members where user_id = $1", Ct, user.Id);

        (await Owner.GroupAsync(group.Id(), Ct)).Count().Should().Be(0);
        (await user.Client.GetAsync($"{GroupsApi.Groups}/{group.Id()}", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("add_users")]
    [InlineData("remove_users")]
    public async Task A_user_is_named_by_a_UUID(string field)
    {
        var group = await Owner.CreateGroupAsync($"by-id-{field[..3]}", Ct);

        var problem = await (await Owner.PatchGroupAsync(
            group.Id(), new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = ["owner"] }, Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "ID \"owner\" must be a valid user UUID." });
    }

    [Fact]
    public async Task Only_members_of_the_organization_are_added_and_else_nothing_is_changed()
    {
        using var member = await Server.AddUserAsync(Ct);
        using var stranger = await Server.AddUserAsync(new NewTestUser { IsMember = false }, Ct);
        var group = await Owner.CreateGroupAsync("members-only", Ct);

        var problem = await (await Owner.PatchGroupAsync(
            group.Id(), new { name = "changed", add_users = new[] { member.Id, stranger.Id } }, Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(
            new { Status = HttpStatusCode.BadRequest, Message = "User must be a member of organization \"coder\"" });
        var same = await Owner.GroupAsync(group.Id(), Ct);
        same["name"]!.GetValue<string>().Should().Be("members-only");
        same.Count().Should().Be(0);
    }

    [Fact]
    public async Task The_prebuilds_user_is_added_without_being_a_member_and_never_shown()
    {
        var group = await Owner.CreateGroupAsync("stock", Ct);

        var response = await Owner.PatchGroupAsync(group.Id(), new { add_users = new[] { SystemActors.PrebuildsUserId } }, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        var changed = await response.JsonAsync(Ct);
        changed.Members().Should().BeEmpty();
        changed.Count().Should().Be(0);
        (await Server.Database.ScalarAsync<long>("select count(*) from group_members where group_id = $1", Ct, group.Id())).Should().Be(1);
    }

    [Fact]
    public async Task Nobody_is_added_twice()
    {
        using var user = await Server.AddUserAsync(Ct);
        var group = await Owner.CreateGroupAsync("twice", Ct);

        var inOneList = await (await Owner.PatchGroupAsync(group.Id(), new { add_users = new[] { user.Id, user.Id } }, Ct)).ProblemAsync(Ct);
        await Owner.PatchGroupAsync(group.Id(), new { add_users = new[] { user.Id } }, Ct);
        var again = await (await Owner.PatchGroupAsync(group.Id(), new { add_users = new[] { user.Id } }, Ct)).ProblemAsync(Ct);

        foreach (var problem in (Problem[])[inOneList, again])
        {
            problem.Should().BeEquivalentTo(
                new { Status = HttpStatusCode.BadRequest, Message = "Cannot add the same user to a group twice!" });
        }
    }

    [Fact]
    public async Task Of_many_who_add_a_user_at_once_one_succeeds()
    {
        using var user = await Server.AddUserAsync(Ct);
        var group = await Owner.CreateGroupAsync("raced-members", Ct);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Owner.PatchGroupAsync(group.Id(), new { add_users = new[] { user.Id } }, Ct)));

        answers.Select(a => a.StatusCode).Order().Should().Equal(
            [HttpStatusCode.OK, .. Enumerable.Repeat(HttpStatusCode.BadRequest, 7)]);
    }

    [Fact]
    public async Task The_Everyone_group_keeps_its_name_its_members_and_itself_and_may_have_a_quota()
    {
        using var user = await Server.AddUserAsync(Ct);
        var everyone = await Server.Database.DefaultOrganizationAsync(Ct);

        var renamed = await Owner.PatchGroupAsync(everyone, new { name = "all" }, Ct);
        var added = await Owner.PatchGroupAsync(everyone, new { add_users = new[] { user.Id } }, Ct);
        var deleted = await Owner.DeleteAsync($"{GroupsApi.Groups}/{everyone}", Ct);
        var given = await Owner.PatchGroupAsync(everyone, new { name = "", display_name = "", quota_allowance = 4, add_users = Array.Empty<string>() }, Ct);

        renamed.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        added.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        deleted.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        given.StatusCode.Should().Be(HttpStatusCode.OK);
        (await Owner.GroupAsync(everyone, Ct))["quota_allowance"]!.GetValue<int>().Should().Be(4);
    }

    [Fact]
    public async Task A_deleted_group_is_gone()
    {
        using var user = await Server.AddUserAsync(Ct);
        var group = await Owner.CreateGroupAsync("deleted", Ct);
        await Owner.PatchGroupAsync(group.Id(), new { add_users = new[] { user.Id } }, Ct);

        var response = await Owner.DeleteAsync($"{GroupsApi.Groups}/{group.Id()}", Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.JsonAsync(Ct))["message"]!.GetValue<string>().Should().Be("Successfully deleted group!");
        (await Owner.GetAsync($"{GroupsApi.Groups}/{group.Id()}", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await Owner.DeleteAsync($"{GroupsApi.Groups}/{group.Id()}", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("", "", HttpStatusCode.NotFound, HttpStatusCode.Forbidden)]
    [InlineData("auditor", "", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("template-admin", "", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("user-admin", "", HttpStatusCode.OK, HttpStatusCode.Created)]
    [InlineData("", "organization-user-admin", HttpStatusCode.OK, HttpStatusCode.Created)]
    [InlineData("", "organization-admin", HttpStatusCode.OK, HttpStatusCode.Created)]
    [InlineData("", "organization-auditor", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    public async Task Only_who_may_writes_groups(string site, string organization, HttpStatusCode changed, HttpStatusCode created)
    {
        using var caller = await Server.AddUserAsync(
            new NewTestUser { Roles = site.Length == 0 ? [] : [site], OrganizationRoles = organization.Length == 0 ? [] : [organization] }, Ct);
        var group = await Owner.CreateGroupAsync($"by{(site + organization).Replace("-", "", StringComparison.Ordinal)}-0", Ct);

        var create = await caller.Client.PostAsJsonAsync(GroupsApi.OfDefault, new { name = $"by{(site + organization).Replace("-", "", StringComparison.Ordinal)}-1" }, Ct);
        var patch = await caller.Client.PatchGroupAsync(group.Id(), new { quota_allowance = 1 }, Ct);
        var delete = await caller.Client.DeleteAsync($"{GroupsApi.Groups}/{group.Id()}", Ct);

        create.StatusCode.Should().Be(created);
        patch.StatusCode.Should().Be(changed);
        delete.StatusCode.Should().Be(changed);
    }

    [Fact]
    public async Task A_member_of_a_group_may_see_it_and_not_change_it()
    {
        using var user = await Server.AddUserAsync(Ct);
        var group = await Owner.CreateGroupAsync("mine", Ct);
        await Owner.PatchGroupAsync(group.Id(), new { add_users = new[] { user.Id } }, Ct);

        var problem = await (await user.Client.PatchGroupAsync(group.Id(), new { name = "yours" }, Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.Forbidden, Message = "Forbidden." });
    }

    [Theory]
    [InlineData("""{"name":1}""")]
    [InlineData("""{"quota_allowance":2147483648}""")]
    [InlineData("""{"add_users":"me"}""")]
    [InlineData("")]
    public async Task A_body_of_the_wrong_form_is_400(string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"{GroupsApi.Groups}/{Guid.Empty}") { Content = new StringContent(body) };

        var problem = await (await Owner.SendAsync(request, Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Request body must be valid JSON." });
    }

    [Fact]
    public async Task A_NUL_in_a_text_is_400() =>
        (await Owner.PostAsJsonAsync(GroupsApi.OfDefault, new { name = "nul", avatar_url = "a\0b" }, Ct)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
}
