using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coder.Domain.Provisioning;
using Coder.Testing;

namespace Coder.Api.Tests.Builds;

public sealed class CreateBuildTests(BuildsServer fixture) : IClassFixture<BuildsServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestDatabase Database => fixture.Server.Database;

    [Theory]
    [InlineData("start")]
    [InlineData("stop")]
    [InlineData("delete")]
    public async Task A_build_waits_for_a_daemon(string transition)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        var workspace = await Database.AddWorkspaceAsync(template, member.Id, new NewWorkspace(), Ct);

        var build = await member.Client.BuiltAsync(workspace.Id, new { transition }, Ct);

        build.Text("transition").Should().Be(transition);
        build.Text("status").Should().Be("pending");
        build.Text("reason").Should().Be("initiator");
        build.Text("workspace_name").Should().Be(workspace.Name);
        build.Text("workspace_owner_name").Should().Be(member.Username);
        build.Text("initiator_name").Should().Be(member.Username);
        build["build_number"]!.GetValue<int>().Should().Be(2);
        build.Id("template_version_id").Should().Be(template.VersionId);
        build["job"]!.Text("status").Should().Be("pending");
        build["job"]!.Text("type").Should().Be("workspace_build");
        build["job"]!["input"]!.Id("workspace_build_id").Should().Be(build.Id());
        build["job"]!.Id("file_id").Should().Be(template.FileId);
        build["resources"]!.AsArray().Should().BeEmpty();
        build["deadline"].Should().BeNull();
        build["matched_provisioners"]!["count"]!.GetValue<int>().Should().Be(0);
    }

    [Theory]
    [InlineData(RowJob.Pending)]
    [InlineData(RowJob.Running)]
    [InlineData(RowJob.Canceling)]
    public async Task There_is_one_build_at_a_time(RowJob job)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var workspace = await Database.AddWorkspaceAsync(await fixture.TemplateAsync(Ct), member.Id, new NewWorkspace { Job = job }, Ct);

        var problem = await RefusedAsync(member, workspace, new { transition = "stop" });

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.Conflict, Message = "A workspace build is already active." });
    }

    [Fact]
    public async Task Of_many_requests_at_once_one_builds_and_the_others_conflict()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var workspace = await Database.AddWorkspaceAsync(await fixture.TemplateAsync(Ct), member.Id, new NewWorkspace(), Ct);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => member.Client.BuildAsync(workspace.Id, new { transition = "stop" }, Ct)));

        answers.Select(answer => answer.StatusCode).Order().Should()
            .Equal([HttpStatusCode.Created, .. Enumerable.Repeat(HttpStatusCode.Conflict, 9)]);
    }

    [Theory]
    [InlineData("pending", HttpStatusCode.NotAcceptable, "The provided template version is pending. Wait for it to complete importing!")]
    [InlineData("running", HttpStatusCode.NotAcceptable, "The provided template version is running. Wait for it to complete importing!")]
    [InlineData("failed", HttpStatusCode.BadRequest, "The provided template version \"*\" has failed to import: \"It failed.\". You cannot build workspaces with it!")]
    [InlineData("canceled", HttpStatusCode.BadRequest, "The provided template version \"*\" has failed to import: \"canceled\". You cannot build workspaces with it!")]
    public async Task A_version_can_be_built_once_its_import_ended_well(string import, HttpStatusCode status, string message)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        var workspace = await Database.AddWorkspaceAsync(template, member.Id, new NewWorkspace(), Ct);
        var version = await Database.AddVersionAsync(template, fixture.Owner.Id, Ct, import);

        var problem = await RefusedAsync(member, workspace, new { transition = "start", template_version_id = version });

        problem.Status.Should().Be(status);
        problem.Message.Should().Match(message);
    }

    [Fact]
    public async Task Versions_of_other_templates_and_presets_of_other_versions_are_not_there()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var other = await fixture.TemplateAsync(Ct);
        var preset = await Database.AddPresetAsync(other.VersionId, "p", new Dictionary<string, string>(), Ct);
        var workspace = await Database.AddWorkspaceAsync(await fixture.TemplateAsync(Ct), member.Id, new NewWorkspace(), Ct);
        var unknown = TestIds.New();

        var foreign = await RefusedAsync(member, workspace, new { transition = "start", template_version_id = other.VersionId });
        var missing = await RefusedAsync(member, workspace, new { transition = "start", template_version_id = unknown });
        var noPreset = await RefusedAsync(member, workspace, new { transition = "start", template_version_preset_id = preset });

        foreign.Status.Should().Be(HttpStatusCode.BadRequest);
        foreign.Message.Should().Be($"Template version \"{other.VersionId}\" doesn't exist in the template of the workspace.");
        foreign.Validations.Should().ContainSingle().Which.Field.Should().Be("template_version_id");
        missing.Message.Should().Be($"Template version \"{unknown}\" doesn't exist in the template of the workspace.");
        noPreset.Should().BeEquivalentTo(
            new { Status = HttpStatusCode.BadRequest, Message = $"Preset \"{preset}\" doesn't exist in the template version." });
    }

    [Theory]
    [InlineData("start")]
    [InlineData("stop")]
    [InlineData("delete")]
    public async Task Whoever_may_only_read_a_workspace_may_not_build_it(string transition)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        using var reader = await fixture.Server.AddUserAsync(["template-admin"], Ct);
        using var stranger = await fixture.Server.AddUserAsync(Ct);
        var workspace = await Database.AddWorkspaceAsync(await fixture.TemplateAsync(Ct), member.Id, new NewWorkspace(), Ct);

        var forbidden = await RefusedAsync(reader, workspace, new { transition });
        var hidden = await RefusedAsync(stranger, workspace, new { transition });

        forbidden.Should().BeEquivalentTo(
            new { Status = HttpStatusCode.Forbidden, Message = $"You do not have permission to {transition} this workspace." });
        hidden.Status.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_dormant_workspace_can_be_stopped_and_deleted_but_not_started()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var dormant = new NewWorkspace { DormantAt = fixture.Server.Clock.GetUtcNow() };
        var workspace = await Database.AddWorkspaceAsync(await fixture.TemplateAsync(Ct), member.Id, dormant, Ct);

        var refused = await RefusedAsync(member, workspace, new { transition = "start" });

        refused.Message.Should().Be("You do not have permission to start this workspace.");
        (await member.Client.BuiltAsync(workspace.Id, new { transition = "stop" }, Ct)).Text("transition").Should().Be("stop");
    }

    [Fact]
    public async Task Stock_is_deleted_by_template_admins_and_built_by_owners()
    {
        using var admin = await fixture.Server.AddUserAsync(["template-admin"], Ct);
        var template = await fixture.TemplateAsync(Ct);
        var prebuilds = new Guid("c42fdf75-3097-471c-8c33-fb52454d81c0");
        var first = await Database.AddWorkspaceAsync(template, prebuilds, new NewWorkspace(), Ct);
        var second = await Database.AddWorkspaceAsync(template, prebuilds, new NewWorkspace(), Ct);

        var refused = await RefusedAsync(admin, first, new { transition = "stop" });
        var stopped = await fixture.Owner.Client.BuiltAsync(second.Id, new { transition = "stop" }, Ct);
        var deleted = await admin.Client.BuiltAsync(first.Id, new { transition = "delete" }, Ct);

        refused.Message.Should().Be("You do not have permission to stop this workspace.");
        stopped.Text("transition").Should().Be("stop");
        deleted.Text("transition").Should().Be("delete");
    }

    [Fact]
    public async Task The_path_is_judged_before_anything_else_but_the_fields()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        var gone = await Database.AddWorkspaceAsync(template, member.Id, new NewWorkspace { Deleted = true }, Ct);

        var malformed = await (await member.Client.PostRawAsync(
            "/api/v2/workspaces/nothing/builds", """{"transition":"start"}""", "application/json", Ct)).ProblemAsync(Ct);
        var unknown = await (await member.Client.BuildAsync(TestIds.New(), new { transition = "start" }, Ct)).ProblemAsync(Ct);
        var deleted = await RefusedAsync(member, gone, new { transition = "start" });

        malformed.Message.Should().Be("Invalid UUID \"nothing\".");
        unknown.Status.Should().Be(HttpStatusCode.NotFound);
        deleted.Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.Gone,
            Message = $"Workspace \"{gone.Id}\" was deleted, you can view this workspace by specifying '?include_deleted=true' and trying again.",
        });
    }

    [Theory]
    [InlineData("""{}""", "transition", "required")]
    [InlineData("""{"transition":"restart"}""", "transition", "oneof")]
    [InlineData("""{"transition":"start","reason":"autostart"}""", "reason", "oneof")]
    [InlineData("""{"transition":"start","log_level":"trace"}""", "log_level", "oneof")]
    [InlineData("""{"transition":"start","rich_parameter_values":[{"name":"a","value":"1"},{"name":"a","value":"2"}]}""", "rich_parameter_values", "unique")]
    public async Task Fields_have_rules(string body, string field, string tag)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);

        var problem = await PostAsync(member, TestIds.New(), body);

        problem.Message.Should().Be("Validation failed.");
        problem.Validations.Should().ContainSingle().Which.Should()
            .Match<(string Field, string Detail)>(v => v.Field == field && v.Detail.StartsWith($"Validation failed for tag \"{tag}\""));
    }

    [Theory]
    [InlineData(1001, 1, 'x', "max")]
    [InlineData(1, 65537, 'x', "value_max")]
    [InlineData(1, 32769, 'ü', "value_max")]
    [InlineData(17, 65536, 'x', "total_max")]
    public async Task Parameters_are_limited_in_number_and_length(int count, int length, char character, string tag)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var values = Enumerable.Range(0, count).Select(i => new { name = $"p{i}", value = new string(character, length) });

        var problem = await (await member.Client.BuildAsync(
            TestIds.New(), new { transition = "start", rich_parameter_values = values }, Ct)).ProblemAsync(Ct);

        problem.Validations.Should().Equal(
            ("rich_parameter_values", $"Validation failed for tag \"{tag}\" with value: \"\""));
    }

    [Theory]
    [InlineData(1000, 1, 'x')]
    [InlineData(1, 32768, 'ü')]
    [InlineData(16, 65536, 'x')]
    public async Task Parameters_may_be_as_many_and_as_long_as_that(int count, int length, char character)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var values = Enumerable.Range(0, count).Select(i => new { name = $"p{i}", value = new string(character, length) });

        var response = await member.Client.BuildAsync(TestIds.New(), new { transition = "start", rich_parameter_values = values }, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.NotFound, "the rules of the values come before the workspace");
    }

    [Theory]
    [InlineData("""{"transition":"start","template_version_id":"nothing"}""")]
    [InlineData("""{"transition":"start","state":"not base64!"}""")]
    [InlineData("""{"transition":7}""")]
    [InlineData("start")]
    public async Task What_is_no_such_body_is_refused(string body)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);

        (await PostAsync(member, TestIds.New(), body)).Message.Should().Be("Request body must be valid JSON.");
    }

    [Fact]
    public async Task The_nil_id_counts_as_absent()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        var workspace = await Database.AddWorkspaceAsync(template, member.Id, new NewWorkspace(), Ct);
        var body = new { transition = "start", template_version_id = Guid.Empty, template_version_preset_id = Guid.Empty };

        (await member.Client.BuiltAsync(workspace.Id, body, Ct)).Id("template_version_id").Should().Be(template.VersionId);
    }

    [Fact]
    public async Task A_workspace_keeps_its_version_until_another_one_is_named()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        var workspace = await Database.AddWorkspaceAsync(template, member.Id, new NewWorkspace(), Ct);
        var newer = await Database.AddVersionAsync(template, fixture.Owner.Id, Ct);
        await Database.ExecuteAsync("update templates set active_version_id = $2 where id = $1", Ct, template.Id, newer);

        var same = await member.Client.BuiltAsync(workspace.Id, new { transition = "start" }, Ct);
        await Database.EndAsync(same, Ct);
        var updated = await member.Client.BuiltAsync(workspace.Id, new { transition = "start", template_version_id = newer }, Ct);
        await Database.EndAsync(updated, Ct);
        var again = await member.Client.BuiltAsync(workspace.Id, new { transition = "stop" }, Ct);

        same.Id("template_version_id").Should().Be(template.VersionId);
        updated.Id("template_version_id").Should().Be(newer);
        again.Id("template_version_id").Should().Be(newer);
    }

    [Fact]
    public async Task A_template_can_require_its_active_version_of_everybody_but_its_admins()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        using var admin = await fixture.Server.AddUserAsync(["template-admin"], Ct);
        var template = await fixture.TemplateAsync(Ct);
        var of = await Database.AddWorkspaceAsync(template, member.Id, new NewWorkspace(), Ct);
        var ofAdmin = await Database.AddWorkspaceAsync(template, admin.Id, new NewWorkspace(), Ct);
        var newer = await Database.AddVersionAsync(template, fixture.Owner.Id, Ct);
        await Database.ExecuteAsync(
            "update templates set active_version_id = $2, require_active_version = true where id = $1", Ct, template.Id, newer);

        var refused = await RefusedAsync(member, of, new { transition = "start", template_version_id = template.VersionId });
        var byAdmin = await admin.Client.BuiltAsync(ofAdmin.Id, new { transition = "start", template_version_id = template.VersionId }, Ct);
        var stopped = await member.Client.BuiltAsync(of.Id, new { transition = "stop" }, Ct);
        await Database.EndAsync(stopped, Ct);
        var started = await member.Client.BuiltAsync(of.Id, new { transition = "start" }, Ct);

        refused.Status.Should().Be(HttpStatusCode.Forbidden);
        byAdmin.Id("template_version_id").Should().Be(template.VersionId);
        stopped.Id("template_version_id").Should().Be(template.VersionId);
        started.Id("template_version_id").Should().Be(newer);
    }

    [Fact]
    public async Task The_reason_of_the_client_is_kept_for_starts()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var workspace = await Database.AddWorkspaceAsync(await fixture.TemplateAsync(Ct), member.Id, new NewWorkspace(), Ct);

        var stop = await member.Client.BuiltAsync(workspace.Id, new { transition = "stop", reason = "cli" }, Ct);
        await Database.EndAsync(stop, Ct);
        var start = await member.Client.BuiltAsync(workspace.Id, new { transition = "start", reason = "jetbrains_connection" }, Ct);

        stop.Text("reason").Should().Be("initiator");
        start.Text("reason").Should().Be("jetbrains_connection");
    }

    [Fact]
    public async Task A_state_of_ones_own_takes_update_of_the_template()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var workspace = await Database.AddWorkspaceAsync(await fixture.TemplateAsync(Ct), member.Id, new NewWorkspace(), Ct);
        var body = new { transition = "start", state = Convert.ToBase64String([1, 2, 3]) };

        var refused = await RefusedAsync(member, workspace, body);
        var build = await fixture.Owner.Client.BuiltAsync(workspace.Id, body, Ct);
        await Database.EndAsync(build, Ct);
        var next = await member.Client.BuiltAsync(workspace.Id, new { transition = "stop" }, Ct);

        refused.Status.Should().Be(HttpStatusCode.Forbidden);
        (await StateAsync(build)).Should().Equal(1, 2, 3);
        (await StateAsync(next)).Should().Equal([1, 2, 3], "a build begins with what the one before left");
    }

    [Fact]
    public async Task Only_a_deletion_can_leave_its_resources_behind()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var workspace = await Database.AddWorkspaceAsync(await fixture.TemplateAsync(Ct), member.Id, new NewWorkspace(), Ct);
        await Database.ExecuteAsync("update workspace_builds set provisioner_state = '\\x01' where id = $1", Ct, workspace.BuildId);

        var refused = await RefusedAsync(member, workspace, new { transition = "stop", orphan = true });
        var orphaned = await member.Client.BuiltAsync(workspace.Id, new { transition = "delete", orphan = true }, Ct);

        refused.Should().BeEquivalentTo(
            new { Status = HttpStatusCode.BadRequest, Message = "Orphan is only permitted when deleting a workspace." });
        (await StateAsync(orphaned)).Should().BeNull();
        orphaned["job"]!.Text("status").Should().Be("pending");
    }

    [Theory]
    [InlineData(false, "AQ==")]
    [InlineData(true, "")]
    public async Task What_is_left_behind_is_not_given_to_the_daemon(bool orphan, string state)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var workspace = await Database.AddWorkspaceAsync(await fixture.TemplateAsync(Ct), member.Id, new NewWorkspace(), Ct);
        await Database.ExecuteAsync("update workspace_builds set provisioner_state = '\\x01' where id = $1", Ct, workspace.BuildId);
        var build = await fixture.Owner.Client.BuiltAsync(workspace.Id, new { transition = "delete", orphan }, Ct);
        var tags = JobTags.Of([new("test", $"{workspace.Id}")], member.Id);
        await Database.ExecuteAsync(
            "update provisioner_jobs set tags = $2::jsonb where id = $1", Ct, build["job"]!.Id(), JsonSerializer.Serialize(tags.Values));
        var daemon = await Database.AddDaemonAsync(fixture.Organization, fixture.Server.Clock.GetUtcNow(), tags, Ct);

        var response = await fixture.Owner.Client.PostAsJsonAsync($"/api/v2/provisionerdaemons/{daemon}/acquire", new { wait_ms = 0 }, Ct);

        (await response.JsonAsync(Ct))["workspace_build"]!.Text("state").Should().Be(state);
    }

    [Fact]
    public async Task A_job_has_the_tags_of_the_import_and_the_debug_level_of_the_request()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        await Database.ExecuteAsync(
            """
            update provisioner_jobs set provisioner = 'terraform', tags = $2::jsonb where id = (select job_id from template_versions where id = $1)
            """,
            Ct,
            template.VersionId,
            $$"""{"scope":"user","owner":"{{fixture.Owner.Id}}","zone":"eu"}""");
        var workspace = await Database.AddWorkspaceAsync(template, member.Id, new NewWorkspace(), Ct);

        var build = await fixture.Owner.Client.BuiltAsync(workspace.Id, new { transition = "start", log_level = "debug" }, Ct);

        var tags = build["job"]!["tags"]!.AsObject().ToDictionary(tag => tag.Key, tag => tag.Value!.GetValue<string>());
        tags.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["scope"] = "user",
            ["owner"] = member.Id.ToString(),
            ["zone"] = "eu",
        });
        (await Database.ScalarAsync<string>(
            "select concat_ws(' ', provisioner, priority, input ->> 'log_level') from provisioner_jobs where id = $1",
            Ct,
            build["job"]!.Id())).Should().Be("terraform 0 debug");
    }

    private static async Task<Problem> RefusedAsync(TestUser user, WorkspaceRow workspace, object body) =>
        await (await user.Client.BuildAsync(workspace.Id, body, Ct)).ProblemAsync(Ct);

    private static async Task<Problem> PostAsync(TestUser user, Guid workspace, string body) =>
        await (await user.Client.PostRawAsync($"/api/v2/workspaces/{workspace}/builds", body, "application/json", Ct)).ProblemAsync(Ct);

    private Task<byte[]?> StateAsync(JsonNode build) =>
        Database.ScalarAsync<byte[]>("select provisioner_state from workspace_builds where id = $1", Ct, build.Id());
}
