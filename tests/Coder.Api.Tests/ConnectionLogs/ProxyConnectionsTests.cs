using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Api.Tests.Workspaces;
using Coder.Testing;

namespace Coder.Api.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, sections 4.4, 7.3 and 10.</summary>
public sealed class ProxyConnectionsTests(AgentServer fixture) : IClassFixture<AgentServer>, IAsyncLifetime
{
    private const string Path = "/api/v2/workspaceproxies/me/connections";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private string _token = "";

    public async ValueTask InitializeAsync()
    {
        var created = await fixture.Owner.PostAsJsonAsync("/api/v2/workspaceproxies", new { name = $"p{TestIds.New():N}"[..20] }, Ct);
        _token = (await created.JsonAsync(Ct))["proxy_token"]!.GetValue<string>();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_opening_is_an_entry_with_everything_that_follows_from_the_agent()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        using var user = await fixture.Server.AddUserAsync(Ct);

        var report = new
        {
            agent_id = agent.AgentId,
            app_id = TestIds.New(),
            type = "workspace_app",
            slug_or_port = "code",
            user_id = user.Id,
            ip = "::ffff:192.0.2.7",
            user_agent = new string('u', 10_000),
            status_code = 303,
            timestamp = "2026-03-01T11:00:00Z",
        };
        (await RecordedAsync(report)).Should().Be(1);

        var entry = (await EntriesAsync(agent)).Single();
        entry["workspace_name"]!.GetValue<string>().Should().Be(agent.Workspace.Name);
        entry["workspace_owner_id"]!.GetValue<Guid>().Should().Be(agent.Owner.Id);
        entry["agent_name"]!.GetValue<string>().Should().Be("main");
        entry["ip"]!.GetValue<string>().Should().Be("192.0.2.7");
        entry["connect_time"]!.GetValue<string>().Should().Be("2026-03-01T11:00:00Z");
        entry["web_info"]!["user"]!["id"]!.GetValue<Guid>().Should().Be(user.Id);
        entry["web_info"]!["user_agent"]!.GetValue<string>().Should().HaveLength(1_024);
        entry["web_info"]!["slug_or_port"]!.GetValue<string>().Should().Be("code");
        entry["web_info"]!["status_code"]!.GetValue<int>().Should().Be(303);
    }

    [Fact]
    public async Task Openings_of_one_session_are_one_entry_and_any_difference_is_another_session()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        var port = Port(agent.AgentId, "9090");

        var first = await RecordedAsync(port);
        var again = await RecordedAsync(port);
        var batch = await RecordedAsync(new { connections = new[] { port, Port(agent.AgentId, "9091"), Port(agent.AgentId, "9091") } });

