using System.Net;
using System.Net.Http.Json;
using Coder.Testing;

namespace Coder.Api.Tests.Workspaces;

/// <summary>docs/spec/connection-logs.md, section 7.2, and docs/spec/workspaces.md, section 5.</summary>
public sealed class AgentAuthenticationTests(AgentServer fixture) : IClassFixture<AgentServer>
{
    private const string Lifecycle = "/api/v2/workspaceagents/me/report-lifecycle";
    private const string Unknown = "Workspace agent not authorized.";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task Without_a_token_the_answer_names_the_cookie() =>
        (await RefusalAsync(Server.Anonymous)).Should().Be(("Cookie \"coder_session_token\" must be provided.", null));

    [Theory]
    [InlineData("x")]
    [InlineData("ffffffffffffffffffffffffffffffff")]
    public async Task What_is_no_UUID_is_no_token(string text)
    {
        using var client = Server.With(text);

        (await RefusalAsync(client)).Should().Be(("Workspace agent token invalid.", null));
    }

    [Fact]
    public async Task The_token_of_a_user_is_none_of_an_agent() =>
        (await RefusalAsync(fixture.Owner)).Message.Should().Be("Workspace agent token invalid.");

    [Fact]
    public async Task The_token_of_an_agent_is_none_of_a_user()
    {
        using var agent = await fixture.StartAgentAsync(Ct);

        (await agent.Client.GetAsync("/api/v2/users/me", Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_that_nobody_has_is_refused_with_what_it_takes()
    {
        using var client = Server.With(TestIds.New().ToString());

        var (message, detail) = await RefusalAsync(client);

        message.Should().Be(Unknown);
        detail.Should().Contain("must have completed");
    }

    [Theory]
    [InlineData(RowJob.Pending, false)]
    [InlineData(RowJob.Running, false)]
    [InlineData(RowJob.Canceling, false)]
    [InlineData(RowJob.Succeeded, true)]
    public async Task Only_a_build_that_has_ended_lets_its_agents_in(RowJob job, bool isLetIn)
    {
        using var agent = await fixture.StartAgentAsync(Ct, new NewWorkspace { Job = job });

        (await ReportAsync(agent.Client)).StatusCode.Should().Be(isLetIn ? HttpStatusCode.NoContent : HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("stop")]
    public async Task A_later_build_shuts_the_agents_of_the_earlier_ones_out(string transition)
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        await Server.Database.AddBuildAsync(fixture.Template, agent.Workspace, new NewWorkspace { Transition = transition }, Ct);

        (await RefusalAsync(agent.Client)).Message.Should().Be(Unknown);
    }

    [Theory]
    [InlineData("stop", RowJob.Pending, false, true)]
    [InlineData("stop", RowJob.Running, true, true)]
    [InlineData("start", RowJob.Running, true, true)]
    [InlineData("stop", RowJob.Canceling, true, true)]
    [InlineData("stop", RowJob.Canceled, false, true)]
    [InlineData("start", RowJob.Canceled, false, true)]
    [InlineData("stop", RowJob.Failed, false, true)]
    [InlineData("stop", RowJob.Canceled, true, false)]
    [InlineData("stop", RowJob.Failed, true, false)]
    [InlineData("stop", RowJob.Succeeded, true, false)]
    public async Task An_agent_is_let_in_until_a_build_that_a_daemon_had_has_ended(
        string transition, RowJob job, bool hasWorker, bool isLetIn)
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        var build = await Server.Database.AddBuildAsync(
            fixture.Template, agent.Workspace, new NewWorkspace { Transition = transition, Job = job }, Ct);
        if (hasWorker)
        {
            await Server.Database.ExecuteAsync("update provisioner_jobs set worker_id = $2 where id = $1", Ct, build.JobId, TestIds.New());
        }

        (await ReportAsync(agent.Client)).StatusCode.Should().Be(isLetIn ? HttpStatusCode.NoContent : HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(RowJob.Pending, true)]
    [InlineData(RowJob.Canceled, true)]
    [InlineData(RowJob.Succeeded, false)]
    public async Task Builds_that_change_nothing_may_follow_each_other(RowJob before, bool isLetIn)
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        await Server.Database.AddBuildAsync(fixture.Template, agent.Workspace, new NewWorkspace { Transition = "stop", Job = before }, Ct);
        await Server.Database.AddBuildAsync(fixture.Template, agent.Workspace, new NewWorkspace { Job = RowJob.Canceled }, Ct);

        (await ReportAsync(agent.Client)).StatusCode.Should().Be(isLetIn ? HttpStatusCode.NoContent : HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_agent_of_a_workspace_that_is_being_claimed_goes_on()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        var claim = await Server.Database.AddBuildAsync(fixture.Template, agent.Workspace, new NewWorkspace { Job = RowJob.Running }, Ct);

        (await ReportAsync(agent.Client)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        var heir = await Server.Database.AddAgentAsync(claim, new NewAgent(), Ct);
        await Server.Database.KeepTokenAsync(heir, agent.Token, Ct);
        await Server.Database.ExecuteAsync("update provisioner_jobs set completed_at = now() where id = $1", Ct, claim.JobId);
        (await agent.Client.PostAsJsonAsync(Lifecycle, new { state = "starting" }, Ct)).StatusCode.Should().Be(HttpStatusCode.NoContent);

        (await StateAsync(agent.AgentId)).Should().Be("ready");
        (await StateAsync(heir)).Should().Be("starting");
    }

    [Fact]
    public async Task The_agent_of_a_claimed_workspace_keeps_its_token()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        var claimed = await Server.Database.AddBuildAsync(fixture.Template, agent.Workspace, new NewWorkspace(), Ct);
        var heir = await Server.Database.AddAgentAsync(claimed, new NewAgent(), Ct);
        await Server.Database.KeepTokenAsync(heir, agent.Token, Ct);

        (await ReportAsync(agent.Client)).StatusCode.Should().Be(HttpStatusCode.NoContent);

        (await StateAsync(heir)).Should().Be("ready");
        (await StateAsync(agent.AgentId)).Should().Be("created");
    }

    [Fact]
    public async Task The_agents_of_a_deleted_workspace_and_deleted_agents_are_shut_out()
    {
        using var gone = await fixture.StartAgentAsync(Ct, new NewWorkspace { Deleted = true });
        using var replaced = await fixture.StartAgentAsync(Ct);
        await Server.Database.ExecuteAsync("update workspace_agents set deleted = true where id = $1", Ct, replaced.AgentId);

        (await RefusalAsync(gone.Client)).Message.Should().Be(Unknown);
        (await RefusalAsync(replaced.Client)).Message.Should().Be(Unknown);
    }

    [Fact]
    public async Task The_token_is_never_logged()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        using var stranger = Server.With(TestIds.New().ToString());
        await ReportAsync(agent.Client);
        await RefusalAsync(stranger);

        fixture.Logs.Lines.Should().NotContain(line => line.Contains(agent.Token.ToString(), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_sign_of_life_is_written_at_most_every_five_seconds()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var agent = await server.StartAgentAsync(await server.AddTemplateAsync(Ct), new NewWorkspace(), Ct);
        var begin = server.Clock.GetUtcNow();

        await ReportAsync(agent.Client);
        var first = await SeenAsync(server, agent.AgentId);
        server.Clock.Advance(TimeSpan.FromSeconds(4));
        await ReportAsync(agent.Client);
        var soon = await SeenAsync(server, agent.AgentId);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await ReportAsync(agent.Client);
        var later = await SeenAsync(server, agent.AgentId);

        first.Should().Be(begin);
        soon.Should().Be(begin);
        later.Should().Be(begin.AddSeconds(5));
    }

    [Fact]
    public async Task Each_agent_has_a_rate_limit_of_its_own_although_they_come_from_one_address()
    {
        await using var server = await TestServer.StartAsync(options => options.ApiRateLimit = "2", Ct);
        var template = await server.AddTemplateAsync(Ct);
        using var eager = await server.StartAgentAsync(template, new NewWorkspace(), Ct);
        using var calm = await server.StartAgentAsync(template, new NewWorkspace(), Ct);

        HttpResponseMessage[] answers =
        [
            await ReportAsync(eager.Client), await ReportAsync(eager.Client), await ReportAsync(eager.Client), await ReportAsync(calm.Client),
        ];

        answers.Select(answer => answer.StatusCode).Should().Equal(
            HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.TooManyRequests, HttpStatusCode.NoContent);
    }

    private static async Task<DateTimeOffset> SeenAsync(TestServer server, Guid agent) =>
        await server.Database.ScalarAsync<DateTimeOffset>("select last_connected_at from workspace_agents where id = $1", Ct, agent);

    private Task<string?> StateAsync(Guid agent) =>
        Server.Database.ScalarAsync<string>("select lifecycle_state::text from workspace_agents where id = $1", Ct, agent);

    private static Task<HttpResponseMessage> ReportAsync(HttpClient client) => client.PostAsJsonAsync(Lifecycle, new { state = "ready" }, Ct);

    private static async Task<(string Message, string? Detail)> RefusalAsync(HttpClient client)
    {
        var problem = await (await ReportAsync(client)).ProblemAsync(Ct);
        problem.Status.Should().Be(HttpStatusCode.Unauthorized);
        return (problem.Message, problem.Detail);
    }
}
