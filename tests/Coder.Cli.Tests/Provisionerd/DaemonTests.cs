using Coder.Cli.Provisionerd;

namespace Coder.Cli.Tests.Provisionerd;

public sealed class DaemonTests : IDisposable
{
    private static readonly byte[] State = "{\"serial\":1}"u8.ToArray();

    private readonly DaemonScene _scene = new();

    private DaemonServer Server => _scene.Server;

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task It_registers_and_waits_for_jobs()
    {
        var error = await _scene.RunUntilAsync("acquire");

        error.Should().BeNull();
        var registered = Server.Single("register");
        registered.Path.Should().Be("/organizations/default/provisionerdaemons");
        registered.Credentials.Should().Be("Coder-Provisioner-Daemon-PSK: s3cret");
        registered.Body.Should().Be(
            $$"""{"name":"mole","provisioners":["terraform"],"tags":{"scope":"organization"},"version":"v{{VersionCommand.Number}}"}""");
        Server.Single("acquire").Body.Should().Be($$"""{"wait_ms":20000,"request_id":"{{CliHarness.NewId}}"}""");
    }

    [Fact]
    public async Task A_job_is_done_in_a_folder_of_its_own_and_handed_in_after_its_log()
    {
        Server.Post();
        Server.Archive = DaemonServer.Tar(("main.tf", "x"), ("terraform.tfstate", "forged"), (".terraform/providers/evil", "x"), ("sub/a.tf", "y"));
        var folder = "";
        string[] files = [];
        _scene.Work = (job, path, log, _) =>
        {
            folder = path;
            files = [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(path, file))];
            log.Write("info", "Planning", "one");
            log.Write("warn", "Planning", "two\0");
            return Done(job.TemplateImport!.TemplateVersionId.ToString());
        };

        await _scene.RunUntilAsync("complete");

