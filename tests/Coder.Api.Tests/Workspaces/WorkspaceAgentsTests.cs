using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Workspaces;

/// <summary>docs/spec/workspaces.md, sections 5 and 7.4.</summary>
public sealed class WorkspaceAgentsTests(AgentServer fixture) : IClassFixture<AgentServer>
{
    private const string Agents = "/api/v2/workspaceagents";
    private const string Me = $"{Agents}/me";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task An_agent_is_shown_with_everything_that_belongs_to_it()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        await Server.Database.AddAppAsync(agent.AgentId, "b", subdomain: true, Ct);
        await Server.Database.AddAppAsync(agent.AgentId, "a", subdomain: false, Ct);
        await Server.Database.ExecuteAsync(
            """
            insert into workspace_agent_scripts
                (id, workspace_agent_id, log_source_id, display_name, script, run_on_start, start_blocks_login, timeout_seconds, created_at)
            values ($1, $2, $1, 'Install', 'make', true, true, 90, now())
            """,
            Ct,
            TestIds.New(),
            agent.AgentId);
        await Server.Database.ExecuteAsync(
            "update workspace_agents set environment_variables = '{\"A_b\": \"1\"}', display_apps = '{vscode}' where id = $1", Ct, agent.AgentId);

        var shown = await ShownAsync(agent.Owner.Client, agent);

