using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Builds;

public sealed class BuildAuditTests(BuildsServer fixture) : IClassFixture<BuildsServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestDatabase Database => fixture.Server.Database;

    [Fact]
    public async Task A_new_workspace_is_one_entry()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);

        var workspace = await (await member.Client.CreateWorkspaceAsync(new { name = "audited", template_id = template.Id }, Ct)).CreatedAsync(Ct);

        var row = (await RowsAsync(member)).Should().ContainSingle().Which;
        row.Should().BeEquivalentTo(new
        {
            ResourceType = "workspace",
            Action = "create",
            StatusCode = 201,
            ResourceId = workspace.Id(),
            Target = "audited",
            OrganizationId = fixture.Organization,
        });
        row.Diff["name"]!["new"]!.GetValue<string>().Should().Be("audited");
        row.AdditionalFields.ToJsonString().Should().Be(new JsonObject
        {
            ["build_number"] = "1",
            ["build_reason"] = "initiator",
            ["workspace_name"] = "audited",
            ["workspace_owner"] = member.Username,
        }.ToJsonString());
    }

    [Theory]
    [InlineData("start", "workspace_build", "start")]
    [InlineData("stop", "workspace_build", "stop")]
    [InlineData("delete", "workspace", "delete")]
    public async Task Starts_and_stops_are_entries_of_builds_and_a_deletion_one_of_the_workspace(
        string transition, string resource, string action)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var workspace = await Database.AddWorkspaceAsync(await fixture.TemplateAsync(Ct), member.Id, new NewWorkspace(), Ct);

        var build = await member.Client.BuiltAsync(workspace.Id, new { transition, reason = "cli" }, Ct);

        var row = (await RowsAsync(member)).Should().ContainSingle().Which;
        row.Should().BeEquivalentTo(new
        {
            ResourceType = resource,
            Action = action,
            StatusCode = 201,
            Target = workspace.Name,
            ResourceId = transition == "delete" ? workspace.Id : build.Id(),
        });
        row.AdditionalFields["build_number"]!.GetValue<string>().Should().Be("2");
        row.AdditionalFields["build_reason"]!.GetValue<string>().Should().Be(transition == "start" ? "cli" : "initiator");
    }

    [Theory]
    [InlineData("pending", "canceled", 200)]
    [InlineData("running", "pending", 412)]
    public async Task A_cancellation_is_an_entry_with_what_became_of_the_job(string expected, string after, int status)
    {
        using var owner = await fixture.Server.AddUserAsync(["owner"], Ct);
        var workspace = await Database.AddWorkspaceAsync(
            await fixture.TemplateAsync(Ct), owner.Id, new NewWorkspace { Job = RowJob.Pending }, Ct);
        var build = (await (await owner.Client.GetAsync($"/api/v2/workspaces/{workspace.Id}", Ct)).JsonAsync(Ct))["latest_build"]!;

        await owner.Client.PatchAsync($"/api/v2/workspacebuilds/{build.Id()}/cancel?expect_status={expected}", null, Ct);

        var row = (await RowsAsync(owner)).Should().ContainSingle().Which;
        row.Should().BeEquivalentTo(new
        {
            ResourceType = "workspace_build",
            Action = "write",
            StatusCode = status,
            Target = workspace.Name,
            ResourceId = build.Id(),
        });
        (row.Diff["job_status"]?["new"]?.GetValue<string>() ?? "pending").Should().Be(after);
        row.AdditionalFields["workspace_owner"]!.GetValue<string>().Should().Be(owner.Username);
    }

    [Fact]
    public async Task What_was_refused_is_an_entry_with_the_wanted_name()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        var active = await Database.AddWorkspaceAsync(template, member.Id, new NewWorkspace { Job = RowJob.Pending }, Ct);

        await member.Client.BuildAsync(active.Id, new { transition = "stop" }, Ct);
        await member.Client.CreateWorkspaceAsync(new { name = active.Name, template_id = template.Id }, Ct);

        var rows = await RowsAsync(member);
        rows.Select(row => $"{row.ResourceType} {row.Action} {row.StatusCode} {row.Target}").Should().BeEquivalentTo(
            $"workspace_build stop 409 {active.Name}", $"workspace create 409 {active.Name}");
        rows.Should().OnlyContain(row => row.ResourceId == Guid.Empty && row.Diff.Count == 0);
    }

    private async Task<IReadOnlyList<AuditRow>> RowsAsync(TestUser user) =>
        [.. (await Database.AuditRowsAsync(Ct)).Where(row => row.UserId == user.Id)];
}
