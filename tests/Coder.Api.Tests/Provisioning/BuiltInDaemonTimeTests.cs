using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;
using Coder.Testing;

namespace Coder.Api.Tests.Provisioning;

/// <summary>What built-in daemons do with jobs that take their time, and with time in general (docs/spec/workspaces.md, sections 3.5 and 7.3).</summary>
public sealed class BuiltInDaemonTimeTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private const string Slow = """
        { "version": 1, "resources": [ { "type": "container", "name": "dev" } ],
          "provision": { "delay_ms": { "start": 600000, "delete": 600000 },
            "logs": [ { "phase": "start", "level": "info", "output": "slowly" }, { "phase": "delete", "level": "info", "output": "slowly" } ] } }
        """;

    private ProvisioningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await ProvisioningServer.NewAsync(
        options =>
        {
            // The clock runs much faster than the machine.
            (options.ProvisionerDaemons, options.JobHungTimeout, options.JobPendingTimeout) = ("1", "1000h", "1000h");
        },
        Ct);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_delayed_job_writes_its_log_gives_signs_of_life_and_ends_when_its_time_has_come()
    {
        var (_, build) = await StartAsync();

        (await _server.LogAsync(build.Job, Ct)).Should().StartWith("info Starting workspace | slowly");
        (await StatusAsync(build)).Should().Be("running");
        var began = _server.Server.Clock.GetUtcNow();
        await AdvanceUntilAsync(TimeSpan.FromSeconds(1), $"select updated_at >= '{began.AddSeconds(30):O}' from provisioner_jobs where id = '{build.Job}'");
        (await StatusAsync(build)).Should().Be("running");

        await AdvanceUntilAsync(TimeSpan.FromSeconds(30), $"select completed_at is not null from provisioner_jobs where id = '{build.Job}'");

        await _server.UntilAsync(build.Job, "succeeded", Ct);
        (_server.Server.Clock.GetUtcNow() - began).Should().BeGreaterThanOrEqualTo(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        (await _server.LogAsync(build.Job, Ct)).Should().Equal("info Starting workspace | slowly", "info Starting workspace | container.dev: created");
    }

    [Fact]
    public async Task A_cancellation_is_acknowledged_at_once_and_leaves_nothing()
    {
        var (_, build) = await StartAsync();

        await _server.CancelAsync(build.Job, Ct);

        await _server.UntilAsync(build.Job, "canceled", Ct);
        (await ResourcesAsync(build)).Should().Be(0);
        (await _server.Server.Database.ScalarAsync<bool>("select error is null from provisioner_jobs where id = $1", Ct, build.Job)).Should().BeTrue();
    }

    [Fact]
    public async Task A_canceled_deletion_keeps_the_workspace()
    {
        var version = await _server.ImportAsync(Slow, Ct);
        var workspace = await _server.AddWorkspaceAsync(version, Ct);
        var build = await _server.PostBuildAsync(version, workspace, WorkspaceTransition.Delete, Ct);
        await _server.UntilItIsDelayedAsync(build.Job, Ct);

        await _server.CancelAsync(build.Job, Ct);

        await _server.UntilAsync(build.Job, "canceled", Ct);
        (await _server.Server.Database.ScalarAsync<bool>("select deleted from workspaces where id = $1", Ct, workspace)).Should().BeFalse();
    }

    [Fact]
    public async Task The_state_of_a_canceled_build_is_that_of_the_build_before()
    {
        var version = await _server.ImportAsync(Slow, Ct);
        var workspace = await _server.AddWorkspaceAsync(version, Ct);
        var stop = await _server.PostBuildAsync(version, workspace, WorkspaceTransition.Stop, Ct);
        await _server.UntilAsync(stop.Job, "succeeded", Ct);
        await _server.Server.Database.ExecuteAsync("update workspace_builds set provisioner_state = '\\x2a' where id = $1", Ct, stop.Id);
        var build = await _server.PostBuildAsync(version, workspace, WorkspaceTransition.Start, Ct);
        await _server.UntilItIsDelayedAsync(build.Job, Ct);

        await _server.CancelAsync(build.Job, Ct);

        await _server.UntilAsync(build.Job, "canceled", Ct);
        (await _server.Server.Database.ScalarAsync<byte[]>("select provisioner_state from workspace_builds where id = $1", Ct, build.Id))
            .Should().Equal(42);
    }

    [Fact]
    public async Task A_job_that_somebody_else_ended_meanwhile_is_left_as_it_is()
    {
        var (_, build) = await StartAsync();

        await _server.Server.Database.ExecuteAsync(
            """
            with ended as (
                update provisioner_jobs set completed_at = now(), error = 'reaped' where id = $1 returning id
            )
            select pg_notify('provisioner_job_changed', id::text) from ended
            """,
            Ct,
            build.Job);

        // The only daemon is free for this one.
        await _server.ImportAsync("""{ "version": 1 }""", Ct);
        (await _server.ErrorAsync(build.Job, Ct)).Should().Be("reaped");
        (await ResourcesAsync(build)).Should().Be(0);
    }

    [Fact]
    public async Task Jobs_end_with_their_server()
    {
        var (_, build) = await StartAsync();

        await _server.Server.StopAsync();

        (await _server.ErrorAsync(build.Job, Ct)).Should().Be("Provisioner daemon was shut down.");
        (await ResourcesAsync(build)).Should().Be(0);
    }

    [Fact]
    public async Task They_say_every_minute_that_they_are_alive()
    {
        for (var beat = 0; beat < 3; beat++)
        {
            var began = _server.Server.Clock.GetUtcNow();
            await AdvanceUntilAsync(TimeSpan.FromSeconds(5), $"select last_seen_at > '{began:O}' from provisioner_daemons where built_in");
        }

        (await _server.Server.Database.ScalarAsync<long>("select count(*) from provisioner_daemons", Ct)).Should().Be(1);
    }

    [Fact]
    public async Task A_job_whose_notification_was_lost_is_found_within_thirty_seconds()
    {
        var version = await _server.ImportAsync("""{ "version": 1 }""", Ct);
        var job = TestIds.New();
        await _server.Server.Database.ExecuteAsync(
            """
            insert into provisioner_jobs (id, created_at, updated_at, organization_id, initiator_id, provisioner, type, input, file_id)
            select $1, created_at, updated_at, organization_id, initiator_id, provisioner, 'template_version_dry_run', input, file_id
            from provisioner_jobs where id = $2
            """,
            Ct,
            job,
            version.Job);

        await AdvanceUntilAsync(TimeSpan.FromSeconds(10), $"select completed_at is not null from provisioner_jobs where id = '{job}'");

        await _server.UntilAsync(job, "succeeded", Ct);
    }

    [Fact]
    public async Task Terraform_is_left_to_other_daemons_as_long_as_there_is_one()
    {
        await AddDaemonAsync("other", """{"scope": "organization", "owner": ""}""");
        var file = await _server.AddArchiveAsync("main.tf", "resource", Ct);
        var version = await _server.PostImportAsync(file, ProvisionerType.Terraform, Ct);

        // The only daemon passes it over.
        await _server.ImportAsync("""{ "version": 1 }""", Ct);
        (await _server.Server.Database.ScalarAsync<bool>("select started_at is null from provisioner_jobs where id = $1", Ct, version.Job))
            .Should().BeTrue();

        await _server.Server.Database.ExecuteAsync("update provisioner_daemons set last_seen_at = last_seen_at - interval '91 seconds' where not built_in", Ct);
        await AdvanceUntilAsync(TimeSpan.FromSeconds(10), $"select completed_at is not null from provisioner_jobs where id = '{version.Job}'");

        (await _server.ErrorAsync(version.Job, Ct)).Should().Be(
            "The archive has no coder-template.json in its root. Templates written in Terraform need an external provisioner.");
    }

    [Fact]
    public async Task A_daemon_that_can_not_run_the_job_does_not_keep_it_waiting()
    {
        await AddDaemonAsync("special", """{"scope": "organization", "owner": "", "cluster": "a"}""");
        var file = await _server.AddArchiveAsync("main.tf", "resource", Ct);

        var version = await _server.PostImportAsync(file, ProvisionerType.Terraform, Ct);

        (await _server.ErrorAsync(version.Job, Ct)).Should().StartWith("The archive has no coder-template.json");
    }

    /// <summary>Moves the clock in steps until a query says true, a few milliseconds of the machine's own time apart.</summary>
    private async Task AdvanceUntilAsync(TimeSpan step, string sql)
    {
        while (!await _server.Server.Database.ScalarAsync<bool>(sql, Ct))
        {
            _server.Server.Clock.Advance(step);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TestClock.System, Ct);
        }
    }

    private async Task<(Guid Workspace, PostedBuild Build)> StartAsync()
    {
        var version = await _server.ImportAsync(Slow, Ct);
        var workspace = await _server.AddWorkspaceAsync(version, Ct);
        var build = await _server.PostBuildAsync(version, workspace, WorkspaceTransition.Start, Ct);
        await _server.UntilItIsDelayedAsync(build.Job, Ct);
        return (workspace, build);
    }

    private Task AddDaemonAsync(string name, string tags) => _server.Server.Database.ExecuteAsync(
        """
        insert into provisioner_daemons (id, created_at, name, provisioners, tags, last_seen_at, organization_id)
        values ($1, $2, $3, '{terraform}', $4::jsonb, $2, $5)
        """,
        Ct,
        TestIds.New(),
        _server.Server.Clock.GetUtcNow(),
        name,
        tags,
        _server.Organization);

    private Task<string?> StatusAsync(PostedBuild build) =>
        _server.Server.Database.ScalarAsync<string>("select job_status::text from provisioner_jobs where id = $1", Ct, build.Job);

    private Task<long> ResourcesAsync(PostedBuild build) =>
        _server.Server.Database.ScalarAsync<long>("select count(*) from workspace_resources where job_id = $1", Ct, build.Job);
}
