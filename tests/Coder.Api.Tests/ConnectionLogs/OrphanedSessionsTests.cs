using System.Data;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Api.Tests.Workspaces;
using Coder.Application.Common;
using Coder.Application.ConnectionLogs;
using Coder.Domain.Common;
using Coder.Testing;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, section 12.11.</summary>
public abstract class OrphanedSessionsTests(AgentServer fixture)
{
    private const string Path = "/api/v2/workspaceagents/me/connections";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private static readonly Error Undo = new(ErrorKind.Conflict, "Nothing of this happened.");

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_stop_ends_the_open_sessions_of_its_workspace_and_no_others()
    {
        using var stopped = await fixture.StartAgentAsync(Ct);
        using var other = await fixture.StartAgentAsync(Ct);
        await ReportAsync(stopped, "connect", TestIds.New());
        await ReportAsync(other, "connect", TestIds.New());
        var ended = TestIds.New();
        await ReportAsync(stopped, "connect", ended);
        await ReportAsync(stopped, "disconnect", ended, "bye");

        (await CloseAsync(stopped, Done.Value)).Should().Be(1);

        var sessions = await SessionsAsync(stopped);
        sessions.Select(s => s["disconnect_reason"]!.GetValue<string>()).Should().BeEquivalentTo("workspace stopped", "bye");
        var orphan = sessions.Single(s => s["disconnect_reason"]!.GetValue<string>() == "workspace stopped");
        orphan["disconnect_time"]!.GetValue<DateTimeOffset>().Should().Be(fixture.Now.AddMinutes(1));
        orphan.ContainsKey("exit_code").Should().BeFalse();
        (await SessionsAsync(other)).Single().ContainsKey("disconnect_time").Should().BeFalse();
    }

    [Fact]
    public async Task What_is_rolled_back_ends_nothing()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        await ReportAsync(agent, "connect", TestIds.New());

        await CloseAsync(agent, Undo);

        (await SessionsAsync(agent)).Single().ContainsKey("disconnect_time").Should().BeFalse();
    }

    [Theory]
    [InlineData("stop", RowJob.Succeeded, false, true)]
    [InlineData("delete", RowJob.Succeeded, false, true)]
    [InlineData("start", RowJob.Succeeded, false, true)]
    [InlineData("start", RowJob.Succeeded, true, false)]
    [InlineData("stop", RowJob.Running, false, false)]
    [InlineData("stop", RowJob.Failed, false, false)]
    public async Task The_sweep_ends_what_a_build_left_behind(string transition, RowJob job, bool keepsAgent, bool isEnded)
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        await ReportAsync(agent, "connect", TestIds.New());
        var later = new NewWorkspace { Transition = transition, Job = job, CreatedAt = fixture.Now.AddHours(1) };
        var build = await Server.Database.AddBuildAsync(fixture.Template, agent.Workspace, later, Ct);
        if (transition == "start")
        {
            var next = await Server.Database.AddAgentAsync(build, new NewAgent { CreatedAt = fixture.Now.AddHours(1) }, Ct);
            if (keepsAgent)
            {
                await Server.Database.KeepTokenAsync(next, agent.Token, Ct);
            }
        }

        await SweepAsync();

        (await SessionsAsync(agent)).Single().ContainsKey("disconnect_time").Should().Be(isEnded);
    }

    [Theory]
    [InlineData("stop", RowJob.Pending)]
    [InlineData("stop", RowJob.Canceled)]
    [InlineData(null, RowJob.Pending)]
    [InlineData(null, RowJob.Canceled)]
    public async Task A_build_that_has_changed_nothing_changes_nothing_for_the_sweep(string? before, RowJob job)
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        await ReportAsync(agent, "connect", TestIds.New());
        if (before is not null)
        {
            await Server.Database.AddBuildAsync(fixture.Template, agent.Workspace, new NewWorkspace { Transition = before }, Ct);
        }

        await Server.Database.AddBuildAsync(
            fixture.Template, agent.Workspace, new NewWorkspace { Transition = before is null ? "stop" : "start", Job = job }, Ct);

        await SweepAsync();

        (await SessionsAsync(agent)).Single().ContainsKey("disconnect_time").Should().Be(before is not null);
    }

    [Fact]
    public async Task The_sweep_leaves_the_sessions_of_running_agents_alone_although_clocks_differ()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        await ReportAsync(agent, "connect", TestIds.New(), timestamp: fixture.Now.AddMinutes(-4));

        await SweepAsync();

        (await SessionsAsync(agent)).Single().ContainsKey("disconnect_time").Should().BeFalse();
    }

    [Fact]
    public async Task A_late_report_of_the_agent_adds_what_is_still_unknown()
    {
        using var agent = await fixture.StartAgentAsync(Ct);
        var id = TestIds.New();
        await ReportAsync(agent, "connect", id);
        await CloseAsync(agent, Done.Value);

        await ReportAsync(agent, "disconnect", id, "bye");

        var session = (await SessionsAsync(agent)).Single();
        session["disconnect_reason"]!.GetValue<string>().Should().Be("workspace stopped");
        session["exit_code"]!.GetValue<int>().Should().Be(0);
    }

    private async Task<int> CloseAsync(RunningAgent agent, Result<Done> outcome)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        var closed = 0;
        await scope.ServiceProvider.GetRequiredService<IUnitOfWork>().RunAsync<Result<Done>>(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                closed = await scope.ServiceProvider.GetRequiredService<IConnectionSessions>()
                    .CloseOrphansAsync(agent.Workspace.Id, fixture.Now.AddMinutes(1), ct);
                return outcome;
            },
            Ct);
        return closed;
    }

    private async Task SweepAsync()
    {
        await using var scope = Server.Services.CreateAsyncScope();
        (await scope.ServiceProvider.GetRequiredService<ISender>().Send(new CloseOrphanedSessions(), Ct)).Error.Should().BeNull();
    }

    private static async Task ReportAsync(
        RunningAgent agent, string action, Guid id, string? reason = null, DateTimeOffset? timestamp = null) =>
        (await agent.Client.PostAsJsonAsync(Path, new { id, action, type = "ssh", reason, timestamp }, Ct)).EnsureSuccessStatusCode();

    private async Task<JsonObject[]> SessionsAsync(RunningAgent agent)
    {
        using var response = await fixture.Owner.GetAsync($"/api/v2/connectionlog?q=workspace_id:{agent.Workspace.Id}", Ct);
        return [.. (await response.JsonAsync(Ct))["connection_logs"]!.AsArray().Select(e => e!["ssh_info"]!.AsObject())];
    }
}

/// <summary>The log as one table.</summary>
public sealed class WholeLogOrphanedSessionsTests(AgentServer fixture) : OrphanedSessionsTests(fixture), IClassFixture<AgentServer>;

/// <summary>The log as a table for each month.</summary>
public sealed class PartitionedLogOrphanedSessionsTests(PartitionedLogOrphanedSessionsTests.DividedServer fixture)
    : OrphanedSessionsTests(fixture.Agents), IClassFixture<PartitionedLogOrphanedSessionsTests.DividedServer>
{
    public sealed class DividedServer : IAsyncLifetime
    {
        public AgentServer Agents { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await Agents.InitializeAsync();

            // The month of the tests is not made yet.
            await Agents.Server.Database.ExecuteAsync("select connection_logs_partition($1)", CancellationToken.None, Agents.Now.AddMonths(-2));
        }

        public ValueTask DisposeAsync() => Agents.DisposeAsync();
    }
}
