using System.Net;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Templates;

/// <summary>A new schedule of a template reaches the workspaces of people and never prebuilt ones.</summary>
public sealed class TemplateScheduleTests(TemplatesServer templates) : IClassFixture<TemplatesServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private static readonly Guid PrebuildsUser = new("c42fdf75-3097-471c-8c33-fb52454d81c0");

    private TestServer Server => templates.Server;

    private HttpClient Owner => templates.Owner;

    [Fact]
    public async Task Prebuilt_workspaces_stay_to_the_byte_whatever_changes()
    {
        var template = await NewAsync("stock");
        foreach (var isDormant in new[] { false, true })
        {
            var workspace = await Server.Database.AddWorkspaceAsync(template.Id(), PrebuildsUser, Ct, isDormant);
            await Server.Database.AddBuildAsync(workspace, Server.Clock.GetUtcNow().AddHours(-1), Ct);
        }

        var before = await RowsAsync(template.Id());
        await ChangeAsync(
            template,
            ("allow_user_autostop", false),
            ("allow_user_autostart", false),
            ("default_ttl_ms", 7_200_000),
            ("failure_ttl_ms", 60_000),
            ("time_til_dormant_ms", 60_000),
            ("time_til_dormant_autodelete_ms", 120_000),
            ("autostop_requirement", JsonNode.Parse("""{"days_of_week":["monday"],"weeks":1}""")),
            ("autostart_requirement", JsonNode.Parse("""{"days_of_week":["friday"]}""")),
            ("update_workspace_last_used_at", true),
            ("update_workspace_dormant_at", true));

        (await RowsAsync(template.Id())).Should().Be(before);
    }

    [Fact]
    public async Task Where_users_may_not_choose_the_time_to_live_is_that_of_the_template()
    {
        var (template, workspace) = await WithWorkspaceAsync("ttl");

        await ChangeAsync(template, ("allow_user_autostop", false), ("default_ttl_ms", 7_200_000));
        var same = await WorkspaceAsync<long?>(workspace, "ttl");
        await ChangeAsync(template, ("allow_user_autostop", false));

        same.Should().Be(7_200_000_000_000);
        (await WorkspaceAsync<long?>(workspace, "ttl")).Should().BeNull();
    }

    [Fact]
    public async Task Dormant_workspaces_get_a_new_time_of_deletion()
    {
        var (template, awake) = await WithWorkspaceAsync("dormancy");
        var owner = await WorkspaceAsync<Guid>(awake, "owner_id");
        var dormant = await Server.Database.AddWorkspaceAsync(template.Id(), owner, Ct, isDormant: true);

        await ChangeAsync(template, ("time_til_dormant_autodelete_ms", 86_400_000));
        var later = await WorkspaceAsync<DateTime?>(dormant, "deleting_at");
        await ChangeAsync(template, ("time_til_dormant_autodelete_ms", 86_400_000), ("update_workspace_dormant_at", true));
        var restarted = await WorkspaceAsync<DateTime?>(dormant, "deleting_at");
        await ChangeAsync(template);

        later.Should().Be(new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc));
        restarted.Should().Be(Server.Clock.GetUtcNow().UtcDateTime.AddDays(1));
        (await WorkspaceAsync<DateTime?>(dormant, "deleting_at")).Should().BeNull();
        (await WorkspaceAsync<DateTime?>(awake, "deleting_at")).Should().BeNull();
        (await WorkspaceAsync<DateTime?>(awake, "dormant_at")).Should().BeNull();
    }

    [Fact]
    public async Task Workspaces_can_count_as_used_now()
    {
        var (template, workspace) = await WithWorkspaceAsync("used");

        await ChangeAsync(template, ("update_workspace_last_used_at", true));

        (await WorkspaceAsync<DateTime>(workspace, "last_used_at")).Should().Be(Server.Clock.GetUtcNow().UtcDateTime);
    }

    [Fact]
    public async Task Schedules_follow_the_allowed_days()
    {
        var (template, workspace) = await WithWorkspaceAsync("days");

        await ChangeAsync(template, ("autostart_requirement", JsonNode.Parse("""{"days_of_week":["friday"]}""")));
        var friday = await WorkspaceAsync<DateTime?>(workspace, "next_start_at");
        await ChangeAsync(template, ("allow_user_autostart", false));

        // The clock stands on a Sunday.
        friday.Should().Be(new DateTime(2026, 3, 6, 9, 30, 0, DateTimeKind.Utc));
        (await WorkspaceAsync<DateTime?>(workspace, "next_start_at")).Should().BeNull();
    }

    [Fact]
    public async Task Running_workspaces_get_the_latest_stop_that_the_template_requires()
    {
        var (template, workspace) = await WithWorkspaceAsync("required");
        var build = await Server.Database.AddBuildAsync(workspace, Server.Clock.GetUtcNow().AddHours(-1), Ct);

        await ChangeAsync(template, ("autostop_requirement", JsonNode.Parse("""{"days_of_week":["wednesday"],"weeks":1}""")));
        var wednesday = new DateTime(2026, 3, 4, 0, 0, 0, DateTimeKind.Utc);
        (await BuildAsync(build, "deadline")).Should().Be(wednesday);
        (await BuildAsync(build, "max_deadline")).Should().Be(wednesday);

        await ChangeAsync(template, ("autostop_requirement", JsonNode.Parse("""{"days_of_week":[],"weeks":1}""")));
        (await BuildAsync(build, "deadline")).Should().Be(wednesday);
        (await BuildAsync(build, "max_deadline")).Should().BeNull();
    }

    [Fact]
    public async Task Owners_without_quiet_hours_have_those_of_the_deployment()
    {
        await using var server = await TestServer.StartAsync(o => o.QuietHoursDefaultSchedule = "CRON_TZ=UTC 30 2 * * *", Ct);
        using var owner = await server.CreateOwnerAsync(Ct);
        await server.StartAuditingAsync(owner, Ct);
        using var user = await server.AddUserAsync(Ct);
        var template = await owner.TemplateAsync(await server.NewTemplateAsync(owner, "quiet", Ct), Ct);
        var workspace = await server.Database.AddWorkspaceAsync(template.Id(), user.Id, Ct);
        var build = await server.Database.AddBuildAsync(workspace, server.Clock.GetUtcNow().AddHours(-1), Ct);
        var change = template.Unchanged();
        change["autostop_requirement"] = JsonNode.Parse("""{"days_of_week":["wednesday"],"weeks":1}""");

        (await owner.PatchTemplateAsync(template.Id(), change, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);

        (await server.Database.ScalarAsync<DateTime>("select max_deadline from workspace_builds where id = $1", Ct, build))
            .Should().Be(new DateTime(2026, 3, 4, 2, 30, 0, DateTimeKind.Utc));
    }

    private async Task<JsonObject> NewAsync(string name) => await Owner.TemplateAsync(await Server.NewTemplateAsync(Owner, name, Ct), Ct);

    private async Task<(JsonObject Template, Guid Workspace)> WithWorkspaceAsync(string name)
    {
        using var user = await Server.AddUserAsync(Ct);
        var template = await NewAsync(name);
        return (template, await Server.Database.AddWorkspaceAsync(template.Id(), user.Id, Ct));
    }

    private async Task ChangeAsync(JsonObject template, params (string Field, JsonNode? Value)[] fields)
    {
        var change = template.Unchanged();
        foreach (var (field, value) in fields)
        {
            change[field] = value;
        }

        (await Owner.PatchTemplateAsync(template.Id(), change, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private async Task<T?> WorkspaceAsync<T>(Guid workspace, string column) =>
        await OneAsync($"select {column} from workspaces where id = $1", workspace) is { } value ? (T)value : default;

    private async Task<object?> OneAsync(string sql, Guid id) =>
        await Server.Database.ScalarAsync<object>(sql, Ct, id) is { } value and not DBNull ? value : null;

    private async Task<DateTime?> BuildAsync(Guid build, string column) => (DateTime?)await OneAsync(
        $"select {column} from workspace_builds where id = $1", build);

    private Task<string?> RowsAsync(Guid template) => Server.Database.ScalarAsync<string>(
        """
        select string_agg(w::text || b::text, E'\n' order by w.id)
        from workspaces w
        join workspace_builds b on b.workspace_id = w.id
        where w.template_id = $1
        """,
        Ct,
        template);
}
