using System.Net;
using System.Net.Http.Json;
using Coder.Application.Provisioning;
using Coder.Domain.Provisioning;
using Coder.Testing;
using Npgsql;

namespace Coder.Api.Tests.Provisioning;

public sealed class DaemonJobTests(QueueServer fixture) : IClassFixture<QueueServer>
{
    private const string Resources = """
        [{"type": "container", "name": "dev", "agents": [{"name": "main", "operating_system": "linux", "architecture": "amd64",
          "apps": [{"slug": "code", "url": "http://localhost:1"}]}]}]
        """;

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private HttpClient Client => fixture.Owner.Client;

    [Theory]
    [InlineData("GET", "archive")]
    [InlineData("PATCH", "")]
    [InlineData("POST", "complete")]
    [InlineData("POST", "fail")]
    [InlineData("POST", "canceled")]
    public async Task A_job_is_for_the_daemon_that_works_on_it(string method, string action)
    {
        var organization = await fixture.AddOrganizationAsync(Ct);
        var daemon = await fixture.AddDaemonAsync(organization, Ct);
        var now = fixture.Server.Clock.GetUtcNow();
        var waiting = await fixture.AddJobAsync(organization, Ct);
        var foreign = await fixture.AddJobAsync(organization, Ct, j => j with { StartedAt = now, Worker = TestIds.New() });
        var ended = await fixture.AddJobAsync(organization, Ct, j => j with { StartedAt = now, Worker = daemon, CompletedAt = now });

        var problems = new List<Problem>();
        foreach (var job in new[] { $"{TestIds.New()}", $"{waiting}", $"{foreign}", $"{ended}", "xyz" })
        {
            using var request = Call(method, daemon, job, action);
            problems.Add(await (await Client.SendAsync(request, Ct)).ProblemAsync(Ct));
        }

        problems.Select(p => (p.Status, p.Message)).Should().Equal(
            (HttpStatusCode.NotFound, "Resource not found or you do not have access to this resource"),
            (HttpStatusCode.Conflict, "Job isn't running yet."),
            (HttpStatusCode.Forbidden, "You don't own this job."),
            (HttpStatusCode.Conflict, "Job has already completed!"),
            (HttpStatusCode.BadRequest, "Invalid UUID \"xyz\"."));
    }

    [Theory]
    [InlineData("GET", "archive")]
    [InlineData("PATCH", "")]
    [InlineData("POST", "complete")]
    [InlineData("POST", "fail")]
    [InlineData("POST", "canceled")]
    public async Task A_job_of_another_organization_is_a_missing_one_and_the_call_a_sign_of_life(string method, string action)
    {
        var daemon = await fixture.AddDaemonAsync(await fixture.AddOrganizationAsync(Ct), Ct);
        var elsewhere = await fixture.AddOrganizationAsync(Ct);
        var now = fixture.Server.Clock.GetUtcNow();
        var waiting = await fixture.AddJobAsync(elsewhere, Ct);
        var foreign = await fixture.AddJobAsync(elsewhere, Ct, j => j with { StartedAt = now, Worker = TestIds.New() });

        var problems = new List<Problem>();
        foreach (var job in new[] { TestIds.New(), waiting, foreign })
        {
            using var request = Call(method, daemon, job, action);
            problems.Add(await (await Client.SendAsync(request, Ct)).ProblemAsync(Ct));
        }

        problems.Should().OnlyContain(p => p.Status == HttpStatusCode.NotFound)
            .And.OnlyContain(p => p.Message == "Resource not found or you do not have access to this resource");
        (await SeenAsync(daemon)).Should().Be(now.UtcDateTime);
    }

