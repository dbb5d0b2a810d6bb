using System.Net;
using Coder.Api.Tests.Users;
using Coder.Testing;

namespace Coder.Api.Tests.Workspaces;

/// <summary>Names, favorites, updates, ports and quotas: docs/spec/workspaces.md, section 7.4.</summary>
public sealed class WorkspaceSettingsTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task Workspaces_keep_their_names_unless_the_deployment_says_otherwise()
    {
        await using var renaming = await TestServer.StartAsync(o => o.AllowWorkspaceRenames = "true", Ct, beside: Server);
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace { Name = "old" }, Ct);
        await scene.AddAsync(new NewWorkspace { Name = "taken" }, Ct);
        using var client = renaming.With(scene.Owner.Token);

        var refused = await (await PatchAsync(scene.Owner.Client, workspace, "new-name")).ProblemAsync(Ct);
        var same = await PatchAsync(scene.Owner.Client, workspace, "old");
        var empty = await PatchAsync(scene.Owner.Client, workspace, "");
        var bad = await (await PatchAsync(client, workspace, "a b")).ProblemAsync(Ct);
        var taken = await (await PatchAsync(client, workspace, "TAKEN")).ProblemAsync(Ct);
        var renamed = await PatchAsync(client, workspace, "new-name");

        refused.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Workspace renames are not allowed." });
        same.StatusCode.Should().Be(HttpStatusCode.NoContent);
        empty.StatusCode.Should().Be(HttpStatusCode.NoContent);
        bad.Validations.Should().Equal(("name", "Validation failed for tag \"workspace_name\" with value: \"a b\""));
        taken.Status.Should().Be(HttpStatusCode.Conflict);
        taken.Validations.Should().ContainSingle().Which.Field.Should().Be("name");
        renamed.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await scene.GetAsync(workspace, Ct))["name"]!.GetValue<string>().Should().Be("new-name");
    }

    [Fact]
    public async Task Only_owners_have_favorites()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        using var admin = await Server.AddUserAsync(roles: ["owner"], Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);
        var path = $"/api/v2/workspaces/{workspace.Id}/favorite";

        var put = await (await admin.Client.PutAsync(path, null, Ct)).ProblemAsync(Ct);
        var delete = await (await admin.Client.DeleteAsync(path, Ct)).ProblemAsync(Ct);
        var liked = await scene.Owner.Client.PutAsync(path, null, Ct);
        var shown = await scene.GetAsync(workspace, Ct);
        var unliked = await scene.Owner.Client.DeleteAsync(path, Ct);

        put.Should().BeEquivalentTo(new { Status = HttpStatusCode.Forbidden, Message = "You can only favorite workspaces that you own." });
        delete.Should().BeEquivalentTo(new { Status = HttpStatusCode.Forbidden, Message = "You can only un-favorite workspaces that you own." });
        liked.StatusCode.Should().Be(HttpStatusCode.NoContent);
        shown["favorite"]!.GetValue<bool>().Should().BeTrue();
        unliked.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await scene.GetAsync(workspace, Ct))["favorite"]!.GetValue<bool>().Should().BeFalse();
    }

    [Theory]
    [InlineData("""{"automatic_updates":"always"}""", true)]
    [InlineData("""{"automatic_updates":"never"}""", true)]
    [InlineData("""{"automatic_updates":"sometimes"}""", false)]
    [InlineData("{}", false)]
    public async Task Updates_come_always_or_never(string body, bool isAllowed)
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);

        var response = await scene.Owner.Client.PutJsonAsync($"/api/v2/workspaces/{workspace.Id}/autoupdates", body, Ct);

        response.StatusCode.Should().Be(isAllowed ? HttpStatusCode.NoContent : HttpStatusCode.BadRequest);
        if (!isAllowed)
        {
            (await response.ProblemAsync(Ct)).Message.Should().Be("Invalid request");
        }
    }

    [Fact]
    public async Task Ports_are_shared_changed_and_taken_back()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);
        await scene.Database.AddAgentAsync(workspace, new NewAgent(), Ct);
        var path = $"/api/v2/workspaces/{workspace.Id}/port-share";

        var none = await (await scene.Owner.Client.GetAsync(path, Ct)).Content.ReadAsStringAsync(Ct);
        var shared = await scene.Owner.Client.PostJsonAsync(path, Share("main", 8080, "authenticated"), Ct);
        var changed = await scene.Owner.Client.PostJsonAsync(path, Share("main", 8080, "public"), Ct);
        var listed = await (await scene.Owner.Client.GetAsync(path, Ct)).JsonAsync(Ct);
        var taken = await DeleteAsync(scene.Owner.Client, path, """{"agent_name":"main","port":8080}""");
        var again = await (await DeleteAsync(scene.Owner.Client, path, """{"agent_name":"main","port":8080}""")).ProblemAsync(Ct);

        none.Should().Be("""{"shares":[]}""");
        (await shared.Content.ReadAsStringAsync(Ct)).Should().Be(
            $$"""{"workspace_id":"{{workspace.Id}}","agent_name":"main","port":8080,"share_level":"authenticated","protocol":"http"}""");
        changed.StatusCode.Should().Be(HttpStatusCode.OK);
        listed["shares"]!.AsArray().Should().ContainSingle().Which!["share_level"]!.GetValue<string>().Should().Be("public");
        taken.StatusCode.Should().Be(HttpStatusCode.OK);
        again.Should().BeEquivalentTo(new { Status = HttpStatusCode.NotFound, Message = "Port share not found." });
    }

    [Theory]
    [InlineData(RowJob.Pending)]
    [InlineData(RowJob.Canceled)]
    public async Task What_runs_counts_until_another_build_takes_its_place(RowJob job)
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace { DailyCost = 3 }, Ct);
        await scene.Database.AddAgentAsync(workspace, new NewAgent(), Ct);
        await scene.Database.AddBuildAsync(scene.Template, workspace, new NewWorkspace { Transition = "stop", Job = job }, Ct);

        var shared = await scene.Owner.Client.PostJsonAsync(
            $"/api/v2/workspaces/{workspace.Id}/port-share", Share("main", 8080, "authenticated"), Ct);
        var quota = await (await scene.Owner.Client.GetAsync("/api/v2/organizations/coder/members/me/workspace-quota", Ct)).JsonAsync(Ct);

        shared.StatusCode.Should().Be(HttpStatusCode.OK);
        quota["credits_consumed"]!.GetValue<int>().Should().Be(3);
    }

    [Theory]
    [InlineData("main", 8, "public", "Port must be between 9 and 65535.")]
    [InlineData("main", 80, "owner", "Port sharing level not allowed.")]
    [InlineData("other", 80, "public", "Agent not found.")]
    public async Task What_can_not_be_shared_is_refused(string agent, int port, string level, string message)
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);
        await scene.Database.AddAgentAsync(workspace, new NewAgent(), Ct);

        var problem = await (await scene.Owner.Client.PostJsonAsync(
            $"/api/v2/workspaces/{workspace.Id}/port-share", Share(agent, port, level), Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = message });
    }

    [Fact]
    public async Task Without_a_license_there_is_no_budget_to_keep_to()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        await scene.AddAsync(new NewWorkspace { DailyCost = 3 }, Ct);

        var quota = await (await scene.Owner.Client.GetAsync("/api/v2/organizations/coder/members/me/workspace-quota", Ct)).JsonAsync(Ct);
        var nowhere = await scene.Owner.Client.GetAsync("/api/v2/organizations/nowhere/members/me/workspace-quota", Ct);
        var nobody = await scene.Owner.Client.GetAsync("/api/v2/organizations/coder/members/nobody/workspace-quota", Ct);

        quota.ToJsonString().Should().Be("""{"credits_consumed":3,"budget":-1}""");
        nowhere.StatusCode.Should().Be(HttpStatusCode.NotFound);
        nobody.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Workspaces_are_shared_with_nobody_while_the_experiment_is_off()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);

        var response = await scene.Owner.Client.GetAsync($"/api/v2/workspaces/{workspace.Id}/acl", Ct);

        response.StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    private static string Share(string agent, int port, string level) =>
        $$"""{"agent_name":"{{agent}}","port":{{port}},"share_level":"{{level}}","protocol":"http"}""";

    private static async Task<HttpResponseMessage> PatchAsync(HttpClient client, WorkspaceRow workspace, string name)
    {
        using var content = new StringContent($$"""{"name":"{{name}}"}""");
        return await client.PatchAsync($"/api/v2/workspaces/{workspace.Id}", content, Ct);
    }

    private static async Task<HttpResponseMessage> DeleteAsync(HttpClient client, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path) { Content = new StringContent(body) };
        return await client.SendAsync(request, Ct);
    }
}

