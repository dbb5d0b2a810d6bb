using System.Net;
using System.Net.Http.Json;
using System.Text;
using Coder.Testing;

namespace Coder.Api.Tests.Builds;

/// <summary>What provisioners leave with builds, as those who change templates read and repair it.</summary>
public sealed class BuildStateTests(BuildsServer builds) : IClassFixture<BuildsServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private HttpClient Owner => builds.Owner.Client;

    private TestDatabase Database => builds.Server.Database;

    [Fact]
    public async Task A_state_is_read_as_it_was_written()
    {
        var workspace = await AddAsync(RowJob.Succeeded);

        var before = await Owner.GetByteArrayAsync(Path(workspace), Ct);
        var written = await Owner.PutAsJsonAsync(Path(workspace), new { state = new byte[] { 0, 1, 255 } }, Ct);
        var read = await Owner.GetAsync(Path(workspace), Ct);

        before.Should().BeEmpty();
        written.StatusCode.Should().Be(HttpStatusCode.NoContent);
        read.Content.Headers.ContentType!.MediaType.Should().Be("application/octet-stream");
        (await read.Content.ReadAsByteArrayAsync(Ct)).Should().Equal(0, 1, 255);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"state":null}""")]
    [InlineData("""{"state":""}""")]
    public async Task Without_a_state_there_is_none_afterwards(string body)
    {
        var workspace = await AddAsync(RowJob.Succeeded);
        await Owner.PutAsJsonAsync(Path(workspace), new { state = new byte[] { 1 } }, Ct);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        (await Owner.PutAsync(Path(workspace), content, Ct)).StatusCode.Should().Be(HttpStatusCode.NoContent);

        (await Owner.GetByteArrayAsync(Path(workspace), Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_no_base64_is_refused()
    {
        var workspace = await AddAsync(RowJob.Succeeded);

        (await Owner.PutAsJsonAsync(Path(workspace), new { state = "*" }, Ct)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await Owner.GetAsync("/api/v2/workspacebuilds/1/state", Ct)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(RowJob.Pending)]
    [InlineData(RowJob.Running)]
    [InlineData(RowJob.Canceling)]
    public async Task The_state_of_a_build_under_way_is_its_daemon_s(RowJob job)
    {
        var workspace = await AddAsync(job);

        var problem = await (await Owner.PutAsJsonAsync(Path(workspace), new { state = new byte[] { 1 } }, Ct)).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.Conflict);
        problem.Message.Should().Be("The build has not ended.");
    }

    [Fact]
    public async Task States_are_for_those_who_may_change_the_template()
    {
        using var member = await builds.Server.AddUserAsync(Ct);
        using var other = await builds.Server.AddUserAsync(Ct);
        using var admin = await builds.Server.AddUserAsync(["template-admin"], Ct);
        var workspace = await Database.AddWorkspaceAsync(await builds.TemplateAsync(Ct), member.Id, new NewWorkspace(), Ct);

        foreach (var (client, status) in new[] { (member.Client, 403), (other.Client, 404), (admin.Client, 200) })
        {
            ((int)(await client.GetAsync(Path(workspace), Ct)).StatusCode).Should().Be(status);
            var written = (int)(await client.PutAsJsonAsync(Path(workspace), new { state = new byte[] { 1 } }, Ct)).StatusCode;
            written.Should().Be(status == 200 ? 204 : status);
        }
    }

    [Fact]
    public async Task The_next_build_begins_with_a_repaired_state()
    {
        var organization = await Database.AddOrganizationAsync($"org-{TestIds.New():N}"[..30], Ct);
        var template = await Database.AddReadyTemplateAsync(organization, builds.Owner.Id, Ct);
        var workspace = await Database.AddWorkspaceAsync(template, builds.Owner.Id, new NewWorkspace(), Ct);
        var registered = await Owner.PostAsJsonAsync(
            $"/api/v2/organizations/{organization}/provisionerdaemons", new { name = "worker", provisioners = new[] { "echo" } }, Ct);
        var daemon = (await registered.JsonAsync(Ct)).Id();

        await Owner.PutAsJsonAsync(Path(workspace), new { state = "repaired"u8.ToArray() }, Ct);
        await Owner.BuiltAsync(workspace.Id, new { transition = "stop" }, Ct);
        var acquired = await (await Owner.PostAsJsonAsync($"/api/v2/provisionerdaemons/{daemon}/acquire", new { wait_ms = 0 }, Ct)).JsonAsync(Ct);

        Convert.FromBase64String(acquired["workspace_build"]!.Text("state")).Should().Equal("repaired"u8.ToArray());
    }

    [Fact]
    public async Task A_state_that_comes_with_a_build_may_be_as_long_as_one_that_replaces_another()
    {
        var workspace = await AddAsync(RowJob.Succeeded);

        var build = await Owner.BuiltAsync(workspace.Id, new { transition = "start", state = new byte[2 * 1024 * 1024] }, Ct);

        (await Owner.GetByteArrayAsync($"/api/v2/workspacebuilds/{build.Id()}/state", Ct)).Should().HaveCount(2 * 1024 * 1024);
    }

    [Fact]
    public async Task A_replaced_state_is_recorded_without_what_it_holds()
    {
        var workspace = await AddAsync(RowJob.Failed);

        await Owner.PutAsJsonAsync(Path(workspace), new { state = new byte[] { 1 } }, Ct);

        var row = (await Database.AuditRowsAsync("workspace_build", Ct)).Should().ContainSingle(r => r.ResourceId == workspace.BuildId).Which;
        (row.Action, row.StatusCode, row.Target).Should().Be(("write", 204, workspace.Name));
        row.Diff.ToJsonString().Should().Be("""{"provisioner_state":{"new":"","old":"","secret":true}}""");
    }

    private static string Path(WorkspaceRow workspace) => $"/api/v2/workspacebuilds/{workspace.BuildId}/state";

    private async Task<WorkspaceRow> AddAsync(RowJob job) =>
        await Database.AddWorkspaceAsync(await builds.TemplateAsync(Ct), builds.Owner.Id, new NewWorkspace { Job = job }, Ct);
}
