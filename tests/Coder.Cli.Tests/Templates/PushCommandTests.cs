using System.Formats.Tar;
using Coder.Cli.Tests.Login;

namespace Coder.Cli.Tests.Templates;

public sealed class PushCommandTests : IDisposable
{
    private const string Organization = "6f2b0f0e-0000-4000-8000-0000000000c1";
    private const string Template = "6f2b0f0e-0000-4000-8000-0000000000e1";
    private const string Active = "6f2b0f0e-0000-4000-8000-0000000000f1";
    private const string Version = "6f2b0f0e-0000-4000-8000-0000000000f2";
    private const string File = "6f2b0f0e-0000-4000-8000-0000000000d1";
    private const string Versions = $"POST /organizations/{Organization}/templateversions";

    private readonly CliHarness _cli = new();

    public PushCommandTests()
    {
        _cli.SignIn();
        _cli.Server.Answer("GET /users/me/organizations", 200, $$"""[{"id":"{{Organization}}","name":"acme","is_default":true}]""");
        _cli.Server.Answer("POST /files", 201, $$"""{"hash":"{{File}}"}""");
        _cli.Server.Answer(Versions, 201, VersionOf("pending"));
        _cli.Server.Answer($"GET /templateversions/{Version}", 200, VersionOf("succeeded"));
        _cli.Server.Answer($"GET /templateversions/{Version}/logs", 200, "[]");
        _cli.Server.Answer($"GET /templateversions/{Active}/variables", 200, "[]");
        _cli.Server.Answer($"GET /templateversions/{Active}", 200, ActiveWith("""{"scope":"organization","owner":""}"""));
        _cli.Server.Answer($"POST /organizations/{Organization}/templates", 201, $$"""{"id":"{{Template}}","name":"go"}""");
        _cli.Server.Answer($"PATCH /templates/{Template}/versions", 200, """{"message":"Updated the active template version!"}""");
        Directory.CreateDirectory(_cli.PathOf("go"));
        System.IO.File.WriteAllText(_cli.PathOf("go/coder-template.json"), """{ "version": 1 }""");
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_folder_becomes_a_template_of_its_name()
    {
        var code = await _cli.RunAsync("templates", "push", "-d", "go", "--yes");

        code.Should().Be(0, _cli.Errors);
        _cli.Output.Should().Be("Template go is created in the organization acme, from version eager_fox.\n");
        _cli.Errors.Should().Be("Make a workspace of it: coder create --template go\n");
        Body(Versions, $$"""
            {"storage_method":"file","file_id":"{{File}}","provisioner":"echo","user_variable_values":[]}
            """);
        Body($"POST /organizations/{Organization}/templates", $$"""{"name":"go","template_version_id":"{{Version}}"}""");
    }

    [Fact]
    public async Task An_existing_template_gets_the_version_and_makes_it_active()
    {
        Exists();

        var code = await _cli.RunAsync("template", "push", "go", "--directory", "go", "--name", "v2", "--message", "Better");

        code.Should().Be(0, _cli.Errors);
        _cli.Output.Should().Be("Version eager_fox of template go is active.\n");
        Body(Versions, $$"""
            {"name":"v2","message":"Better","template_id":"{{Template}}","storage_method":"file","file_id":"{{File}}","provisioner":"echo",
            "user_variable_values":[]}
            """);
        Body($"PATCH /templates/{Template}/versions", $$"""{"id":"{{Version}}"}""");
    }

    [Fact]
    public async Task A_version_can_be_made_without_making_it_active()
    {
        Exists();

        var code = await _cli.RunAsync("templates", "push", "-d", "go", "--activate=false");

        code.Should().Be(0, _cli.Errors);
        _cli.Output.Should().Be("Version eager_fox of template go is there, but not active.\n");
        _cli.Server.Lines.Should().NotContain(line => line.StartsWith("PATCH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, "", 1, "error: There is no terminal to ask: There is no template go in the organization acme yet. Create it?\n")]
    [InlineData(true, "no\n", 1, "There is no template go in the organization acme yet. Create it? (yes/no) [yes]: error: Nothing was changed\n")]
    [InlineData(true, "\n", 0, "There is no template go in the organization acme yet. Create it? (yes/no) [yes]: Make")]
    public async Task A_new_template_is_asked_about(bool isInteractive, string input, int expected, string errors)
    {
        _cli.IsInteractive = isInteractive;
        _cli.Input = input;

        var code = await _cli.RunAsync("templates", "push", "-d", "go");

        code.Should().Be(expected);
        _cli.Errors.Should().StartWith(errors);
        _cli.Server.Lines.Contains("POST /api/v2/files").Should().Be(expected == 0);
    }

    [Fact]
    public async Task An_archive_from_standard_input_is_sent_as_it_is()
    {
        using var stream = new MemoryStream();
        await using (var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            await writer.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, "main.tf"), TestContext.Current.CancellationToken);
        }

        _cli.Bytes = stream.ToArray();

        var code = await _cli.RunAsync("templates", "push", "go", "-d", "-", "--yes");

        code.Should().Be(0, _cli.Errors);
        _cli.Server.Requests.Single(request => request.Line == $"POST /api/v2/organizations/{Organization}/templateversions")
            .Body.Should().Contain("\"provisioner\":\"terraform\"");
    }

    [Fact]
    public async Task A_failed_import_makes_no_template()
    {
        _cli.Server.Answer($"GET /templateversions/{Version}", 200, VersionOf("failed", ",\"error\":\"it is broken\""));
        _cli.Server.Answer($"GET /templateversions/{Version}/logs", 200, """
            [{"id":1,"created_at":"2026-03-01T12:00:00Z","log_level":"error","stage":"Importing template","output":"it is broken"}]
            """);

        var code = await _cli.RunAsync("templates", "push", "-d", "go", "--yes");

        code.Should().Be(1);
        _cli.Errors.Should().Be("""
            ==> Importing template
                error: it is broken
            === Importing template [0.0s]
            error: The import of version eager_fox failed
              it is broken

            """);
        _cli.Server.Lines.Should().NotContain($"POST /api/v2/organizations/{Organization}/templates");
    }

    [Fact]
    public async Task Variables_come_from_the_active_version_then_the_file_then_the_options()
    {
        Exists();
        _cli.Server.Answer($"GET /templateversions/{Active}/variables", 200, """
            [{"name":"a","value":"active","default_value":"","sensitive":false},{"name":"b","value":"active","default_value":""},
             {"name":"c","value":"active","default_value":""},{"name":"same","value":"x","default_value":"x"},
             {"name":"secret","value":"","default_value":"","sensitive":true}]
            """);
        await System.IO.File.WriteAllTextAsync(_cli.PathOf("values"), "b: file\nc: file\n", TestContext.Current.CancellationToken);

        await _cli.RunAsync("templates", "push", "-d", "go", "--variables-file", "values", "--variable", "c=option", "--variable", "d=x=y");

        _cli.Server.Requests.Single(request => request.Method == "POST" && request.Line.EndsWith("templateversions", StringComparison.Ordinal))
            .Body.Should().Contain(
                """[{"name":"a","value":"active"},{"name":"b","value":"file"},{"name":"c","value":"option"},{"name":"d","value":"x=y"}]""");
    }

    [Fact]
    public async Task Tags_say_which_daemons_do_the_jobs_of_the_version()
    {
        var code = await _cli.RunAsync(
            "templates", "push", "-d", "go", "--yes", "--provisioner-tag", "environment=on-prem", "--provisioner-tag", "a=b=c");

        code.Should().Be(0, _cli.Errors);
        Tags().Should().Be("""{"environment":"on-prem","a":"b=c"}""");
    }

    [Theory]
    [InlineData("", """{"scope":"organization","owner":""}""", null)]
    [InlineData("", """{"scope":"organization","owner":"","environment":"on-prem"}""", """{"environment":"on-prem"}""")]
    [InlineData("", """{"scope":"user","owner":"6f2b0f0e-0000-4000-8000-000000000009"}""", """{"scope":"user"}""")]
    [InlineData("--provisioner-tag x=y", """{"scope":"organization","owner":"","environment":"on-prem"}""", """{"x":"y"}""")]
    [InlineData("--provisioner-tag -", """{"scope":"organization","owner":"","environment":"on-prem"}""", "{}")]
    public async Task The_tags_of_the_active_version_stay_unless_there_are_others(string options, string active, string? tags)
    {
        Exists();
        _cli.Server.Answer($"GET /templateversions/{Active}", 200, ActiveWith(active));

        var code = await _cli.RunAsync(["templates", "push", "-d", "go", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        code.Should().Be(0, _cli.Errors);
        Tags().Should().Be(tags);
    }

    [Fact]
    public async Task Missing_variables_are_named_where_nobody_can_be_asked()
    {
        _cli.Server.Answer($"GET /templateversions/{Version}", 200, VersionOf("failed", VariablesMissing));

        var code = await _cli.RunAsync("templates", "push", "-d", "go", "--yes");

        code.Should().Be(1);
        _cli.Errors.Should().Be("""
            error: The import of version eager_fox failed
              The template has required variables without a value: "region", "key".
            Give them with --variable name=value or --variables-file.

            """);
    }

    [Fact]
    public async Task Missing_variables_are_asked_for_on_a_terminal_and_the_name_of_the_version_is_made_free()
    {
        Exists();
        _cli.IsInteractive = true;
        _cli.Input = "\neu\n";
        _cli.Secrets.Enqueue("hunter2");
        _cli.Server.AnswerInTurn($"GET /templateversions/{Version}", VersionOf("failed", VariablesMissing), VersionOf("succeeded"));
        _cli.Server.Answer($"PATCH /templateversions/{Version}", 200, "{}");
        _cli.Server.Answer($"GET /templateversions/{Version}/variables", 200, """
            [{"name":"region","description":"Where it runs.","required":true},{"name":"key","required":true,"sensitive":true},
             {"name":"size","required":true},{"name":"other","required":false}]
            """);

        var code = await _cli.RunAsync("templates", "push", "-d", "go", "--variable", "size=1", "--name", "v2");

        code.Should().Be(0, _cli.Errors);
        _cli.Errors.Should().Be("Where it runs.\nVariable region: Variable region: Variable key: ");
        _cli.Server.Requests.Where(request => request.Line.EndsWith("/templateversions", StringComparison.Ordinal)).Last().Body
            .Should().Contain("""[{"name":"size","value":"1"},{"name":"region","value":"eu"},{"name":"key","value":"hunter2"}]""");
        Body($"PATCH /templateversions/{Version}", """{"name":"v2-6f2b0f0e"}""");
    }

    [Fact]
    public async Task Who_stops_waiting_is_told_that_nothing_uses_the_version()
    {
        using var cancellation = new CancellationTokenSource();
        _cli.Server.Answer($"GET /templateversions/{Version}", () =>
        {
            cancellation.Cancel();
            throw new OperationCanceledException(cancellation.Token);
        });

        var code = await _cli.RunCancellableAsync(["templates", "push", "-d", "go", "--yes"], cancellation.Token);

        code.Should().Be(1);
        _cli.Errors.Should().Be("You no longer wait. The import of version eager_fox goes on; no template uses it.\n");
    }

    [Theory]
    [InlineData("--yes -d none", "error: {0}/none is no folder\n")]
    [InlineData("a_b -d go --yes", "error: \"a_b\" can not be the name of a template\n")]
    [InlineData("-d -", "error: A template from standard input needs a name\n")]
    [InlineData("-d odd_name", "error: The folder \"odd_name\" can not give its name to a template\n")]
    [InlineData("-d go --variable x", "error: --variable takes name=value, and one of the values is not like that\n")]
    [InlineData("-d go --provisioner-tag x", "error: --provisioner-tag takes name=value, and one of the values is not like that\n")]
    [InlineData("-d go --provisioner-tag - --provisioner-tag a=b", "error: --provisioner-tag takes name=value, and one of the values is not like that\n")]
    [InlineData("-d go --variables-file none", "error: Can not read {0}/none\n")]
    [InlineData("-d go --org none", "error: There is no organization \"none\" that you may see\n")]
    public async Task Bad_input_is_named_before_anything_is_sent(string line, string error)
    {
        var code = await _cli.RunAsync(["templates", "push", .. line.Split(' ')]);

        code.Should().Be(1);
        _cli.Errors.Should().StartWith(error.Replace("{0}", Path.GetDirectoryName(_cli.PathOf("x"))!, StringComparison.Ordinal));
        _cli.Server.Requests.Should().NotContain(request => request.Method != "GET");
    }

    [Theory]
    [InlineData("[]", "error: You belong to no organization\nName one with --org.\n")]
    [InlineData(
        """[{"id":"6f2b0f0e-0000-4000-8000-0000000000c1","name":"a"},{"id":"6f2b0f0e-0000-4000-8000-0000000000c2","name":"b"}]""",
        "error: You belong to several organizations\nName one with --org: a, b.\n")]
    public async Task The_organization_must_be_clear(string own, string error)
    {
        _cli.Server.Answer("GET /users/me/organizations", 200, own);

        var code = await _cli.RunAsync("templates", "push", "-d", "go", "--yes");

        code.Should().Be(1);
        _cli.Errors.Should().Be(error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_organization_can_be_named(bool asOption)
    {
        _cli.Variables["CODER_ORGANIZATION"] = asOption ? "other" : "acme";
        _cli.Server.Answer("GET /organizations/acme", 200, $$"""{"id":"{{Organization}}","name":"acme"}""");

        var code = await _cli.RunAsync(["templates", "push", "-d", "go", "--yes", .. asOption ? ["-O", "acme"] : Array.Empty<string>()]);

        code.Should().Be(0, _cli.Errors);
    }

    private const string VariablesMissing =
        """,  "error_code":"REQUIRED_TEMPLATE_VARIABLES","error":"The template has required variables without a value: \"region\", \"key\"." """;

    private static string VersionOf(string status, string more = "") =>
        $$"""{"id":"{{Version}}","name":"eager_fox","job":{"status":"{{status}}"{{more}} },"matched_provisioners":{"available":1} }""";

    private static string ActiveWith(string tags) => $$"""{"id":"{{Active}}","name":"old_fox","job":{"status":"succeeded","tags":{{tags}} } }""";

    private string? Tags() => System.Text.Json.Nodes.JsonNode.Parse(
        _cli.Server.Requests.Single(request => request.Line == $"POST /api/v2/organizations/{Organization}/templateversions").Body)!["tags"]?.ToJsonString();

    private void Exists() => _cli.Server.Answer(
        $"GET /organizations/{Organization}/templates/go", 200, $$"""{"id":"{{Template}}","name":"go","active_version_id":"{{Active}}"}""");

    private void Body(string line, string body)
    {
        var parts = line.Split(' ');
        LoginCommandTests.ShouldBeJson(
            _cli.Server.Requests.Single(request => request.Line == $"{parts[0]} /api/v2{parts[1]}").Body, body);
    }
}
