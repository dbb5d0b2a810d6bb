using System.Net;
using System.Text.Json.Nodes;
using Coder.Api.Tests.Http;
using Coder.Domain.Authorization;
using Coder.Testing;

namespace Coder.Api.Tests.Workspaces;

/// <summary>Lists and single workspaces: docs/spec/workspaces.md, sections 7.2 and 7.4.</summary>
public sealed class WorkspacesTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_workspace_is_shown_with_its_latest_build()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(
            new NewWorkspace { Autostart = "CRON_TZ=UTC 30 9 * * 1-5", Ttl = TimeSpan.FromHours(8), Favorite = true }, Ct);
        var agent = await scene.Database.AddAgentAsync(workspace, new NewAgent { CreatedAt = scene.Now.AddHours(-1) }, Ct);

        var shown = await scene.GetAsync(workspace, Ct);

        shown["id"]!.GetValue<Guid>().Should().Be(workspace.Id);
        shown["name"]!.GetValue<string>().Should().Be(workspace.Name);
        shown["owner_name"]!.GetValue<string>().Should().Be(scene.Owner.Username);
        shown["organization_name"]!.GetValue<string>().Should().Be("coder");
        shown["template_active_version_id"]!.GetValue<Guid>().Should().Be(scene.Template.VersionId);
        shown["autostart_schedule"]!.GetValue<string>().Should().Be("CRON_TZ=UTC 30 9 * * 1-5");
        shown["ttl_ms"]!.GetValue<long>().Should().Be(8 * 3_600_000);
        shown["dormant_at"].Should().BeNull();
        shown["automatic_updates"]!.GetValue<string>().Should().Be("never");
        shown["outdated"]!.GetValue<bool>().Should().BeFalse();
        shown["favorite"]!.GetValue<bool>().Should().BeTrue();
        shown["is_prebuild"]!.GetValue<bool>().Should().BeFalse();
        shown["allow_renames"]!.GetValue<bool>().Should().BeFalse();
        shown["latest_app_status"].Should().BeNull();
        shown["latest_build"]!["id"]!.GetValue<Guid>().Should().Be(workspace.BuildId);
        shown["latest_build"]!["status"]!.GetValue<string>().Should().Be("running");
        shown["health"]!["healthy"]!.GetValue<bool>().Should().BeFalse("its agent was never heard of");
        shown["health"]!["failing_agents"]!.AsArray().Select(a => a!.GetValue<Guid>()).Should().Equal(agent);
    }

    [Fact]
    public async Task Only_its_owner_sees_a_favorite()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        using var admin = await Server.AddUserAsync(roles: ["owner"], Ct);
        var workspace = await scene.AddAsync(new NewWorkspace { Favorite = true }, Ct);

        var shown = await (await admin.Client.GetAsync($"/api/v2/workspaces/{workspace.Id}", Ct)).JsonAsync(Ct);

        shown["favorite"]!.GetValue<bool>().Should().BeFalse();
    }

    [Fact]
    public async Task Who_may_not_see_a_workspace_is_told_the_same_as_if_there_was_none()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        using var other = await Server.AddUserAsync(Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);

        var hidden = await (await other.Client.GetAsync($"/api/v2/workspaces/{workspace.Id}", Ct)).ProblemAsync(Ct);
        var missing = await (await other.Client.GetAsync($"/api/v2/workspaces/{TestIds.New()}", Ct)).ProblemAsync(Ct);
        var noId = await (await other.Client.GetAsync("/api/v2/workspaces/x", Ct)).ProblemAsync(Ct);

        hidden.Should().BeEquivalentTo(missing);
        hidden.Status.Should().Be(HttpStatusCode.NotFound);
        noId.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Invalid UUID \"x\"." });
    }

    [Fact]
    public async Task A_deleted_workspace_is_gone_unless_it_is_asked_for()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace { Deleted = true, Transition = "delete", Name = "late" }, Ct);
        var path = $"/api/v2/workspaces/{workspace.Id}";
        var byName = $"/api/v2/users/me/workspace/LATE";

        var gone = await (await scene.Owner.Client.GetAsync(path, Ct)).ProblemAsync(Ct);
        var asked = await (await scene.Owner.Client.GetAsync($"{path}?include_deleted=true", Ct)).JsonAsync(Ct);
        var bad = await (await scene.Owner.Client.GetAsync($"{path}?include_deleted=maybe", Ct)).ProblemAsync(Ct);
        var unnamed = await scene.Owner.Client.GetAsync(byName, Ct);
        var named = await (await scene.Owner.Client.GetAsync($"{byName}?include_deleted=1", Ct)).JsonAsync(Ct);

        gone.Status.Should().Be(HttpStatusCode.Gone);
        gone.Message.Should().Be(
            $"Workspace \"{workspace.Id}\" was deleted, you can view this workspace by specifying '?include_deleted=true' and trying again.");
        asked["latest_build"]!["status"]!.GetValue<string>().Should().Be("deleted");
        bad.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Query parameters have invalid values." });
        unnamed.StatusCode.Should().Be(HttpStatusCode.NotFound);
        named["id"]!.GetValue<Guid>().Should().Be(workspace.Id);
    }

    [Fact]
    public async Task A_name_is_found_whatever_its_case_and_a_living_workspace_wins()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        await scene.AddAsync(new NewWorkspace { Deleted = true, Transition = "delete", Name = "Dev" }, Ct);
        var living = await scene.AddAsync(new NewWorkspace { Name = "dev" }, Ct);

        var found = await (await scene.Owner.Client.GetAsync(
            $"/api/v2/users/{scene.Owner.Username}/workspace/DEV?include_deleted=true", Ct)).JsonAsync(Ct);

        found["id"]!.GetValue<Guid>().Should().Be(living.Id);
    }

    [Fact]
    public async Task The_list_has_own_favorites_first_then_what_runs_and_counts_everything()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        using var other = await WorkspaceScene.SetAsync(Server, Ct);
        await other.AddAsync(new NewWorkspace { Name = "of-another" }, Ct);
        await scene.AddAsync(new NewWorkspace { Name = "a-stopped", Transition = "stop" }, Ct);
        await scene.AddAsync(new NewWorkspace { Name = "c-runs" }, Ct);
        await scene.AddAsync(new NewWorkspace { Name = "b-runs" }, Ct);
        await scene.AddAsync(new NewWorkspace { Name = "d-liked", Transition = "stop", Favorite = true }, Ct);
        await scene.AddAsync(new NewWorkspace { Name = "e-gone", Transition = "delete", Deleted = true }, Ct);

        var all = await ListAsync(scene.Owner, "");
        var page = await ListAsync(scene.Owner, "?limit=2&offset=1");
        var behind = await ListAsync(scene.Owner, "?limit=2&offset=100");

        Names(all).Should().Equal("d-liked", "b-runs", "c-runs", "a-stopped");
        all["count"]!.GetValue<int>().Should().Be(4);
        Names(page).Should().Equal("b-runs", "c-runs");
        page["count"]!.GetValue<int>().Should().Be(4);
        Names(behind).Should().BeEmpty();
        behind["count"]!.GetValue<int>().Should().Be(4);
    }

    [Theory]
    [InlineData("?q=status:asleep", "Invalid workspace search query.", "status")]
    [InlineData("?q=a/b/c", "Invalid workspace search query.", "q")]
    [InlineData("?q=organization:nowhere", "Invalid workspace search query.", "organization")]
    [InlineData("?limit=-1", "Query parameters have invalid values.", "limit")]
    public async Task A_list_that_can_not_be_asked_for_is_refused(string query, string message, string field)
    {
        using var user = await Server.AddUserAsync(Ct);

        var problem = await (await user.Client.GetAsync($"/api/v2/workspaces{query}", Ct)).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Message.Should().Be(message);
        problem.Validations.Should().ContainSingle().Which.Field.Should().Be(field);
    }

    [Fact]
    public async Task A_search_finds_by_owner_organization_and_stock()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        using var admin = await Server.AddUserAsync(roles: ["owner"], Ct);
        var mine = await scene.AddAsync(new NewWorkspace(), Ct);
        var stock = await scene.AddPrebuildAsync(new NewWorkspace(), Ct);

        var owned = await ListAsync(admin, $"?q={scene.Owner.Username}/{mine.Name}+organization:default");
        var prebuilt = await ListAsync(admin, $"?q=template:{scene.Template.Id}+is_prebuild:true");

        Names(owned).Should().Equal(mine.Name);
        Names(prebuilt).Should().Equal(stock.Name);
        prebuilt["workspaces"]![0]!["is_prebuild"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task The_number_of_statements_does_not_depend_on_the_page()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        using var log = new StatementLog();
        for (var i = 0; i < 8; i++)
        {
            var workspace = await scene.AddAsync(new NewWorkspace(), Ct);
            await scene.Database.AddAgentAsync(workspace, new NewAgent(), Ct);
        }

        var one = await log.OfAsync(() => scene.Owner.Client.GetAsync("/api/v2/workspaces?limit=1", Ct), Ct);
        var eight = await log.OfAsync(() => scene.Owner.Client.GetAsync("/api/v2/workspaces?limit=8", Ct), Ct);

        eight.Should().HaveSameCount(one);
    }

    [Fact]
    public async Task Workspaces_can_be_named_in_questions_about_permissions()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        using var other = await Server.AddUserAsync(Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);
        var body = $$$"""
            {"checks":{"update":{"object":{"resource_type":"workspace","resource_id":"{{{workspace.Id}}}"},"action":"update"} } }
            """;

        var own = await (await scene.Owner.Client.PostRawAsync("/api/v2/authcheck", body, null, Ct)).JsonAsync(Ct);
        var foreign = await (await other.Client.PostRawAsync("/api/v2/authcheck", body, null, Ct)).JsonAsync(Ct);

        own["update"]!.GetValue<bool>().Should().BeTrue();
        foreign["update"]!.GetValue<bool>().Should().BeFalse();
    }

    [Fact]
    public async Task An_owner_of_workspaces_is_not_deleted()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        using var admin = await Server.AddUserAsync(roles: ["owner"], Ct);
        await scene.AddAsync(new NewWorkspace { Deleted = true, Transition = "delete" }, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);
        var path = $"/api/v2/users/{scene.Owner.Id}";

        var refused = await (await admin.Client.DeleteAsync(path, Ct)).ProblemAsync(Ct);
        await scene.Database.ExecuteAsync("update workspaces set deleted = true where id = $1", Ct, workspace.Id);
        var deleted = await admin.Client.DeleteAsync(path, Ct);

        refused.Status.Should().Be(HttpStatusCode.ExpectationFailed);
        refused.Message.Should().Be("You cannot delete a user that has workspaces. Delete their workspaces and try again!");
        deleted.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_narrow_credential_sees_no_workspace()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        await scene.AddAsync(new NewWorkspace(), Ct);
        using var narrow = await Server.AddUserAsync(new NewTestUser { Scope = KeyScope.ApplicationConnect }, Ct);

        (await ListAsync(narrow, ""))["count"]!.GetValue<int>().Should().Be(0);
    }

    private static async Task<JsonObject> ListAsync(TestUser user, string query)
    {
        var response = await user.Client.GetAsync($"/api/v2/workspaces{query}", Ct);
        response.StatusCode.Should().Be(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Ct));
        return await response.JsonAsync(Ct);
    }

    private static IReadOnlyList<string> Names(JsonObject list) => [.. list["workspaces"]!.AsArray().Select(w => w!["name"]!.GetValue<string>())];
}