        shown["id"]!.GetValue<Guid>().Should().Be(agent.AgentId);
        shown["name"]!.GetValue<string>().Should().Be("main");
        shown.ContainsKey("parent_id").Should().BeTrue();
        shown["parent_id"].Should().BeNull();
        shown["environment_variables"]!.ToJsonString().Should().Be("""{"A_b":"1"}""");
        shown["display_apps"]!.ToJsonString().Should().Be("""["vscode"]""");
        shown["connection_timeout_seconds"]!.GetValue<int>().Should().Be(120);
        shown["startup_script_behavior"]!.GetValue<string>().Should().Be("blocking");
        shown["subsystems"]!.AsArray().Should().BeEmpty();
        shown["health"]!.ToJsonString().Should().Be("""{"healthy":true}""");
        shown["scripts"]![0]!["timeout"]!.GetValue<long>().Should().Be(90_000_000_000);
        var apps = shown["apps"]!.AsArray();
        apps.Select(a => a!["slug"]!.GetValue<string>()).Should().Equal("b", "a");
        apps[0]!["subdomain_name"]!.GetValue<string>().Should().Be($"b--main--{agent.Workspace.Name}--{agent.Owner.Username}");
        apps[1]!.AsObject().ContainsKey("subdomain_name").Should().BeFalse();
        apps[0]!["healthcheck"]!.ToJsonString().Should().Be("""{"url":"","interval":0,"threshold":0}""");
        apps[0]!.AsObject().ContainsKey("command").Should().BeFalse();
    }

    [Fact]
    public async Task An_agent_that_was_never_heard_of_times_out()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        await Server.Database.ExecuteAsync(
            "update workspace_agents set created_at = $2 where id = $1", Ct, agent.AgentId, fixture.Now.AddSeconds(-121));

        var shown = await ShownAsync(agent.Owner.Client, agent);

        shown["status"]!.GetValue<string>().Should().Be("timeout");
        shown["health"]!["healthy"]!.GetValue<bool>().Should().BeFalse();
        shown["health"]!["reason"]!.GetValue<string>().Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("/logs")]
    [InlineData("/listening-ports")]
    [InlineData("/containers")]
    [InlineData("/watch-metadata-ws")]
    public async Task Those_who_may_not_read_the_workspace_see_no_agent(string path)
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        using var stranger = await Server.AddUserAsync(Ct);

        var hidden = await (await stranger.Client.GetAsync($"{Agents}/{agent.AgentId}{path}", Ct)).ProblemAsync(Ct);
        var missing = await (await stranger.Client.GetAsync($"{Agents}/{TestIds.New()}{path}", Ct)).ProblemAsync(Ct);
        var malformed = await (await stranger.Client.GetAsync($"{Agents}/x{path}", Ct)).ProblemAsync(Ct);
        var anonymous = await Server.Anonymous.GetAsync($"{Agents}/{agent.AgentId}{path}", Ct);

        hidden.Status.Should().Be(HttpStatusCode.NotFound);
        hidden.Should().BeEquivalentTo(missing);
        (malformed.Status, malformed.Message).Should().Be((HttpStatusCode.BadRequest, "Invalid UUID \"x\"."));
        anonymous.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_has_no_source_yet_is_empty()
    {
        using var agent = await fixture.StartAgentAsync(Ct);

        (await agent.Owner.Client.GetStringAsync($"{Agents}/{agent.AgentId}/listening-ports", Ct)).Should().Be("""{"ports":[]}""");
        (await agent.Owner.Client.GetStringAsync($"{Agents}/{agent.AgentId}/containers", Ct))
            .Should().Be("""{"containers":[],"devcontainers":[],"warnings":[]}""");
        using var socket = await OpenAsync(agent, "/watch-metadata-ws");
        (await ReceiveAsync(socket)).ToJsonString().Should().Be("""{"type":"data","data":[]}""");
        socket.State.Should().Be(WebSocketState.Open);
    }

    [Fact]
    public async Task A_part_of_the_log_can_be_asked_for()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        await LogAsync(agent, "1", "2", "3", "4");
        var all = await ReadAsync(agent, "?after=-1");
        var ids = all.Select(l => l["id"]!.GetValue<long>()).ToArray();

        Outputs(all).Should().Equal("1", "2", "3", "4");
        Outputs(await ReadAsync(agent, $"?after={ids[1]}")).Should().Equal("3", "4");
        Outputs(await ReadAsync(agent, $"?before={ids[1]}")).Should().Equal("1");
        Outputs(await ReadAsync(agent, $"?after={ids[0]}&before={ids[3]}&no_compression=true")).Should().Equal("2", "3");
        Outputs(await ReadAsync(agent, $"?after={ids[3]}")).Should().BeEmpty();
    }

    [Theory]
    [InlineData("after=x", "after")]
    [InlineData("before=1.5", "before")]
    [InlineData("follow=perhaps", "follow")]
    [InlineData("no_compression=2", "no_compression")]
    public async Task A_parameter_of_the_log_that_can_not_be_read_is_named(string query, string field)
    {
        using var agent = await fixture.StartAgentAsync(Ct);

        var problem = await (await agent.Owner.Client.GetAsync($"{Agents}/{agent.AgentId}/logs?{query}", Ct)).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Validations.Should().ContainSingle().Which.Field.Should().Be(field);
    }

    [Fact]
    public async Task To_follow_a_log_takes_a_WebSocket()
    {
        using var agent = await fixture.StartAgentAsync(Ct);

        using var response = await agent.Owner.Client.GetAsync($"{Agents}/{agent.AgentId}/logs?follow=true", Ct);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Whoever_follows_a_log_gets_what_is_there_and_what_is_added_on_any_server_and_nothing_of_others()
    {
        await using var other = await TestServer.StartAsync(null, Ct, beside: Server);
        using var agent = await fixture.StartAgentAsync(Ct);
        using var stranger = await fixture.StartAgentAsync(Ct);
        await LogAsync(agent, "1", "2");
        using var all = await OpenAsync(agent, "/logs?follow=true&after=0");
        var first = (await ReceiveAsync(all)).AsArray();
        using var rest = await OpenAsync(agent, $"/logs?follow=true&after={first[0]!["id"]}");
        var second = (await ReceiveAsync(rest)).AsArray();

        await LogAsync(stranger, "of another");
        using (var elsewhere = other.With(agent.Token.ToString()))
        {
            await elsewhere.PatchAsJsonAsync($"{Me}/logs", new { logs = new[] { new { output = "3" } } }, Ct);
        }

        Outputs(first).Should().Equal("1", "2");
        Outputs(second).Should().Equal("2");
        Outputs((await ReceiveAsync(all)).AsArray()).Should().Equal("3");
        Outputs((await ReceiveAsync(rest)).AsArray()).Should().Equal("3");
    }

    [Fact]
    public async Task A_log_that_is_followed_ends_after_its_last_line_when_another_build_takes_over()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        await LogAsync(agent, "1");
        using var socket = await OpenAsync(agent, "/logs?follow=true&after=0");
        var first = (await ReceiveAsync(socket)).AsArray();

        var stop = await Server.Database.AddBuildAsync(
            fixture.Template, agent.Workspace, new NewWorkspace { Transition = "stop", Job = RowJob.Running }, Ct);
        await LogAsync(agent, "2");
        var second = (await ReceiveAsync(socket)).AsArray();
        await Server.Database.ExecuteAsync("update provisioner_jobs set completed_at = now() where id = $1", Ct, stop.JobId);
        var end = await socket.ReceiveAsync(new byte[1024], Ct);

        (Outputs(first).Single(), Outputs(second).Single()).Should().Be(("1", "2"), "it may say what it does while it is stopped");
        (end.MessageType, end.CloseStatus).Should().Be((WebSocketMessageType.Close, WebSocketCloseStatus.NormalClosure));
    }

    [Fact]
    public async Task The_log_of_an_agent_that_is_gone_is_shown_to_its_end()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        await LogAsync(agent, "1", "2");
        await Server.Database.AddBuildAsync(fixture.Template, agent.Workspace, new NewWorkspace { Transition = "stop" }, Ct);

        using var socket = await OpenAsync(agent, "/logs?follow=true&after=0");

        Outputs((await ReceiveAsync(socket)).AsArray()).Should().Equal("1", "2");
        (await socket.ReceiveAsync(new byte[1024], Ct)).MessageType.Should().Be(WebSocketMessageType.Close);
    }

    [Fact]
    public async Task The_owner_of_a_workspace_gets_the_token_of_an_external_agent_and_the_command_works()
    {
        using var agent = await fixture.StartAgentAsync(Ct, new NewWorkspace { HasExternalAgent = true });
        var inside = await CredentialsAsync(agent.Owner.Client, agent, "main");
        await SetExternalAsync(agent);

        var credentials = await (await CredentialsAsync(agent.Owner.Client, agent, "main")).JsonAsync(Ct);

        inside.StatusCode.Should().Be(HttpStatusCode.NotFound, "the agent of a container is none of the external ones");
        credentials["agent_token"]!.GetValue<Guid>().Should().Be(agent.Token);
        credentials["command"]!.GetValue<string>().Should().Contain(agent.Token.ToString()).And.Contain($"{Server.Anonymous.BaseAddress}api/v2/");
    }

    [Fact]
    public async Task The_credentials_of_an_external_agent_are_for_those_who_may_update_and_connect()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        using var stranger = await Server.AddUserAsync(Ct);
        using var templates = await Server.AddUserAsync(["template-admin"], Ct);
        await SetExternalAsync(agent);

        (await CredentialsAsync(agent.Owner.Client, agent, "other")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await CredentialsAsync(stranger.Client, agent, "main")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await CredentialsAsync(templates.Client, agent, "main")).StatusCode.Should().Be(HttpStatusCode.Forbidden, "they read all workspaces");
        (await agent.Owner.Client.GetAsync($"/api/v2/workspaces/x/external-agent/main/credentials", Ct)).StatusCode
            .Should().Be(HttpStatusCode.BadRequest);
    }

    private Task<int> SetExternalAsync(RunningAgent agent) => Server.Database.ExecuteAsync(
        "update workspace_resources set type = 'coder_external_agent' where job_id = $1", Ct, agent.Workspace.JobId);

    private static IEnumerable<string> Outputs(IEnumerable<JsonNode?> lines) => lines.Select(l => l!["output"]!.GetValue<string>());

    private static Task<HttpResponseMessage> CredentialsAsync(HttpClient client, RunningAgent agent, string name) =>
        client.GetAsync($"/api/v2/workspaces/{agent.Workspace.Id}/external-agent/{name}/credentials", Ct);

    private static async Task LogAsync(RunningAgent agent, params string[] lines) =>
        (await agent.Client.PatchAsJsonAsync($"{Me}/logs", new { logs = lines.Select(output => new { output }).ToArray() }, Ct))
            .EnsureSuccessStatusCode();

    private static async Task<JsonObject[]> ReadAsync(RunningAgent agent, string query) =>
        (await agent.Owner.Client.GetFromJsonAsync<JsonObject[]>($"{Agents}/{agent.AgentId}/logs{query}", Ct))!;

    private static async Task<JsonObject> ShownAsync(HttpClient reader, RunningAgent agent) =>
        await (await reader.GetAsync($"{Agents}/{agent.AgentId}", Ct)).JsonAsync(Ct);

    private async Task<ClientWebSocket> OpenAsync(RunningAgent agent, string path)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Coder-Session-Token", agent.Owner.Token);
        var url = new Uri(Server.Anonymous.BaseAddress!, $"{Agents}/{agent.AgentId}{path}").AbsoluteUri;
        await socket.ConnectAsync(new Uri(url.Replace("http://", "ws://", StringComparison.Ordinal)), Ct);
        return socket;
    }

    private static async Task<JsonNode> ReceiveAsync(WebSocket socket)
    {
        var buffer = new byte[16 * 1024];
        var received = await socket.ReceiveAsync(buffer, Ct);
        received.MessageType.Should().Be(WebSocketMessageType.Text);
        received.EndOfMessage.Should().BeTrue();
        return JsonNode.Parse(buffer.AsSpan(0, received.Count))!;
    }
}
