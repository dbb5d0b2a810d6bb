using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Api.Tests.Workspaces;
using Coder.Testing;

namespace Coder.Api.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, sections 4.1, 4.3, 7.2 and 10.</summary>
public sealed class AgentConnectionsTests(AgentServer fixture) : IClassFixture<AgentServer>
{
    private const string Path = "/api/v2/workspaceagents/me/connections";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_is_one_entry_from_its_begin_to_its_end()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        var id = TestIds.New();

        var begin = new
        {
            id,
            action = "connect",
            type = "ssh",
            timestamp = "2026-03-01T11:50:00Z",
            ip = "[2001:db8::1%eth0]:22",
            status_code = 7,
            reason = "x",
        };
        (await agent.Client.PostAsJsonAsync(Path, begin, Ct)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        var open = (await EntriesAsync(agent)).Single();
        var end = new { id, action = "disconnect", type = "ssh", timestamp = "2026-03-01T11:55:00Z", reason = "bye" };
        (await agent.Client.PostAsJsonAsync(Path, end, Ct)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        var closed = (await EntriesAsync(agent)).Single();

        open["workspace_id"]!.GetValue<Guid>().Should().Be(agent.Workspace.Id);
        open["workspace_name"]!.GetValue<string>().Should().Be(agent.Workspace.Name);
        open["workspace_owner_id"]!.GetValue<Guid>().Should().Be(agent.Owner.Id);
        open["organization"]!["id"]!.GetValue<Guid>().Should().Be(fixture.Template.OrganizationId);
        open["agent_name"]!.GetValue<string>().Should().Be("main");
        open["ip"]!.GetValue<string>().Should().Be("2001:db8::1");
        open["connect_time"]!.GetValue<string>().Should().Be("2026-03-01T11:50:00Z");
        open["ssh_info"]!.AsObject().Select(p => p.Key).Should().Equal("connection_id");
        open.ContainsKey("web_info").Should().BeFalse();
        closed["id"]!.GetValue<Guid>().Should().Be(open["id"]!.GetValue<Guid>());
        closed["ssh_info"]!["disconnect_time"]!.GetValue<string>().Should().Be("2026-03-01T11:55:00Z");
        closed["ssh_info"]!["disconnect_reason"]!.GetValue<string>().Should().Be("bye");
        closed["ssh_info"]!["exit_code"]!.GetValue<int>().Should().Be(0, "what is missing at the end is 0");
    }

    [Fact]
    public async Task A_list_is_taken_as_a_whole_and_what_is_written_beside_it_does_not_count()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        var id = TestIds.New();
        var list = new object[]
        {
            new { id, action = "connect", type = "vscode" },
            new { id, action = "disconnect", type = "vscode", status_code = 255 },
            new { id = TestIds.New(), action = "connect", type = "jetbrains", ip = "localhost" },
            new { id = TestIds.New(), action = "connect", type = "reconnecting_pty", ip = "no address" },
        };

        (await agent.Client.PostAsJsonAsync(Path, new { connections = list, id = "x", type = "y" }, Ct)).StatusCode
            .Should().Be(HttpStatusCode.NoContent);

        var entries = await EntriesAsync(agent);
        entries.Should().HaveCount(3).And.OnlyContain(e => e["connect_time"]!.GetValue<string>() == "2026-03-01T12:00:00Z");
        entries.Single(e => e["type"]!.GetValue<string>() == "vscode")["ssh_info"]!["exit_code"]!.GetValue<int>().Should().Be(255);
        entries.Single(e => e["type"]!.GetValue<string>() == "jetbrains")["ip"]!.GetValue<string>().Should().Be("127.0.0.1");
        entries.Single(e => e["type"]!.GetValue<string>() == "reconnecting_pty").ContainsKey("ip").Should().BeFalse();
    }

    [Fact]
    public async Task A_reason_of_one_megabyte_is_cut_and_the_end_not_lost()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        var reason = new string('r', 1024 * 1024);

        var end = new { id = TestIds.New(), action = "disconnect", type = "ssh", reason };
        (await agent.Client.PostAsJsonAsync(Path, end, Ct)).StatusCode.Should().Be(HttpStatusCode.NoContent);

