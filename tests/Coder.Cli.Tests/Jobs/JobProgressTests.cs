using System.Net;

namespace Coder.Cli.Tests.Jobs;

/// <summary>What is seen of a job while it goes on, by the start of a workspace.</summary>
public sealed class JobProgressTests : IDisposable
{
    private const string Workspace = """
        {"id":"6f2b0f0e-0000-4000-8000-0000000000a1","owner_name":"ada","name":"dev",
        "latest_build":{"id":"6f2b0f0e-0000-4000-8000-0000000000b0","transition":"stop","status":"stopped","job":{"status":"succeeded"}}}
        """;

    private const string Build = "/workspacebuilds/6f2b0f0e-0000-4000-8000-0000000000b1";

    private readonly CliHarness _cli = new();

    public JobProgressTests()
    {
        _cli.SignIn();
        _cli.Server.Answer("GET /users/me/workspace/dev", 200, Workspace);
        _cli.Server.Answer("POST /workspaces/6f2b0f0e-0000-4000-8000-0000000000a1/builds", 201, BuildOf("pending"));
        _cli.Server.Answer($"GET {Build}/logs", 200, "[]");
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Plain_lines_tell_queue_stages_and_the_time_that_each_took()
    {
        _cli.Server.AnswerInTurn(
            $"GET {Build}",
            BuildOf("pending", position: 2),
            BuildOf("pending", position: 2),
            BuildOf("pending", position: 1),
            BuildOf("running"),
            BuildOf("running"),
            BuildOf("succeeded", more: ",\"completed_at\":\"2026-03-01T12:00:20Z\""));
        _cli.Server.AnswerInTurn(
            $"GET {Build}/logs",
            $"[{Line(1, 0, "Planning", "one")},{Line(2, 1, "Planning", "hidden", "debug")},{Line(3, 2, "Planning", "two", "warn")}]",
            $"[{Line(4, 3, "Applying", "three")}]",
            "[]");

        var code = await _cli.RunAsync("start", "dev");

        code.Should().Be(0);
        _cli.Errors.Should().Be("""
            ==> Queued, position 2 of 3
            ==> Queued, position 1 of 3
            ==> Planning
                one
                warning: two
            === Planning [3.0s]
            ==> Applying
                three
            === Applying [17s]

            """);
        _cli.Output.Should().Be("Workspace ada/dev is running.\n");
        _cli.Server.Requests.Where(request => request.Url.Contains("/logs", StringComparison.Ordinal))
            .Select(request => new Uri(request.Url).Query).Should().Equal("?after=0", "?after=3", "?after=4");
    }

    [Fact]
    public async Task A_terminal_sees_one_line_that_moves_and_is_gone_at_the_end()
    {
        _cli.IsInteractive = true;
        _cli.CanRedraw = true;
        _cli.Server.AnswerInTurn($"GET {Build}", BuildOf("pending", position: 1), BuildOf("running"), BuildOf("succeeded"));
        _cli.Server.AnswerInTurn($"GET {Build}/logs", "[]", $"[{Line(1, 0, "Planning", "one")}]");

        var code = await _cli.RunAsync("start", "dev");

        code.Should().Be(0);
        _cli.Errors.Should().Contain("\r| Queued, position 1 of 3 (0s)").And.Contain("\r/ Queued, position 1 of 3 (0s)")
            .And.Contain("Running (0s)").And.NotContain("==> Queued").And.NotContain("\u001b");
        Screen(_cli.Errors).Should().Be("==> Planning\n    one\n=== Planning [0.0s]\n");
    }

    [Fact]
    public async Task A_long_stage_is_cut_where_the_terminal_ends()
    {
        _cli.IsInteractive = true;
        _cli.CanRedraw = true;
        var stage = new string('x', 100);
        _cli.Server.AnswerInTurn($"GET {Build}", BuildOf("running"), BuildOf("succeeded"));
        _cli.Server.AnswerInTurn($"GET {Build}/logs", $"[{Line(1, 0, stage, "one")}]", "[]");

        await _cli.RunAsync("start", "dev");

        _cli.Errors.Split('\r').Where(part => part.StartsWith("| ", StringComparison.Ordinal)).Should().NotBeEmpty()
            .And.OnlyContain(part => part.TrimEnd().Length == 39);
    }

    [Fact]
    public async Task Debug_lines_are_asked_for_and_shown_on_request()
    {
        _cli.Server.AnswerInTurn($"GET {Build}", BuildOf("succeeded"));
        _cli.Server.AnswerInTurn($"GET {Build}/logs", $"[{Line(1, 0, "Planning", "detail", "debug")}]");

        await _cli.RunAsync("start", "dev", "--verbose");

        _cli.Errors.Should().Contain("    detail\n");
        _cli.Server.Requests.Single(request => request.Method == "POST").Body.Should().Contain("\"log_level\":\"debug\"");
    }

    [Theory]
    [InlineData("failed", ",\"error\":\"no room\"", "error: The start of ada/dev failed\n  no room\n")]
    [InlineData("canceled", "", "error: The start of ada/dev was canceled\n")]
    [InlineData("unknown", "", "error: The start of ada/dev failed\n")]
    public async Task A_build_that_ends_badly_is_a_failure_with_its_reason(string status, string more, string error)
    {
        _cli.Server.AnswerInTurn($"GET {Build}", BuildOf("running"), BuildOf(status, more: more));

        var code = await _cli.RunAsync("start", "dev");

        code.Should().Be(1);
        _cli.Output.Should().BeEmpty();
        _cli.Errors.Should().EndWith(error);
    }

    [Fact]
    public async Task A_job_that_nobody_can_take_says_so_once()
    {
        _cli.Server.AnswerInTurn(
            $"GET {Build}", BuildOf("pending", available: 0), BuildOf("pending", available: 0), BuildOf("canceling"), BuildOf("canceled"));

        await _cli.RunAsync("start", "dev");

        _cli.Errors.Should().Be("""
            ==> Queued; no provisioner daemon is online that could take the job
            ==> Canceling
            error: The start of ada/dev was canceled

            """);
    }

    [Fact]
    public async Task A_server_that_restarts_is_waited_for()
    {
        var turn = 0;
        _cli.Server.Answer($"GET {Build}", () => turn++ switch
        {
            0 => throw new HttpRequestException(HttpRequestError.ConnectionError),
            1 => new HttpResponseMessage(HttpStatusCode.BadGateway) { Content = new StringContent("<html>") },
            2 => new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Content = new StringContent("""{"message":"slowly"}""") },
            _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(BuildOf("succeeded")) },
        });