/// <summary>Workspaces that are shared: docs/spec/workspaces.md, section 7.4, and row 11 of section 12.</summary>
public sealed class WorkspaceAclTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer? _server;

    private TestServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(o => o.Experiments = "workspace-sharing", Ct);

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();

    [Fact]
    public async Task A_user_and_a_group_with_whom_a_workspace_is_shared_can_use_it_until_it_is_not()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        using var friend = await Server.AddUserAsync(Ct);
        using var colleague = await Server.AddUserAsync(Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);
        var organization = scene.Template.OrganizationId;

        var before = await friend.Client.GetAsync($"/api/v2/workspaces/{workspace.Id}", Ct);
        var shared = await PatchAsync(scene.Owner.Client, workspace, $$$"""{"user_roles":{"{{{friend.Id}}}":"admin"}}""");
        var update = await friend.Client.PutJsonAsync($"/api/v2/workspaces/{workspace.Id}/ttl", """{"ttl_ms":60000}""", Ct);
        var everyone = await PatchAsync(scene.Owner.Client, workspace, $$$"""{"group_roles":{"{{{organization}}}":"use"}}""");
        var read = await colleague.Client.GetAsync($"/api/v2/workspaces/{workspace.Id}", Ct);
        var listed = await (await colleague.Client.GetAsync("/api/v2/workspaces", Ct)).JsonAsync(Ct);
        var changed = await colleague.Client.PutJsonAsync($"/api/v2/workspaces/{workspace.Id}/ttl", """{"ttl_ms":60000}""", Ct);
        var acl = await (await scene.Owner.Client.GetAsync($"/api/v2/workspaces/{workspace.Id}/acl", Ct)).JsonAsync(Ct);
        await PatchAsync(
            scene.Owner.Client, workspace, $$$"""{"user_roles":{"{{{friend.Id}}}":""},"group_roles":{"{{{organization}}}":"","{{{TestIds.New()}}}":""}}""");
        var after = await friend.Client.GetAsync($"/api/v2/workspaces/{workspace.Id}", Ct);

        before.StatusCode.Should().Be(HttpStatusCode.NotFound);
        shared.StatusCode.Should().Be(HttpStatusCode.NoContent);
        update.StatusCode.Should().Be(HttpStatusCode.NoContent);
        everyone.StatusCode.Should().Be(HttpStatusCode.NoContent);
        read.StatusCode.Should().Be(HttpStatusCode.OK);
        listed["count"]!.GetValue<int>().Should().Be(1);
        changed.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        acl["users"]!.AsArray().Should().ContainSingle().Which!["role"]!.GetValue<string>().Should().Be("admin");
        acl["group"]!.AsArray().Should().ContainSingle().Which!["role"]!.GetValue<string>().Should().Be("use");
        after.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Every_error_of_a_change_is_named_and_nothing_is_changed()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);
        var (nobody, nothing) = (TestIds.New(), TestIds.New());
        var before = await scene.BytesAsync(workspace, Ct);

        var problem = await (await PatchAsync(
            scene.Owner.Client,
            workspace,
            $$$"""
            {"user_roles":{"{{{nobody}}}":"use","x":"use","{{{scene.Owner.Id}}}":"boss"},"group_roles":{"{{{nothing}}}":"admin"}}
            """)).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Message.Should().Be("Invalid request to update workspace ACL");
        problem.Validations.Should().BeEquivalentTo(new (string, string)[]
        {
            ("user_roles", "x is not a valid UUID."),
            ("user_roles", "role \"boss\" is not a valid workspace role"),
            ("user_roles", $"user with ID {nobody} does not exist"),
            ("group_roles", $"group with ID {nothing} does not exist"),
        });
        (await scene.BytesAsync(workspace, Ct)).Should().Be(before);
    }

    [Fact]
    public async Task Those_of_other_organizations_do_not_exist_and_are_not_shown()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        using var outsider = await Server.AddUserAsync(new NewTestUser { IsMember = false }, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);
        var elsewhere = await scene.Database.AddOrganizationAsync($"org-{TestIds.New():N}"[..30], Ct);
        var group = await scene.Database.AddGroupAsync(elsewhere, "secret", [], Ct);
        var before = await scene.BytesAsync(workspace, Ct);

        var problem = await (await PatchAsync(
            scene.Owner.Client,
            workspace,
            $$$"""
            {"user_roles":{"{{{outsider.Id}}}":"use","c42fdf75-3097-471c-8c33-fb52454d81c0":"use"},
             "group_roles":{"{{{group}}}":"use","{{{elsewhere}}}":"use"}}
            """)).ProblemAsync(Ct);
        var after = await scene.BytesAsync(workspace, Ct);
        await scene.Database.ExecuteAsync(
            "update workspaces set group_acl = jsonb_build_object($2::text, '{\"permissions\": [\"read\"]}'::jsonb) where id = $1",
            Ct,
            workspace.Id,
            group.ToString());
        var acl = await (await scene.Owner.Client.GetAsync($"/api/v2/workspaces/{workspace.Id}/acl", Ct)).JsonAsync(Ct);
        var removed = await PatchAsync(scene.Owner.Client, workspace, $$$"""{"group_roles":{"{{{group}}}":""}}""");

        problem.Message.Should().Be("Invalid request to update workspace ACL");
        problem.Validations.Should().BeEquivalentTo(new (string, string)[]
        {
            ("user_roles", $"user with ID {outsider.Id} does not exist"),
            ("user_roles", "user with ID c42fdf75-3097-471c-8c33-fb52454d81c0 does not exist"),
            ("group_roles", $"group with ID {group} does not exist"),
            ("group_roles", $"group with ID {elsewhere} does not exist"),
        });
        after.Should().Be(before);
        acl["group"]!.AsArray().Should().BeEmpty();
        removed.StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Of_two_changes_at_once_both_hold()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);
        var friends = new List<TestUser>();
        for (var i = 0; i < 8; i++)
        {
            friends.Add(await Server.AddUserAsync(Ct));
        }

        await Task.WhenAll(friends.Select(f => PatchAsync(scene.Owner.Client, workspace, $$$"""{"user_roles":{"{{{f.Id}}}":"use"}}""")));

        var acl = await (await scene.Owner.Client.GetAsync($"/api/v2/workspaces/{workspace.Id}/acl", Ct)).JsonAsync(Ct);
        acl["users"]!.AsArray().Select(u => u!["id"]!.GetValue<Guid>()).Should().BeEquivalentTo(friends.Select(f => f.Id));
        friends.ForEach(f => f.Dispose());
    }

    private static async Task<HttpResponseMessage> PatchAsync(HttpClient client, WorkspaceRow workspace, string body)
    {
        using var content = new StringContent(body);
        return await client.PatchAsync($"/api/v2/workspaces/{workspace.Id}/acl", content, Ct);
    }
}
