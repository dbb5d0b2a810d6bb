using System.Net;
using System.Text.Json.Nodes;
using Coder.Domain.Provisioning;
using Coder.Testing;

namespace Coder.Api.Tests.Provisioning;

public sealed class ProvisionerListTests(QueueServer fixture) : IClassFixture<QueueServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_daemon_is_offline_idle_or_busy()
    {
        var organization = await fixture.AddOrganizationAsync(Ct);
        var now = Server.Clock.GetUtcNow();
        var offline = await fixture.AddDaemonAsync(organization, Ct);
        var idle = await Server.Database.AddDaemonAsync(organization, now.AddSeconds(-2), JobTags.Default, Ct);
        var busy = await Server.Database.AddDaemonAsync(organization, now, JobTags.Of([new("gpu", "yes")], Guid.Empty), Ct);
        var done = await fixture.AddJobAsync(organization, Ct, j => j with { Worker = idle, StartedAt = now, CompletedAt = now });
        var running = await fixture.AddJobAsync(organization, Ct, j => j with { Worker = busy, StartedAt = now });

        var daemons = await ListAsync($"/api/v2/organizations/{organization}/provisionerdaemons");

        daemons.Select(d => (Id(d), d["status"]!.GetValue<string>())).Should().Equal((busy, "busy"), (idle, "idle"), (offline, "offline"));
        Id(daemons[1]["previous_job"]!).Should().Be(done);
        daemons[1]["previous_job"]!["status"]!.GetValue<string>().Should().Be("succeeded");
        Id(daemons[0]["current_job"]!).Should().Be(running);
        (await IdsAsync(organization, "provisionerdaemons?status=idle,busy")).Should().Equal(busy, idle);
        (await IdsAsync(organization, "provisionerdaemons?status=running")).Should().Equal(busy);
        (await IdsAsync(organization, "provisionerdaemons?status=succeeded")).Should().Equal(idle);
        (await IdsAsync(organization, $"provisionerdaemons?ids={busy},{offline}")).Should().Equal(busy, offline);
        (await IdsAsync(organization, """provisionerdaemons?tags={"gpu":"yes"}""")).Should().Equal(busy);
        (await IdsAsync(organization, "provisionerdaemons?limit=1")).Should().Equal(busy);
    }

    [Fact]
    public async Task A_daemon_that_was_not_seen_for_a_week_is_forgotten_unless_a_job_of_it_goes_on()
    {
        var organization = await fixture.AddOrganizationAsync(Ct);
        var now = Server.Clock.GetUtcNow();
        var week = TimeSpan.FromDays(7);
        var gone = await Server.Database.AddDaemonAsync(organization, now - week, JobTags.Default, Ct);
        var recent = await Server.Database.AddDaemonAsync(organization, now - week + TimeSpan.FromMinutes(5), JobTags.Default, Ct);
        var busy = await Server.Database.AddDaemonAsync(organization, now - week - week, JobTags.Default, Ct);
        var ended = await fixture.AddJobAsync(
            organization, Ct, j => j with { Worker = gone, StartedAt = now - week, CompletedAt = now - week });
        await fixture.AddJobAsync(organization, Ct, j => j with { Worker = busy, StartedAt = now });

        Server.Clock.Advance(TimeSpan.FromMinutes(1));
        await Server.Database.UntilAsync($"select not exists (select from provisioner_daemons where id = '{gone}')", Ct);

        (await IdsAsync(organization, "provisionerdaemons")).Should().Equal(recent, busy);
        (await fixture.JobAsync(organization, ended, Ct))["worker_id"]!.GetValue<Guid>().Should().Be(gone, "history outlives daemons");
    }

    [Theory]
    [InlineData(false, false, "")]
    [InlineData(false, true, "named")]
    [InlineData(true, false, "named")]
    public async Task The_names_of_a_template_are_for_those_who_may_see_it_or_the_jobs(bool seesJobs, bool seesTemplate, string shown)
    {
        using var reader = await Server.AddUserAsync(seesJobs ? ["template-admin"] : [], Ct);
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);
        var template = await Server.Database.AddReadyTemplateAsync(organization, fixture.Owner.Id, Ct);
        await Server.Database.ExecuteAsync(
            "update templates set display_name = 'named', icon = 'named', group_acl = '{}', user_acl = $2::jsonb where id = $1",
            Ct,
            template.Id,
            seesTemplate ? $$"""{"{{reader.Id}}": ["read", "use"]}""" : "{}");
        var now = Server.Clock.GetUtcNow();
        var daemon = await Server.Database.AddDaemonAsync(organization, now, JobTags.Default, Ct);
        var input = $$"""{"template_version_id": "{{template.VersionId}}"}""";
        await fixture.AddJobAsync(organization, Ct, j => j with { Worker = daemon, StartedAt = now, Input = input });
        await fixture.AddJobAsync(organization, Ct, j => j with { Worker = daemon, StartedAt = now, CompletedAt = now, Input = input });

        var listed = (await ListAsync($"/api/v2/organizations/default/provisionerdaemons?ids={daemon}", reader.Client)).Single();

        foreach (var job in new[] { listed["current_job"]!, listed["previous_job"]! })
        {
            job["template_display_name"]!.GetValue<string>().Should().Be(shown);
            job["template_icon"]!.GetValue<string>().Should().Be(shown);
            job["template_name"]!.GetValue<string>().Should().Be(shown.Length == 0 ? "" : $"template-{template.Id:N}"[..32]);
            job["id"]!.GetValue<Guid>().Should().NotBeEmpty();
        }
    }

    [Fact]
    public async Task Jobs_are_listed_the_newest_first()
    {
        var organization = await fixture.AddOrganizationAsync(Ct);
        var now = Server.Clock.GetUtcNow();
        var gpu = JobTags.Of([new("gpu", "yes")], Guid.Empty);
        var old = await fixture.AddJobAsync(organization, Ct, j => j with { CreatedAt = now.AddHours(-2) });
        var failed = await fixture.AddJobAsync(organization, Ct, j => j with { CreatedAt = now.AddHours(-1), Error = "x", CompletedAt = now, Tags = gpu });

        (await IdsAsync(organization, "provisionerjobs")).Should().Equal(failed, old);
        (await IdsAsync(organization, "provisionerjobs?status=pending,running")).Should().Equal(old);
        (await IdsAsync(organization, "provisionerjobs?status=unknown")).Should().BeEmpty();
        (await IdsAsync(organization, $"provisionerjobs?ids={old}")).Should().Equal(old);
        (await IdsAsync(organization, """provisionerjobs?tags={"gpu":"yes"}""")).Should().Equal(failed);
        (await IdsAsync(organization, """provisionerjobs?limit=1&status=failed&tags={"gpu":"yes"}&ids=""" + failed)).Should().Equal(failed);
    }

    [Theory]
    [InlineData("limit=x", "limit")]
    [InlineData("ids=x", "ids")]
    [InlineData("status=happy", "status")]
    [InlineData("tags=x", "tags")]
    [InlineData("tags={\"a\":1}", "tags")]
    public async Task A_parameter_that_can_not_be_read_is_named(string query, string field)
    {
        foreach (var list in new[] { "provisionerjobs", "provisionerdaemons" })
        {
            var response = await fixture.Owner.Client.GetAsync($"/api/v2/organizations/default/{list}?{query}", Ct);

            var problem = await response.ProblemAsync(Ct);
            problem.Status.Should().Be(HttpStatusCode.BadRequest);
            problem.Validations.Select(v => v.Field).Should().Equal(field);
        }
    }

    [Fact]
    public async Task Members_see_daemons_and_no_jobs()
    {
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);
        using var member = await Server.AddUserAsync(Ct);
        var daemon = await fixture.AddDaemonAsync(organization, Ct);
        var job = await fixture.AddJobAsync(organization, Ct);

        var daemons = await ListAsync("/api/v2/organizations/default/provisionerdaemons?limit=1000", member.Client);
        var jobs = await ListAsync("/api/v2/organizations/default/provisionerjobs", member.Client);
        var one = await member.Client.GetAsync($"/api/v2/organizations/default/provisionerjobs/{job}", Ct);
        var elsewhere = await fixture.Owner.Client.GetAsync($"/api/v2/organizations/{await fixture.AddOrganizationAsync(Ct)}/provisionerjobs/{job}", Ct);

        daemons.Select(Id).Should().Contain(daemon);
        jobs.Should().BeEmpty();
        one.StatusCode.Should().Be(HttpStatusCode.NotFound);
        elsewhere.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_waiting_job_says_where_it_stands_and_who_could_run_it()
    {
        var organization = await fixture.AddOrganizationAsync(Ct);
        var daemon = await Server.Database.AddDaemonAsync(organization, Server.Clock.GetUtcNow(), JobTags.Default, Ct);
        await fixture.PostJobAsync(organization, Ct);
        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await fixture.PostJobAsync(organization, Ct);

        var job = await fixture.JobAsync(organization, second, Ct);

        job["queue_position"]!.GetValue<int>().Should().Be(2);
        job["queue_size"]!.GetValue<int>().Should().Be(2);
        job["available_workers"]!.AsArray().Select(w => w!.GetValue<Guid>()).Should().Equal(daemon);
        job["type"]!.GetValue<string>().Should().Be("template_version_import");
        job["input"]!["template_version_id"].Should().NotBeNull();
        job["metadata"]!["template_version_name"]!.GetValue<string>().Should().BeEmpty();
        job["tags"]!.ToJsonString().Should().Be("""{"owner":"","scope":"organization"}""");
        job.ContainsKey("started_at").Should().BeFalse();
    }

    private async Task<List<Guid>> IdsAsync(Guid organization, string path) =>
        [.. (await ListAsync($"/api/v2/organizations/{organization}/{path}")).Select(Id)];

    private async Task<List<JsonNode>> ListAsync(string path, HttpClient? client = null) =>
        [.. JsonNode.Parse(await (client ?? fixture.Owner.Client).GetStringAsync(path, Ct))!.AsArray().Select(node => node!)];

    private static Guid Id(JsonNode node) => node["id"]!.GetValue<Guid>();
}
