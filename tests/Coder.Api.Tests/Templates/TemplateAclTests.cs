using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Templates;

public sealed class TemplateAclTests(TemplatesServer templates) : IClassFixture<TemplatesServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => templates.Server;

    private HttpClient Owner => templates.Owner;

    [Fact]
    public async Task A_new_template_is_shared_with_everyone_in_its_organization()
    {
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);
        var acl = await AclAsync(await NewAsync());

        acl["users"]!.AsArray().Should().BeEmpty();
        var everyone = acl["group"]!.AsArray().Should().ContainSingle().Subject!;
        everyone.Id().Should().Be(organization);
        everyone["name"]!.GetValue<string>().Should().Be("Everyone");
        everyone["role"]!.GetValue<string>().Should().Be("use");
    }

    [Fact]
    public async Task What_is_granted_holds_and_can_be_taken_back()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var member = await Server.AddUserAsync(Ct);
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);
        var group = await Server.Database.AddGroupAsync(organization, $"group-{TestIds.New():N}"[..20], [member.Id], Ct);
        var id = await NewAsync();
        await PatchAsync(id, new { group_perms = new Dictionary<string, string> { [organization.ToString()] = "" } });

        (await StatusAsync(user)).Should().Be(HttpStatusCode.NotFound);
        await PatchAsync(id, new
        {
            user_perms = new Dictionary<string, string> { [user.Id.ToString()] = "admin" },
            group_perms = new Dictionary<string, string> { [group.ToString()] = "use" },
        });

        (await StatusAsync(user)).Should().Be(HttpStatusCode.OK);
        (await StatusAsync(member)).Should().Be(HttpStatusCode.OK);
        (await user.Client.PatchTemplateAsync(id, new { description = "mine" }, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await member.Client.PatchTemplateAsync(id, new { description = "mine" }, Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        var acl = await AclAsync(id);
        var shared = acl["users"]!.AsArray().Should().ContainSingle().Subject!;
        shared["username"]!.GetValue<string>().Should().Be(user.Username);
        shared["role"]!.GetValue<string>().Should().Be("admin");
        acl["group"]!.AsArray().Select(g => (g!.Id(), g!["role"]!.GetValue<string>())).Should().Equal((group, "use"));

        await PatchAsync(id, new { user_perms = new Dictionary<string, string> { [user.Id.ToString()] = "" } });
        (await StatusAsync(user)).Should().Be(HttpStatusCode.NotFound);

        async Task<HttpStatusCode> StatusAsync(TestUser who) =>
            (await who.Client.GetAsync($"{TemplatesApi.Templates}/{id}", Ct)).StatusCode;
    }

    [Fact]
    public async Task Of_two_changes_at_once_both_hold()
    {
        var id = await NewAsync();
        var users = new List<Guid>();
        for (var i = 0; i < 8; i++)
        {
            using var user = await Server.AddUserAsync(Ct);
            users.Add(user.Id);
        }

        await Task.WhenAll(users.Select(user =>
            PatchAsync(id, new { user_perms = new Dictionary<string, string> { [user.ToString()] = "use" } })));

        (await AclAsync(id))["users"]!.AsArray().Select(u => u!.Id()).Should().BeEquivalentTo(users);
    }

    [Fact]
    public async Task A_change_of_the_settings_and_one_of_the_list_do_not_undo_each_other()
    {
        using var user = await Server.AddUserAsync(Ct);
        var id = await NewAsync();

        await Task.WhenAll(
            PatchAsync(id, new { user_perms = new Dictionary<string, string> { [user.Id.ToString()] = "use" } }),
            Owner.PatchTemplateAsync(id, new { description = "new" }, Ct));

        (await AclAsync(id))["users"]!.AsArray().Should().ContainSingle();
        (await Owner.TemplateAsync(id, Ct))["description"]!.GetValue<string>().Should().Be("new");
    }

    [Fact]
    public async Task What_can_not_be_granted_is_named()
    {
        using var user = await Server.AddUserAsync(Ct);
        var id = await NewAsync();
        var gone = TestIds.New();
        await Server.Database.ExecuteAsync("update users set deleted = true where id = $1", Ct, user.Id);

        await RefusedAsync(new() { ["nobody"] = "use" }, new(), ("user_perms", "nobody is not a valid UUID."));
        await RefusedAsync(new() { [gone.ToString()] = "owner" }, new(), ("user_perms", "role \"owner\" is not a valid template role"));
        await RefusedAsync(new() { [gone.ToString()] = "use" }, new(), ("user_perms", $"user with ID {gone} does not exist"));
        await RefusedAsync(new() { [user.Id.ToString()] = "use" }, new(), ("user_perms", $"user with ID {user.Id} does not exist"));
        await RefusedAsync(new(), new() { [gone.ToString()] = "admin" }, ("group_perms", $"group with ID {gone} does not exist"));

        async Task RefusedAsync(Dictionary<string, string> users, Dictionary<string, string> groups, (string, string) expected)
        {
            var body = new { user_perms = users, group_perms = groups };
            var problem = await (await Owner.PatchAsJsonAsync($"{TemplatesApi.Templates}/{id}/acl", body, Ct)).ProblemAsync(Ct);
            problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Invalid request to update template ACL" });
            problem.Validations.Should().Equal(expected);
        }
    }

    [Fact]
    public async Task What_does_not_exist_any_more_can_be_removed()
    {
        var id = await NewAsync();

        await PatchAsync(id, new
        {
            user_perms = new Dictionary<string, string> { [TestIds.New().ToString()] = "" },
            group_perms = new Dictionary<string, string> { [TestIds.New().ToString()] = "" },
        });
    }

    [Fact]
    public async Task Who_may_not_change_the_template_is_refused()
    {
        using var member = await Server.AddUserAsync(Ct);
        using var stranger = await Server.AddUserAsync(new NewTestUser { IsMember = false }, Ct);
        var path = $"{TemplatesApi.Templates}/{await NewAsync()}/acl";
        var body = new { user_perms = new Dictionary<string, string>() };

        (await member.Client.GetAsync(path, Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await member.Client.PatchAsJsonAsync(path, body, Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await member.Client.GetAsync($"{path}/available", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await stranger.Client.GetAsync(path, Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await stranger.Client.PatchAsJsonAsync(path, body, Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Candidates_are_the_members_and_groups_of_the_organization()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var stranger = await Server.AddUserAsync(new NewTestUser { IsMember = false }, Ct);
        var path = $"{TemplatesApi.Templates}/{await NewAsync()}/acl/available";

        var all = (await Owner.GetFromJsonAsync<JsonObject>(path, Ct))!;
        var found = (await Owner.GetFromJsonAsync<JsonObject>($"{path}?q={user.Username}&limit=5", Ct))!;

        all["users"]!.AsArray().Select(u => u!.Id()).Should().Contain(user.Id).And.NotContain(stranger.Id);
        all["groups"]!.AsArray().Select(g => g!["name"]!.GetValue<string>()).Should().Contain("Everyone");
        found["users"]!.AsArray().Select(u => u!.Id()).Should().Equal(user.Id);
    }

    [Fact]
    public async Task A_change_is_recorded()
    {
        using var user = await Server.AddUserAsync(Ct);
        var id = await NewAsync();

        await PatchAsync(id, new { user_perms = new Dictionary<string, string> { [user.Id.ToString()] = "use" } });

        var row = (await Server.Database.AuditRowsAsync("template", Ct))
            .Should().ContainSingle(r => r.ResourceId == id && r.Action == "write").Subject;
        row.Diff["user_acl"]!["new"]!.ToJsonString().Should().Be($$"""{"{{user.Id}}":"use"}""");
    }

    private Task<Guid> NewAsync() => Server.NewTemplateAsync(Owner, $"t-{TestIds.New():N}"[..20], Ct);

    private async Task<JsonObject> AclAsync(Guid id) => (await Owner.GetFromJsonAsync<JsonObject>($"{TemplatesApi.Templates}/{id}/acl", Ct))!;

    private async Task PatchAsync(Guid id, object body)
    {
        var response = await Owner.PatchAsJsonAsync($"{TemplatesApi.Templates}/{id}/acl", body, Ct);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.JsonAsync(Ct))["message"]!.GetValue<string>().Should().Be("Successfully updated template ACL list.");
    }
}