    [Theory]
    [InlineData("POST", "acquire", """{"wait_ms": 0}""", HttpStatusCode.NoContent)]
    [InlineData("POST", "heartbeat", "", HttpStatusCode.NoContent)]
    [InlineData("GET", "jobs/{job}/archive", "", HttpStatusCode.OK)]
    [InlineData("PATCH", "jobs/{job}", "{}", HttpStatusCode.OK)]
    [InlineData("PATCH", "jobs/{job}", """{"logs": [{"level": "loud"}]}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "jobs/{job}/complete", """{"parameters": [{"type": "string"}]}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "jobs/{job}/complete", """{"from_manifest": true}""", HttpStatusCode.OK)]
    [InlineData("POST", "jobs/{job}/fail", """{"error": "x", "state": "?"}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "jobs/{job}/fail", """{"error": "x"}""", HttpStatusCode.OK)]
    [InlineData("POST", "jobs/{job}/canceled", "{}", HttpStatusCode.Conflict)]
    public async Task Every_call_is_a_sign_of_life_whatever_comes_of_it(string method, string path, string body, HttpStatusCode status)
    {
        var (daemon, job, _) = await RunningAsync();
        fixture.Server.Clock.Advance(TimeSpan.FromSeconds(2));
        using var request = new HttpRequestMessage(
            new HttpMethod(method), $"/api/v2/provisionerdaemons/{daemon}/{path.Replace("{job}", $"{job}", StringComparison.Ordinal)}");
        request.Content = body.Length == 0 ? null : new StringContent(body);

        var response = await Client.SendAsync(request, Ct);

        response.StatusCode.Should().Be(status);
        (await SeenAsync(daemon)).Should().Be(fixture.Server.Clock.GetUtcNow().UtcDateTime);
    }

    [Fact]
    public async Task A_call_that_waits_for_its_job_does_not_hold_the_daemon()
    {
        var (daemon, job, _) = await RunningAsync();
        await using var connection = new NpgsqlConnection(fixture.Server.Database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using var command = new NpgsqlCommand(
            $"select id from provisioner_jobs where id = '{job}' for update", connection, transaction);
        await command.ExecuteScalarAsync(Ct);
        var waiting = Client.PatchAsJsonAsync(Path(daemon, job), new { }, Ct);
        await fixture.Server.Database.UntilAsync(
            """
            select exists (
                select from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock' and query like '%from provisioner_jobs%')
            """,
            Ct);

        var free = await fixture.Server.Database.ScalarAsync<Guid?>(
            "select id from provisioner_daemons where id = $1 for update skip locked", Ct, daemon);
        await transaction.CommitAsync(Ct);

        free.Should().Be(daemon);
        (await waiting).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_archive_is_the_one_of_the_version()
    {
        var (daemon, job, _) = await RunningAsync();

        var response = await Client.GetAsync($"{Path(daemon, job)}/archive", Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/x-tar");
        (await response.Content.ReadAsByteArrayAsync(Ct)).Should().HaveCountGreaterThan(512);
    }

    [Fact]
    public async Task Log_lines_are_stored_and_the_daemon_hears_of_a_cancellation()
    {
        var (daemon, job, _) = await RunningAsync();
        var logs = new object[]
        {
            new { created_at = "2026-03-01T11:00:00Z", source = "provisioner_daemon", level = "warn", stage = "Setup", output = "one" },
            new { output = "two" },
        };

        var before = await (await Client.PatchAsJsonAsync(Path(daemon, job), new { logs }, Ct)).JsonAsync(Ct);
        await fixture.CancelAsync(job, Ct);
        var after = await (await Client.PatchAsJsonAsync(Path(daemon, job), new { }, Ct)).JsonAsync(Ct);

        before.ToJsonString().Should().Be("""{"canceled":false,"status":"running"}""");
        after.ToJsonString().Should().Be("""{"canceled":true,"status":"canceling"}""");
        var stored = await fixture.Server.Database.ScalarAsync<string[]>(
            "select array_agg(source || ' ' || level || ' ' || stage || ' ' || output order by id) from provisioner_job_logs where job_id = $1", Ct, job);
        stored.Should().Equal("provisioner_daemon warn Setup one", "provisioner info  two");
    }

    [Fact]
    public async Task An_update_is_the_sign_that_the_daemon_still_works_on_the_job()
    {
        var (daemon, job, _) = await RunningAsync();
        fixture.Server.Clock.Advance(TimeSpan.FromSeconds(20));

        await Client.PatchAsJsonAsync(Path(daemon, job), new { }, Ct);

        var updated = await fixture.Server.Database.ScalarAsync<DateTime>("select updated_at from provisioner_jobs where id = $1", Ct, job);
        updated.Should().Be(fixture.Server.Clock.GetUtcNow().UtcDateTime);
    }

    [Fact]
    public async Task Unknown_sources_and_levels_are_refused()
    {
        var (daemon, job, _) = await RunningAsync();

        var response = await Client.PatchAsJsonAsync(
            Path(daemon, job), new { logs = new object[] { new { output = "x" }, new { source = "me", level = "loud", output = "y" } } }, Ct);

        var problem = await response.ProblemAsync(Ct);
        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Validations.Select(v => v.Field).Should().Equal("logs[1].source", "logs[1].level");
    }

    [Fact]
    public async Task A_build_hands_in_its_resources_and_gets_its_agents()
    {
        var (daemon, job, organization) = await RunningAsync(JobType.WorkspaceBuild);
        var body = $$"""{"resources": {{Resources}}, "state": "c3RhdGU=", "ai_task": {"sidebar_app": "main/code"} }""";

        var response = await Client.PostRawAsync($"{Path(daemon, job)}/complete", body, "application/json", Ct);

        var answer = await response.JsonAsync(Ct);
        answer["job"]!["status"]!.GetValue<string>().Should().Be("succeeded");
        answer["agents"]!.ToJsonString().Should().Be(
            """[{"id":"0b3a4f0e-0000-4000-8000-0000000000a1","name":"main","auth_token":"0b3a4f0e-0000-4000-8000-0000000000a2"}]""");
        var written = fixture.Results.Written[job].Should().BeOfType<BuildResult>().Subject;
        written.FromManifest.Should().BeFalse();
        written.Resources.Should().ContainSingle().Which.Agents.Should().ContainSingle().Which.Name.Should().Be("main");
        written.State!.Value.ToArray().Should().Equal("state"u8.ToArray());
        written.AiTask!.ToString().Should().Be("main/code");
        (await fixture.JobAsync(organization, job, Ct))["completed_at"].Should().NotBeNull();
    }

    [Theory]
    [InlineData("complete", "")]
    [InlineData("fail", "\"error\":\"broken\",")]
    public async Task A_state_of_some_megabytes_is_taken(string end, string more)
    {
        var (daemon, job, _) = await RunningAsync(JobType.WorkspaceBuild);
        var state = Convert.ToBase64String(new byte[3 * 1024 * 1024]);

        var response = await Client.PostRawAsync(
            $"{Path(daemon, job)}/{end}", $$"""{ {{more}} "state": "{{state}}"}""", "application/json", Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_import_hands_in_what_the_template_asks_for_and_makes()
    {
        var (daemon, job, _) = await RunningAsync();
        var body = $$"""
            {"parameters": [{"name": "region", "type": "string"}], "variables": [{"name": "token", "sensitive": true}],
             "presets": [{"name": "small", "parameters": {"region": "eu"} }], "start_resources": {{Resources}}, "stop_resources": [],
             "readme": "# Hello"}
            """;

        var response = await Client.PostRawAsync($"{Path(daemon, job)}/complete", body, "application/json", Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        var written = fixture.Results.Written[job].Should().BeOfType<ImportResult>().Subject;
        written.Parameters.Select(p => p.Name).Should().Equal("region");
        written.Variables.Select(v => v.Name).Should().Equal("token");
        written.Presets.Select(p => p.Name).Should().Equal("small");
        written.StartResources.Select(r => r.Name).Should().Equal("dev");
        written.StopResources.Should().BeEmpty();
        written.Readme.Should().Be("# Hello");
    }

    [Fact]
    public async Task A_daemon_may_leave_everything_to_the_manifest()
    {
        var (daemon, job, _) = await RunningAsync();

        var response = await Client.PostRawAsync($"{Path(daemon, job)}/complete", """{"from_manifest": true}""", "application/json", Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        fixture.Results.Written[job].Should().BeOfType<ImportResult>().Which.FromManifest.Should().BeTrue();
    }

    [Theory]
    [InlineData(JobType.TemplateVersionImport, """{"parameters": [{"type": "string"}]}""", "$.parameters[0].name")]
    [InlineData(JobType.TemplateVersionImport, """{"start_resources": [{"name": "dev"}]}""", "$.start_resources[0].type")]
    [InlineData(JobType.TemplateVersionImport, """{"ai_task": {"sidebar_app": "main/code"} }""", "$.ai_task.sidebar_app")]
    [InlineData(JobType.WorkspaceBuild, """{"resources": "many"}""", "$.resources")]
    [InlineData(JobType.WorkspaceBuild, """{"state": "?"}""", "$.state")]
    public async Task A_result_that_breaks_the_rules_is_refused_and_the_job_goes_on(JobType type, string body, string place)
    {
        var (daemon, job, organization) = await RunningAsync(type);

        var response = await Client.PostRawAsync($"{Path(daemon, job)}/complete", body, "application/json", Ct);

        var problem = await response.ProblemAsync(Ct);
        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Validations.Select(v => v.Field).Should().Contain(place);
        (await fixture.JobAsync(organization, job, Ct))["status"]!.GetValue<string>().Should().Be("running");
        fixture.Results.Written.Should().NotContainKey(job);
    }

    [Fact]
    public async Task What_was_done_before_a_cancellation_arrived_is_stored_and_the_job_is_canceled()
    {
        var (daemon, job, _) = await RunningAsync();
        await fixture.CancelAsync(job, Ct);

        var response = await Client.PostRawAsync($"{Path(daemon, job)}/complete", """{"from_manifest": true}""", "application/json", Ct);

        var answer = await response.JsonAsync(Ct);
        answer["job"]!["status"]!.GetValue<string>().Should().Be("canceled");
        answer["job"]!.AsObject().ContainsKey("error").Should().BeFalse();
        fixture.Results.Written.Should().ContainKey(job);
    }

    [Fact]
    public async Task A_job_that_failed_says_why()
    {
        var (daemon, job, _) = await RunningAsync(JobType.WorkspaceBuild);
        await fixture.CancelAsync(job, Ct);

        var response = await Client.PostAsJsonAsync(
            $"{Path(daemon, job)}/fail", new { error = "no disk", error_code = "REQUIRED_TEMPLATE_VARIABLES", state = "c3RhdGU=" }, Ct);

        var ended = (await response.JsonAsync(Ct))["job"]!;
        ended["status"]!.GetValue<string>().Should().Be("failed");
        ended["error"]!.GetValue<string>().Should().Be("no disk");
        ended["error_code"]!.GetValue<string>().Should().Be("REQUIRED_TEMPLATE_VARIABLES");
        fixture.Results.Written[job].Should().Be(("no disk", (JobErrorCode?)JobErrorCode.RequiredTemplateVariables, (string?)"state"));
    }

    [Fact]
    public async Task A_failed_import_says_what_the_template_asks_for()
    {
        var (daemon, job, _) = await RunningAsync();

        var response = await Client.PostAsJsonAsync(
            $"{Path(daemon, job)}/fail",
            new { error = "Values!", error_code = "REQUIRED_TEMPLATE_VARIABLES", variables = new[] { new { name = "token", required = true } } },
            Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        fixture.Results.Wanted[job].Should().ContainSingle().Which.Should().BeEquivalentTo(new { Name = "token", Required = true });
    }

    [Fact]
    public async Task A_state_may_be_larger_than_other_bodies()
    {
        var (daemon, job, _) = await RunningAsync(JobType.WorkspaceBuild);
        var state = Convert.ToBase64String(new byte[3 * 1024 * 1024]);

        var response = await Client.PostAsJsonAsync($"{Path(daemon, job)}/complete", new { resources = Array.Empty<object>(), state }, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        fixture.Results.Written[job].Should().BeOfType<BuildResult>().Which.State!.Value.Length.Should().Be(3 * 1024 * 1024);
    }

    [Theory]
    [InlineData("""{"error": "x", "error_code": "REQUIRED_TEMPLATE_VARIABLES", "variables": [{}]}""", "$.variables[0].name")]
    [InlineData("""{}""", "error")]
    [InlineData("""{"error": ""}""", "error")]
    [InlineData("""{"error": "x", "error_code": "OTHER"}""", "error_code")]
    [InlineData("""{"error": "x", "state": "?"}""", "$.state")]
    public async Task A_failure_without_a_reason_is_none(string body, string field)
    {
        var (daemon, job, organization) = await RunningAsync();

        var problem = await (await Client.PostRawAsync($"{Path(daemon, job)}/fail", body, "application/json", Ct)).ProblemAsync(Ct);

        problem.Validations.Select(v => v.Field).Should().Equal(field);
        (await fixture.JobAsync(organization, job, Ct))["status"]!.GetValue<string>().Should().Be("running");
    }

    [Fact]
    public async Task A_canceled_job_really_ends_as_canceled()
    {
        var (daemon, job, _) = await RunningAsync(JobType.WorkspaceBuild);

        var tooEarly = await Client.PostAsJsonAsync($"{Path(daemon, job)}/canceled", new { }, Ct);
        await fixture.CancelAsync(job, Ct);
        var response = await Client.PostAsJsonAsync($"{Path(daemon, job)}/canceled", new { state = "c3RhdGU=" }, Ct);

        var problem = await tooEarly.ProblemAsync(Ct);
        (problem.Status, problem.Message).Should().Be((HttpStatusCode.Conflict, "Job has not been canceled."));
        (await response.JsonAsync(Ct))["job"]!["status"]!.GetValue<string>().Should().Be("canceled");
        fixture.Results.Written[job].Should().Be(("", (JobErrorCode?)null, (string?)"state"));
    }

    private async Task<(Guid Daemon, Guid Job, Guid Organization)> RunningAsync(JobType type = JobType.TemplateVersionImport)
    {
        var organization = await fixture.AddOrganizationAsync(Ct);
        var daemon = await fixture.AddDaemonAsync(organization, Ct);
        var now = fixture.Server.Clock.GetUtcNow();
        return (daemon, await fixture.AddJobAsync(organization, Ct, j => j with { Type = type, StartedAt = now, Worker = daemon }), organization);
    }

    private Task<DateTime> SeenAsync(Guid daemon) =>
        fixture.Server.Database.ScalarAsync<DateTime>("select last_seen_at from provisioner_daemons where id = $1", Ct, daemon);

    private static HttpRequestMessage Call(string method, Guid daemon, object job, string action) =>
        new(new HttpMethod(method), $"/api/v2/provisionerdaemons/{daemon}/jobs/{job}/{action}".TrimEnd('/'))
        {
            Content = method == "GET" ? null : JsonContent.Create(new { error = "broken" }),
        };

    private static string Path(Guid daemon, Guid job) => $"/api/v2/provisionerdaemons/{daemon}/jobs/{job}";
}
