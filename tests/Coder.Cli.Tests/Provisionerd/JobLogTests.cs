using Coder.Cli.Provisionerd;

namespace Coder.Cli.Tests.Provisionerd;

/// <summary>How the lines of a job get to the server, and what its answers mean for the job.</summary>
public sealed class JobLogTests : IDisposable
{
    private readonly DaemonScene _scene = new();

    private DaemonServer Server => _scene.Server;

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData('x')]
    [InlineData('"')]
    [InlineData('ü')]
    [InlineData('\u0001')]
    public async Task Lines_go_in_calls_that_the_server_takes_however_they_are_written_there(char character)
    {
        var lines = Enumerable.Range(0, 100).Select(i => $"{i:00}{new string(character, 20_000)}").ToList();
        Works(lines);

        await _scene.RunUntilAsync("complete");

        Server.Lines.Should().Equal(lines);
        Sizes().Should().OnlyContain(size => size <= 600_000);
    }

    [Fact]
    public async Task The_longest_line_gets_through_by_itself()
    {
        Works([new string('ü', 1_000_000)]);

        await _scene.RunUntilAsync("complete");

        Server.Lines.Should().Equal($"{new string('ü', 64 * 1024)}…");
    }

    [Fact]
    public async Task Where_less_gets_through_fewer_lines_go_together_and_none_is_lost()
    {
        Server.LargestUpdate = 5_000;
        var lines = Enumerable.Range(0, 60).Select(i => $"{i:00}{new string('x', 1_000)}").ToList();
        Works(lines);

        await _scene.RunUntilAsync("complete");

        Server.Lines.Should().Equal(lines);
        Sizes().SkipWhile(size => size <= 5_000).SkipWhile(size => size > 5_000)
            .Should().OnlyContain(size => size <= 5_000, "it does not try in vain again and again");
    }

    [Fact]
    public async Task A_line_that_gets_through_nowhere_is_left_behind_and_the_log_says_so()
    {
        Server.LargestUpdate = 1_000;
        Works(["before", new string('x', 5_000), "after"]);

        await _scene.RunUntilAsync("complete");

        Server.Lines.Should().Equal(
            "before", "A line of 5000 characters is missing here: the server does not take one of that size.", "after");
        var note = Server.Arrived.Where(call => call.Name == "update").SelectMany(call => call.Json["logs"]!.AsArray())
            .Single(line => line!["output"]!.GetValue<string>().StartsWith("A line", StringComparison.Ordinal))!;
        note["source"]!.GetValue<string>().Should().Be("provisioner_daemon");
        note["level"]!.GetValue<string>().Should().Be("warn");
        note["stage"]!.GetValue<string>().Should().Be("Planning");
    }

    [Fact]
    public async Task Where_not_even_the_note_gets_through_the_job_goes_on_all_the_same()
    {
        Server.LargestUpdate = 100;
        Works([new string('x', 5_000), new string('y', 5_000)]);

        await _scene.RunUntilAsync("complete");

        Server.Lines.Should().BeEmpty();
        Server.Names.Should().Contain("complete");
    }

    [Fact]
    public async Task Lines_that_the_server_refuses_are_told_of_too()
    {
        Server.Refuse = call => call.Name == "update" && call.Body.Contains("bad", StringComparison.Ordinal) ? (400, "Validation failed.") : null;
        Works(["bad"]);

        await _scene.RunUntilAsync("complete");

        Server.Lines.Should().Equal("Lines missing here: 1. The server refused them: Validation failed.");
    }

    [Theory]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(413)]
    [InlineData(422)]
    [InlineData(500)]
    public async Task Only_a_server_that_says_so_has_ended_a_job(int status)
    {
        var left = 3;
        Server.Refuse = call => call.Name == "update" && Interlocked.Decrement(ref left) >= 0 ? (status, "Not you.") : null;
        Server.Post();
        _scene.Work = async (_, _, log, stop) =>
        {
            log.Write("info", "Planning", "line");
            await _scene.WaitAsync(() => left < 0);
            stop.IsCancellationRequested.Should().BeFalse();
            return new JobOutcome.Done(new CompleteJobJson());
        };

        await _scene.RunUntilAsync("complete");

        Server.Names.Should().Contain("complete").And.NotContain("fail");
    }

    [Fact]
    public async Task A_job_whose_reports_are_refused_for_three_minutes_stops_and_is_handed_in()
    {
        Server.Refuse = call => call.Name == "update" ? (401, "You are signed out.") : null;
        Server.Post();
        var begin = _scene.Time.GetUtcNow();
        _scene.Work = async (_, _, _, stop) =>
        {
            await _scene.WaitAsync(() => stop.IsCancellationRequested);
            return new JobOutcome.Stopped();
        };

        await _scene.RunUntilAsync("fail");

        (_scene.Time.GetUtcNow() - begin).Should().BeGreaterThanOrEqualTo(TimeSpan.FromMinutes(3));
        Server.Single("fail").Body.Should().Contain("lost contact");
    }

    [Fact]
    public async Task A_job_that_stopped_for_the_silence_is_reported_on_until_it_has_ended()
    {
        Server.Post();
        var isStopped = false;
        var ended = new TaskCompletionSource<JobOutcome>();
        _scene.Work = async (_, _, _, stop) =>
        {
            Server.IsAway = true;
            await using var registration = stop.Register(() => isStopped = true);
            return await ended.Task;
        };
        var running = _scene.RunAsync();
        await _scene.UntilAsync(() => isStopped);

        var before = Reports();
        Server.IsAway = false;
        var limit = _scene.Time.GetUtcNow().AddMinutes(10);
        await _scene.UntilAsync(() => Reports() >= before + 5 || _scene.Time.GetUtcNow() > limit);
        var reports = Reports() - before;
        ended.SetResult(new JobOutcome.Stopped());
        await _scene.UntilAsync(() => Server.Names.Contains("fail"));
        _scene.Drain();
        await _scene.UntilAsync(running);

        reports.Should().BeGreaterThanOrEqualTo(5);
        Server.Single("fail").Body.Should().Contain("lost contact");
    }

    [Fact]
    public async Task A_job_is_reported_on_until_its_result_is_there()
    {
        Server.Post();
        for (var i = 0; i < 6; i++)
        {
            Server.Answer("complete", 503, """{"message":"Not now."}""");
        }

        await _scene.RunUntilAsync("complete", times: 7);

        Server.Names.SkipWhile(name => name != "complete").Should().Contain("update");
    }

    private IEnumerable<int> Sizes() => Server.Calls.Where(call => call.Name == "update").Select(call => call.Body.Length);

    private int Reports() => Server.Arrived.Count(call => call.Name == "update");

    private void Works(IReadOnlyList<string> lines)
    {
        Server.Post();
        _scene.Work = (_, _, log, _) =>
        {
            foreach (var line in lines)
            {
                log.Write("info", "Planning", line);
            }

            return Task.FromResult<JobOutcome>(new JobOutcome.Done(new CompleteJobJson()));
        };
    }
}
