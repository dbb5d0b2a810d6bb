using Coder.Infrastructure.Workspaces;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.Workspaces;

/// <summary>What is written down of agents that are not heard of: docs/spec/workspaces.md, section 7.4.</summary>
public sealed class AgentTokensTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private TestDatabase Database => fixture.Database;

    [Fact]
    public async Task An_agent_that_did_not_come_in_time_is_noted_once()
    {
        var workspace = await AddWorkspaceAsync();
        var agent = await Database.AddAgentAsync(workspace, new NewAgent { CreatedAt = Now }, Ct);
        var end = Now.AddSeconds(120);

        var counts = new List<int>();
        foreach (var time in new[] { end, end.AddSeconds(1), end.AddSeconds(2) })
        {
            counts.Add(await new AgentTokens(fixture.NewSession()).TimeOutAsync(time, Ct));
        }

        counts.Should().Equal(0, 1, 0);
        var noted = await Database.ScalarAsync<DateTime>("select timed_out_at from workspace_agents where id = $1", Ct, agent);
        noted.Should().Be(end.AddSeconds(1).UtcDateTime);
    }

    [Fact]
    public async Task Agents_that_came_or_need_not_come_are_in_time()
    {
        var workspace = await AddWorkspaceAsync();
        await Database.AddAgentAsync(workspace, new NewAgent { Name = "came", CreatedAt = Now, FirstConnectedAt = Now }, Ct);
        await Database.AddAgentAsync(workspace, new NewAgent { Name = "simulated", CreatedAt = Now, Simulated = true }, Ct);
        var patient = await Database.AddAgentAsync(workspace, new NewAgent { Name = "patient", CreatedAt = Now }, Ct);
        await Database.ExecuteAsync("update workspace_agents set connection_timeout_seconds = 0 where id = $1", Ct, patient);

        var count = await new AgentTokens(fixture.NewSession()).TimeOutAsync(Now.AddDays(1), Ct);

        count.Should().Be(0);
    }

    private async Task<WorkspaceRow> AddWorkspaceAsync()
    {
        var user = await Database.AddUserAsync(new NewTestUser(), Now, Ct);
        var template = await Database.AddReadyTemplateAsync(await Database.DefaultOrganizationAsync(Ct), user.Id, Ct);
        return await Database.AddWorkspaceAsync(template, user.Id, new NewWorkspace(), Ct);
    }
}
