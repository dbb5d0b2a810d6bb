using System.Net;
using Coder.Api.Tests.Licensing;
using Coder.Testing;

namespace Coder.Api.Tests.Provisioning;

public sealed class AcquireJobTests(QueueServer fixture) : IClassFixture<QueueServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_daemon_gets_all_that_it_needs_for_an_import()
    {
        var (organization, daemon) = await PlaceAsync();
        var job = await fixture.PostJobAsync(organization, Ct);

        var acquired = await (await fixture.AcquireAsync(daemon, Ct)).JsonAsync(Ct);
        var nothing = await fixture.AcquireAsync(daemon, Ct);

        acquired["job"]!["id"]!.GetValue<Guid>().Should().Be(job);
        acquired["job"]!["status"]!.GetValue<string>().Should().Be("running");
        acquired["job"]!["worker_id"]!.GetValue<Guid>().Should().Be(daemon);
        acquired["manifest"]!.ToJsonString().Should().Be("""{"version":1,"resources":[]}""");
        acquired["template_import"]!["user_variable_values"]!.ToJsonString().Should().Be("""[{"name":"region","value":"eu"}]""");
        acquired.ContainsKey("workspace_build").Should().BeFalse();
        nothing.StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_waiting_daemon_is_woken_by_a_job()
    {
        var (organization, daemon) = await PlaceAsync();
        var waiting = fixture.AcquireAsync(daemon, Ct, new { wait_ms = 30000 });
        await WaitingAsync(1);

        var job = await fixture.PostJobAsync(organization, Ct);
        var acquired = await (await waiting).JsonAsync(Ct);

        acquired["job"]!["id"]!.GetValue<Guid>().Should().Be(job);
    }

    [Fact]
    public async Task When_none_comes_in_time_there_is_none()
    {
        var (_, daemon) = await PlaceAsync();
        var waiting = fixture.AcquireAsync(daemon, Ct, new { wait_ms = 2000 });
        await WaitingAsync(1);

        while (!waiting.IsCompleted)
        {
            fixture.Server.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(50), TestClock.System, Ct));
        }

        (await waiting).StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Whoever_hangs_up_gets_nothing()
    {
        var (organization, daemon) = await PlaceAsync();
        using var hangUp = new CancellationTokenSource();
        var waiting = fixture.AcquireAsync(daemon, hangUp.Token, new { wait_ms = 30000 });
        await WaitingAsync(1);
        await hangUp.CancelAsync();
        await waiting.Awaiting(w => w).Should().ThrowAsync<OperationCanceledException>();
        await WaitingAsync(0);

        var job = await fixture.PostJobAsync(organization, Ct);

        (await fixture.JobAsync(organization, job, Ct))["status"]!.GetValue<string>().Should().Be("pending");
    }

    [Fact]
    public async Task The_same_request_gets_the_same_job_until_that_has_ended()
    {
        var (organization, daemon) = await PlaceAsync();
        var job = await fixture.PostJobAsync(organization, Ct);
        var request = new { wait_ms = 0, request_id = TestIds.New() };

        var first = await (await fixture.AcquireAsync(daemon, Ct, request)).JsonAsync(Ct);
        var again = await (await fixture.AcquireAsync(daemon, Ct, request)).JsonAsync(Ct);
        await fixture.Server.Database.ExecuteAsync("update provisioner_jobs set completed_at = now() where id = $1", Ct, job);
        var ended = await fixture.AcquireAsync(daemon, Ct, request);

        first["job"]!["id"]!.GetValue<Guid>().Should().Be(job);
        again.ToJsonString().Should().Be(first.ToJsonString());
        ended.StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_request_whose_job_has_ended_waits_like_any_other_and_gets_the_next_one()
    {
        var (organization, daemon) = await PlaceAsync();
        await fixture.PostJobAsync(organization, Ct);
        var request = new { wait_ms = 30000, request_id = TestIds.New() };
        var first = await (await fixture.AcquireAsync(daemon, Ct, request)).JsonAsync(Ct);
        await fixture.Server.Database.ExecuteAsync(
            "update provisioner_jobs set completed_at = now() where id = $1", Ct, first["job"]!["id"]!.GetValue<Guid>());

        var waiting = fixture.AcquireAsync(daemon, Ct, request);
        await WaitingAsync(1);
        var second = await fixture.PostJobAsync(organization, Ct);
        var acquired = await (await waiting).JsonAsync(Ct);
        await fixture.PostJobAsync(organization, Ct);
        var again = await (await fixture.AcquireAsync(daemon, Ct, request)).JsonAsync(Ct);

        acquired["job"]!["id"]!.GetValue<Guid>().Should().Be(second);
        again["job"]!["id"]!.GetValue<Guid>().Should().Be(second, "it goes on");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(30001)]
    public async Task The_time_to_wait_has_limits(int milliseconds)
    {
        var (_, daemon) = await PlaceAsync();

        var problem = await (await fixture.AcquireAsync(daemon, Ct, new { wait_ms = milliseconds })).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Validations.Select(v => v.Field).Should().Equal("wait_ms");
    }

    [Fact]
    public async Task A_job_that_was_canceled_while_it_waited_is_given_to_nobody()
    {
        var (organization, daemon) = await PlaceAsync();
        var job = await fixture.PostJobAsync(organization, Ct);
        await fixture.CancelAsync(job, Ct);

        var nothing = await fixture.AcquireAsync(daemon, Ct);

        nothing.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await fixture.JobAsync(organization, job, Ct))["status"]!.GetValue<string>().Should().Be("canceled");
    }

    private Task<int> WaitingAsync(int daemons) =>
        Eventually.ReadAsync(() => Task.FromResult(fixture.Signals.WaitingDaemons), count => count == daemons, Ct);

    private async Task<(Guid Organization, Guid Daemon)> PlaceAsync()
    {
        var organization = await fixture.AddOrganizationAsync(Ct);
        return (organization, await fixture.AddDaemonAsync(organization, Ct));
    }
}