        var code = await _cli.RunAsync("start", "dev");

        code.Should().Be(0);
        _cli.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_server_that_stays_away_is_not_waited_for_for_ever()
    {
        _cli.Server.Answer($"GET {Build}", () => throw new HttpRequestException(HttpRequestError.ConnectionError));

        var code = await _cli.RunAsync("start", "dev");

        code.Should().Be(1);
        _cli.Errors.Should().StartWith("error: Can not reach https://coder.test\n");
        _cli.Server.Requests.Count(request => request.Line.EndsWith("b1", StringComparison.Ordinal)).Should().Be(30);
    }

    [Fact]
    public async Task A_refusal_ends_the_waiting_at_once()
    {
        _cli.Server.Answer($"GET {Build}", 401, """{"message":"You are signed out."}""");

        var code = await _cli.RunAsync("start", "dev");

        code.Should().Be(1);
        _cli.Errors.Should().StartWith("error: You are signed out.\n");
    }

    [Fact]
    public async Task Who_stops_waiting_is_told_how_to_cancel()
    {
        using var cancellation = new CancellationTokenSource();
        _cli.Server.Answer($"GET {Build}", () =>
        {
            cancellation.Cancel();
            throw new OperationCanceledException(cancellation.Token);
        });

        var code = await _cli.RunCancellableAsync(["start", "dev"], cancellation.Token);

        code.Should().Be(1);
        _cli.Errors.Should().Be("You no longer wait, but the build goes on. To cancel it: coder cancel ada/dev\n");
        _cli.Server.Lines.Should().NotContain(line => line.StartsWith("PATCH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Control_characters_of_a_log_do_not_reach_the_terminal()
    {
        _cli.Server.AnswerInTurn($"GET {Build}", BuildOf("succeeded"));
        _cli.Server.AnswerInTurn($"GET {Build}/logs", $"[{Line(1, 0, "a\\u001b[2J", "b\\rc")}]");

        await _cli.RunAsync("start", "dev");

        _cli.Errors.Should().StartWith("==> a [2J\n    b c\n");
    }

    private static string BuildOf(string status, int position = 0, int available = 1, string more = "") =>
        $$"""
        {"id":"6f2b0f0e-0000-4000-8000-0000000000b1","transition":"start","status":"{{status}}",
        "job":{"status":"{{status}}","queue_position":{{position}},"queue_size":3{{more}} },
        "matched_provisioners":{"count":1,"available":{{available}},"most_recently_seen":null} }
        """;

    private static string Line(int id, int second, string stage, string output, string level = "info") =>
        $$"""
        {"id":{{id}},"created_at":"2026-03-01T12:00:{{second:00}}Z","log_level":"{{level}}","stage":"{{stage}}","output":"{{output}}" }
        """;

    /// <summary>What is left on a screen: a carriage return goes back to the beginning of the line, and later characters cover earlier ones.</summary>
    private static string Screen(string text)
    {
        var lines = text.Split('\n').Select(line =>
        {
            var cells = new List<char>();
            foreach (var part in line.Split('\r'))
            {
                for (var i = 0; i < part.Length; i++)
                {
                    if (i < cells.Count)
                    {
                        cells[i] = part[i];
                    }
                    else
                    {
                        cells.Add(part[i]);
                    }
                }
            }

            return new string([.. cells]).TrimEnd();
        });
        return string.Join('\n', lines);
    }
}
