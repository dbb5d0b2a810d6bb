using Coder.Domain.Authorization;
using Coder.Infrastructure.Provisioning;
using Coder.Infrastructure.Templates;
using Coder.Infrastructure.Workspaces;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.Workspaces;

/// <summary>Which build of a workspace counts for what runs in it: docs/spec/workspaces.md, section 5.</summary>
public sealed class CurrentBuildsTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private TestDatabase Database => fixture.Database;

    [Theory]
    [InlineData(RowJob.Canceled, true)]
    [InlineData(RowJob.Failed, true)]
    [InlineData(RowJob.Succeeded, false)]
    public async Task A_claim_is_told_the_tokens_of_the_agents_that_run(RowJob before, bool isTold)
    {
        var (template, user) = await PrepareAsync();
        var prebuild = await Database.AddWorkspaceAsync(template, SystemActors.PrebuildsUserId, new NewWorkspace(), Ct);
        var agent = await Database.AddAgentAsync(prebuild, new NewAgent(), Ct);
        await Database.AddBuildAsync(template, prebuild, new NewWorkspace { Transition = "stop", Job = before }, Ct);
        await Database.ExecuteAsync("update workspaces set owner_id = $2 where id = $1", Ct, prebuild.Id, user);
        var claim = await Database.AddBuildAsync(template, prebuild, new NewWorkspace { Job = RowJob.Running }, Ct);

        var assignment = await new BuildAssignmentStore(fixture.NewSession()).FindAsync(claim.JobId, Ct);

        var token = await Database.AgentTokenAsync(agent, Ct);
        assignment!.RunningAgents.Select(running => (running.Key, running.Value))
            .Should().Equal(isTold ? new[] { ("main", token) } : []);
    }

    [Theory]
    [InlineData(RowJob.Canceled, true)]
    [InlineData(RowJob.Pending, false)]
    [InlineData(RowJob.Succeeded, false)]
    public async Task The_schedule_of_a_template_reaches_what_runs(RowJob stop, bool isReached)
    {
        var (template, user) = await PrepareAsync();
        var workspace = await Database.AddWorkspaceAsync(
            template, user, new NewWorkspace { Autostart = "30 9 * * 1-5", Deadline = Now }, Ct);
        await Database.AddBuildAsync(template, workspace, new NewWorkspace { Transition = "stop", Job = stop }, Ct);

        var scheduled = await new TemplateWorkspaceStore(fixture.NewSession()).LockScheduledAsync(template.Id, Ct);

        scheduled.Should().ContainSingle().Which.Running?.Id.Should().Be(workspace.BuildId);
        (scheduled.Single().Running is not null).Should().Be(isReached);
    }

    [Fact]
    public async Task Where_nothing_was_ever_done_the_first_build_counts()
    {
        var (template, user) = await PrepareAsync();
        var workspace = await Database.AddWorkspaceAsync(template, user, new NewWorkspace { Job = RowJob.Canceled }, Ct);
        await Database.AddBuildAsync(template, workspace, new NewWorkspace { Job = RowJob.Canceled }, Ct);

        var build = await new WorkspaceStore(fixture.NewSession()).CurrentBuildAsync(workspace.Id, Ct);

        build!.Id.Should().Be(workspace.BuildId);
    }

    private async Task<(ReadyTemplate Template, Guid User)> PrepareAsync()
    {
        var user = await Database.AddUserAsync(new NewTestUser(), Now, Ct);
        return (await Database.AddReadyTemplateAsync(await Database.DefaultOrganizationAsync(Ct), user.Id, Ct), user.Id);
    }
}
