using System.Net;
using Coder.Testing;

namespace Coder.Api.Tests.Builds;

public sealed class NeverStartedTests(BuildsServer fixture) : IClassFixture<BuildsServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestDatabase Database => fixture.Server.Database;

    [Fact]
    public async Task A_workspace_that_no_daemon_ever_had_is_deleted_at_once_and_its_name_is_free()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        var body = new { name = "never", template_id = template.Id };
        var workspace = await (await member.Client.CreateWorkspaceAsync(body, Ct)).CreatedAsync(Ct);
        var first = workspace["latest_build"]!.Id();
        (await member.Client.PatchAsync($"/api/v2/workspacebuilds/{first}/cancel?expect_status=pending", null, Ct))
            .StatusCode.Should().Be(HttpStatusCode.OK);

        var deletion = await member.Client.BuiltAsync(workspace.Id(), new { transition = "delete" }, Ct);

        deletion["job"]!.Text("status").Should().Be("succeeded");
        deletion.Text("status").Should().Be("deleted");
        (await IsDeletedAsync(workspace.Id())).Should().BeTrue();
        (await member.Client.CreateWorkspaceAsync(body, Ct)).StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("a daemon had it")]
    [InlineData("it has a state")]
    [InlineData("a build before succeeded")]
    [InlineData("the deletion brings a state")]
    public async Task Everything_else_waits_for_a_daemon(string why)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        var earlier = why == "a build before succeeded";
        var workspace = await Database.AddWorkspaceAsync(
            template, member.Id, new NewWorkspace { Job = earlier ? RowJob.Succeeded : RowJob.Canceled }, Ct);
        switch (why)
        {
            case "a daemon had it":
                await Database.ExecuteAsync("update provisioner_jobs set worker_id = $2 where id = $1", Ct, workspace.JobId, TestIds.New());
                break;
            case "it has a state":
                await Database.ExecuteAsync("update workspace_builds set provisioner_state = '\\x01' where id = $1", Ct, workspace.BuildId);
                break;
            case "a build before succeeded":
                await Database.AddBuildAsync(template, workspace, new NewWorkspace { Job = RowJob.Canceled }, Ct);
                break;
        }

        var body = new { transition = "delete", state = why == "the deletion brings a state" ? Convert.ToBase64String([1]) : null };
        var deletion = await fixture.Owner.Client.BuiltAsync(workspace.Id, body, Ct);

        deletion["job"]!.Text("status").Should().Be("pending");
        (await IsDeletedAsync(workspace.Id)).Should().BeFalse();
    }

    private Task<bool> IsDeletedAsync(Guid workspace) =>
        Database.ScalarAsync<bool>("select deleted from workspaces where id = $1", Ct, workspace);
}
