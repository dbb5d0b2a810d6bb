using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Builds;

public sealed class BuildLogsTests(BuildsServer fixture) : IClassFixture<BuildsServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestDatabase Database => fixture.Server.Database;

    [Fact]
    public async Task The_log_of_a_build_is_that_of_its_job()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var workspace = await LoggedAsync(member, RowJob.Succeeded, "one", "two");

        var lines = (await member.Client.GetFromJsonAsync<JsonArray>($"/api/v2/workspacebuilds/{workspace.BuildId}/logs", Ct))!;
        var rest = (await member.Client.GetFromJsonAsync<JsonArray>(
            $"/api/v2/workspacebuilds/{workspace.BuildId}/logs?after={lines[0]!["id"]}", Ct))!;

        lines.Select(line => line!.Text("output")).Should().Equal("one", "two");
        rest.Select(line => line!.Text("output")).Should().Equal("two");
    }

    [Theory]
    [InlineData("follow=true")]
    [InlineData("follow=true&after=-1")] // as the dashboard asks
    public async Task A_log_is_followed_until_the_build_ends(string query)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var workspace = await LoggedAsync(member, RowJob.Succeeded, "one", "two");
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Coder-Session-Token", member.Token);
        var url = new UriBuilder(fixture.Server.Anonymous.BaseAddress!)
        {
            Scheme = "ws",
            Path = $"/api/v2/workspacebuilds/{workspace.BuildId}/logs",
            Query = query,
        };

        await socket.ConnectAsync(url.Uri, Ct);

        (await ReceiveAsync(socket)).Should().Be("one");
        (await ReceiveAsync(socket)).Should().Be("two");
        (await ReceiveAsync(socket)).Should().BeNull("the build has ended");
    }

    [Fact]
    public async Task Following_takes_a_socket()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var workspace = await LoggedAsync(member, RowJob.Succeeded);

        var response = await member.Client.GetAsync($"/api/v2/workspacebuilds/{workspace.BuildId}/logs?follow", Ct);
        var refused = await member.Client.GetAsync($"/api/v2/workspacebuilds/{workspace.BuildId}/logs?follow=true", Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK, "an empty parameter counts as absent");
        refused.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    private async Task<WorkspaceRow> LoggedAsync(TestUser owner, RowJob job, params string[] lines)
    {
        var workspace = await Database.AddWorkspaceAsync(await fixture.TemplateAsync(Ct), owner.Id, new NewWorkspace { Job = job }, Ct);
        foreach (var line in lines)
        {
            await Database.ExecuteAsync(
                "insert into provisioner_job_logs (job_id, created_at, source, level, stage, output) values ($1, now(), 'provisioner', 'info', 's', $2)",
                Ct,
                workspace.JobId,
                line);
        }

        return workspace;
    }

    private static async Task<string?> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var result = await socket.ReceiveAsync(buffer, Ct);
        return result.MessageType == WebSocketMessageType.Close
            ? null
            : JsonNode.Parse(Encoding.UTF8.GetString(buffer, 0, result.Count))!.Text("output");
    }
}