        (first, again, batch).Should().Be((1, 0, 1));
        var entries = await EntriesAsync(agent);
        entries.Select(e => e["web_info"]!["slug_or_port"]!.GetValue<string>()).Should().BeEquivalentTo("9090", "9091");
        entries.Should().OnlyContain(e => e["web_info"]!["user"] == null && e["web_info"]!["status_code"]!.GetValue<int>() == 200);
    }

    [Theory]
    [InlineData(1024 * 1024, "u")]
    [InlineData(1024 * 1024 / 3, "\u4e2d")]
    public async Task A_user_agent_of_one_megabyte_is_cut_and_not_lost(int times, string character)
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        var text = string.Concat(Enumerable.Repeat(character, times));

        var report = new { agent_id = agent.AgentId, type = "workspace_app", slug_or_port = text[..100_000], user_agent = text };
        (await RecordedAsync(report)).Should().Be(1);
        (await RecordedAsync(report)).Should().Be(0);

        var info = (await EntriesAsync(agent)).Single()["web_info"]!;
        info["user_agent"]!.GetValue<string>().Should().Be(text[..1024]);
        info["slug_or_port"]!.GetValue<string>().Should().Be(text[..256]);
    }

    [Fact]
    public async Task A_body_of_more_than_four_mebibytes_is_too_long()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        using var client = Client(_token);

        var report = new { agent_id = agent.AgentId, type = "workspace_app", slug_or_port = "a", user_agent = new string('u', 4 * 1024 * 1024) };
        using var response = await client.PostAsJsonAsync(Path, report, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("{}", "agent_id,type,slug_or_port")]
    [InlineData("""{"agent_id":"x","type":"workspace_app","slug_or_port":"a"}""", "agent_id")]
    [InlineData("""{"agent_id":"ID","type":"ssh","slug_or_port":"a"}""", "type")]
    [InlineData("""{"agent_id":"ID","type":"workspace_app","slug_or_port":""}""", "slug_or_port")]
    [InlineData("""{"agent_id":"ID","app_id":"x","type":"workspace_app","slug_or_port":"a"}""", "app_id")]
    [InlineData("""{"agent_id":"ID","user_id":"x","type":"workspace_app","slug_or_port":"a"}""", "user_id")]
    [InlineData("""{"connections":[]}""", "connections")]
    [InlineData("""{"connections":[{"agent_id":"ID","type":"workspace_app"}]}""", "connections[0].slug_or_port")]
    public async Task Fields_that_break_their_rules_are_named(string body, string fields)
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        using var client = Client(_token);

        using var response = await client.PostRawAsync(
            Path, body.Replace("ID", agent.AgentId.ToString(), StringComparison.Ordinal), "application/json", Ct);

        var problem = await response.ProblemAsync(Ct);
        (problem.Status, problem.Message).Should().Be((HttpStatusCode.BadRequest, "Validation failed."));
        problem.Validations.Select(v => v.Field).Should().Equal(fields.Split(','));
    }

    [Fact]
    public async Task One_unknown_agent_and_nothing_is_recorded()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        using var client = Client(_token);

        var response = await client.PostAsJsonAsync(
            Path, new { connections = new[] { Port(agent.AgentId, "9090"), Port(TestIds.New(), "9090") } }, Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.NotFound,
            Message = "Resource not found or you do not have access to this resource",
        });
        (await EntriesAsync(agent)).Should().BeEmpty();
    }

    [Fact]
    public async Task Only_proxies_may_report()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        using var wrong = Client("x");

        var anonymous = await (await fixture.Server.Anonymous.PostAsJsonAsync(Path, Port(agent.AgentId, "1"), Ct)).ProblemAsync(Ct);
        var owner = await (await fixture.Owner.PostAsJsonAsync(Path, Port(agent.AgentId, "1"), Ct)).ProblemAsync(Ct);
        var other = await (await wrong.PostAsJsonAsync(Path, Port(agent.AgentId, "1"), Ct)).ProblemAsync(Ct);

        (anonymous.Status, anonymous.Message).Should().Be((HttpStatusCode.Unauthorized, "Missing required external proxy token"));
        (owner.Status, owner.Message).Should().Be((HttpStatusCode.Unauthorized, "Missing required external proxy token"));
        (other.Status, other.Message).Should().Be((HttpStatusCode.Unauthorized, "Invalid external proxy token"));
    }

    private static object Port(Guid agent, string port) =>
        new { agent_id = agent, app_id = Guid.Empty, type = "port_forwarding", slug_or_port = port, ip = "192.0.2.1", user_agent = "firefox" };

    private HttpClient Client(string token)
    {
        var client = fixture.Server.With("");
        client.DefaultRequestHeaders.Remove("Coder-Session-Token");
        client.DefaultRequestHeaders.Add("Coder-External-Proxy-Token", token);
        return client;
    }

    private async Task<int> RecordedAsync(object body)
    {
        using var client = Client(_token);
        using var response = await client.PostAsJsonAsync(Path, body, Ct);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return (await response.JsonAsync(Ct))["recorded"]!.GetValue<int>();
    }

    private async Task<JsonObject[]> EntriesAsync(RunningAgent agent)
    {
        using var response = await fixture.Owner.GetAsync($"/api/v2/connectionlog?q=workspace_id:{agent.Workspace.Id}", Ct);
        return [.. (await response.JsonAsync(Ct))["connection_logs"]!.AsArray().Select(e => e!.AsObject())];
    }
}
