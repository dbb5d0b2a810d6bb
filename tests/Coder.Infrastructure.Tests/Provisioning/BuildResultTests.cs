using Coder.Application.Provisioning;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.Provisioning;

/// <summary>What a build leaves in each table (docs/spec/workspaces.md, sections 2, 4, 5 and 7.2).</summary>
public sealed class BuildResultTests(ProvisionedTables tables) : IClassFixture<ProvisionedTables>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private const string Manifest = """
        { "version": 1,
          "variables": [ { "name": "image", "default_value": "ubuntu" } ],
          "parameters": [ { "name": "region", "default_value": "eu" } ],
          "resources": [
            { "type": "volume", "name": "home", "present": "always", "daily_cost": 2, "icon": "/v.svg", "hide": true,
              "metadata": [
                { "key": "who", "value": "${owner.name} ${owner.email} ${workspace.transition} ${prebuild.stage}" },
                { "key": "token", "value": "${variable.image} in ${parameter.region}, $${literal}", "sensitive": true } ] },
            { "type": "container", "name": "dev", "daily_cost": 5, "agents": [
              { "name": "main", "operating_system": "linux", "architecture": "arm64", "directory": "/home/${owner.name}",
                "env": { "REGION": "${parameter.region}" }, "display_apps": [ "vscode", "ssh_helper" ], "connection_timeout_seconds": 60,
                "troubleshooting_url": "https://example.com/help", "motd_file": "/etc/motd", "order": 3, "simulate_ready": true,
                "scripts": [ { "display_name": "Install", "script": "apt install", "run_on_start": true, "start_blocks_login": true,
                  "timeout_seconds": 300, "icon": "/s.svg", "log_path": "/tmp/log" }, { "script": "backup", "cron": "0 0 * * *" } ],
                "apps": [
                  { "slug": "code", "display_name": "Code", "icon": "/c.svg", "url": "http://localhost:13337", "subdomain": true,
                    "share": "organization", "healthcheck": { "url": "http://localhost:13337/health", "interval": 5, "threshold": 6 },
                    "order": 1, "group": "Editors", "hidden": true, "open_in": "tab" },
                  { "slug": "chat", "command": "chat" } ] },
              { "name": "real", "operating_system": "windows", "architecture": "amd64" } ] } ],
          "ai_task": { "sidebar_app": "main/chat" } }
        """;

    [Fact]
    public async Task A_start_stores_resources_with_their_metadata_and_resolved_placeholders()
    {
        var (_, _, build) = await StartAsync();

        (await tables.RowsAsync(
            """
            select r.transition, r.type, r.name, r.hide, r.icon, r.daily_cost, m.key, m.value, m.sensitive
            from workspace_resources r left join workspace_resource_metadata m on m.workspace_resource_id = r.id
            where r.job_id = $1 order by r.name, m.key
            """,
            Ct,
            build.Job)).Should().Be(
            """
            {"transition":"start","type":"container","name":"dev","hide":false,"icon":"","daily_cost":5,"key":null,"value":null,"sensitive":null}
            {"transition":"start","type":"volume","name":"home","hide":true,"icon":"/v.svg","daily_cost":2,"key":"token","value":"ubuntu in us, ${literal}","sensitive":true}
            {"transition":"start","type":"volume","name":"home","hide":true,"icon":"/v.svg","daily_cost":2,"key":"who","value":"olga olga@example.com start none","sensitive":false}
            """);
    }

    [Fact]
    public async Task A_start_stores_agents_and_only_simulated_ones_are_ready_at_once()
    {
        var (_, _, build) = await StartAsync();

        (await tables.RowsAsync(
            """
            select a.name, a.architecture, a.operating_system, a.environment_variables, a.directory, a.connection_timeout_seconds,
                   a.troubleshooting_url, a.motd_file, a.display_apps, a.display_order, a.lifecycle_state, a.simulated,
                   a.first_connected_at = $2 and a.last_connected_at = $2 and a.started_at = $2 and a.ready_at = $2 as connected
            from workspace_agents a join workspace_resources r on r.id = a.resource_id
            where r.job_id = $1 order by a.name
            """,
            Ct,
            build.Job,
            ProvisionedTables.At)).Should().Be(
            """
            {"name":"main","architecture":"arm64","operating_system":"linux","environment_variables":{"REGION": "us"},"directory":"/home/olga","connection_timeout_seconds":60,"troubleshooting_url":"https://example.com/help","motd_file":"/etc/motd","display_apps":["vscode","ssh_helper"],"display_order":3,"lifecycle_state":"ready","simulated":true,"connected":true}
            {"name":"real","architecture":"amd64","operating_system":"windows","environment_variables":{},"directory":"","connection_timeout_seconds":120,"troubleshooting_url":"","motd_file":"","display_apps":["vscode","web_terminal","port_forwarding_helper","ssh_helper"],"display_order":0,"lifecycle_state":"created","simulated":false,"connected":null}
            """);
    }

    [Fact]
    public async Task A_start_stores_scripts_each_with_a_log_source()
    {
        var (_, _, build) = await StartAsync();

        (await tables.RowsAsync(
            """
            select s.display_name, s.icon, s.script, s.cron, s.run_on_start, s.run_on_stop, s.start_blocks_login, s.timeout_seconds,
                   s.log_path, l.display_name as source
            from workspace_agent_scripts s
            join workspace_agent_log_sources l on l.workspace_agent_id = s.workspace_agent_id and l.id = s.log_source_id
            join workspace_agents a on a.id = s.workspace_agent_id
            join workspace_resources r on r.id = a.resource_id
            where r.job_id = $1 order by s.script
            """,
            Ct,
            build.Job)).Should().Be(
            """
            {"display_name":"Install","icon":"/s.svg","script":"apt install","cron":"","run_on_start":true,"run_on_stop":false,"start_blocks_login":true,"timeout_seconds":300,"log_path":"/tmp/log","source":"Install"}
            {"display_name":"","icon":"","script":"backup","cron":"0 0 * * *","run_on_start":false,"run_on_stop":false,"start_blocks_login":false,"timeout_seconds":0,"log_path":"","source":""}
            """);
    }

    [Fact]
    public async Task A_start_stores_apps_and_those_with_a_health_check_begin_unchecked()
    {
        var (_, _, build) = await StartAsync();

        (await tables.RowsAsync(
            """
            select p.slug, p.display_name, p.icon, p.command, p.url, p.external, p.subdomain, p.sharing_level, p.healthcheck_url,
                   p.healthcheck_interval, p.healthcheck_threshold, p.health, p.display_order, p.display_group, p.hidden, p.open_in
            from workspace_apps p join workspace_agents a on a.id = p.agent_id join workspace_resources r on r.id = a.resource_id
            where r.job_id = $1 order by p.slug
            """,
            Ct,
            build.Job)).Should().Be(
            """
            {"slug":"chat","display_name":"","icon":"","command":"chat","url":null,"external":false,"subdomain":false,"sharing_level":"owner","healthcheck_url":"","healthcheck_interval":0,"healthcheck_threshold":0,"health":"disabled","display_order":0,"display_group":null,"hidden":false,"open_in":"slim-window"}
            {"slug":"code","display_name":"Code","icon":"/c.svg","command":null,"url":"http://localhost:13337","external":false,"subdomain":true,"sharing_level":"organization","healthcheck_url":"http://localhost:13337/health","healthcheck_interval":5,"healthcheck_threshold":6,"health":"initializing","display_order":1,"display_group":"Editors","hidden":true,"open_in":"tab"}
            """);
    }

    [Fact]
    public async Task A_start_stores_its_cost_its_task_and_the_app_that_shows_it()
    {
        var (_, _, build) = await StartAsync();

        (await tables.RowsAsync(
            """
            select b.daily_cost, b.has_ai_task, b.has_external_agent,
                   (select slug from workspace_apps p where p.id = b.ai_task_sidebar_app_id) as app
            from workspace_builds b where b.id = $1
            """,
            Ct,
            build.Id)).Should().Be("""{"daily_cost":7,"has_ai_task":true,"has_external_agent":false,"app":"chat"}""");
    }

    [Fact]
    public async Task The_agents_are_told_to_the_daemon_with_their_tokens()
    {
        var version = await tables.ImportAsync(Manifest, Ct);
        var build = await tables.AddBuildAsync(version, await tables.AddWorkspaceAsync(version, Ct), WorkspaceTransition.Start, Ct);

        (await tables.CompleteBuildAsync(build, new BuildResult { FromManifest = true }, Ct)).Is(out var agents, out _);

        agents!.Select(a => a.Name).Should().Equal("main", "real");
        foreach (var agent in agents!)
        {
            (await tables.Database.ScalarAsync<Guid>("select auth_token from workspace_agents where id = $1", Ct, agent.Id)).Should().Be(agent.Token);
        }
    }

    [Fact]
    public async Task From_start_to_deletion()
    {
        var (version, workspace, start) = await StartAsync();

        var stop = await tables.BuildAsync(version, workspace, WorkspaceTransition.Stop, Ct);
        var restart = await tables.BuildAsync(version, workspace, WorkspaceTransition.Start, Ct);
        var isDeletedBefore = await IsDeletedAsync(workspace);
        var delete = await tables.BuildAsync(version, workspace, WorkspaceTransition.Delete, Ct);

        (await ResourcesAsync(start)).Should().Be("dev, home");
        (await ResourcesAsync(stop)).Should().Be("home");
        (await ResourcesAsync(restart)).Should().Be("dev, home");
        (await ResourcesAsync(delete)).Should().BeNull();
        (isDeletedBefore, await IsDeletedAsync(workspace)).Should().Be((false, true));
        (await tables.RowsAsync(
            "select build_number, daily_cost, has_ai_task from workspace_builds where workspace_id = $1 order by build_number", Ct, workspace))
            .Should().Be(
            """
            {"build_number":1,"daily_cost":7,"has_ai_task":true}
            {"build_number":2,"daily_cost":2,"has_ai_task":true}
            {"build_number":3,"daily_cost":7,"has_ai_task":true}
            {"build_number":4,"daily_cost":0,"has_ai_task":true}
            """);
    }

    [Fact]
    public async Task A_resource_that_stays_has_a_new_id_in_each_build_and_new_tokens()
    {
        var (version, workspace, start) = await StartAsync();

        var restart = await tables.BuildAsync(version, workspace, WorkspaceTransition.Start, Ct);

        (await tables.Database.ScalarAsync<long>(
            "select count(distinct id) from workspace_resources where job_id = any ($1) and name = 'home'", Ct, [(Guid[])[start.Job, restart.Job]]))
            .Should().Be(2);
        (await TokenAsync(restart, "main")).Should().NotBe(await TokenAsync(start, "main"));
    }

    [Fact]
    public async Task A_claim_keeps_the_tokens_of_agents_by_name_and_is_not_counted()
    {
        var version = await tables.ImportAsync(Manifest, Ct);
        var workspace = await tables.AddWorkspaceAsync(version, Ct, SystemActors.PrebuildsUserId);
        var prebuilt = await tables.BuildAsync(version, workspace, WorkspaceTransition.Start, Ct, PrebuildStage.Create);
        await tables.Database.ExecuteAsync("update workspaces set owner_id = $2 where id = $1", Ct, workspace, tables.User.Id);

        var claim = await tables.BuildAsync(version, workspace, WorkspaceTransition.Start, Ct, PrebuildStage.Claim);

        (await TokenAsync(claim, "main")).Should().Be(await TokenAsync(prebuilt, "main"));
        (await TokenAsync(claim, "real")).Should().Be(await TokenAsync(prebuilt, "real"));
        (await StageAsync(prebuilt), await StageAsync(claim)).Should().Be(("prebuilds prebuilds@system start create", "olga olga@example.com start claim"));
        (await EventsAsync(prebuilt), await EventsAsync(claim)).Should().Be((1, 0));
    }

    [Fact]
    public async Task Every_other_start_with_an_ai_task_is_counted_once()
    {
        var (version, workspace, start) = await StartAsync();
        var restart = await tables.BuildAsync(version, workspace, WorkspaceTransition.Start, Ct);
        var stop = await tables.BuildAsync(version, workspace, WorkspaceTransition.Stop, Ct);
        var delete = await tables.BuildAsync(version, workspace, WorkspaceTransition.Delete, Ct);

        (await EventsAsync(start), await EventsAsync(restart), await EventsAsync(stop), await EventsAsync(delete)).Should().Be((1, 1, 0, 0));
        (await tables.RowsAsync("select event_type, event_data from usage_events where id = $1", Ct, $"build:{start.Id}"))
            .Should().Be("""{"event_type":"dc_managed_agents_v1","event_data":{"count": 1}}""");
    }

    [Fact]
    public async Task A_start_without_a_task_is_not_counted()
    {
        var version = await tables.ImportAsync("""{ "version": 1 }""", Ct);
        var workspace = await tables.AddWorkspaceAsync(version, Ct);

        var build = await tables.BuildAsync(version, workspace, WorkspaceTransition.Start, Ct);

        (await EventsAsync(build)).Should().Be(0);
    }

    [Fact]
    public async Task A_start_that_was_canceled_meanwhile_is_stored_all_the_same_but_not_counted()
    {
        var version = await tables.ImportAsync(Manifest, Ct);
        var workspace = await tables.AddWorkspaceAsync(version, Ct);
        await tables.Database.ExecuteAsync("update workspaces set ttl = 3600000000000 where id = $1", Ct, workspace);
        var build = await tables.AddBuildAsync(version, workspace, WorkspaceTransition.Start, Ct);
        await tables.Database.ExecuteAsync("update provisioner_jobs set canceled_at = now() where id = $1", Ct, build.Job);

        (await tables.CompleteBuildAsync(build, new BuildResult { FromManifest = true }, Ct)).Error.Should().BeNull();

        (await ResourcesAsync(build)).Should().Be("dev, home");
        (await EventsAsync(build)).Should().Be(0);
        (await tables.Database.ScalarAsync<DateTimeOffset>("select deadline from workspace_builds where id = $1", Ct, build.Id))
            .Should().Be(ProvisionedTables.At.AddHours(1));
    }

    [Fact]
    public async Task Parameters_have_the_values_of_the_build_or_else_their_defaults()
    {
        var version = await tables.ImportAsync(Manifest, Ct);
        var workspace = await tables.AddWorkspaceAsync(version, Ct);

        var build = await tables.BuildAsync(version, workspace, WorkspaceTransition.Start, Ct);

        (await tables.Database.ScalarAsync<string>(
            "select value from workspace_resource_metadata m join workspace_resources r on r.id = m.workspace_resource_id where job_id = $1 and key = 'token'",
            Ct,
            build.Job)).Should().Be("ubuntu in eu, ${literal}");
    }

    [Fact]
    public async Task A_build_whose_values_break_the_rules_leaves_nothing()
    {
        var version = await tables.ImportAsync(
            """{ "version": 1, "parameters": [ { "name": "n" } ], "resources": [ { "type": "a", "name": "${parameter.n}" } ] }""", Ct);
        var build = await tables.AddBuildAsync(version, await tables.AddWorkspaceAsync(version, Ct), WorkspaceTransition.Start, Ct);

        var completed = await tables.CompleteBuildAsync(build, new BuildResult { FromManifest = true }, Ct);

        completed.Error.Should().Be(new Error(ErrorKind.Invalid, "Template manifest is invalid: $.resources[0].name: must not be empty"));
        (await ResourcesAsync(build)).Should().BeNull();
    }

    [Fact]
    public async Task A_state_is_kept_from_build_to_build_until_a_daemon_sends_another()
    {
        var version = await tables.ImportAsync("""{ "version": 1 }""", Ct);
        var workspace = await tables.AddWorkspaceAsync(version, Ct);
        var first = await tables.AddBuildAsync(version, workspace, WorkspaceTransition.Start, Ct);
        await tables.CompleteBuildAsync(first, new BuildResult { State = new byte[] { 1 } }, Ct);
        var second = await tables.BuildAsync(version, workspace, WorkspaceTransition.Stop, Ct);
        var failed = await tables.AddBuildAsync(version, workspace, WorkspaceTransition.Start, Ct);
        await tables.FailAsync(failed.Job, "no room", null, new byte[] { 2 }, Ct);
        var canceled = await tables.AddBuildAsync(version, workspace, WorkspaceTransition.Start, Ct);
        await tables.FailAsync(canceled.Job, "", null, null, Ct);
        var last = await tables.AddBuildAsync(version, workspace, WorkspaceTransition.Delete, Ct);
        await tables.CompleteBuildAsync(last, new BuildResult { FromManifest = true, State = new byte[] { 3 } }, Ct);

        (await tables.RowsAsync(
            "select build_number, encode(provisioner_state, 'hex') as state from workspace_builds where workspace_id = $1 order by 1", Ct, workspace))
            .Should().Be(
            """
            {"build_number":1,"state":"01"}
            {"build_number":2,"state":"01"}
            {"build_number":3,"state":"02"}
            {"build_number":4,"state":"02"}
            {"build_number":5,"state":"03"}
            """);
        second.Should().NotBeNull();
    }

    [Fact]
    public async Task An_ai_task_of_a_daemon_needs_an_app_among_the_resources_of_a_start_only()
    {
        var version = await tables.ImportAsync("""{ "version": 1 }""", Ct);
        var workspace = await tables.AddWorkspaceAsync(version, Ct);
        var start = await tables.AddBuildAsync(version, workspace, WorkspaceTransition.Start, Ct);
        var stop = await tables.AddBuildAsync(version, workspace, WorkspaceTransition.Stop, Ct);
        var result = new BuildResult { AiTask = new AppReference("main", "chat") };

        (await tables.CompleteBuildAsync(start, result, Ct)).Error!.Validations.Should().Equal(
            new FieldError("ai_task", "There is no app \"main/chat\" among the resources."));
        (await tables.CompleteBuildAsync(stop, result, Ct)).Error.Should().BeNull();
    }

    [Theory]
    [InlineData(WorkspaceTransition.Start)]
    [InlineData(WorkspaceTransition.Stop)]
    public async Task The_agents_of_a_build_are_gone_once_another_has_taken_its_place(WorkspaceTransition next)
    {
        var (version, workspace, start) = await StartAsync();
        var (_, _, stranger) = await StartAsync();

        await tables.BuildAsync(version, workspace, next, Ct);

        (await GoneAsync(start)).Should().Be("main", "the other was never there");
        (await GoneAsync(stranger)).Should().BeNull();
    }

    [Fact]
    public async Task The_agents_of_a_build_stay_while_the_next_one_goes_on_and_when_it_fails()
    {
        var (version, workspace, start) = await StartAsync();

        var stop = await tables.AddBuildAsync(version, workspace, WorkspaceTransition.Stop, Ct);
        await tables.FailAsync(stop.Job, "no", null, null, Ct);

        (await GoneAsync(start)).Should().BeNull();
    }

    [Fact]
    public async Task A_build_that_was_canceled_in_the_queue_stands_in_nobodys_way()
    {
        var (version, workspace, start) = await StartAsync();
        var canceled = await tables.AddBuildAsync(version, workspace, WorkspaceTransition.Stop, Ct);
        await tables.Database.ExecuteAsync(
            "update provisioner_jobs set worker_id = null, started_at = null, canceled_at = now(), completed_at = now() where id = $1",
            Ct,
            canceled.Job);
        var next = await tables.AddBuildAsync(version, workspace, WorkspaceTransition.Stop, Ct);
        IReadOnlyDictionary<string, Guid> tokens = new Dictionary<string, Guid>();

        await tables.StoreAsync(async (store, ct) => tokens = (await store.FindBeforeAsync(next.Id, ct)).Tokens, Ct);
        (await tables.CompleteBuildAsync(next, new BuildResult { FromManifest = true }, Ct)).Error.Should().BeNull();

        tokens.Keys.Should().Contain("main");
        (await GoneAsync(start)).Should().Be("main");
    }

    [Fact]
    public async Task Costs_that_no_column_holds_are_cut()
    {
        var version = await tables.ImportAsync("""{ "version": 1 }""", Ct);
        var build = await tables.AddBuildAsync(version, await tables.AddWorkspaceAsync(version, Ct), WorkspaceTransition.Start, Ct);
        var expensive = new ManifestResource { Type = "a", Name = "b", DailyCost = int.MaxValue };

        await tables.CompleteBuildAsync(build, new BuildResult { Resources = [expensive, expensive with { Name = "c" }] }, Ct);

        (await tables.Database.ScalarAsync<int>("select daily_cost from workspace_builds where id = $1", Ct, build.Id)).Should().Be(int.MaxValue);
    }

    /// <summary>A started workspace whose region is not the default.</summary>
    private async Task<(TestVersion Version, Guid Workspace, TestBuild Build)> StartAsync()
    {
        var version = await tables.ImportAsync(Manifest, Ct);
        var workspace = await tables.AddWorkspaceAsync(version, Ct);
        var build = await tables.AddBuildAsync(version, workspace, WorkspaceTransition.Start, Ct);
        await tables.Database.ExecuteAsync(
            "insert into workspace_build_parameters (workspace_build_id, name, value) values ($1, 'region', 'us')", Ct, build.Id);
        (await tables.CompleteBuildAsync(build, new BuildResult { FromManifest = true }, Ct)).Error.Should().BeNull();
        return (version, workspace, build);
    }

    private Task<string?> ResourcesAsync(TestBuild build) => tables.Database.ScalarAsync<string>(
        "select string_agg(name, ', ' order by name) from workspace_resources where job_id = $1", Ct, build.Job);

    private Task<string?> GoneAsync(TestBuild build) => tables.Database.ScalarAsync<string>(
        """
        select string_agg(a.name, ', ' order by a.name)
        from workspace_agents a
        join workspace_resources r on r.id = a.resource_id
        where r.job_id = $1 and a.disconnected_at is not null
        """,
        Ct,
        build.Job);

    private Task<bool> IsDeletedAsync(Guid workspace) =>
        tables.Database.ScalarAsync<bool>("select deleted from workspaces where id = $1", Ct, workspace);

    private Task<Guid> TokenAsync(TestBuild build, string agent) => tables.Database.ScalarAsync<Guid>(
        "select a.auth_token from workspace_agents a join workspace_resources r on r.id = a.resource_id where r.job_id = $1 and a.name = $2",
        Ct,
        build.Job,
        agent);

    private Task<string?> StageAsync(TestBuild build) => tables.Database.ScalarAsync<string>(
        "select value from workspace_resource_metadata m join workspace_resources r on r.id = m.workspace_resource_id where job_id = $1 and key = 'who'",
        Ct,
        build.Job);

    private Task<long> EventsAsync(TestBuild build) =>
        tables.Database.ScalarAsync<long>("select count(*) from usage_events where id = $1", Ct, $"build:{build.Id}");
}
