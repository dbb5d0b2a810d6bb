using System.Text.Json.Nodes;
using Coder.Cli.Tests.Login;

namespace Coder.Cli.Tests.Workspaces;

/// <summary>start, stop, restart, cancel and delete, by what they ask the server for.</summary>
public sealed class BuildCommandsTests : IDisposable
{
    private const string Id = "6f2b0f0e-0000-4000-8000-0000000000a1";
    private const string Last = "6f2b0f0e-0000-4000-8000-0000000000b0";
    private const string Version = "6f2b0f0e-0000-4000-8000-0000000000f1";
    private const string Active = "6f2b0f0e-0000-4000-8000-0000000000f9";

    private readonly CliHarness _cli = new();

    public BuildCommandsTests()
    {
        _cli.SignIn();
        Latest("stop", "stopped", "succeeded");
        _cli.Server.Answer($"POST /workspaces/{Id}/builds", 201, Build("start", "pending", "pending"));
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Start_names_itself_as_the_reason()
    {
        var code = await _cli.RunAsync("start", "ada/dev", "--no-wait");

        code.Should().Be(0);
        _cli.Output.Should().Be("The start of ada/dev is queued.\n");
        Sent("""{"transition":"start","reason":"cli","rich_parameter_values":[]}""");
    }

    [Theory]
    [InlineData("start", "start", "running", "succeeded", "Workspace ada/dev is running already.\n")]
    [InlineData("stop", "stop", "stopped", "succeeded", "Workspace ada/dev is stopped already.\n")]
    public async Task What_is_so_already_needs_no_build(string command, string transition, string status, string job, string note)
    {
        Latest(transition, status, job);

        var code = await _cli.RunAsync(command, "ada/dev");

        code.Should().Be(0);
        _cli.Errors.Should().Be(note);
        Posts().Should().BeEmpty();
    }

    [Theory]
    [InlineData("start", "starting", "running", "started", "running")]
    [InlineData("stop", "stopping", "pending", "stopped", "stopped")]
    public async Task A_build_of_the_same_kind_is_waited_for(string command, string status, string job, string participle, string state)
    {
        Latest(command, status, job);
        _cli.Server.Answer($"GET /workspacebuilds/{Last}", 200, Build(command, state, "succeeded"));
        _cli.Server.Answer($"GET /workspacebuilds/{Last}/logs", 200, "[]");

        var code = await _cli.RunAsync(command, "ada/dev");

        code.Should().Be(0);
        _cli.Errors.Should().Be($"Workspace ada/dev is being {participle} already.\n");
        _cli.Output.Should().Be($"Workspace ada/dev is {state}.\n");
        Posts().Should().BeEmpty();
    }

    [Fact]
    public async Task A_build_of_another_kind_is_the_answer_of_the_server()
    {
        Latest("delete", "deleting", "running");
        _cli.Server.Answer($"POST /workspaces/{Id}/builds", 409, """{"message":"A workspace build is already active."}""");

        var code = await _cli.RunAsync("start", "ada/dev");

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: A workspace build is already active.\n");
    }

    [Fact]
    public async Task Start_takes_values_for_good_and_for_once()
    {
        Parameters();

        await _cli.RunAsync("start", "ada/dev", "--no-wait", "--build-option", "wipe=true", "--parameter", "size=9", "--parameter-default", "motd=no");

        Sent("""
            {"transition":"start","reason":"cli","rich_parameter_values":[{"name":"size","value":"9"},{"name":"wipe","value":"true"}]}
            """);
    }

    [Theory]
    [InlineData("--build-option size=9", "error: The parameter \"size\" does not count for one start only\nUse --parameter to change it for good.\n")]
    [InlineData("--build-option x=9", "error: The template has no parameter \"x\"\nParameters: size, motd, wipe.\n")]
    [InlineData("--build-option x", "error: --build-option takes name=value, and one of the values is not like that\n")]
    public async Task Values_for_once_must_be_such(string option, string error)
    {
        Parameters();

        var code = await _cli.RunAsync(["start", "ada/dev", .. option.Split(' ')]);

        code.Should().Be(1);
        _cli.Errors.Should().Be(error);
        Posts().Should().BeEmpty();
    }

    [Theory]
    [InlineData("yes\n", 1)]
    [InlineData("\n", 1)]
    [InlineData("no\n", 0)]
    public async Task Stop_asks_a_person(string answer, int builds)
    {
        Latest("start", "running", "succeeded");
        _cli.IsInteractive = true;
        _cli.Input = answer;

        await _cli.RunAsync("stop", "ada/dev", "--no-wait");

        _cli.Errors.Should().StartWith("Stop ada/dev? (yes/no) [yes]: ");
        Posts().Should().HaveCount(builds);
    }

    [Theory]
    [InlineData(true, "--yes")]
    [InlineData(false, "--no-wait")]
    public async Task Stop_asks_nobody_who_has_said_yes_or_is_no_person(bool isInteractive, string option)
    {
        Latest("start", "running", "succeeded");
        _cli.IsInteractive = isInteractive;

        await _cli.RunAsync("stop", "ada/dev", "--no-wait", option);

        _cli.Errors.Should().BeEmpty();
        Sent("""{"transition":"stop","rich_parameter_values":[]}""");
    }

    [Fact]
    public async Task Restart_of_a_stopped_workspace_is_a_start()
    {
        await _cli.RunAsync("restart", "ada/dev", "--no-wait");

        Sent("""{"transition":"start","reason":"cli","rich_parameter_values":[]}""");
    }

    [Fact]
    public async Task Restart_does_not_start_what_could_not_be_stopped()
    {
        Latest("start", "running", "succeeded");
        _cli.Server.Answer($"POST /workspaces/{Id}/builds", 201, Build("stop", "pending", "pending"));
        _cli.Server.Answer($"GET /workspacebuilds/{Last}", 200, Build("stop", "failed", "failed"));
        _cli.Server.Answer($"GET /workspacebuilds/{Last}/logs", 200, "[]");

        var code = await _cli.RunAsync("restart", "ada/dev");

        code.Should().Be(1);
        _cli.Errors.Should().EndWith("error: The stop of ada/dev failed\n");
        Posts().Should().ContainSingle();
    }

    [Theory]
    [InlineData("restart", "--parameter x=9", "error: The template has no parameter \"x\"\nParameters: size, motd, wipe.\n")]
    [InlineData("restart", "--parameter size=big", "error: The template does not take these values\n  size: takes a number\n")]
    [InlineData("restart", "--build-option size=9", "error: The parameter \"size\" does not count for one start only\nUse --parameter to change it for good.\n")]
    [InlineData("update", "", "error: A parameter of the template has no value\n  new: takes a text\nGive them with --parameter name=value or --rich-parameter-file.\n")]
    [InlineData("update", "--parameter new=a --parameter size=1", "error: The template does not take these values\n  size: takes a number of at least 2\n")]
    public async Task A_workspace_is_not_stopped_for_a_start_that_lacks_values(string command, string options, string error)
    {
        Outdated("start", "running");

        var code = await _cli.RunAsync([command, "ada/dev", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        code.Should().Be(1);
        _cli.Errors.Should().Be(error);
        Posts().Should().BeEmpty();
    }

    [Fact]
    public async Task Update_of_what_runs_stops_it_and_starts_what_was_asked_for_before()
    {
        Outdated("start", "running");
        _cli.Server.AnswerInTurn($"POST /workspaces/{Id}/builds", Build("stop", "pending", "pending"), Build("start", "pending", "pending"));
        _cli.Server.Answer($"GET /workspacebuilds/{Last}", 200, Build("stop", "stopped", "succeeded"));
        _cli.Server.Answer($"GET /workspacebuilds/{Last}/logs", 200, "[]");

        var code = await _cli.RunAsync("update", "ada/dev", "--no-wait", "--parameter", "new=a");

        code.Should().Be(0, _cli.Errors);
        Posts().Select(request => JsonNode.Parse(request.Body)!.ToJsonString()).Should().Equal(
            """{"transition":"stop","rich_parameter_values":[]}""",
            $$"""{"transition":"start","template_version_id":"{{Active}}","reason":"cli","rich_parameter_values":[{"name":"new","value":"a"}]}""");
    }

    [Fact]
    public async Task Update_of_what_is_up_to_date_does_nothing()
    {
        var code = await _cli.RunAsync("update", "ada/dev");

        code.Should().Be(0);
        _cli.Errors.Should().Be("Workspace ada/dev is up to date already.\n");
        Posts().Should().BeEmpty();
    }

    [Fact]
    public async Task Update_starts_the_active_version_and_asks_for_what_is_new_in_it()
    {
        _cli.Server.Answer("GET /users/ada/workspace/dev", 200, $$"""
            {"id":"{{Id}}","owner_name":"ada","name":"dev","outdated":true,"template_active_version_id":"{{Active}}",
            "latest_build":{{Build("stop", "stopped", "succeeded")}} }
            """);
        _cli.Server.Answer($"GET /templateversions/{Active}/rich-parameters", 200, """
            [{"name":"size","type":"number","required":true},{"name":"new","type":"string","required":true}]
            """);
        _cli.Server.Answer($"GET /workspacebuilds/{Last}/parameters", 200, """[{"name":"size","value":"3"}]""");

        (await _cli.RunAsync("update", "ada/dev", "--no-wait")).Should().Be(1);
        _cli.Errors.Should().Contain("  new: takes a text\n").And.NotContain("size:");
        (await _cli.RunAsync("update", "ada/dev", "--no-wait", "--parameter", "new=x")).Should().Be(0);

        Sent($$"""
            {"transition":"start","template_version_id":"{{Active}}","reason":"cli","rich_parameter_values":[{"name":"new","value":"x"}]}
            """);
    }

    [Theory]
    [InlineData("pending", "pending", "The start of ada/dev is canceled; nothing was done.\n")]
    [InlineData("running", "running", "The start of ada/dev is being canceled.\n")]
    public async Task Cancel_expects_the_status_that_it_saw(string job, string expected, string output)
    {
        Latest("start", job == "pending" ? "pending" : "starting", job);
        _cli.Server.Answer($"PATCH /workspacebuilds/{Last}/cancel", 200, """{"message":"Job has been marked as canceled..."}""");

        var code = await _cli.RunAsync("cancel", "ada/dev");

        code.Should().Be(0);
        _cli.Output.Should().Be(output);
        _cli.Server.Requests[^1].Url.Should().EndWith($"/workspacebuilds/{Last}/cancel?expect_status={expected}");
    }

    [Fact]
    public async Task Cancel_expects_what_it_is_told_to_and_shows_the_refusal()
    {
        Latest("start", "starting", "running");
        _cli.Server.Answer(
            $"PATCH /workspacebuilds/{Last}/cancel",
            412,
            """{"message":"Job is not in the expected state.","detail":"expected \"pending\", got \"running\""}""");

        var code = await _cli.RunAsync("cancel", "ada/dev", "--expect-status", "pending");

        code.Should().Be(1);
        _cli.Errors.Should().Be(
            "error: Job is not in the expected state.\n  expected \"pending\", got \"running\"\nSee how it stands: coder show ada/dev\n");
        _cli.Server.Requests[^1].Url.Should().EndWith("?expect_status=pending");
    }

    [Fact]
    public async Task Cancel_of_what_is_being_canceled_is_left_to_the_server()
    {
        Latest("start", "canceling", "canceling");
        _cli.Server.Answer($"PATCH /workspacebuilds/{Last}/cancel", 400, """{"message":"Job has already been marked as canceled!"}""");

        var code = await _cli.RunAsync("cancel", "ada/dev");

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: Job has already been marked as canceled!\n");
        _cli.Server.Requests[^1].Url.Should().EndWith("/cancel");
    }

    [Theory]
    [InlineData("succeeded", "succeeded")]
    [InlineData("failed", "failed")]
    [InlineData("canceled", "been canceled")]
    public async Task Cancel_needs_a_build_that_goes_on(string job, string ended)
    {
        Latest("start", "x", job);

        var code = await _cli.RunAsync("cancel", "ada/dev");

        code.Should().Be(1);
        _cli.Errors.Should().Be($"error: Nothing is being built for ada/dev\n  The last build, a start, has {ended}.\n");
    }

    [Fact]
    public async Task Cancel_takes_two_words_only()
    {
        var code = await _cli.RunAsync("cancel", "ada/dev", "--expect-status", "succeeded");

        code.Should().Be(1);
        _cli.Errors.Should().Contain("succeeded").And.Contain("pending").And.Contain("running");
        _cli.Server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Delete_needs_a_person_or_yes()
    {
        var code = await _cli.RunAsync("delete", "ada/dev");

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: There is no terminal to ask: Delete ada/dev?\nUse --yes to say so.\n");
        Posts().Should().BeEmpty();
    }

    [Theory]
    [InlineData("yes\n", 1)]
    [InlineData("\n", 0)]
    public async Task Delete_asks_a_person_and_an_empty_line_is_no(string answer, int builds)
    {
        _cli.IsInteractive = true;
        _cli.Input = answer;

        await _cli.RunAsync("rm", "ada/dev", "--no-wait");

        _cli.Errors.Should().StartWith("Delete ada/dev? (yes/no) [no]: ");
        Posts().Should().HaveCount(builds);
    }

    [Fact]
    public async Task Delete_can_leave_behind_what_was_provisioned()
    {
        await _cli.RunAsync("delete", "ada/dev", "--orphan", "--yes", "--no-wait");

        Sent("""{"transition":"delete","orphan":true,"rich_parameter_values":[]}""");
    }

    [Fact]
    public async Task Delete_begins_only_when_all_of_them_are_there()
    {
        var code = await _cli.RunAsync("delete", "ada/dev", "ada/none", "--yes");

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: There is no workspace \"ada/none\" that you may see\nRun 'coder list' to see yours.\n");
        Posts().Should().BeEmpty();
    }

    [Theory]
    [InlineData("start")]
    [InlineData("stop")]
    [InlineData("restart")]
    [InlineData("update")]
    [InlineData("cancel")]
    [InlineData("delete --yes")]
    [InlineData("show")]
    public async Task An_unknown_workspace_is_named(string command)
    {
        var code = await _cli.RunAsync([.. command.Split(' '), "none"]);

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: There is no workspace \"none\" that you may see\nRun 'coder list' to see yours.\n");
        _cli.Server.Lines.Should().Equal("GET /api/v2/users/me/workspace/none");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/")]
    [InlineData("/a")]
    [InlineData("a/b/c")]
    public async Task What_can_not_name_a_workspace_is_refused_without_asking(string text)
    {
        var code = await _cli.RunAsync("show", text);

        code.Should().Be(1);
        _cli.Errors.Should().Be($"error: \"{text}\" is not the name of a workspace\nWorkspaces are named name or owner/name.\n");
        _cli.Server.Requests.Should().BeEmpty();
    }

    private void Latest(string transition, string status, string job) => _cli.Server.Answer("GET /users/ada/workspace/dev", 200, $$"""
        {"id":"{{Id}}","owner_name":"ada","name":"dev","latest_build":{{Build(transition, status, job)}} }
        """);

    private static string Build(string transition, string status, string job) => $$"""
        {"id":"{{Last}}","transition":"{{transition}}","status":"{{status}}","template_version_id":"{{Version}}","job":{"status":"{{job}}"} }
        """;

    /// <summary>There is a newer version, with stricter parameters and one more.</summary>
    private void Outdated(string transition, string status)
    {
        Parameters();
        _cli.Server.Answer("GET /users/ada/workspace/dev", 200, $$"""
            {"id":"{{Id}}","owner_name":"ada","name":"dev","outdated":true,"template_active_version_id":"{{Active}}",
            "latest_build":{{Build(transition, status, "succeeded")}} }
            """);
        _cli.Server.Answer($"GET /templateversions/{Active}/rich-parameters", 200, """
            [{"name":"size","type":"number","required":true,"validation_min":2},{"name":"new","type":"string","required":true}]
            """);
    }

    private void Parameters()
    {
        _cli.Server.Answer($"GET /templateversions/{Version}/rich-parameters", 200, """
            [{"name":"size","type":"number","required":true},{"name":"motd","type":"string","required":false,"default_value":"hi"},
             {"name":"wipe","type":"bool","ephemeral":true,"default_value":"false"}]
            """);
        _cli.Server.Answer($"GET /workspacebuilds/{Last}/parameters", 200, """[{"name":"size","value":"3"},{"name":"motd","value":"hi"}]""");
    }

    private IEnumerable<SeenRequest> Posts() => _cli.Server.Requests.Where(request => request.Method == "POST");

    private void Sent(string body) => LoginCommandTests.ShouldBeJson(Posts().Should().ContainSingle().Subject.Body, JsonNode.Parse(body)!.ToJsonString());
}
