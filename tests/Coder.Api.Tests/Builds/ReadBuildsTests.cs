using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Builds;

public sealed class ReadBuildsTests(BuildsServer fixture) : IClassFixture<BuildsServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestDatabase Database => fixture.Server.Database;

    [Fact]
    public async Task The_builds_of_a_workspace_come_last_first_and_in_pages()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        var workspace = await Database.AddWorkspaceAsync(template, member.Id, At(0), Ct);
        var second = await Database.AddBuildAsync(template, workspace, At(1), Ct);
        await Database.AddBuildAsync(template, workspace, At(2), Ct);

        (await NumbersAsync(member, workspace, "")).Should().Equal(3, 2, 1);
        (await NumbersAsync(member, workspace, "?limit=2")).Should().Equal(3, 2);
        (await NumbersAsync(member, workspace, "?limit=2&offset=1")).Should().Equal(2, 1);
        (await NumbersAsync(member, workspace, $"?after_id={second.BuildId}")).Should().Equal(1);
        (await NumbersAsync(member, workspace, $"?after_id={TestIds.New()}")).Should().BeEmpty();
        (await NumbersAsync(member, workspace, "?since=2026-03-01T11:00:00Z")).Should().Equal(3, 2);
        (await NumbersAsync(member, workspace, "?since=2026-03-01T12:02:00%2B01:00")).Should().BeEmpty();
    }

    [Theory]
    [InlineData("limit=-1", "limit")]
    [InlineData("after_id=x", "after_id")]
    [InlineData("since=yesterday", "since")]
    [InlineData("since=2026-03-01", "since")]
    public async Task A_parameter_that_can_not_be_read_is_named(string query, string field)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var workspace = await Database.AddWorkspaceAsync(await fixture.TemplateAsync(Ct), member.Id, At(0), Ct);

        var problem = await (await member.Client.GetAsync($"/api/v2/workspaces/{workspace.Id}/builds?{query}", Ct)).ProblemAsync(Ct);

        problem.Message.Should().Be("Query parameters have invalid values.");
        problem.Validations.Should().ContainSingle().Which.Field.Should().Be(field);
    }

    [Fact]
    public async Task A_build_is_found_by_its_id_and_by_its_number()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        var workspace = await Database.AddWorkspaceAsync(template, member.Id, At(0), Ct);
        var last = await Database.AddBuildAsync(template, workspace, At(1) with { Transition = "stop", Job = RowJob.Failed }, Ct);

        var byId = await GetAsync(member, $"/api/v2/workspacebuilds/{last.BuildId}");
        var byNumber = await GetAsync(member, $"/api/v2/users/me/workspace/{workspace.Name.ToUpperInvariant()}/builds/2");

        byId.Text("status").Should().Be("failed");
        byId["job"]!.Text("error").Should().Be("It failed.");
        JsonNode.DeepEquals(byId, byNumber).Should().BeTrue();
    }

    [Fact]
    public async Task What_may_not_be_read_is_not_there()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        using var stranger = await fixture.Server.AddUserAsync(Ct);
        var workspace = await Database.AddWorkspaceAsync(await fixture.TemplateAsync(Ct), member.Id, At(0), Ct);
        string[] paths =
        [
            $"/api/v2/workspacebuilds/{workspace.BuildId}",
            $"/api/v2/workspacebuilds/{workspace.BuildId}/parameters",
            $"/api/v2/workspacebuilds/{workspace.BuildId}/resources",
            $"/api/v2/workspacebuilds/{workspace.BuildId}/timings",
            $"/api/v2/workspacebuilds/{workspace.BuildId}/logs",
            $"/api/v2/workspaces/{workspace.Id}/builds",
            $"/api/v2/workspaces/{workspace.Id}/timings",
        ];

        foreach (var path in paths)
        {
            (await member.Client.GetAsync(path, Ct)).StatusCode.Should().Be(HttpStatusCode.OK, path);
            (await stranger.Client.GetAsync(path, Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound, path);
            var malformed = path.Replace(workspace.BuildId.ToString(), "x", StringComparison.Ordinal)
                .Replace(workspace.Id.ToString(), "x", StringComparison.Ordinal);
            (await (await member.Client.GetAsync(malformed, Ct)).ProblemAsync(Ct)).Message.Should().Be("Invalid UUID \"x\".", path);
        }
    }

    [Theory]
    [InlineData("1x", HttpStatusCode.BadRequest)]
    [InlineData("-1", HttpStatusCode.BadRequest)]
    [InlineData("99", HttpStatusCode.NotFound)]
    public async Task A_number_must_be_one_of_a_build(string number, HttpStatusCode status)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var workspace = await Database.AddWorkspaceAsync(await fixture.TemplateAsync(Ct), member.Id, At(0), Ct);

        var response = await member.Client.GetAsync($"/api/v2/users/me/workspace/{workspace.Name}/builds/{number}", Ct);

        response.StatusCode.Should().Be(status);
    }

    [Fact]
    public async Task Of_a_deleted_workspace_builds_are_found_by_id_only()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var deleted = At(0) with { Deleted = true, Transition = "delete" };
        var workspace = await Database.AddWorkspaceAsync(await fixture.TemplateAsync(Ct), member.Id, deleted, Ct);

        (await GetAsync(member, $"/api/v2/workspacebuilds/{workspace.BuildId}")).Text("status").Should().Be("deleted");
        (await member.Client.GetAsync($"/api/v2/users/me/workspace/{workspace.Name}/builds/1", Ct)).StatusCode
            .Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Resources_and_timings_are_those_of_the_build()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var workspace = await Database.AddWorkspaceAsync(await fixture.TemplateAsync(Ct), member.Id, At(0), Ct);
        var connected = At(5).CreatedAt;
        await Database.AddAgentAsync(workspace, new NewAgent { Name = "main", CreatedAt = At(0).CreatedAt, FirstConnectedAt = connected }, Ct);
        await Database.AddAgentAsync(workspace, new NewAgent { Name = "silent" }, Ct);
        await Database.ExecuteAsync(
            "insert into provisioner_job_timings values ($1, $2, $3, 'apply', 'container', 'create', 'dev')",
            Ct,
            workspace.JobId,
            At(0).CreatedAt!,
            At(1).CreatedAt!);

        var resources = (await member.Client.GetFromJsonAsync<JsonArray>($"/api/v2/workspacebuilds/{workspace.BuildId}/resources", Ct))!;
        var timings = await GetAsync(member, $"/api/v2/workspacebuilds/{workspace.BuildId}/timings");
        var ofWorkspace = await GetAsync(member, $"/api/v2/workspaces/{workspace.Id}/timings");

        resources.SelectMany(r => r!["agents"]!.AsArray()).Select(a => a!.Text("name")).Should().BeEquivalentTo("main", "silent");
        var connection = timings["agent_connection_timings"]!.AsArray().Should().ContainSingle().Which!;
        connection.Text("workspace_agent_name").Should().Be("main");
        connection.Text("stage").Should().Be("connect");
        connection.Text("ended_at").Should().Be("2026-03-01T11:05:00Z");
        timings["agent_script_timings"]!.AsArray().Should().BeEmpty();
        timings["provisioner_timings"]!.AsArray().Should().ContainSingle().Which!.Text("stage").Should().Be("apply");
        JsonNode.DeepEquals(timings, ofWorkspace).Should().BeTrue();
    }

    private static NewWorkspace At(int minute) => new() { CreatedAt = new DateTimeOffset(2026, 3, 1, 11, minute, 0, TimeSpan.Zero) };

    private static async Task<JsonObject> GetAsync(TestUser user, string path) =>
        (await user.Client.GetFromJsonAsync<JsonObject>(path, Ct))!;

    private static async Task<int[]> NumbersAsync(TestUser user, WorkspaceRow workspace, string query)
    {
        var builds = await user.Client.GetFromJsonAsync<JsonArray>($"/api/v2/workspaces/{workspace.Id}/builds{query}", Ct);
        return [.. builds!.Select(build => build!["build_number"]!.GetValue<int>())];
    }
}
