using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Cli;

/// <summary>A developer's way through the tool, from a folder with a manifest to a workspace and out again.</summary>
public sealed class WorkspaceJourneyTests(WorkspaceServer server) : IClassFixture<WorkspaceServer>, IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private const string Manifest = """
        { "version": 1, "resources": [
          { "type": "volume", "name": "home", "present": "always" },
          { "type": "container", "name": "dev", "agents": [
            { "name": "main", "operating_system": "linux", "architecture": "amd64", "simulate_ready": true,
              "apps": [ { "slug": "code", "url": "http://localhost:13337", "share": "owner" } ] } ] } ] }
        """;

    private const string Slow = """
        { "version": 1, "resources": [ { "type": "container", "name": "dev" } ],
          "provision": { "delay_ms": { "start": 600000 }, "logs": [ { "phase": "start", "level": "info", "output": "slowly" } ] } }
        """;

    private CliJourney _journey = null!;
    private TestUser _user = null!;
    private string _template = "";

    public async ValueTask InitializeAsync()
    {
        (_journey, _user) = await server.SignInAsync(Ct, "owner");
        _template = $"t{TestIds.New():N}"[..12];
    }

    public ValueTask DisposeAsync()
    {
        _journey.Dispose();
        _user.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task From_a_folder_to_a_workspace_and_out_again()
    {
        var name = $"{_user.Username}/mine";
        await _journey.WriteAsync("dev/coder-template.json", Manifest, Ct);

        var pushed = await _journey.SucceedAsync("templates", "push", _template, "-d", "dev", "--yes");
        var templates = await _journey.SucceedAsync("templates", "list");
        var created = await _journey.SucceedAsync("create", "mine", "--template", _template);
        var listed = await _journey.SucceedAsync("list", "-c", "workspace,template,status,healthy,outdated");
        var shown = await _journey.SucceedAsync("show", "mine");

        pushed.Output.Should().StartWith($"Template {_template} is created in the organization ");
        templates.Output.Should().Contain(_template);
        created.Output.Should().Be($"Workspace {name} is running.\n");
        created.Errors.Should().MatchRegex(
            @"==> Starting workspace\n    volume\.home: created\n    container\.dev: created\n=== Starting workspace \[0\.0s\]\n$");
        listed.Output.Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Should().Equal(name, _template, "running", "true", "false");
        shown.Output.Should().Contain("Status:        running\n").And.Contain("\nvolume.home\n").And.Contain("\ncontainer.dev\n")
            .And.Contain("  agent main (linux, amd64): connected, ready\n    app code: http://localhost:13337, shared with owner\n");

        (await _journey.FailAsync("cancel", "mine")).Errors.Should().Be(
            $"error: Nothing is being built for {name}\n  The last build, a start, has succeeded.\n");
        (await _journey.SucceedAsync("stop", name)).Output.Should().Be($"Workspace {name} is stopped.\n");
        (await _journey.SucceedAsync("stop", "mine")).Errors.Should().Be($"Workspace {name} is stopped already.\n");
        (await _journey.SucceedAsync("start", "mine")).Output.Should().Be($"Workspace {name} is running.\n");
        (await _journey.SucceedAsync("restart", "mine")).Output.Should().Be($"Workspace {name} is stopped.\nWorkspace {name} is running.\n");

        (await _journey.SucceedAsync("templates", "push", _template, "-d", "dev", "--name", "second", "--message", "Again")).Output
            .Should().Be($"Version second of template {_template} is active.\n");
        (await server.Server.Database.ScalarAsync<long>("select count(*) from files where created_by = $1", Ct, _user.Id)).Should().Be(1);
        (await _journey.SucceedAsync("show", "mine")).Errors.Should().StartWith("The workspace is outdated");
        (await _journey.SucceedAsync("update", "mine")).Output.Should().Be($"Workspace {name} is stopped.\nWorkspace {name} is running.\n");
        (await _journey.SucceedAsync("show", "mine")).All.Should().Contain(", version second\n").And.NotContain("outdated");
        (await _journey.FailAsync("templates", "delete", _template, "--yes")).Errors.Should().Be(
            "error: All workspaces must be deleted before a template can be removed.\n");

        (await _journey.SucceedAsync("delete", "mine", "--yes")).Output.Should().Be($"Workspace {name} is deleted.\n");
        (await _journey.SucceedAsync("list")).Errors.Should().Be("You have no workspaces. Make one: coder create\n");
        (await _journey.SucceedAsync("templates", "delete", _template, "--yes")).Output.Should().Be($"Template {_template} is deleted.\n");
    }

    [Fact]
    public async Task JSON_is_that_of_the_API()
    {
        await PushAsync(Manifest);
        await _journey.SucceedAsync("create", "json", "-t", _template);

        var shown = JsonNode.Parse((await _journey.SucceedAsync("show", "json", "-o", "json")).Output);
        var listed = JsonNode.Parse((await _journey.SucceedAsync("list", "-o", "json")).Output);
        var templates = JsonNode.Parse((await _journey.SucceedAsync("templates", "list", "-o", "json")).Output);

        var api = await WorkspaceAsync("json");
        JsonNode.DeepEquals(shown, api).Should().BeTrue();
        JsonNode.DeepEquals(listed![0], api).Should().BeTrue();
        templates!.AsArray().Should().Contain(template => template!["name"]!.GetValue<string>() == _template);
    }

    [Fact]
    public async Task A_manifest_with_problems_makes_no_template()
    {
        await _journey.WriteAsync("bad/coder-template.json", """{ "version": 1, "more": 1 }""", Ct);

        var push = await _journey.FailAsync("templates", "push", _template, "-d", "bad", "--yes");

        push.Errors.Should().StartWith("==> Importing template\n    error: $.more: is not a known key\n=== Importing template [0.0s]\n")
            .And.EndWith("  Template manifest is invalid: $.more: is not a known key\n");
        (await _journey.SucceedAsync("templates", "list")).Output.Should().NotContain(_template);
    }

    [Fact]
    public async Task A_start_that_fails_is_a_failure_with_its_reason()
    {
        await PushAsync("""{ "version": 1, "provision": { "fail": { "start": "no room" } } }""");

        var created = await _journey.FailAsync("create", "full", "-t", _template);

        created.Output.Should().BeEmpty();
        created.Errors.Should().EndWith(
            $"    error: no room\n=== Starting workspace [0.0s]\nerror: The start of {_user.Username}/full failed\n  no room\n");
        (await _journey.SucceedAsync("show", "full")).Output.Should().Contain("Status:        failed\n").And.Contain("Error:         no room\n");
    }

    [Fact]
    public async Task Variables_are_given_or_asked_for_and_kept()
    {
        await _journey.WriteAsync("v/coder-template.json", """
            { "version": 1,
              "variables": [
                { "name": "region", "description": "Where it runs.", "required": true },
                { "name": "key", "required": true, "sensitive": true } ],
              "resources": [ { "type": "container", "name": "${variable.region}" } ] }
            """, Ct);

        var script = await _journey.FailAsync("templates", "push", _template, "-d", "v", "--yes", "--variable", "key=hunter2");
        _journey.Answers = "yes\nhunter2\nmars\n";
        var person = await _journey.SucceedAsync("templates", "push", _template, "-d", "v");
        var again = await _journey.SucceedAsync("templates", "push", _template, "-d", "v", "--variable", "key=hunter3");

        script.Errors.Should().EndWith(
            "  The template has required variables without a value: \"region\".\nGive them with --variable name=value or --variables-file.\n");
        person.Errors.Should().Contain("Variable key: Where it runs.\nVariable region: ");
        again.Output.Should().EndWith("is active.\n");
        (await _journey.SucceedAsync("create", "vars", "-t", _template)).Errors.Should().Contain("container.mars: created");
        (script.All + person.All + again.All).Should().NotContain("hunter");
    }

    [Fact]
    public async Task Parameters_are_given_or_asked_for()
    {
        await PushAsync("""
            { "version": 1,
              "parameters": [
                { "name": "size", "type": "number", "validation_min": 1, "validation_max": 5, "validation_error": "{value} is no size" },
                { "name": "region", "default_value": "eu", "options": [ { "name": "EU", "value": "eu" }, { "name": "US", "value": "us" } ] },
                { "name": "wipe", "type": "bool", "ephemeral": true, "default_value": "false" } ],
              "presets": [ { "name": "large", "parameters": { "size": "5" } } ],
              "resources": [ { "type": "container", "name": "c-${parameter.size}-${parameter.region}-${parameter.wipe}" } ] }
            """);

        (await _journey.FailAsync("create", "p1", "-t", _template)).Errors.Should().Be("""
            error: A parameter of the template has no value
              size: takes a number from 1 to 5
            Give them with --parameter name=value or --rich-parameter-file.

            """);
        (await _journey.FailAsync("create", "p1", "-t", _template, "--parameter", "size=9")).Errors.Should().Be(
            "error: Unable to validate parameter \"size\"\n  parameter \"size\" 9 is no size\n");
        (await _journey.SucceedAsync("create", "p1", "-t", _template, "--preset", "large", "--parameter", "region=us")).Errors
            .Should().Contain("container.c-5-us-false: created");
        (await _journey.SucceedAsync("restart", "p1", "--build-option", "wipe=true", "--parameter", "size=4")).Errors
            .Should().Contain("container.c-4-us-true: created");
        (await _journey.SucceedAsync("restart", "p1")).Errors.Should().Contain("container.c-4-us-false: created");

        _journey.Answers = "9\n2\nyes\n";
        var asked = await _journey.SucceedAsync("create", "p2", "-t", _template);
        asked.Errors.Should().Contain("Value of size: 9 is no size\nValue of size: ").And.Contain("container.c-2-eu-false: created");
    }

    [Fact]
    public async Task Schedules_and_updates_are_set_at_the_creation()
    {
        await PushAsync(Manifest);

        await _journey.SucceedAsync(
            "create", "planned", "-t", _template, "--start-at", "9:30AM Mon-Fri Europe/Dublin", "--stop-after", "8h",
            "--automatic-updates", "always", "--no-wait");

        var listed = await _journey.SucceedAsync("list", "--search", "name:planned", "-c", "starts at,stops after");
        listed.Output.Should().Be("STARTS AT                      STOPS AFTER\n09:30 Mon-Fri (Europe/Dublin)  8h\n");
        (await WorkspaceAsync("planned"))["automatic_updates"]!.GetValue<string>().Should().Be("always");
    }

    [Fact]
    public async Task What_waits_and_what_runs_can_be_canceled_and_left()
    {
        await PushAsync(Slow);
        var name = $"{_user.Username}/slow";
        using var impatience = new CancellationTokenSource();
        _journey.Heard = line =>
        {
            if (line.Contains("slowly", StringComparison.Ordinal))
            {
                impatience.Cancel();
            }
        };

        var left = await _journey.RunCancellableAsync(["create", "slow", "-t", _template], impatience.Token);
        _journey.Heard = null;
        var second = await _journey.SucceedAsync("create", "later", "-t", _template, "--no-wait");
        var shown = await _journey.SucceedAsync("show", "later");
        var mistaken = await _journey.FailAsync("cancel", "later", "--expect-status", "running");
        var waiting = await _journey.SucceedAsync("cancel", "later");
        var running = await _journey.SucceedAsync("cancel", "slow");

        left.Code.Should().Be(1);
        left.Errors.Should().EndWith(
            $"==> Starting workspace\n    slowly\n    container.dev: created\nYou no longer wait, but the build goes on. To cancel it: coder cancel {name}\n");
        second.Output.Should().Be($"The start of {_user.Username}/later is queued.\n");
        shown.Output.Should().Contain("Status:        pending, position 1 of 1\n");
        mistaken.Errors.Should().StartWith("error: Job is not in the expected state.\n  expected \"running\", got \"pending\"\n");
        waiting.Output.Should().Be($"The start of {_user.Username}/later is canceled; nothing was done.\n");
        running.Output.Should().Be($"The start of {name} is being canceled.\n");
        await server.Server.Database.UntilAsync(
            $"""
            select count(*) = 2 from workspace_builds b join workspaces w on w.id = b.workspace_id join provisioner_jobs j on j.id = b.job_id
            where w.owner_id = '{_user.Id}' and j.job_status = 'canceled'
            """,
            Ct);
        (await _journey.SucceedAsync("delete", "later", "slow", "--yes")).Output.Should().Be(
            $"Workspace {_user.Username}/later is deleted.\nWorkspace {name} is deleted.\n");
    }

    [Fact]
    public async Task Everybody_reaches_only_what_they_may()
    {
        await PushAsync(Manifest);
        await _journey.SucceedAsync("create", "private", "-t", _template);
        var (other, user) = await server.SignInAsync(Ct);
        using var both = other;
        using var account = user;

        (await other.FailAsync("show", $"{_user.Username}/private")).Errors.Should().StartWith(
            $"error: There is no workspace \"{_user.Username}/private\" that you may see\n");
        (await other.SucceedAsync("list", "--all")).Errors.Should().Be("There are no such workspaces.\n");
        (await other.FailAsync("templates", "delete", _template, "--yes")).Errors.Should().StartWith("error: Forbidden.");
        (await _journey.SucceedAsync("create", $"{user.Username}/gift", "-t", _template)).Output
            .Should().Be($"Workspace {user.Username}/gift is running.\n");
        (await other.SucceedAsync("show", "gift")).Output.Should().Contain($"Workspace:     {user.Username}/gift\n");
    }

    private async Task<JsonObject> WorkspaceAsync(string name) =>
        (await _user.Client.GetFromJsonAsync<JsonObject>($"/api/v2/users/me/workspace/{name}", Ct))!;

    private async Task PushAsync(string manifest)
    {
        await _journey.WriteAsync($"{_template}/coder-template.json", manifest, Ct);
        await _journey.SucceedAsync("templates", "push", "-d", _template, "--yes");
    }
}