        (await EntriesAsync(agent)).Single()["ssh_info"]!["disconnect_reason"]!.GetValue<string>().Should().Be(reason[..1024]);
    }

    [Theory]
    [InlineData("{}", "action,id,type")]
    [InlineData("""{"id":"x","action":"connect","type":"ssh"}""", "id")]
    [InlineData("""{"id":"00000000-0000-0000-0000-000000000000","action":"connect","type":"ssh"}""", "id")]
    [InlineData("""{"id":"ID","action":"open","type":"ssh"}""", "action")]
    [InlineData("""{"id":"ID","action":"connect","type":"workspace_app"}""", "type")]
    [InlineData("""{"id":"ID","action":"connect","type":"port_forwarding"}""", "type")]
    [InlineData("""{"id":"ID","action":"connect","type":"SSH"}""", "type")]
    [InlineData("""{"connections":[]}""", "connections")]
    [InlineData("""{"connections":[{"id":"ID","action":"connect","type":"ssh"},{"id":"ID","action":"connect"}]}""", "connections[1].type")]
    [InlineData("""{"connections":[null]}""", "connections[0].action,connections[0].id,connections[0].type")]
    public async Task Fields_that_break_their_rules_are_named_and_nothing_is_stored(string body, string fields)
    {
        using var agent = await fixture.StartAgentAsync(Ct);

        using var response = await agent.Client.PostRawAsync(
            Path, body.Replace("ID", TestIds.New().ToString(), StringComparison.Ordinal), "application/json", Ct);

        var problem = await response.ProblemAsync(Ct);
        (problem.Status, problem.Message).Should().Be((HttpStatusCode.BadRequest, "Validation failed."));
        problem.Validations.Select(v => v.Field).Should().Equal(fields.Split(','));
        (await EntriesAsync(agent)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"id":7,"action":"connect","type":"ssh"}""")]
    [InlineData("""{"timestamp":"yesterday"}""")]
    public async Task What_can_not_be_read_is_refused(string body)
    {
        using var agent = await fixture.StartAgentAsync(Ct);

        using var response = await agent.Client.PostRawAsync(Path, body, "application/json", Ct);

        var problem = await response.ProblemAsync(Ct);
        (problem.Status, problem.Message).Should().Be((HttpStatusCode.BadRequest, "Request body must be valid JSON."));
    }

    [Theory]
    [InlineData(1_000, HttpStatusCode.NoContent)]
    [InlineData(1_001, HttpStatusCode.BadRequest)]
    public async Task A_list_has_at_most_a_thousand_reports(int count, HttpStatusCode status)
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        var list = Enumerable.Range(0, count).Select(_ => new { id = TestIds.New(), action = "connect", type = "ssh" }).ToArray();

        (await agent.Client.PostAsJsonAsync(Path, new { connections = list }, Ct)).StatusCode.Should().Be(status);
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", "2026-03-01T12:00:00Z")]
    [InlineData("2026-03-01T12:05:00Z", "2026-03-01T12:05:00Z")]
    [InlineData("2026-03-01T12:05:01Z", "2026-03-01T12:00:00Z")]
    [InlineData("1999-01-01T01:00:00+01:00", "1999-01-01T00:00:00Z")]
    public async Task A_time_that_can_not_be_true_is_that_of_the_server(string sent, string stored)
    {
        using var agent = await fixture.StartAgentAsync(Ct);

        await agent.Client.PostAsJsonAsync(Path, new { id = TestIds.New(), action = "connect", type = "ssh", timestamp = sent }, Ct);

        (await EntriesAsync(agent)).Single()["connect_time"]!.GetValue<string>().Should().Be(stored);
    }

    [Fact]
    public async Task The_same_session_of_another_workspace_is_another_entry()
    {
        using var one = await fixture.StartAgentAsync(Ct);
        using var other = await fixture.StartAgentAsync(Ct);
        var body = new { id = TestIds.New(), action = "connect", type = "ssh" };

        await one.Client.PostAsJsonAsync(Path, body, Ct);
        await other.Client.PostAsJsonAsync(Path, body, Ct);

        (await EntriesAsync(one)).Should().ContainSingle();
        (await EntriesAsync(other)).Should().ContainSingle();
    }

    [Fact]
    public async Task Without_a_license_reports_are_taken_and_dropped()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var agent = await server.StartAgentAsync(await server.AddTemplateAsync(Ct), new NewWorkspace(), Ct);

        var response = await agent.Client.PostAsJsonAsync(Path, new { id = TestIds.New(), action = "connect", type = "ssh" }, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await server.Database.ScalarAsync<long>("select count(*) from connection_logs", Ct)).Should().Be(0);
    }

    private async Task<JsonObject[]> EntriesAsync(RunningAgent agent)
    {
        using var response = await fixture.Owner.GetAsync($"/api/v2/connectionlog?q=workspace_id:{agent.Workspace.Id}", Ct);
        return [.. (await response.JsonAsync(Ct))["connection_logs"]!.AsArray().Select(e => e!.AsObject())];
    }
}
