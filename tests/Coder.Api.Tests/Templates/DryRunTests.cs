using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Api.Tests.Provisioning;
using Coder.Testing;

namespace Coder.Api.Tests.Templates;

/// <summary>Dry runs as built-in daemons carry them out.</summary>
public sealed class DryRunTests(ProvisioningServer server) : IClassFixture<ProvisioningServer>
{
    private const string Manifest = """
        { "version": 1,
          "variables": [ { "name": "size", "type": "string", "default_value": "small" }, { "name": "zone", "type": "string", "required": true } ],
          "parameters": [ { "name": "region", "default_value": "eu" }, { "name": "image" } ],
          "resources": [
            { "type": "container", "name": "dev",
              "metadata": [ { "key": "facts", "value": "${parameter.region} ${parameter.image} ${variable.size} ${variable.zone} ${owner.name} ${workspace.name}" } ],
              "agents": [ { "name": "main", "operating_system": "linux", "architecture": "amd64", "simulate_ready": true } ] },
            { "type": "volume", "name": "home", "present": "always" } ] }
        """;

    private static readonly Dictionary<string, string> Zone = new(StringComparer.Ordinal) { ["zone"] = "z1" };
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dry_run_tells_what_a_workspace_would_have_and_makes_none()
    {
        var version = await server.ImportAsync(Manifest, Ct, Zone);
        using var owner = await server.Server.AddUserAsync(["owner"], Ct);

        var created = await CreateAsync(owner.Client, version.Id, new
        {
            workspace_name = "mine",
            rich_parameter_values = new[] { new { name = "image", value = "debian" } },
            user_variable_values = new[] { new { name = "size", value = "big" }, new { name = "unknown", value = "x" } },
        });
        var job = created["id"]!.GetValue<Guid>();
        await server.UntilAsync(job, "succeeded", Ct);

        created["type"]!.GetValue<string>().Should().Be("template_version_dry_run");
        created["input"]!["template_version_id"]!.GetValue<Guid>().Should().Be(version.Id);
        var resources = (await owner.Client.GetFromJsonAsync<JsonArray>($"{Path(version.Id)}/{job}/resources", Ct))!;
        resources.Select(r => r!["name"]!.GetValue<string>()).Should().Equal("dev", "home");
        resources[0]!["metadata"]![0]!["value"]!.GetValue<string>().Should().Be($"eu debian big z1 {owner.Username} mine");
        var agent = resources[0]!["agents"]![0]!;
        (agent["name"]!.GetValue<string>(), agent["status"]!.GetValue<string>()).Should().Be(("main", "connecting"));
        (await owner.Client.GetFromJsonAsync<JsonArray>($"{Path(version.Id)}/{job}/logs", Ct))!.Select(line => line!["output"]!.GetValue<string>())
            .Should().Equal("container.dev: created", "volume.home: created");
        (await owner.Client.GetFromJsonAsync<JsonArray>($"{Path(version.Id)}/{job}/logs?after=-1", Ct)).Should().HaveCount(2);
        (await server.Server.Database.ScalarAsync<long>("select count(*) from workspaces where owner_id = $1", Ct, owner.Id)).Should().Be(0);
    }

    [Fact]
    public async Task The_agents_of_a_dry_run_are_nobody()
    {
        var version = await server.ImportAsync(Manifest, Ct, Zone);
        using var owner = await server.Server.AddUserAsync(["owner"], Ct);
        var job = (await CreateAsync(owner.Client, version.Id, new { rich_parameter_values = new[] { new { name = "image", value = "debian" } } }))["id"]!
            .GetValue<Guid>();
        await server.UntilAsync(job, "succeeded", Ct);
        var token = await server.Server.Database.ScalarAsync<Guid>(
            "select a.auth_token from workspace_agents a join workspace_resources r on r.id = a.resource_id where r.job_id = $1", Ct, job);
        using var agent = server.Server.With(token.ToString());

        var answer = await agent.PostAsJsonAsync("/api/v2/workspaceagents/me/report-lifecycle", new { state = "ready" }, Ct);

        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_dry_run_fails_where_a_start_would()
    {
        var version = await server.ImportAsync("""{ "version": 1, "provision": { "fail": { "start": "no room" } } }""", Ct);
        using var owner = await server.Server.AddUserAsync(["owner"], Ct);

        var job = (await CreateAsync(owner.Client, version.Id, new { }))["id"]!.GetValue<Guid>();

        (await server.ErrorAsync(job, Ct)).Should().Be("no room");
        (await owner.Client.GetFromJsonAsync<JsonArray>($"{Path(version.Id)}/{job}/resources", Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_dry_run_under_way_can_be_canceled()
    {
        var version = await server.ImportAsync("""{ "version": 1, "provision": { "delay_ms": { "start": 600000 }, "logs": [ { "phase": "start", "level": "info", "output": "on it" } ] } }""", Ct);
        using var owner = await server.Server.AddUserAsync(["owner"], Ct);
        var job = (await CreateAsync(owner.Client, version.Id, new { }))["id"]!.GetValue<Guid>();
        await server.UntilItIsDelayedAsync(job, Ct);

        var answer = await owner.Client.PatchAsync($"{Path(version.Id)}/{job}/cancel", null, Ct);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await answer.ProblemAsync(Ct)).Message.Should().Be("Job has been marked as canceled...");
        await server.UntilAsync(job, "canceled", Ct);
    }

    private static string Path(Guid version) => $"/api/v2/templateversions/{version}/dry-run";

    private static async Task<JsonObject> CreateAsync(HttpClient client, Guid version, object body)
    {
        var response = await client.PostAsJsonAsync(Path(version), body, Ct);
        response.StatusCode.Should().Be(HttpStatusCode.Created, await response.Content.ReadAsStringAsync(Ct));
        return await response.JsonAsync(Ct);
    }
}
