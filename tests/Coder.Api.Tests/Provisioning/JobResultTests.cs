using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Domain.Workspaces;
using Coder.Testing;

namespace Coder.Api.Tests.Provisioning;

/// <summary>What the calls of external daemons leave (docs/spec/workspaces.md, section 5).</summary>
public sealed class JobResultTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private const string Manifest = """
        { "version": 1, "resources": [ { "type": "container", "name": "dev", "agents": [
          { "name": "main", "operating_system": "linux", "architecture": "amd64" } ] } ] }
        """;

    private ProvisioningServer _server = null!;
    private TestUser _owner = null!;
    private string _daemon = "";

    public async ValueTask InitializeAsync()
    {
        _server = await ProvisioningServer.NewAsync(_ => { }, Ct);
        _owner = await _server.Server.AddUserAsync(roles: ["owner"], Ct);
        var registered = await _owner.Client.PostAsJsonAsync(
            $"/api/v2/organizations/{_server.Organization}/provisionerdaemons", new { name = "outside", provisioners = new[] { "echo" } }, Ct);
        registered.StatusCode.Should().Be(HttpStatusCode.Created);
        _daemon = (await registered.Content.ReadFromJsonAsync<JsonObject>(Ct))!["id"]!.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task From_import_to_deletion()
    {
        var version = await ImportAsync();
        var workspace = await _server.AddWorkspaceAsync(version, Ct);

        var start = await CompleteAsync(await AcquireBuildAsync(version, workspace, WorkspaceTransition.Start), new { from_manifest = true });
        var stop = await CompleteAsync(await AcquireBuildAsync(version, workspace, WorkspaceTransition.Stop), new { from_manifest = true });
        var delete = await CompleteAsync(await AcquireBuildAsync(version, workspace, WorkspaceTransition.Delete), new { resources = Array.Empty<object>() });

        (await AgentsAsync(start)).Should().Be("main");
        (await AgentsAsync(stop), await AgentsAsync(delete)).Should().Be(("", ""));
        (await _server.Server.Database.ScalarAsync<bool>("select deleted from workspaces where id = $1", Ct, workspace)).Should().BeTrue();
    }

    [Fact]
    public async Task An_agent_whose_token_is_in_what_was_made_keeps_it()
    {
        const string Token = "0b3a4f0e-0000-4000-8000-0000000000a2";
        var version = await ImportAsync();
        var build = await AcquireBuildAsync(version, await _server.AddWorkspaceAsync(version, Ct), WorkspaceTransition.Start);
        var agents = new[] { new { name = "main", operating_system = "linux", architecture = "amd64", auth_token = Token } };

        var answer = await CompleteAsync(build, new { resources = new[] { new { type = "container", name = "dev", agents } } });

        (await answer.JsonAsync(Ct))["agents"]![0]!["auth_token"]!.GetValue<string>().Should().Be(Token);
        (await _server.Server.Database.ScalarAsync<Guid>(
            "select a.auth_token from workspace_agents a join workspace_resources r on r.id = a.resource_id where r.job_id = $1", Ct, build.Job))
            .Should().Be(new Guid(Token));
    }

    [Fact]
    public async Task Of_two_completions_at_once_one_is_stored()
    {
        var version = await ImportAsync();
        var build = await AcquireBuildAsync(version, await _server.AddWorkspaceAsync(version, Ct), WorkspaceTransition.Start);

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => CompleteAsync(build, new { from_manifest = true })));

        answers.Select(a => a.StatusCode).Should().BeEquivalentTo(
            [HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.Conflict]);
        (await ResourcesAsync(build)).Should().Be(1);
    }

    [Fact]
    public async Task A_completion_and_a_failure_at_once_leave_what_one_of_them_says()
    {
        var version = await ImportAsync();
        var build = await AcquireBuildAsync(version, await _server.AddWorkspaceAsync(version, Ct), WorkspaceTransition.Start);

        var answers = await Task.WhenAll(CompleteAsync(build, new { from_manifest = true }), PostAsync(build, "fail", new { error = "no" }));

        answers.Select(a => a.StatusCode).Should().BeEquivalentTo([HttpStatusCode.OK, HttpStatusCode.Conflict]);
        var isCompleted = answers[0].StatusCode == HttpStatusCode.OK;
        (await StatusAsync(build)).Should().Be(isCompleted ? "succeeded" : "failed");
        (await ResourcesAsync(build)).Should().Be(isCompleted ? 1 : 0);
    }

    [Theory]
    [InlineData("complete", """{ "from_manifest": true }""", "canceled", 1)]
    [InlineData("fail", """{ "error": "stopped halfway" }""", "failed", 0)]
    [InlineData("canceled", "{}", "canceled", 0)]
    public async Task After_a_cancellation_a_completion_is_canceled_and_a_failure_is_failed(string call, string body, string status, int resources)
    {
        var version = await ImportAsync();
        var build = await AcquireBuildAsync(version, await _server.AddWorkspaceAsync(version, Ct), WorkspaceTransition.Start);
        await _server.CancelAsync(build.Job, Ct);

        var answer = await PostAsync(build, call, JsonNode.Parse(body)!);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await StatusAsync(build)).Should().Be(status);
        (await ResourcesAsync(build)).Should().Be(resources);
    }

    [Fact]
    public async Task A_result_that_is_refused_leaves_the_job_running_and_nothing_behind()
    {
        var version = await ImportAsync();
        var build = await AcquireBuildAsync(version, await _server.AddWorkspaceAsync(version, Ct), WorkspaceTransition.Start);

        var answer = await CompleteAsync(build, new { resources = Array.Empty<object>(), ai_task = new { sidebar_app = "main/chat" } });

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await StatusAsync(build)).Should().Be("running");
        (await CompleteAsync(build, new { from_manifest = true })).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private async Task<PostedVersion> ImportAsync()
    {
        var version = await _server.PostImportAsync(Manifest, Ct);
        await AcquireAsync(version.Job);
        (await CompleteAsync(new PostedBuild(version.Id, version.Job), new { from_manifest = true })).StatusCode.Should().Be(HttpStatusCode.OK);
        return version;
    }

    private async Task<PostedBuild> AcquireBuildAsync(PostedVersion version, Guid workspace, WorkspaceTransition transition)
    {
        var build = await _server.PostBuildAsync(version, workspace, transition, Ct);
        await AcquireAsync(build.Job);
        return build;
    }

    private async Task AcquireAsync(Guid job)
    {
        var answer = await _owner.Client.PostAsJsonAsync($"/api/v2/provisionerdaemons/{_daemon}/acquire", new { wait_ms = 0 }, Ct);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await answer.Content.ReadFromJsonAsync<JsonObject>(Ct))!["job"]!["id"]!.GetValue<Guid>().Should().Be(job);
    }

    private Task<HttpResponseMessage> CompleteAsync(PostedBuild build, object result) => PostAsync(build, "complete", result);

    private Task<HttpResponseMessage> PostAsync(PostedBuild build, string call, object body) =>
        _owner.Client.PostAsJsonAsync($"/api/v2/provisionerdaemons/{_daemon}/jobs/{build.Job}/{call}", body, Ct);

    private static async Task<string> AgentsAsync(HttpResponseMessage answer)
    {
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        return string.Join(", ", (await answer.Content.ReadFromJsonAsync<JsonObject>(Ct))!["agents"]!.AsArray().Select(a => a!["name"]!.GetValue<string>()));
    }

    private Task<string?> StatusAsync(PostedBuild build) =>
        _server.Server.Database.ScalarAsync<string>("select job_status::text from provisioner_jobs where id = $1", Ct, build.Job);

    private Task<long> ResourcesAsync(PostedBuild build) =>
        _server.Server.Database.ScalarAsync<long>("select count(*) from workspace_resources where job_id = $1", Ct, build.Job);
}
