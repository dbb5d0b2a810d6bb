using Coder.Application.Provisioning;
using Coder.Domain.Authorization;
using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;
using Coder.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests.Provisioning;

/// <summary>When a started workspace stops and starts by itself (docs/spec/workspaces.md, sections 7.2 and 8.3), on Sunday 2026-03-01 12:00 UTC.</summary>
public sealed class BuildScheduleTests(ProvisionedTables tables) : IClassFixture<ProvisionedTables>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private const string Schedule = """
        select to_char(b.deadline at time zone 'UTC', 'MM-DD HH24:MI') as deadline, to_char(b.max_deadline at time zone 'UTC', 'MM-DD HH24:MI') as max,
               to_char(w.next_start_at at time zone 'UTC', 'MM-DD HH24:MI') as next
        from workspace_builds b join workspaces w on w.id = b.workspace_id
        where b.id = $1
        """;

    [Theory]
    [InlineData("", "", "", true, """{"deadline":null,"max":null,"next":null}""")]
    [InlineData("ttl = 28800000000000", "", "", false, """{"deadline":"03-01 20:00","max":null,"next":null}""")]
    [InlineData(
        "ttl = 28800000000000", "default_ttl = 7200000000000, allow_user_autostop = false", "", true,
        """{"deadline":"03-01 14:00","max":null,"next":null}""")]
    [InlineData(
        "ttl = 28800000000000", "default_ttl = 7200000000000, allow_user_autostop = false", "", false,
        """{"deadline":"03-01 20:00","max":null,"next":null}""")]
    [InlineData(
        "ttl = 86400000000000, autostart_schedule = 'CRON_TZ=UTC 0 9 * * *'", "", "", false,
        """{"deadline":"03-03 09:00","max":null,"next":"03-02 09:00"}""")]
    [InlineData(
        "autostart_schedule = 'CRON_TZ=Europe/Berlin 0 9 * * *'", "autostart_block_days_of_week = 1", "", true,
        """{"deadline":null,"max":null,"next":"03-03 08:00"}""")]
    [InlineData(
        "autostart_schedule = 'CRON_TZ=UTC 0 9 * * *'", "allow_user_autostart = false", "", true, """{"deadline":null,"max":null,"next":null}""")]
    [InlineData(
        "", "autostop_requirement_days_of_week = 2, autostop_requirement_weeks = 1", "", true,
        """{"deadline":"03-03 00:00","max":"03-03 00:00","next":null}""")]
    [InlineData(
        "ttl = 28800000000000", "autostop_requirement_days_of_week = 2, autostop_requirement_weeks = 1", "CRON_TZ=UTC 30 4 * * *", true,
        """{"deadline":"03-01 20:00","max":"03-03 04:30","next":null}""")]
    [InlineData(
        "", "autostop_requirement_days_of_week = 2, autostop_requirement_weeks = 1", "", false, """{"deadline":null,"max":null,"next":null}""")]
    public async Task A_start_stores_what_the_rules_give(string workspaceChange, string templateChange, string quietHours, bool isLicensed, string expected)
    {
        tables.SetLicensed(isLicensed);
        var version = await tables.ImportAsync("""{ "version": 1 }""", Ct);
        var workspace = await tables.AddWorkspaceAsync(version, Ct);
        await tables.Database.ExecuteAsync("update users set quiet_hours_schedule = $2 where id = $1", Ct, tables.User.Id, quietHours);
        await ChangeAsync("workspaces", workspaceChange, workspace);
        await ChangeAsync("templates", templateChange, version.Template);

        var build = await tables.BuildAsync(version, workspace, WorkspaceTransition.Start, Ct);

        (await tables.RowsAsync(Schedule, Ct, build.Id)).Should().Be(expected);
    }

    [Fact]
    public async Task A_schedule_that_changes_while_the_start_ends_is_not_lost()
    {
        var version = await tables.ImportAsync("""{ "version": 1 }""", Ct);
        var workspace = await tables.AddWorkspaceAsync(version, Ct);
        await ChangeAsync("workspaces", "ttl = 3600000000000, autostart_schedule = 'CRON_TZ=UTC 0 9 * * *', next_start_at = '2026-03-02 09:00Z'", workspace);
        var build = await tables.AddBuildAsync(version, workspace, WorkspaceTransition.Start, Ct);
        await using var connection = new NpgsqlConnection(tables.Database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using var change = new NpgsqlCommand(
            """
            update workspaces set ttl = null, autostart_schedule = 'CRON_TZ=UTC 0 7 * * *', next_start_at = '2026-03-02 07:00Z' where id = $1
            """,
            connection,
            transaction);
        change.Parameters.Add(new() { Value = workspace });
        await change.ExecuteNonQueryAsync(Ct);

        var ending = tables.CompleteBuildAsync(build, new BuildResult { FromManifest = true }, Ct);
        await tables.Database.UntilAsync(
            "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')", Ct);
        await transaction.CommitAsync(Ct);

        (await ending).Error.Should().BeNull();
        (await tables.RowsAsync(Schedule, Ct, build.Id)).Should().Be("""{"deadline":null,"max":null,"next":"03-02 07:00"}""");
    }

    [Fact]
    public async Task A_stop_neither_has_a_deadline_nor_moves_the_next_start()
    {
        var version = await tables.ImportAsync("""{ "version": 1 }""", Ct);
        var workspace = await tables.AddWorkspaceAsync(version, Ct);
        await ChangeAsync("workspaces", "ttl = 3600000000000, autostart_schedule = 'CRON_TZ=UTC 0 9 * * *', next_start_at = '2026-02-01'", workspace);

        var build = await tables.BuildAsync(version, workspace, WorkspaceTransition.Stop, Ct);

        (await tables.RowsAsync(Schedule, Ct, build.Id)).Should().Be("""{"deadline":null,"max":null,"next":"02-01 00:00"}""");
    }

    [Fact]
    public async Task A_prebuilt_workspace_has_neither_and_its_row_stays_as_it_was()
    {
        tables.SetLicensed(true);
        var version = await tables.ImportAsync("""{ "version": 1 }""", Ct);
        var workspace = await tables.AddWorkspaceAsync(version, Ct, SystemActors.PrebuildsUserId);
        await ChangeAsync("workspaces", "ttl = 3600000000000, autostart_schedule = 'CRON_TZ=UTC 0 9 * * *'", workspace);
        await ChangeAsync("templates", "autostop_requirement_days_of_week = 127, autostop_requirement_weeks = 1", version.Template);
        var before = await tables.RowsAsync("select * from workspaces where id = $1", Ct, workspace);

        var build = await tables.BuildAsync(version, workspace, WorkspaceTransition.Start, Ct, PrebuildStage.Create);

        (await tables.RowsAsync(Schedule, Ct, build.Id)).Should().Be("""{"deadline":null,"max":null,"next":null}""");
        (await tables.RowsAsync("select * from workspaces where id = $1", Ct, workspace)).Should().Be(before);
    }

    [Fact]
    public async Task The_statement_itself_leaves_prebuilt_workspaces_alone()
    {
        var version = await tables.ImportAsync("""{ "version": 1 }""", Ct);
        var workspace = await tables.AddWorkspaceAsync(version, Ct, SystemActors.PrebuildsUserId);
        var build = await tables.BuildAsync(version, workspace, WorkspaceTransition.Start, Ct, PrebuildStage.Create);

        await tables.StoreAsync(
            (store, token) => store.SaveBuildAsync(
                new CompletedBuild
                {
                    Id = build.Id,
                    At = ProvisionedTables.At,
                    Schedule = new StartedWorkspace(new Deadline(ProvisionedTables.At, null), ProvisionedTables.At),
                },
                token),
            Ct);

        (await tables.RowsAsync(Schedule, Ct, build.Id)).Should().Be("""{"deadline":null,"max":null,"next":null}""");
    }

    [Fact]
    public async Task The_start_of_a_claimed_workspace_has_both()
    {
        var version = await tables.ImportAsync("""{ "version": 1 }""", Ct);
        var workspace = await tables.AddWorkspaceAsync(version, Ct);
        await ChangeAsync("workspaces", "ttl = 3600000000000, autostart_schedule = 'CRON_TZ=UTC 0 9 * * *'", workspace);

        var build = await tables.BuildAsync(version, workspace, WorkspaceTransition.Start, Ct, PrebuildStage.Claim);

        (await tables.RowsAsync(Schedule, Ct, build.Id)).Should().Be("""{"deadline":"03-01 13:00","max":null,"next":"03-02 09:00"}""");
    }

    private async Task ChangeAsync(string table, string change, Guid id)
    {
        if (change.Length > 0)
        {
            await tables.Database.ExecuteAsync($"update {table} set {change} where id = $1", Ct, id);
        }
    }
}
