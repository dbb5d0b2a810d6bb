using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Workspaces;

/// <summary>docs/spec/workspaces.md, sections 5 and 7.4.</summary>
public sealed class AgentReportsTests(AgentServer fixture) : IClassFixture<AgentServer>
{
    private const string Me = "/api/v2/workspaceagents/me";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task The_first_call_connects_an_agent()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        var before = await ShownAsync(agent);

        (await LifecycleAsync(agent, new { state = "starting" })).StatusCode.Should().Be(HttpStatusCode.NoContent);

        var after = await ShownAsync(agent);
        before["status"]!.GetValue<string>().Should().Be("connecting");
        before["first_connected_at"].Should().BeNull();
        after["status"]!.GetValue<string>().Should().Be("connected");
        after["lifecycle_state"]!.GetValue<string>().Should().Be("starting");
        after["first_connected_at"]!.GetValue<DateTimeOffset>().Should().Be(fixture.Now);
        after["started_at"]!.GetValue<DateTimeOffset>().Should().Be(fixture.Now);
        after.ContainsKey("ready_at").Should().BeFalse();
    }

    [Theory]
    [InlineData("2026-03-01T11:59:00Z", "2026-03-01T11:59:00Z")]
    [InlineData("2026-03-01T12:59:00+02:00", "2026-03-01T10:59:00Z")]
    [InlineData("2027-01-01T00:00:00Z", "2026-03-01T12:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z", "2026-03-01T12:00:00Z")]
    public async Task A_state_counts_from_when_the_agent_says_but_never_from_the_future(string changedAt, string readyAt)
    {
        using var agent = await fixture.StartAgentAsync(Ct);

        await LifecycleAsync(agent, new { state = "ready", changed_at = changedAt });

        (await ShownAsync(agent))["ready_at"]!.GetValue<string>().Should().Be(readyAt);
    }

    [Fact]
    public async Task An_agent_that_ends_is_disconnected_at_once()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        await LifecycleAsync(agent, new { state = "ready" });

        await LifecycleAsync(agent, new { state = "off" });

        var shown = await ShownAsync(agent);
        shown["status"]!.GetValue<string>().Should().Be("disconnected");
        shown["lifecycle_state"]!.GetValue<string>().Should().Be("off");
        shown["health"]!["healthy"]!.GetValue<bool>().Should().BeFalse();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"state":""}""")]
    [InlineData("""{"state":"Ready"}""")]
    [InlineData("""{"state":"asleep"}""")]
    [InlineData("""{"state":7}""")]
    [InlineData("""[]""")]
    [InlineData("")]
    public async Task What_is_no_state_is_refused(string body)
    {
        using var agent = await fixture.StartAgentAsync(Ct);

        using var response = await agent.Client.PostRawAsync($"{Me}/report-lifecycle", body, "application/json", Ct);

        (await response.ProblemAsync(Ct)).Status.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_agent_that_falls_silent_is_written_down_as_gone_and_comes_back_with_its_next_call()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);
        using var agent = await server.StartAgentAsync(await server.AddTemplateAsync(Ct), new NewWorkspace(), Ct);
        await LifecycleAsync(agent, new { state = "ready" });

        server.Clock.Advance(TimeSpan.FromSeconds(31));
        var silent = await ShownAsync(owner, agent);
        await UntilAsync(server, "select disconnected_at is not null from workspace_agents");
        await LifecycleAsync(agent, new { state = "ready" });
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await server.Database.ExecuteAsync("update workspace_agents set last_connected_at = $1", Ct, server.Clock.GetUtcNow());
        var back = await ShownAsync(owner, agent);

        silent["status"]!.GetValue<string>().Should().Be("disconnected");
        back["status"]!.GetValue<string>().Should().Be("connected");
    }

    [Fact]
    public async Task Lines_are_stored_in_their_order_and_count_in_bytes()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        var source = TestIds.New();

        var body = new
        {
            log_source_id = source,
            logs = new object[]
            {
                new { created_at = "2026-03-01T11:00:00Z", output = "one", level = "warn" },
                new { output = "zwölf" },
                new { output = new string('x', 1_500), level = "" },
            },
        };
        (await agent.Client.PatchAsJsonAsync($"{Me}/logs", body, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);

        var lines = await LogAsync(agent);
        lines.Select(l => l["output"]!.GetValue<string>()).Should().Equal("one", "zwölf", new string('x', 1_024), new string('x', 476));
        lines.Select(l => l["level"]!.GetValue<string>()).Should().Equal("warn", "info", "info", "info");
        lines.Select(l => l["created_at"]!.GetValue<string>()).Should().StartWith(["2026-03-01T11:00:00Z", "2026-03-01T12:00:00Z"]);
        lines.Should().OnlyContain(l => l["source_id"]!.GetValue<Guid>() == source);
        lines.Select(l => l["id"]!.GetValue<long>()).Should().BeInAscendingOrder();
        (await ShownAsync(agent))["logs_length"]!.GetValue<int>().Should().Be(3 + 6 + 1_500);
    }

    [Theory]
    [InlineData("{}", "No logs provided.")]
    [InlineData("""{"logs":[]}""", "No logs provided.")]
    [InlineData("""{"logs":[{"output":"x","level":"fatal"}]}""", "Invalid log level provided.")]
    [InlineData("""{"logs":[{"output":"x"},{"output":"x","level":"Info"}]}""", "Invalid log level provided.")]
    [InlineData("""{"log_source_id":"x","logs":[{"output":"x"}]}""", "Validation failed.")]
    public async Task Bad_lines_are_refused_and_none_is_stored(string body, string message)
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        using var content = new StringContent(body);

        var problem = await (await agent.Client.PatchAsync($"{Me}/logs", content, Ct)).ProblemAsync(Ct);

        (problem.Status, problem.Message).Should().Be((HttpStatusCode.BadRequest, message));
        (await LogAsync(agent)).Should().BeEmpty();
    }

    [Fact]
    public async Task Beyond_one_MiB_lines_are_refused_and_the_log_stays_full()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        var half = new { logs = Enumerable.Range(0, 512).Select(_ => new { output = new string('x', 1_024) }).ToArray() };

        (await agent.Client.PatchAsJsonAsync($"{Me}/logs", half, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await agent.Client.PatchAsJsonAsync($"{Me}/logs", half, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        var full = await ShownAsync(agent);
        var one = new { logs = new[] { new { output = "x" } } };
        var refused = await (await agent.Client.PatchAsJsonAsync($"{Me}/logs", one, Ct)).ProblemAsync(Ct);
        var again = await agent.Client.PatchAsJsonAsync($"{Me}/logs", one, Ct);

        full["logs_length"]!.GetValue<int>().Should().Be(1 << 20);
        full["logs_overflowed"]!.GetValue<bool>().Should().BeFalse();
        (refused.Status, refused.Message).Should().Be((HttpStatusCode.RequestEntityTooLarge, "Logs limit exceeded"));
        again.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        var shown = await ShownAsync(agent);
        shown["logs_overflowed"]!.GetValue<bool>().Should().BeTrue();
        shown["logs_length"]!.GetValue<int>().Should().Be(1 << 20);
    }

    [Fact]
    public async Task A_log_source_is_added_once()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        var id = TestIds.New();

        var first = await agent.Client.PostAsJsonAsync($"{Me}/log-source", new { id, display_name = "Start", icon = "/a.svg" }, Ct);
        var second = await agent.Client.PostAsJsonAsync($"{Me}/log-source", new { id, display_name = "Other" }, Ct);

        first.StatusCode.Should().Be(HttpStatusCode.Created);
        second.StatusCode.Should().Be(HttpStatusCode.Created);
        var expected = new JsonObject
        {
            ["workspace_agent_id"] = agent.AgentId.ToString(),
            ["id"] = id.ToString(),
            ["created_at"] = "2026-03-01T12:00:00Z",
            ["display_name"] = "Start",
            ["icon"] = "/a.svg",
        };
        JsonNode.DeepEquals(await first.JsonAsync(Ct), expected).Should().BeTrue();
        JsonNode.DeepEquals(await second.JsonAsync(Ct), expected).Should().BeTrue();
        JsonNode.DeepEquals((await ShownAsync(agent))["log_sources"]!.AsArray().Single(), expected).Should().BeTrue();
    }

    [Theory]
    [InlineData("", 1, 0, "id")]
    [InlineData("x", 1, 0, "id")]
    [InlineData("00000000-0000-0000-0000-000000000000", 1, 0, "id")]
    [InlineData("0b3a4f0e-0000-4000-8000-000000000001", 128, 0, "display_name")]
    [InlineData("0b3a4f0e-0000-4000-8000-000000000001", 1, 257, "icon")]
    public async Task A_bad_log_source_is_refused(string id, int name, int icon, string field)
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        var body = new { id, display_name = new string('x', name), icon = new string('i', icon) };

        var problem = await (await agent.Client.PostAsJsonAsync($"{Me}/log-source", body, Ct)).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Validations.Should().ContainSingle().Which.Field.Should().Be(field);
    }

    [Fact]
    public async Task An_agent_has_a_hundred_log_sources_at_most()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        await Server.Database.ExecuteAsync(
            """
            insert into workspace_agent_log_sources (workspace_agent_id, id, created_at, display_name, icon)
            select $1, md5(n::text)::uuid, now(), 'x', '' from generate_series(1, 100) n
            """,
            Ct,
            agent.AgentId);
        var known = await Server.Database.ScalarAsync<Guid>("select md5('7')::uuid", Ct);

        var again = await agent.Client.PostAsJsonAsync($"{Me}/log-source", new { id = known, display_name = "x" }, Ct);
        var refused = await agent.Client.PostAsJsonAsync($"{Me}/log-source", new { id = TestIds.New(), display_name = "x" }, Ct);

        again.StatusCode.Should().Be(HttpStatusCode.Created);
        (await refused.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.BadRequest, Message = "Failed to create log source." });
    }

    [Fact]
    public async Task What_an_app_says_is_shown_with_the_newest_first()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        var app = await Server.Database.AddAppAsync(agent.AgentId, "claude", subdomain: false, Ct);
        foreach (var (state, message) in new[] { ("working", "Thinking"), ("complete", new string('m', 160)) })
        {
            var body = new { app_slug = "claude", state, message, uri = "https://example.com/1", icon = "x", needs_user_attention = true };
            (await agent.Client.PatchAsJsonAsync($"{Me}/app-status", body, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        }

        var statuses = (await ShownAsync(agent))["apps"]![0]!["statuses"]!.AsArray();

        statuses.Select(s => s!["state"]!.GetValue<string>()).Should().Equal("complete", "working");
        var last = statuses[0]!.AsObject();
        last["message"]!.GetValue<string>().Should().HaveLength(160);
        last["uri"]!.GetValue<string>().Should().Be("https://example.com/1");
        last["app_id"]!.GetValue<Guid>().Should().Be(app);
        last["agent_id"]!.GetValue<Guid>().Should().Be(agent.AgentId);
        last["workspace_id"]!.GetValue<Guid>().Should().Be(agent.Workspace.Id);
        last["needs_user_attention"]!.GetValue<bool>().Should().BeFalse();
    }

    [Theory]
    [InlineData("other", "nonsense", 161, 1, "Failed to get workspace app.")]
    [InlineData("claude", "nonsense", 161, 1, "Invalid state provided.")]
    [InlineData("claude", "", 1, 1, "Invalid state provided.")]
    [InlineData("claude", "idle", 161, 1, "Message is too long.")]
    [InlineData("claude", "idle", 160, 2049, "URI is too long.")]
    public async Task A_bad_app_status_is_refused(string slug, string state, int length, int uri, string message)
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        await Server.Database.AddAppAsync(agent.AgentId, "claude", subdomain: false, Ct);
        var body = new { app_slug = slug, state, message = new string('m', length), uri = new string('u', uri) };

        var problem = await (await agent.Client.PatchAsJsonAsync($"{Me}/app-status", body, Ct)).ProblemAsync(Ct);

        (problem.Status, problem.Message).Should().Be((HttpStatusCode.BadRequest, message));
    }

    private static Task<HttpResponseMessage> LifecycleAsync(RunningAgent agent, object body) =>
        agent.Client.PostAsJsonAsync($"{Me}/report-lifecycle", body, Ct);

    private Task<JsonObject> ShownAsync(RunningAgent agent) => ShownAsync(fixture.Owner, agent);

    private static async Task<JsonObject> ShownAsync(HttpClient reader, RunningAgent agent) =>
        await (await reader.GetAsync($"/api/v2/workspaceagents/{agent.AgentId}", Ct)).JsonAsync(Ct);

    private async Task<JsonObject[]> LogAsync(RunningAgent agent) =>
        (await fixture.Owner.GetFromJsonAsync<JsonObject[]>($"/api/v2/workspaceagents/{agent.AgentId}/logs", Ct))!;

    // The service waits for a clock that stands still.
    private static async Task UntilAsync(TestServer server, string condition)
    {
        while (!await server.Database.ScalarAsync<bool>(condition, Ct))
        {
            server.Clock.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TestClock.System, Ct);
        }
    }
}
