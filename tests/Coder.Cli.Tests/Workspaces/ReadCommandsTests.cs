using System.Globalization;
using System.Text.Json.Nodes;
using Coder.Cli.Tests.Login;

namespace Coder.Cli.Tests.Workspaces;

/// <summary>list and show.</summary>
public sealed class ReadCommandsTests : IDisposable
{
    private const string Mine = """
        {"id":"6f2b0f0e-0000-4000-8000-0000000000a1","owner_name":"ada","name":"mine","organization_name":"acme","template_name":"go",
        "outdated":true,"autostart_schedule":"CRON_TZ=Europe/Dublin 30 9 * * Mon-Fri","ttl_ms":28800000,"favorite":true,
        "next_start_at":"2025-08-04T08:30:00Z","dormant_at":null,"health":{"healthy":false,"failing_agents":[]},"something_new":1.50,
        "latest_build":{"id":"6f2b0f0e-0000-4000-8000-0000000000b1","created_at":"2025-08-01T11:57:00Z","transition":"start",
          "build_number":3,"initiator_name":"bob","status":"running","template_version_name":"eager_fox","daily_cost":7,
          "deadline":"2025-08-01T19:57:00Z","job":{"status":"succeeded"},
          "resources":[
            {"type":"volume","name":"home","agents":[],"metadata":[{"key":"size","value":"5 GB"},{"key":"token","value":"","sensitive":true}]},
            {"type":"secret","name":"inner","hide":true,"agents":[]},
            {"type":"container","name":"dev","metadata":[],"agents":[
              {"name":"main","status":"connected","lifecycle_state":"start_error","operating_system":"linux","architecture":"amd64",
               "health":{"healthy":false,"reason":"its start script failed"},"apps":[
                 {"slug":"code","url":"http://localhost:13337","sharing_level":"owner","health":"healthy"},
                 {"slug":"top","command":"htop","sharing_level":"authenticated","health":"disabled"},
                 {"slug":"hidden","sharing_level":"owner","hidden":true}]}]}]}}
        """;

    private const string Waiting = """
        {"id":"6f2b0f0e-0000-4000-8000-0000000000a2","owner_name":"ada","name":"other","template_name":"go","outdated":false,
        "latest_build":{"id":"6f2b0f0e-0000-4000-8000-0000000000b2","created_at":"2025-08-01T12:00:00Z","transition":"start","build_number":1,
          "initiator_name":"ada","status":"pending","template_version_name":"eager_fox",
          "job":{"status":"pending","queue_position":2,"queue_size":5}}}
        """;

    private readonly CliHarness _cli = new();

