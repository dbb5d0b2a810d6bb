using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Coder.Api.Tests.Users;
using Coder.Testing;

namespace Coder.Api.Tests.Workspaces;

/// <summary>Changes of workspaces as they happen: docs/spec/workspaces.md, section 7.4.</summary>
public sealed class WorkspaceWatchTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_socket_brings_the_workspace_and_every_change_of_it()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace { Job = RowJob.Running }, Ct);
        var agent = await scene.Database.AddAgentAsync(workspace, new NewAgent(), Ct);
        using var socket = await OpenAsync(scene.Owner, workspace);

        var ping = await ReceiveAsync(socket);
        var first = await ReceiveAsync(socket);
        await scene.Database.ExecuteAsync("update provisioner_jobs set completed_at = now() where id = $1", Ct, workspace.JobId);
        var built = await ReceiveUntilAsync(socket, data => Status(data) == "running");
        await scene.Owner.Client.PutJsonAsync($"/api/v2/workspaces/{workspace.Id}/ttl", """{"ttl_ms":60000}""", Ct);
        var set = await ReceiveUntilAsync(socket, data => data["ttl_ms"]?.GetValue<long>() == 60_000);
        await scene.Database.ExecuteAsync("update workspace_agents set lifecycle_state = 'ready' where id = $1", Ct, agent);
        var ready = await ReceiveUntilAsync(socket, data => Lifecycle(data) == "ready");
        await scene.Database.AddBuildAsync(scene.Template, workspace, new NewWorkspace { Transition = "stop", Job = RowJob.Pending }, Ct);
        var stopping = await ReceiveUntilAsync(socket, data => Status(data) == "pending");

        ping["type"]!.GetValue<string>().Should().Be("ping");
        first["type"]!.GetValue<string>().Should().Be("data");
        Status(first["data"]!).Should().Be("starting");
        new[] { built, set, ready, stopping }.Should().OnlyContain(data => data["id"]!.GetValue<Guid>() == workspace.Id);
    }

    [Fact]
    public async Task A_stream_brings_the_same_as_events()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);
        using var response = await scene.Owner.Client.GetAsync(
            $"/api/v2/workspaces/{workspace.Id}/watch", HttpCompletionOption.ResponseHeadersRead, Ct);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Ct));

        var ping = await ReadEventAsync(reader);
        var first = await ReadEventAsync(reader);
        await scene.Owner.Client.PutJsonAsync($"/api/v2/workspaces/{workspace.Id}/ttl", """{"ttl_ms":60000}""", Ct);
        var second = await ReadEventAsync(reader);

        response.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        ping.Should().Be(("ping", null));
        first.Event.Should().Be("data");
        JsonNode.Parse(first.Data!)!["id"]!.GetValue<Guid>().Should().Be(workspace.Id);
        JsonNode.Parse(second.Data!)!["ttl_ms"]!.GetValue<long>().Should().Be(60_000);
    }

    [Fact]
    public async Task A_stream_ends_with_the_session_that_opened_it()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);
        using var response = await scene.Owner.Client.GetAsync(
            $"/api/v2/workspaces/{workspace.Id}/watch", HttpCompletionOption.ResponseHeadersRead, Ct);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Ct));
        await ReadEventAsync(reader);
        await ReadEventAsync(reader);

        await scene.Database.ExecuteAsync("delete from api_keys where user_id = $1", Ct, scene.Owner.Id);
        await scene.Database.ExecuteAsync("update workspaces set ttl = 60000000000 where id = $1", Ct, workspace.Id);

        (await reader.ReadToEndAsync(Ct)).Should().BeEmpty("a change is not shown to whoever has no session any more");
    }

    [Fact]
    public async Task Where_nothing_happens_a_sign_of_life_comes_every_fifteen_seconds()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);
        using var socket = await OpenAsync(scene.Owner, workspace);
        await ReceiveAsync(socket);
        await ReceiveAsync(socket);

        var receiving = ReceiveAsync(socket);
        while (!receiving.IsCompleted)
        {
            Server.Clock.Advance(TimeSpan.FromSeconds(15));
            await Task.WhenAny(receiving, Task.Delay(TimeSpan.FromMilliseconds(50), TestClock.System, Ct));
        }

        (await receiving)["type"]!.GetValue<string>().Should().Be("ping");
    }

    [Fact]
    public async Task Who_watches_hears_that_an_agent_did_not_come_in_time()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var agent = await server.StartAgentAsync(await server.AddTemplateAsync(Ct), new NewWorkspace(), Ct);
        using var socket = await OpenAsync(server, agent.Owner, agent.Workspace);
        await ReceiveAsync(socket);
        var first = await ReceiveAsync(socket);

        var late = ReceiveUntilAsync(socket, data => AgentStatus(data) == "timeout");
        for (var seconds = 0; seconds < 600 && !late.IsCompleted; seconds += 10)
        {
            server.Clock.Advance(TimeSpan.FromSeconds(10));
            await Task.WhenAny(late, Task.Delay(TimeSpan.FromMilliseconds(50), TestClock.System, Ct));
        }

        AgentStatus(first["data"]!).Should().Be("connecting");
        late.IsCompletedSuccessfully.Should().BeTrue("an agent has two minutes, and the server looks every ten seconds");
    }

    [Fact]
    public async Task A_workspace_that_is_no_longer_one_s_own_is_an_error_and_the_end()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        using var other = await Server.AddUserAsync(Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);
        using var socket = await OpenAsync(scene.Owner, workspace);
        await ReceiveAsync(socket);
        await ReceiveAsync(socket);

        await scene.Database.ExecuteAsync("update workspaces set owner_id = $2 where id = $1", Ct, workspace.Id, other.Id);
        var message = await ReceiveAsync(socket);
        var end = await socket.ReceiveAsync(new byte[1024], Ct);

        message["type"]!.GetValue<string>().Should().Be("error");
        message["data"]!["message"]!.GetValue<string>().Should().Be("Resource not found or you do not have access to this resource");
        end.MessageType.Should().Be(WebSocketMessageType.Close);
    }

    [Theory]
    [InlineData("site role", "update users set rbac_roles = '{}' where id = $1")]
    [InlineData("organization role", "update organization_members set roles = '{}' where user_id = $1")]
    [InlineData("membership", "delete from organization_members where user_id = $1")]
    [InlineData("group", "delete from group_members where user_id = $1")]
    [InlineData("custom role", "update custom_roles set org_permissions = '[]' where id = $1")]
    [InlineData("custom role", "delete from custom_roles where id = $1")]
    public async Task Who_loses_rights_watches_no_longer(string right, string loss)
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var role = TestIds.New();
        using var watcher = await Server.AddUserAsync(
            new NewTestUser
            {
                Roles = right == "site role" ? ["owner"] : [],
                OrganizationRoles = right switch
                {
                    "organization role" or "membership" => ["organization-admin"],
                    "custom role" => [$"{role}"],
                    _ => [],
                },
            },
            Ct);
        using var other = await Server.AddUserAsync(["owner"], Ct);
        await scene.Database.ExecuteAsync(
            """
            insert into custom_roles (id, name, organization_id, org_permissions, created_at, updated_at)
            values ($1, $1::text, $2, '[{"resource_type": "workspace", "action": "read", "negate": false}]', now(), now())
            """,
            Ct,
            role,
            scene.Template.OrganizationId);
        var group = await scene.Database.AddGroupAsync(
            scene.Template.OrganizationId, $"group-{TestIds.New():N}"[..20], right == "group" ? [watcher.Id] : [], Ct);
        var workspace = await scene.AddAsync(new NewWorkspace { GroupAcl = $$$"""{"{{{group}}}": {"permissions": ["read"]}}""" }, Ct);
        using var socket = await OpenAsync(watcher, workspace);
        using var kept = await OpenAsync(other, workspace);
        foreach (var open in new[] { socket, kept })
        {
            await ReceiveAsync(open);
            await ReceiveAsync(open);
        }

        using var stream = await watcher.Client.GetAsync(
            $"/api/v2/workspaces/{workspace.Id}/watch", HttpCompletionOption.ResponseHeadersRead, Ct);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync(Ct));
        await ReadEventAsync(reader);
        await ReadEventAsync(reader);
        await scene.Database.ExecuteAsync(loss, Ct, right == "custom role" ? role : watcher.Id);

        // The hint that the workspace was made may come late.
        WebSocketReceiveResult end;
        do
        {
            end = await socket.ReceiveAsync(new byte[64 * 1024], Ct);
        }
        while (end.MessageType == WebSocketMessageType.Text);

        end.CloseStatus.Should().Be(WebSocketCloseStatus.PolicyViolation);
        (await reader.ReadToEndAsync(Ct)).Should().NotContain("event: error");
        kept.State.Should().Be(WebSocketState.Open);
        (await watcher.Client.GetAsync($"/api/v2/workspaces/{workspace.Id}", Ct)).StatusCode.Should().NotBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_comes_back_after_the_deletion_gets_the_last_state()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace { Transition = "delete", Deleted = true }, Ct);

        using var socket = await OpenAsync(scene.Owner, workspace);
        await ReceiveAsync(socket);
        var message = await ReceiveAsync(socket);
        using var response = await scene.Owner.Client.GetAsync(
            $"/api/v2/workspaces/{workspace.Id}/watch", HttpCompletionOption.ResponseHeadersRead, Ct);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Ct));
        await ReadEventAsync(reader);
        var sent = await ReadEventAsync(reader);

        message["type"]!.GetValue<string>().Should().Be("data");
        Status(message["data"]!).Should().Be("deleted");
        sent.Event.Should().Be("data");
        Status(JsonNode.Parse(sent.Data!)!).Should().Be("deleted");
    }

    [Theory]
    [InlineData("watch", false)]
    [InlineData("watch", true)]
    [InlineData("watch-ws", false)]
    [InlineData("watch-ws", true)]
    public async Task Who_may_not_see_a_workspace_can_not_watch_it(string route, bool isDeleted)
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        using var other = await Server.AddUserAsync(Ct);
        var workspace = await scene.AddAsync(new NewWorkspace { Deleted = isDeleted }, Ct);

        var hidden = await other.Client.GetAsync($"/api/v2/workspaces/{workspace.Id}/{route}", Ct);
        var noId = await other.Client.GetAsync($"/api/v2/workspaces/x/{route}", Ct);

        hidden.StatusCode.Should().Be(HttpStatusCode.NotFound);
        noId.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Anything_but_a_WebSocket_is_refused()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);

        var problem = await (await scene.Owner.Client.GetAsync($"/api/v2/workspaces/{workspace.Id}/watch-ws", Ct)).ProblemAsync(Ct);

        problem.Message.Should().Be("This endpoint speaks WebSocket only.");
    }

    private Task<ClientWebSocket> OpenAsync(TestUser user, WorkspaceRow workspace) => OpenAsync(Server, user, workspace);

    private static async Task<ClientWebSocket> OpenAsync(TestServer server, TestUser user, WorkspaceRow workspace)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Coder-Session-Token", user.Token);
        var url = new UriBuilder(new Uri(server.Anonymous.BaseAddress!, $"/api/v2/workspaces/{workspace.Id}/watch-ws")) { Scheme = "ws" };
        await socket.ConnectAsync(url.Uri, Ct);
        return socket;
    }

    private static async Task<JsonObject> ReceiveAsync(WebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        var received = await socket.ReceiveAsync(buffer, Ct);
        received.MessageType.Should().Be(WebSocketMessageType.Text);
        received.EndOfMessage.Should().BeTrue();
        return JsonNode.Parse(buffer.AsSpan(0, received.Count))!.AsObject();
    }

    private static async Task<JsonNode> ReceiveUntilAsync(WebSocket socket, Func<JsonNode, bool> isWanted)
    {
        while (true)
        {
            var message = await ReceiveAsync(socket);
            if (message["data"] is { } data && isWanted(data))
            {
                return data;
            }
        }
    }

    private static async Task<(string Event, string? Data)> ReadEventAsync(StreamReader reader)
    {
        var name = (await reader.ReadLineAsync(Ct))!["event: ".Length..];
        var data = await reader.ReadLineAsync(Ct);
        if (!string.IsNullOrEmpty(data))
        {
            (await reader.ReadLineAsync(Ct)).Should().BeEmpty();
        }

        return (name, string.IsNullOrEmpty(data) ? null : data["data: ".Length..]);
    }

    private static string Status(JsonNode workspace) => workspace["latest_build"]!["status"]!.GetValue<string>();

    private static string Lifecycle(JsonNode workspace) => Agent(workspace)["lifecycle_state"]!.GetValue<string>();

    private static string AgentStatus(JsonNode workspace) => Agent(workspace)["status"]!.GetValue<string>();

    private static JsonNode Agent(JsonNode workspace) => workspace["latest_build"]!["resources"]![0]!["agents"]![0]!;
}