        files.Should().BeEquivalentTo("main.tf", Path.Combine("sub", "a.tf"));
        Directory.Exists(folder).Should().BeFalse();
        Server.Calls.Where(call => call.Name == "update").SelectMany(call => call.Json["logs"]!.AsArray())
            .Select(line => $"{line!["source"]} {line["level"]} {line["stage"]} {line["output"]}")
            .Should().Equal("provisioner info Planning one", "provisioner warn Planning two ");
        Server.Single("complete").Body.Should().Be("""{"readme":"0b3a4f0e-0000-4000-8000-0000000000aa","state":"eyJzZXJpYWwiOjF9"}""");
        Server.Calls.SkipWhile(call => call.Name != "complete")
            .Should().NotContain(call => call.Name == "update" && call.Json["logs"]!.AsArray().Count > 0);
        _scene.Output.Should().Contain("import 0b3a4f0e-0000-4000-8000-0000000000aa started")
            .And.Contain("import 0b3a4f0e-0000-4000-8000-0000000000aa succeeded").And.NotContain("s3cret");
    }

    [Fact]
    public async Task Many_lines_go_together_and_what_the_server_would_drop_stays_here()
    {
        Server.Post();
        _scene.Work = (_, _, log, _) =>
        {
            for (var i = 0; i < 250; i++)
            {
                log.Write("info", "", new string('x', 10_000));
            }

            return Done();
        };

        await _scene.RunUntilAsync("complete");

        var batches = Server.Calls.Where(call => call.Name == "update").Select(call => call.Json["logs"]!.AsArray().Count).ToList();
        batches.Should().OnlyContain(count => count <= 100);
        batches.Sum().Should().Be(209);
    }

    [Fact]
    public async Task A_job_that_writes_nothing_is_reported_all_the_same()
    {
        Server.Post();
        var ended = new TaskCompletionSource<JobOutcome>();
        _scene.Work = (_, _, _, _) => ended.Task;
        var running = _scene.RunAsync();

        await _scene.UntilAsync(() => Server.Names.Count(name => name == "update") >= 3);
        ended.SetResult(new JobOutcome.Failed("No."));
        _scene.Drain();
        await _scene.UntilAsync(running);

        Server.Calls.First(call => call.Name == "update").Body.Should().Be("""{"logs":[]}""");
        Server.Single("fail").Body.Should().Be("""{"error":"No."}""");
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(400)]
    public async Task What_will_not_change_ends_it(int status)
    {
        Server.Answer("register", status, """{"message":"You aren't allowed."}""");

        var error = await _scene.UntilAsync(_scene.RunAsync());

        error!.Message.Should().Be("You aren't allowed.");
        Server.Names.Should().Equal("register");
    }

    [Fact]
    public async Task A_server_that_is_away_is_waited_for()
    {
        Server.Answer("register", () => throw new HttpRequestException("outer", new IOException("Connection refused")));
        Server.Answer("register", 503, """{"message":"Not now."}""");

        await _scene.RunUntilAsync("acquire");

        Server.Names.Should().StartWith(["register", "register", "register", "acquire"]);
        _scene.Output.Should().Contain("Connection refused").And.Contain("Not now.");
    }

    [Fact]
    public async Task The_same_request_is_repeated_until_it_has_an_answer()
    {
        Server.Answer("acquire", () => throw new HttpRequestException("lost"));
        Server.Post();

        await _scene.RunUntilAsync("complete");

        Server.Calls.Where(call => call.Name == "acquire").Take(2).Select(call => call.Body).Distinct().Should().ContainSingle();
        Server.Names.Should().Contain("complete");
    }

    [Fact]
    public async Task A_daemon_that_somebody_deleted_registers_again()
    {
        Server.Answer("acquire", 404, """{"message":"Resource not found."}""");

        await _scene.RunUntilAsync("acquire", times: 2);

        Server.Names.Should().StartWith(["register", "acquire", "register", "acquire"]);
    }

    [Fact]
    public async Task The_job_at_hand_is_the_last_one_when_it_drains()
    {
        Server.Post();
        var ended = new TaskCompletionSource<JobOutcome>();
        _scene.Work = (_, _, _, _) => ended.Task;
        var running = _scene.RunAsync();
        await _scene.UntilAsync(() => Server.Names.Contains("update"));

        _scene.Drain();
        await _scene.UntilAsync(() => Server.Names.Count(name => name == "update") >= 2);
        running.IsCompleted.Should().BeFalse();
        ended.SetResult(new JobOutcome.Done(new CompleteJobJson()));
        (await _scene.UntilAsync(running)).Should().BeNull();

        // Signs of life go on while the result is on its way.
        Server.Names.Where(name => name != "update").Should().Equal("register", "acquire", "archive", "complete");
    }

    [Fact]
    public async Task The_second_time_the_job_is_stopped_and_its_state_kept()
    {
        Server.Post();
        var isAtWork = false;
        _scene.Work = (job, folder, log, stop) =>
        {
            isAtWork = true;
            return StopsAsync(job, folder, log, stop);
        };
        var running = _scene.RunAsync();
        await _scene.UntilAsync(() => isAtWork);

        _scene.Drain();
        _scene.Abandon();
        await _scene.UntilAsync(running);

        Server.Single("fail").Body.Should().Be("""{"error":"Provisioner daemon was shut down.","state":"eyJzZXJpYWwiOjF9"}""");
    }

    [Fact]
    public async Task A_canceled_job_stops_and_is_acknowledged_with_its_state()
    {
        Server.Post();
        _scene.Work = (job, folder, log, stop) =>
        {
            Server.IsCanceled = true;
            return StopsAsync(job, folder, log, stop);
        };

        await _scene.RunUntilAsync("canceled");

        Server.Single("canceled").Body.Should().Be("""{"state":"eyJzZXJpYWwiOjF9"}""");
        Server.Names.Should().NotContain("fail");
    }

    [Theory]
    [InlineData(409)]
    [InlineData(404)]
    [InlineData(403)]
    public async Task A_job_that_the_server_has_ended_is_left_alone(int status)
    {
        Server.Post();
        Server.Answer("update", status, """{"message":"Job has already completed!"}""");
        _scene.Work = StopsAsync;

        await _scene.RunUntilAsync("acquire", times: 2);

        Server.Names.Should().NotContain(["complete", "fail", "canceled"]);
        _scene.Output.Should().Contain("was ended by the server");
    }

    [Fact]
    public async Task Without_the_server_for_three_minutes_a_job_stops()
    {
        Server.Post();
        var begin = _scene.Time.GetUtcNow();
        var stopped = begin;
        _scene.Work = async (job, folder, log, stop) =>
        {
            Server.IsAway = true;
            var outcome = await StopsAsync(job, folder, log, stop);
            stopped = _scene.Time.GetUtcNow();
            Server.IsAway = false;
            return outcome;
        };

        await _scene.RunUntilAsync("fail");

        (stopped - begin).Should().BeGreaterThanOrEqualTo(TimeSpan.FromMinutes(3));
        Server.Single("fail").Body.Should().Contain("lost contact").And.Contain("eyJzZXJpYWwiOjF9");
    }

    [Fact]
    public async Task A_lost_answer_to_the_result_costs_nothing()
    {
        Server.Post();
        Server.Answer("complete", () => throw new HttpRequestException("lost"));
        Server.Answer("complete", 409, """{"message":"Job has already completed!"}""");

        await _scene.RunUntilAsync("acquire", times: 2);

        Server.Names.Count(name => name == "complete").Should().Be(2);
        Server.Names.Should().NotContain("fail");
        _scene.Output.Should().Contain("succeeded").And.NotContain("handed in");
    }

    [Fact]
    public async Task A_result_that_the_server_refuses_fails_the_job_with_the_reason()
    {
        Server.Post();
        _scene.Work = (_, _, _, _) => Done();
        Server.Answer(
            "complete", 400, """{"message":"Validation failed.","validations":[{"field":"$.resources[0].agents[0].name","detail":"must be unique"}]}""");

        await _scene.RunUntilAsync("fail");

        Server.Single("fail").Json["error"]!.GetValue<string>().Should().Be("Validation failed. $.resources[0].agents[0].name: must be unique.");
        Server.Single("fail").Json["state"]!.GetValue<string>().Should().Be("eyJzZXJpYWwiOjF9");
    }

    [Fact]
    public async Task Missing_variables_are_named_with_the_failure()
    {
        Server.Post();
        _scene.Work = (_, _, _, _) => Task.FromResult<JobOutcome>(
            new JobOutcome.Failed("Values!") { ErrorCode = "REQUIRED_TEMPLATE_VARIABLES", Variables = [new("a", "", "string", null, true, false)] });

        await _scene.RunUntilAsync("fail");

        Server.Single("fail").Body.Should().Be(
            """
            {"error":"Values!","error_code":"REQUIRED_TEMPLATE_VARIABLES","variables":[{"name":"a","description":"","type":"string","required":true,"sensitive":false}]}
            """.Trim());
    }

    [Fact]
    public async Task A_bug_fails_one_job_and_the_next_is_done()
    {
        Server.Post();
        Server.Post();
        var count = 0;
        _scene.Work = (_, _, _, _) => ++count == 1 ? throw new InvalidOperationException("broken") : Done();

        await _scene.RunUntilAsync("complete");

        Server.Single("fail").Json["error"]!.GetValue<string>().Should().Be("The provisioner daemon failed to carry the job out: broken");
    }

    [Fact]
    public async Task A_bad_archive_fails_the_job_before_anything_runs()
    {
        Server.Post();
        Server.Archive = DaemonServer.Tar(("../main.tf", "x"));
        _scene.Work = (_, _, _, _) => throw new InvalidOperationException("It ran.");

        await _scene.RunUntilAsync("fail");

        Server.Single("fail").Json["error"]!.GetValue<string>()
            .Should().Be("The archive of the template can not be unpacked: \"../main.tf\" leads out of the archive.");
    }

    [Fact]
    public async Task Without_a_terminal_each_step_is_one_line()
    {
        Server.Post();
        _scene.Work = (_, _, log, _) =>
        {
            log.Write("info", "Planning", "one");
            log.Write("info", "Planning", "two");
            log.Write("info", "Applying", "three");
            return Done();
        };

        await _scene.RunUntilAsync("complete");

        _scene.Output.Split('\n').Count(line => line.EndsWith(": Planning", StringComparison.Ordinal)).Should().Be(1);
        _scene.Output.Should().Contain(": Applying\n").And.NotContain("two").And.NotContain("\u001b");
        _scene.Output.Should().StartWith("2025-08-01T12:00:0");
    }

    [Fact]
    public async Task On_a_terminal_one_line_tells_how_the_job_goes_on()
    {
        _scene.CanRedraw = true;
        Server.Post();
        _scene.Work = (_, _, log, _) =>
        {
            log.Write("info", "Planning", "one\u001b[2J");
            return Done();
        };

        await _scene.RunUntilAsync("complete");

        _scene.Output.Should().Contain("\r\u001b[2Kimport 0b3a4f0e-0000-4000-8000-0000000000aa: Planning: one [2J").And.NotContain("one\u001b");
        _scene.Output.Should().Contain("\u001b[2KWaiting for jobs");
    }

    private static Task<JobOutcome> Done(string? readme = null) =>
        Task.FromResult<JobOutcome>(new JobOutcome.Done(new CompleteJobJson { Readme = readme }) { State = State });

    private static async Task<JobOutcome> StopsAsync(AcquiredJobJson job, string folder, IJobLog log, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource();
        await using var registration = stop.Register(stopped.SetResult);
        await stopped.Task;
        return new JobOutcome.Stopped { State = State };
    }
}
