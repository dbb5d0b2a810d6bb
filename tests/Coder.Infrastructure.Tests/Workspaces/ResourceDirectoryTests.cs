using Coder.Application.Workspaces;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Workspaces;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.Workspaces;

public sealed class ResourceDirectoryTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestDatabase Database => fixture.Database;

    [Fact]
    public async Task Each_job_has_its_own_resources_by_name_and_one_without_any_has_none()
    {
        var (first, second, empty) = (await AddAsync(), await AddAsync(), await AddAsync());
        var agents = new[]
        {
            await Database.AddAgentAsync(first, new NewAgent { Name = "one", Lifecycle = "ready", FirstConnectedAt = Now }, Ct),
            await Database.AddAgentAsync(second, new NewAgent { Name = "two", Simulated = true }, Ct),
            await Database.AddAgentAsync(second, new NewAgent { Name = "three" }, Ct),
        };

        var read = await ReadAsync(first.JobId, second.JobId, empty.JobId, first.JobId);

        read.Keys.Should().BeEquivalentTo([first.JobId, second.JobId, empty.JobId]);
        read[empty.JobId].Should().BeEmpty();
        var agent = read[first.JobId].Should().ContainSingle().Which.Agents.Should().ContainSingle().Which;
        (agent.Id, agent.Name, agent.Lifecycle, agent.FirstConnectedAt).Should().Be((agents[0], "one", AgentLifecycle.Ready, Now));
        read[second.JobId].Should().HaveCount(2).And.BeInAscendingOrder(r => r.Name, StringComparer.Ordinal);
        read[second.JobId].Should().OnlyContain(r => r.JobId == second.JobId && r.Transition == WorkspaceTransition.Start);
        read[second.JobId].SelectMany(r => r.Agents).Select(a => (a.Id, a.Simulated))
            .Should().BeEquivalentTo([(agents[1], true), (agents[2], false)]);
    }

    [Fact]
    public async Task Nothing_asked_is_nothing_read() => (await ReadAsync()).Should().BeEmpty();

    [Fact]
    public async Task What_is_sensitive_does_not_leave_the_database_and_facts_keep_their_order()
    {
        var workspace = await AddAsync();
        await Database.AddAgentAsync(workspace, new NewAgent(), Ct);
        var resource = (await ReadAsync(workspace.JobId))[workspace.JobId].Single().Id;
        await Database.ExecuteAsync(
            """
            insert into workspace_resource_metadata (workspace_resource_id, key, value, sensitive)
            values ($1, 'region', 'eu', false), ($1, 'password', 'secret', true), ($1, 'nothing', null, false)
            """,
            Ct,
            resource);

        var metadata = (await ReadAsync(workspace.JobId))[workspace.JobId].Single().Metadata;

        metadata.Select(m => (m.Key, m.Value, m.Sensitive))
            .Should().Equal(("region", "eu", false), ("password", "", true), ("nothing", "", false));
    }

    [Fact]
    public async Task An_agent_comes_with_scripts_sources_apps_and_the_last_twenty_things_that_each_app_said()
    {
        var workspace = await AddAsync();
        var agent = await Database.AddAgentAsync(workspace, new NewAgent(), Ct);
        var app = await Database.AddAppAsync(agent, "claude", subdomain: true, Ct);
        var quiet = await Database.AddAppAsync(agent, "alpha", subdomain: false, Ct);
        await Database.ExecuteAsync(
            """
            insert into workspace_agent_scripts (id, workspace_agent_id, log_source_id, display_name, script, run_on_stop, created_at)
            values (gen_random_uuid(), $1, gen_random_uuid(), 'Stop', 'exit', true, now())
            """,
            Ct,
            agent);
        await Database.ExecuteAsync(
            """
            insert into workspace_agent_log_sources (workspace_agent_id, id, created_at, display_name)
            values ($1, gen_random_uuid(), now(), 'Start')
            """,
            Ct,
            agent);
        await Database.ExecuteAsync(
            """
            insert into workspace_app_statuses (id, created_at, agent_id, app_id, workspace_id, state, message)
            select gen_random_uuid(), $4::timestamptz + n * interval '1 second', $1, $2, $3, 'working', n::text from generate_series(1, 25) n
            """,
            Ct,
            agent,
            app,
            workspace.Id,
            Now);

        var read = (await ReadAsync(workspace.JobId))[workspace.JobId].Single().Agents.Single();

        read.Scripts.Should().ContainSingle().Which.Should().BeEquivalentTo(new { DisplayName = "Stop", Script = "exit", RunOnStop = true });
        read.LogSources.Should().ContainSingle().Which.Should().BeEquivalentTo(new { AgentId = agent, DisplayName = "Start" });
        read.Apps.Select(a => (a.Id, a.Slug, a.Subdomain)).Should().Equal((app, "claude", true), (quiet, "alpha", false));
        read.Apps[0].Statuses.Select(s => s.Message).Should().Equal(Enumerable.Range(6, 20).Reverse().Select(n => $"{n}"));
        read.Apps[1].Statuses.Should().BeEmpty();
    }

    [Fact]
    public async Task A_deleted_agent_is_not_shown()
    {
        var workspace = await AddAsync();
        var agent = await Database.AddAgentAsync(workspace, new NewAgent(), Ct);
        await Database.ExecuteAsync("update workspace_agents set deleted = true where id = $1", Ct, agent);

        (await ReadAsync(workspace.JobId))[workspace.JobId].Single().Agents.Should().BeEmpty();
    }

    private Task<IReadOnlyDictionary<Guid, IReadOnlyList<ResourceView>>> ReadAsync(params Guid[] jobs) =>
        new ResourceDirectory(fixture.NewSession()).ReadAsync(jobs, Ct);

    private async Task<WorkspaceRow> AddAsync()
    {
        var user = await Database.AddUserAsync(new NewTestUser(), Now, Ct);
        var template = await Database.AddReadyTemplateAsync(await Database.DefaultOrganizationAsync(Ct), user.Id, Ct);
        return await Database.AddWorkspaceAsync(template, user.Id, new NewWorkspace(), Ct);
    }
}