    public ReadCommandsTests()
    {
        _cli.SignIn();
        _cli.Server.Answer("GET /workspaces", 200, $$"""{"workspaces":[{{Mine}},{{Waiting}}],"count":2}""");
        _cli.Server.Answer("GET /users/me/workspace/mine", 200, Mine);
    }

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("list")]
    [InlineData("ls")]
    public async Task List_is_a_table(string name)
    {
        var code = await _cli.RunAsync(name);

        code.Should().Be(0);
        _cli.Output.Should().Be("""
            WORKSPACE  TEMPLATE  STATUS   HEALTHY  LAST BUILT  CURRENT VERSION  OUTDATED  STARTS AT                      STOPS AFTER
            ada/mine   go        running  false    3m ago      eager_fox        true      09:30 Mon-Fri (Europe/Dublin)  8h
            ada/other  go        pending           0.0s ago    eager_fox        false

            """);
    }

    [Fact]
    public async Task List_shows_the_columns_that_are_asked_for()
    {
        await _cli.RunAsync("list", "-c", "workspace,starts next,stops next,daily cost,organization name,favorite,id");

        _cli.Output.Should().StartWith("""
            WORKSPACE  STARTS NEXT           STOPS NEXT            DAILY COST  ORGANIZATION NAME  FAVORITE  ID
            ada/mine   2025-08-04T08:30:00Z  2025-08-01T19:57:00Z  7           acme               true      6f2b0f0e-0000-4000-8000-0000000000a1

            """);
    }

    [Theory]
    [InlineData("", "owner:me")]
    [InlineData("--all", "")]
    [InlineData("-a", "")]
    [InlineData("--search template:go", "template:go")]
    public async Task List_searches_for_your_own_unless_told_otherwise(string options, string search)
    {
        await _cli.RunAsync(["list", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Uri.UnescapeDataString(new Uri(_cli.Server.Requests.Single().Url).Query).Should().Be($"?q={search}&limit=100&offset=0");
    }

    [Fact]
    public async Task List_reads_all_pages()
    {
        var page = string.Join(',', Enumerable.Repeat(Waiting, 100));
        _cli.Server.AnswerInTurn("GET /workspaces", $$"""{"workspaces":[{{page}}],"count":101}""", $$"""{"workspaces":[{{Mine}}],"count":101}""");

        await _cli.RunAsync("list", "-o", "json");

        JsonNode.Parse(_cli.Output)!.AsArray().Should().HaveCount(101);
        _cli.Server.Requests.Select(request => new Uri(request.Url).Query).Should().HaveCount(2).And.EndWith("?q=owner%3Ame&limit=100&offset=100");
    }

    [Fact]
    public async Task List_as_JSON_is_what_the_server_says()
    {
        await _cli.RunAsync("list", "--output", "json");

        LoginCommandTests.ShouldBeJson(_cli.Output, $"[{Mine},{Waiting}]");
        _cli.Output.Should().Contain("1.50");
    }

    [Theory]
    [InlineData("", "You have no workspaces. Make one: coder create\n", "")]
    [InlineData("--all", "There are no such workspaces.\n", "")]
    [InlineData("-o json", "", "[]\n")]
    public async Task List_may_be_empty(string options, string errors, string output)
    {
        _cli.Server.Answer("GET /workspaces", 200, """{"workspaces":[],"count":0}""");

        var code = await _cli.RunAsync(["list", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        code.Should().Be(0);
        _cli.Errors.Should().Be(errors);
        _cli.Output.Should().Be(output);
    }

    [Fact]
    public async Task List_shows_why_a_search_was_refused()
    {
        _cli.Server.Answer("GET /workspaces", 400, """
            {"message":"Invalid workspace search query.","validations":[{"field":"status","detail":"Query param \"status\" is bad"}]}
            """);

        var code = await _cli.RunAsync("list", "--search", "status:x");

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: Invalid workspace search query.\n  status: Query param \"status\" is bad\n");
    }

    [Fact]
    public async Task Show_tells_all_that_a_person_asks_about()
    {
        var code = await _cli.RunAsync("show", "mine");

        code.Should().Be(0);
        _cli.Output.Should().Be("""
            Workspace:     ada/mine
            Template:      go, version eager_fox
            Status:        running
            Last build:    start 3 by bob, 3m ago
            Starts at:     09:30 Mon-Fri (Europe/Dublin)
            Stops at:      2025-08-01T19:57:00Z

            volume.home
              size: 5 GB
              token: (sensitive)
            container.dev
              agent main (linux, amd64): connected, start_error; its start script failed
                app code: http://localhost:13337, shared with owner, healthy
                app top: htop, shared with authenticated

            """);
        _cli.Errors.Should().Be("The workspace is outdated: its template has another active version. To move to it: coder update ada/mine\n");
    }

    [Theory]
    [InlineData("\"queue_position\":2,\"queue_size\":5}", "pending, position 2 of 5")]
    [InlineData("\"queue_position\":0},\"matched_provisioners\":{\"available\":0}", "pending, no provisioner daemon is online that could take it")]
    [InlineData("\"queue_position\":0}", "pending")]
    public async Task Show_says_why_a_build_waits(string job, string status)
    {
        _cli.Server.Answer(
            "GET /users/ada/workspace/other",
            200,
            Waiting.Replace("\"queue_position\":2,\"queue_size\":5}", job, StringComparison.Ordinal));

        await _cli.RunAsync("show", "ada/other");

        _cli.Output.Should().Contain($"Status:        {status}\n");
        _cli.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task Show_tells_of_failures_and_dormancy()
    {
        _cli.Server.Answer(
            "GET /users/ada/workspace/other",
            200,
            Waiting
                .Replace("\"status\":\"pending\",\"queue_position\":2", "\"status\":\"failed\",\"error\":\"no room\"", StringComparison.Ordinal)
                .Replace("\"outdated\":false", "\"dormant_at\":\"2025-07-01T00:00:00Z\"", StringComparison.Ordinal));

        await _cli.RunAsync("show", "ada/other");

        _cli.Output.Should().Contain("Error:         no room\n").And.Contain("Dormant since: 2025-07-01T00:00:00Z\n");
    }

    [Fact]
    public async Task Show_as_JSON_is_what_the_server_says()
    {
        await _cli.RunAsync("show", "mine", "-o", "json");

        LoginCommandTests.ShouldBeJson(_cli.Output, Mine);
        _cli.Output.Should().Contain(1.5m.ToString("0.00", CultureInfo.InvariantCulture));
    }
}
