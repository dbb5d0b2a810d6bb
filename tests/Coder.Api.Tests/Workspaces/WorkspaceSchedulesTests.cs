using System.Net;
using Coder.Api.Tests.Users;
using Coder.Testing;

namespace Coder.Api.Tests.Workspaces;

/// <summary>When workspaces run: docs/spec/workspaces.md, sections 7.4 and 8.4, and row 6 of section 12.</summary>
public sealed class WorkspaceSchedulesTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Weekdays = "CRON_TZ=UTC 30 9 * * 1-5";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_schedule_says_when_the_workspace_is_started_next_and_can_be_cleared()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);

        var set = await PutAsync(scene.Owner, workspace, "autostart", $$"""{"schedule":"{{Weekdays}}"}""");
        var shown = await scene.GetAsync(workspace, Ct);
        var cleared = await PutAsync(scene.Owner, workspace, "autostart", """{"schedule":null}""");
        var after = await scene.GetAsync(workspace, Ct);

        set.StatusCode.Should().Be(HttpStatusCode.NoContent);
        shown["autostart_schedule"]!.GetValue<string>().Should().Be(Weekdays);
        shown["next_start_at"]!.GetValue<string>().Should().Be("2026-03-02T09:30:00Z", "the first of March is a Sunday");
        cleared.StatusCode.Should().Be(HttpStatusCode.NoContent);
        after["autostart_schedule"].Should().BeNull();
        after["next_start_at"].Should().BeNull();
    }

    [Theory]
    [InlineData("30 9 * *", "validate weekly schedule: expected schedule to consist of 5 fields with an optional CRON_TZ=<timezone> prefix")]
    [InlineData("30 9 1 * 1-5", "validate weekly schedule: expected day-of-month and month to be *")]
    [InlineData("CRON_TZ=Mars 30 9 * * 1", "parse schedule: provided bad location Mars: unknown time zone Mars")]
    public async Task A_schedule_that_can_not_be_read_is_refused(string schedule, string detail)
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);

        var problem = await (await PutAsync(scene.Owner, workspace, "autostart", $$"""{"schedule":"{{schedule}}"}""")).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Message.Should().Be("Invalid autostart schedule.");
        problem.Validations.Should().Equal(("schedule", detail));
    }

    [Theory]
    [InlineData("60000", 60_000)]
    [InlineData("90000", 60_000)]
    [InlineData("2592000000", 2_592_000_000)]
    public async Task A_time_to_live_is_cut_to_minutes_and_leaves_the_deadline(string milliseconds, long stored)
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddRunningAsync(WorkspaceScene.At(20), null, Ct);

        var response = await PutAsync(scene.Owner, workspace, "ttl", $$"""{"ttl_ms":{{milliseconds}}}""");
        var shown = await scene.GetAsync(workspace, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.NoContent);
        shown["ttl_ms"]!.GetValue<long>().Should().Be(stored);
        shown["latest_build"]!["deadline"]!.GetValue<string>().Should().Be("2026-03-01T20:00:00Z");
    }

    [Theory]
    [InlineData("59999", "time until shutdown must be at least one minute")]
    [InlineData("-1", "time until shutdown must be at least one minute")]
    [InlineData("2592060000", "time until shutdown must be less than 30 days")]
    public async Task A_time_to_live_has_bounds(string milliseconds, string detail)
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);

        var problem = await (await PutAsync(scene.Owner, workspace, "ttl", $$"""{"ttl_ms":{{milliseconds}}}""")).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Message.Should().Be("Error updating workspace time until shutdown.");
        problem.Validations.Should().Equal(("ttl_ms", detail));
    }

    [Theory]
    [InlineData("null", true)]
    [InlineData("0", false)]
    public async Task Without_a_time_to_live_the_deadline_is_as_late_as_it_may(string milliseconds, bool hasMax)
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        await scene.SetTemplateAsync("default_ttl", "3600000000000", Ct);
        var workspace = await scene.AddRunningAsync(WorkspaceScene.At(20), hasMax ? WorkspaceScene.At(22) : null, Ct);

        await PutAsync(scene.Owner, workspace, "ttl", $$"""{"ttl_ms":{{milliseconds}}}""");
        var shown = await scene.GetAsync(workspace, Ct);

        shown["ttl_ms"].Should().BeNull("the default of the template is for new workspaces");
        shown["latest_build"]!["deadline"]?.GetValue<string>().Should().Be("2026-03-01T22:00:00Z");
        (shown["latest_build"]!["deadline"] is null).Should().Be(!hasMax);
    }

    [Fact]
    public async Task A_deadline_is_moved_and_the_answer_says_to_when()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddRunningAsync(WorkspaceScene.At(20), WorkspaceScene.At(22), Ct);

        var response = await PutAsync(scene.Owner, workspace, "extend", """{"deadline":"2026-03-01T23:30:00+02:00"}""");
        var shown = await scene.GetAsync(workspace, Ct);
        var sooner = await PutAsync(scene.Owner, workspace, "extend", """{"deadline":"2026-03-01T13:00:00Z"}""");

        (await response.Content.ReadAsStringAsync(Ct)).Should().Be("""{"message":"Deadline updated to 2026-03-01T21:30:00Z."}""");
        shown["latest_build"]!["deadline"]!.GetValue<string>().Should().Be("2026-03-01T21:30:00Z");
        sooner.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("2026-03-01T12:28:59Z", 400, "Cannot extend workspace: new deadline must be at least 30 minutes in the future")]
    [InlineData("2026-03-01T22:00:01Z", 400, "Cannot extend workspace beyond max deadline.")]
    public async Task A_deadline_out_of_its_bounds_is_refused_with_the_bounds(string deadline, int status, string message)
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddRunningAsync(WorkspaceScene.At(20), WorkspaceScene.At(22), Ct);

        var problem = await (await PutAsync(scene.Owner, workspace, "extend", $$"""{"deadline":"{{deadline}}"}""")).ProblemAsync(Ct);

        ((int)problem.Status).Should().Be(status);
        problem.Message.Should().Be(message);
        problem.Detail.Should().Be("The deadline may lie between 2026-03-01T12:30:00Z and 2026-03-01T22:00:00Z.");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"deadline":null}""")]
    [InlineData("""{"deadline":"0001-01-01T00:00:00Z"}""")]
    public async Task A_deadline_must_be_given(string body)
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddRunningAsync(WorkspaceScene.At(20), null, Ct);

        var problem = await (await PutAsync(scene.Owner, workspace, "extend", body)).ProblemAsync(Ct);

        problem.Message.Should().Be("Validation failed.");
        problem.Validations.Should().ContainSingle().Which.Field.Should().Be("deadline");
    }

    [Theory]
    [InlineData("stop", RowJob.Succeeded, true, "Workspace must be started, current status: stop")]
    [InlineData("start", RowJob.Running, true, "Workspace is still building!")]
    [InlineData("start", RowJob.Succeeded, false, "Workspace shutdown is manual.")]
    public async Task What_does_not_run_by_a_deadline_gets_none(string transition, RowJob job, bool hasDeadline, string message)
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(
            new NewWorkspace { Transition = transition, Job = job, Deadline = hasDeadline ? WorkspaceScene.At(20) : null }, Ct);

        var problem = await (await PutAsync(scene.Owner, workspace, "extend", """{"deadline":"2026-03-01T21:00:00Z"}""")).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.Conflict, Message = message });
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("start")]
    public async Task A_build_that_was_canceled_before_a_daemon_had_it_leaves_the_deadline_to_what_runs(string transition)
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddRunningAsync(scene.Now.AddMinutes(10), WorkspaceScene.At(22), Ct);
        var path = $"/api/v2/workspaces/{workspace.Id}/builds";
        var queued = await (await scene.Owner.Client.PostJsonAsync(path, $$"""{"transition":"{{transition}}"}""", Ct)).JsonAsync(Ct);
        var waiting = await (await PutAsync(scene.Owner, workspace, "extend", """{"deadline":"2026-03-01T21:00:00Z"}""")).ProblemAsync(Ct);
        var canceled = await scene.Owner.Client.PatchAsync(
            $"/api/v2/workspacebuilds/{queued["id"]!.GetValue<Guid>()}/cancel?expect_status=pending", null, Ct);

        var used = await scene.Owner.Client.PostAsync($"/api/v2/workspaces/{workspace.Id}/usage", null, Ct);
        var bumped = await scene.DeadlineAsync(workspace, Ct);
        var extended = await PutAsync(scene.Owner, workspace, "extend", """{"deadline":"2026-03-01T21:00:00Z"}""");
        var moved = await scene.DeadlineAsync(workspace, Ct);
        var cleared = await PutAsync(scene.Owner, workspace, "ttl", """{"ttl_ms":null}""");

        waiting.Status.Should().Be(HttpStatusCode.Conflict, "a build that may still run decides");
        new[] { canceled, used, extended, cleared }.Should().OnlyContain(answer => answer.IsSuccessStatusCode);
        bumped.Should().Be(scene.Now.AddMinutes(60).UtcDateTime);
        moved.Should().Be(WorkspaceScene.At(21).UtcDateTime);
        (await scene.DeadlineAsync(workspace, Ct)).Should().Be(WorkspaceScene.At(22).UtcDateTime);
    }

    [Fact]
    public async Task A_workspace_becomes_dormant_and_is_woken_up_as_if_it_was_just_used()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace { LastUsedAt = WorkspaceScene.At(1) }, Ct);

        var asleep = await (await PutAsync(scene.Owner, workspace, "dormant", """{"dormant":true}""")).JsonAsync(Ct);
        var again = await PutAsync(scene.Owner, workspace, "dormant", """{"dormant":true}""");
        var awake = await (await PutAsync(scene.Owner, workspace, "dormant", """{"dormant":false}""")).JsonAsync(Ct);
        var still = await PutAsync(scene.Owner, workspace, "dormant", "{}");

        asleep["dormant_at"]!.GetValue<string>().Should().Be("2026-03-01T12:00:00Z");
        asleep["deleting_at"].Should().BeNull("the template deletes nothing");
        asleep["last_used_at"]!.GetValue<string>().Should().Be("2026-03-01T01:00:00Z");
        again.StatusCode.Should().Be(HttpStatusCode.NotModified);
        (await again.Content.ReadAsStringAsync(Ct)).Should().BeEmpty();
        awake["dormant_at"].Should().BeNull();
        awake["last_used_at"]!.GetValue<string>().Should().Be("2026-03-01T12:00:00Z");
        still.StatusCode.Should().Be(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task Whoever_wakes_up_starts_when_the_template_allows_it_now()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);
        await scene.Database.ExecuteAsync(
            """
            update workspaces
            set autostart_schedule = 'CRON_TZ=UTC 30 9 * * *', next_start_at = '2026-02-01 09:30Z', dormant_at = '2026-02-01'
            where id = $1
            """,
            Ct,
            workspace.Id);

        var awake = await (await PutAsync(scene.Owner, workspace, "dormant", """{"dormant":false}""")).JsonAsync(Ct);

        awake["next_start_at"]!.GetValue<string>().Should().Be("2026-03-02T09:30:00Z");
    }

    [Theory]
    [InlineData("autostart", """{"schedule":"30 9 * * *"}""", "Autostart is not supported for prebuilt workspaces")]
    [InlineData("ttl", """{"ttl_ms":3600000}""", "TTL updates are not supported for prebuilt workspaces")]
    [InlineData("dormant", """{"dormant":true}""", "Dormancy updates are not supported for prebuilt workspaces")]
    [InlineData("extend", """{"deadline":"2026-03-01T21:00:00Z"}""", "Deadline extension is not supported for prebuilt workspaces")]
    public async Task Stock_has_no_schedule_until_it_is_claimed(string setting, string body, string message)
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        using var admin = await Server.AddUserAsync(roles: ["owner"], Ct);
        var workspace = await scene.AddPrebuildAsync(new NewWorkspace { Deadline = WorkspaceScene.At(20) }, Ct);
        var before = await scene.BytesAsync(workspace, Ct);

        var refused = await (await PutAsync(admin, workspace, setting, body)).ProblemAsync(Ct);
        var after = await scene.BytesAsync(workspace, Ct);
        await scene.Database.ExecuteAsync("update workspaces set owner_id = $2 where id = $1", Ct, workspace.Id, scene.Owner.Id);
        var allowed = await PutAsync(scene.Owner, workspace, setting, body);

        refused.Status.Should().Be(HttpStatusCode.Conflict);
        refused.Message.Should().Be(message);
        refused.Detail.Should().Contain("preset");
        after.Should().Be(before);
        allowed.IsSuccessStatusCode.Should().BeTrue();
    }

    [Fact]
    public async Task Use_moves_the_deadline_once_a_twentieth_of_the_bump_has_gone()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var soon = await scene.AddRunningAsync(scene.Now.AddMinutes(56), null, Ct);
        var late = await scene.AddRunningAsync(scene.Now.AddMinutes(57), null, Ct);
        var later = await scene.AddRunningAsync(scene.Now.AddMinutes(58), null, Ct);
        var limited = await scene.AddRunningAsync(scene.Now.AddMinutes(10), scene.Now.AddMinutes(20), Ct);

        foreach (var workspace in new[] { soon, late, later, limited })
        {
            (await scene.Owner.Client.PostAsync($"/api/v2/workspaces/{workspace.Id}/usage", null, Ct)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        }

        (await scene.DeadlineAsync(soon, Ct)).Should().Be(scene.Now.AddMinutes(60).UtcDateTime);
        (await scene.DeadlineAsync(late, Ct)).Should().Be(scene.Now.AddMinutes(57).UtcDateTime);
        (await scene.DeadlineAsync(later, Ct)).Should().Be(scene.Now.AddMinutes(58).UtcDateTime);
        (await scene.DeadlineAsync(limited, Ct)).Should().Be(scene.Now.AddMinutes(20).UtcDateTime);
        (await scene.GetAsync(soon, Ct))["last_used_at"]!.GetValue<string>().Should().Be("2026-03-01T12:00:00Z");
    }

    [Theory]
    [InlineData("stop", RowJob.Succeeded)]
    [InlineData("start", RowJob.Running)]
    [InlineData("start", RowJob.Failed)]
    public async Task Only_the_deadline_of_what_runs_is_moved(string transition, RowJob job)
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(
            new NewWorkspace { Transition = transition, Job = job, Deadline = scene.Now.AddMinutes(5) }, Ct);

        await scene.Owner.Client.PostAsync($"/api/v2/workspaces/{workspace.Id}/usage", null, Ct);

        (await scene.DeadlineAsync(workspace, Ct)).Should().Be(scene.Now.AddMinutes(5).UtcDateTime);
    }

    [Fact]
    public async Task Use_of_stock_changes_nothing()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        using var admin = await Server.AddUserAsync(roles: ["owner"], Ct);
        var workspace = await scene.AddPrebuildAsync(new NewWorkspace { Deadline = scene.Now.AddMinutes(5) }, Ct);
        var before = await scene.BytesAsync(workspace, Ct);

        var response = await admin.Client.PostAsync($"/api/v2/workspaces/{workspace.Id}/usage", null, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await scene.BytesAsync(workspace, Ct)).Should().Be(before);
    }

    [Theory]
    [InlineData("""{"app_name":"ssh"}""", "agent_id")]
    [InlineData("""{"agent_id":"11111111-1111-4111-8111-111111111111"}""", "app_name")]
    [InlineData("""{"agent_id":"11111111-1111-4111-8111-111111111111","app_name":"telnet"}""", "app_name")]
    public async Task Use_names_an_agent_and_an_app_or_neither(string body, string field)
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);

        var problem = await (await scene.Owner.Client.PostJsonAsync($"/api/v2/workspaces/{workspace.Id}/usage", body, Ct)).ProblemAsync(Ct);

        problem.Message.Should().Be("Invalid request");
        problem.Validations.Should().ContainSingle().Which.Field.Should().Be(field);
    }

    [Fact]
    public async Task Who_may_only_read_changes_no_schedule()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        using var reader = await Server.AddUserAsync(roles: ["template-admin"], Ct);
        using var other = await Server.AddUserAsync(Ct);
        var workspace = await scene.AddRunningAsync(WorkspaceScene.At(20), null, Ct);
        var before = await scene.BytesAsync(workspace, Ct);
        (string Setting, string Body)[] calls =
        [
            ("autostart", """{"schedule":"30 9 * * *"}"""), ("ttl", """{"ttl_ms":3600000}"""), ("dormant", """{"dormant":true}"""),
            ("extend", """{"deadline":"2026-03-01T21:00:00Z"}"""), ("autoupdates", """{"automatic_updates":"always"}"""),
        ];

        foreach (var (setting, body) in calls)
        {
            (await PutAsync(reader, workspace, setting, body)).StatusCode.Should().Be(HttpStatusCode.Forbidden, setting);
            (await PutAsync(other, workspace, setting, body)).StatusCode.Should().Be(HttpStatusCode.NotFound, setting);
        }

        (await reader.Client.PostAsync($"/api/v2/workspaces/{workspace.Id}/usage", null, Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await scene.BytesAsync(workspace, Ct)).Should().Be(before);
    }

    private static Task<HttpResponseMessage> PutAsync(TestUser user, WorkspaceRow workspace, string setting, string body) =>
        user.Client.PutJsonAsync($"/api/v2/workspaces/{workspace.Id}/{setting}", body, Ct);
}

/// <summary>What a license lets templates say of schedules, and what the audit log says of changes.</summary>
public sealed class LicensedWorkspacesTests(ServerFixture fixture) : IClassFixture<ServerFixture>, IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    public async ValueTask InitializeAsync()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        await Server.StartAuditingAsync(owner.Client, Ct);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_template_can_keep_schedules_for_itself()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        await scene.SetTemplateAsync("allow_user_autostart", "false", Ct);
        await scene.SetTemplateAsync("allow_user_autostop", "false", Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);
        var path = $"/api/v2/workspaces/{workspace.Id}";

        var autostart = await (await scene.Owner.Client.PutJsonAsync($"{path}/autostart", """{"schedule":"30 9 * * *"}""", Ct)).ProblemAsync(Ct);
        var ttl = await (await scene.Owner.Client.PutJsonAsync($"{path}/ttl", """{"ttl_ms":3600000}""", Ct)).ProblemAsync(Ct);

        autostart.Message.Should().Be("Autostart is not allowed for workspaces using this template.");
        ttl.Message.Should().Be("Error updating workspace time until shutdown.");
        ttl.Validations.Should().Equal(("ttl_ms", "Custom autostop TTL is not allowed for workspaces using this template."));
    }

    [Fact]
    public async Task A_dormant_workspace_is_deleted_when_its_template_says()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        await scene.SetTemplateAsync("time_til_dormant_autodelete", "86400000000000", Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);

        var asleep = await (await scene.Owner.Client.PutJsonAsync(
            $"/api/v2/workspaces/{workspace.Id}/dormant", """{"dormant":true}""", Ct)).JsonAsync(Ct);

        asleep["deleting_at"]!.GetValue<string>().Should().Be("2026-03-02T12:00:00Z");
    }

    [Fact]
    public async Task A_change_is_recorded_with_both_values_and_a_refusal_too()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace { Name = "audited" }, Ct);
        var path = $"/api/v2/workspaces/{workspace.Id}/ttl";

        await scene.Owner.Client.PutJsonAsync(path, """{"ttl_ms":60000}""", Ct);
        await scene.Owner.Client.PutJsonAsync(path, """{"ttl_ms":1}""", Ct);
        var rows = (await scene.Database.AuditRowsAsync("workspace", Ct)).Where(row => row.ResourceId == workspace.Id).ToList();

        rows.Select(row => (row.Action, row.StatusCode, row.Target)).Should().Equal(("write", 204, "audited"), ("write", 400, "audited"));
        rows[0].Diff.Select(field => field.Key).Should().Equal("ttl");
        rows[0].Diff["ttl"]!["old"].Should().BeNull();
        rows[0].Diff["ttl"]!["new"]!.GetValue<long>().Should().Be(60_000_000_000);
        rows[1].Diff.Should().BeEmpty();
    }

    [Fact]
    public async Task A_port_is_shared_as_far_as_the_template_allows()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        await scene.SetTemplateAsync("max_port_sharing_level", "'organization'", Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);
        await scene.Database.AddAgentAsync(workspace, new NewAgent(), Ct);
        var path = $"/api/v2/workspaces/{workspace.Id}/port-share";

        var allowed = await scene.Owner.Client.PostJsonAsync(
            path, """{"agent_name":"main","port":8080,"share_level":"organization","protocol":"http"}""", Ct);
        var refused = await (await scene.Owner.Client.PostJsonAsync(
            path, """{"agent_name":"main","port":8080,"share_level":"public","protocol":"http"}""", Ct)).ProblemAsync(Ct);

        allowed.StatusCode.Should().Be(HttpStatusCode.OK);
        refused.Message.Should().Be("Port sharing level not allowed. Max level is 'organization'");
    }

    [Fact]
    public async Task A_budget_is_the_sum_of_the_groups_of_a_user()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var organization = scene.Template.OrganizationId;
        await scene.Database.ExecuteAsync("update groups set quota_allowance = 10 where id = $1", Ct, organization);
        await scene.Database.ExecuteAsync(
            "insert into groups (id, name, organization_id, quota_allowance) values ($1, $2, $3, 32)",
            Ct,
            scene.Template.Id,
            $"spenders-{scene.Owner.Username}",
            organization);
        await scene.Database.ExecuteAsync("insert into group_members (group_id, user_id) values ($1, $2)", Ct, scene.Template.Id, scene.Owner.Id);
        var workspace = await scene.AddAsync(new NewWorkspace { DailyCost = 3 }, Ct);
        await scene.Database.AddBuildAsync(scene.Template, workspace, new NewWorkspace { DailyCost = 7 }, Ct);
        await scene.AddAsync(new NewWorkspace { DailyCost = 100, Deleted = true, Transition = "delete" }, Ct);

        var quota = await (await scene.Owner.Client.GetAsync(
            $"/api/v2/organizations/default/members/me/workspace-quota", Ct)).JsonAsync(Ct);

        quota.ToJsonString().Should().Be("""{"credits_consumed":7,"budget":42}""");
    }

    [Fact]
    public async Task A_schedule_would_start_a_version_that_asks_for_more()
    {
        using var scene = await WorkspaceScene.SetAsync(Server, Ct);
        var workspace = await scene.AddAsync(new NewWorkspace(), Ct);
        await scene.Owner.Client.PutJsonAsync($"/api/v2/workspaces/{workspace.Id}/autoupdates", """{"automatic_updates":"always"}""", Ct);
        var path = $"/api/v2/workspaces/{workspace.Id}/resolve-autostart";
        var same = await (await scene.Owner.Client.GetAsync(path, Ct)).JsonAsync(Ct);
        var next = await scene.Database.AddVersionAsync(scene.Template, TestIds.New(), scene.Owner.Id, Ct);
        await scene.Database.ExecuteAsync("update templates set active_version_id = $2 where id = $1", Ct, scene.Template.Id, next);
        var newer = await (await scene.Owner.Client.GetAsync(path, Ct)).JsonAsync(Ct);
        await scene.Database.ExecuteAsync(
            "insert into template_version_parameters (template_version_id, name, type, form_type) values ($1, 'region', 'string', 'input')", Ct, next);
        var asking = await (await scene.Owner.Client.GetAsync(path, Ct)).JsonAsync(Ct);
        await scene.Owner.Client.PutJsonAsync($"/api/v2/workspaces/{workspace.Id}/autoupdates", """{"automatic_updates":"never"}""", Ct);
        var staying = await (await scene.Owner.Client.GetAsync(path, Ct)).JsonAsync(Ct);

        same.ToJsonString().Should().Be("""{"parameter_mismatch":false}""");
        newer["parameter_mismatch"]!.GetValue<bool>().Should().BeFalse();
        asking["parameter_mismatch"]!.GetValue<bool>().Should().BeTrue();
        staying["parameter_mismatch"]!.GetValue<bool>().Should().BeFalse("it would be started with the version that it has");
    }
}
