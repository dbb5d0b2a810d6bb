using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Api.Configuration;
using Coder.Application.Provisioning;
using Coder.Domain.Provisioning;
using Coder.Testing;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Provisioning;

/// <summary>The limits are those that nobody changed: 5 and 30 minutes.</summary>
public sealed class JobReaperTests(QueueServer fixture) : IClassFixture<QueueServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Theory]
    [InlineData(true, 5, "hung for 5 minutes")]
    [InlineData(false, 30, "pending for 30 minutes")]
    public async Task A_job_is_ended_when_it_has_been_silent_for_so_long(bool isStarted, int minutes, string detected)
    {
        var (organization, _, job) = await AddAsync(isStarted);

        var early = await ReapAfterAsync(organization, job, TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        var late = await ReapAfterAsync(organization, job, TimeSpan.FromSeconds(1));

        early["status"]!.GetValue<string>().Should().Be(isStarted ? "running" : "pending");
        late["status"]!.GetValue<string>().Should().Be("failed");
        late["error"]!.GetValue<string>().Should().Be(
            $"Coder: Build has been detected as {detected} and has been terminated by the reaper.");
        late["started_at"].Should().NotBeNull();
        var lines = await Server.Database.ScalarAsync<string[]>(
            "select array_agg(level || '|' || stage || '|' || output order by id) from provisioner_job_logs where job_id = $1", Ct, job);
        lines.Should().HaveCount(5).And.OnlyContain(line => line.StartsWith("error|Unknown|"));
        lines![2].Should().Be($"error|Unknown|Coder: Build has been detected as {detected} and will be terminated.");
    }

    [Fact]
    public async Task A_job_whose_daemon_was_just_heard_of_lives_on()
    {
        var (organization, daemon, job) = await AddAsync(isStarted: true);
        Server.Clock.Advance(TimeSpan.FromMinutes(4));
        await fixture.Owner.Client.PatchAsJsonAsync($"/api/v2/provisionerdaemons/{daemon}/jobs/{job}", new { logs = new[] { new { stage = "Init", output = "x" } } }, Ct);

        var alive = await ReapAfterAsync(organization, job, TimeSpan.FromMinutes(4));
        var ended = await ReapAfterAsync(organization, job, TimeSpan.FromMinutes(1));

        alive["status"]!.GetValue<string>().Should().Be("running");
        ended["status"]!.GetValue<string>().Should().Be("failed");
        (await Server.Database.ScalarAsync<long>("select count(*) from provisioner_job_logs where job_id = $1 and stage = 'Init'", Ct, job))
            .Should().Be(6);
    }

    [Fact]
    public async Task A_job_that_its_daemon_does_not_stop_fails_in_the_end()
    {
        var (organization, _, job) = await AddAsync(isStarted: true);
        await fixture.CancelAsync(job, Ct);

        var ended = await ReapAfterAsync(organization, job, TimeSpan.FromMinutes(5));

        ended["status"]!.GetValue<string>().Should().Be("failed");
        ended["canceled_at"].Should().NotBeNull();
    }

    [Fact]
    public async Task A_daemon_that_comes_back_is_told_that_the_job_has_ended()
    {
        var (organization, daemon, job) = await AddAsync(isStarted: true);
        await ReapAfterAsync(organization, job, TimeSpan.FromMinutes(5));

        var response = await fixture.Owner.Client.PostAsJsonAsync(
            $"/api/v2/provisionerdaemons/{daemon}/jobs/{job}/complete", new { from_manifest = true }, Ct);

        var problem = await response.ProblemAsync(Ct);
        (problem.Status, problem.Message).Should().Be((HttpStatusCode.Conflict, "Job has already completed!"));
        fixture.Results.Written.Should().NotContainKey(job);
    }

    [Fact]
    public void The_limits_can_be_set()
    {
        var options = new CoderOptions { JobHungTimeout = "500ms", JobPendingTimeout = "1h30m", JobHangDetectorInterval = "10s", LicenseKeys = Server.Mint.TrustedKeys };

        var reaper = CoderSettings.From(options).Match(s => s.JobReaper, e => throw new InvalidOperationException(e.Message));
        var wrong = CoderSettings.From(new CoderOptions { JobHungTimeout = "soon" }).Error;

        reaper.Should().Be(new JobReaperOptions(TimeSpan.FromSeconds(10), new ReaperLimits(TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(90))));
        wrong!.Validations!.Should().ContainSingle(v => v.Field.EndsWith("JOB_HUNG_TIMEOUT", StringComparison.Ordinal));
    }

    // The service of the server runs too; whichever comes first ends the job.
    private async Task<JsonObject> ReapAfterAsync(Guid organization, Guid job, TimeSpan time)
    {
        Server.Clock.Advance(time);
        for (var count = 1; count > 0;)
        {
            await using var scope = Server.Services.CreateAsyncScope();
            count = (await scope.ServiceProvider.GetRequiredService<ISender>().Send(new ReapJobs(), Ct)).Match(c => c, e => throw new InvalidOperationException(e.Message));
        }

        // A job that the service has locked was passed over just now.
        await Server.Database.ExecuteAsync("select 1 from provisioner_jobs where id = $1 for update", Ct, job);
        return await fixture.JobAsync(organization, job, Ct);
    }

    private async Task<(Guid Organization, Guid Daemon, Guid Job)> AddAsync(bool isStarted)
    {
        var organization = await fixture.AddOrganizationAsync(Ct);
        var daemon = await fixture.AddDaemonAsync(organization, Ct);
        var now = Server.Clock.GetUtcNow();
        return (organization, daemon, await fixture.AddJobAsync(organization, Ct, j => isStarted ? j with { StartedAt = now, Worker = daemon } : j));
    }
}
