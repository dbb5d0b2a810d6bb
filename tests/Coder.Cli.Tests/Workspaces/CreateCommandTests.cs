using Coder.Cli.Tests.Login;

namespace Coder.Cli.Tests.Workspaces;

public sealed class CreateCommandTests : IDisposable
{
    private const string Active = "6f2b0f0e-0000-4000-8000-0000000000f1";
    private const string Other = "6f2b0f0e-0000-4000-8000-0000000000f2";
    private const string Template = "6f2b0f0e-0000-4000-8000-0000000000e1";
    private const string Preset = "6f2b0f0e-0000-4000-8000-0000000000d1";

    private const string Templates = $$"""
        [{"id":"{{Template}}","name":"go","organization_name":"acme","description":"For Go","active_version_id":"{{Active}}"}]
        """;

    private const string Parameters = """
        [{"name":"size","type":"number","form_type":"input","required":true,"default_value":"","validation_min":1,"validation_max":5,
          "description_plaintext":"In GB.","display_name":"Disk size"},
         {"name":"region","type":"string","form_type":"radio","required":true,"default_value":"",
          "options":[{"name":"Europe","value":"eu","description":"Frankfurt"},{"name":"America","value":"us","description":""}]},
         {"name":"motd","type":"string","form_type":"input","required":false,"default_value":"hi"}]
        """;

    private readonly CliHarness _cli = new();

    public CreateCommandTests()
    {
        _cli.SignIn();
        _cli.Server.Answer("GET /templates", 200, Templates);
        _cli.Server.Answer($"GET /templateversions/{Active}/rich-parameters", 200, "[]");
        _cli.Server.Answer($"GET /templateversions/{Active}/presets", 200, "[]");
        _cli.Server.Answer("POST /users/me/workspaces", 201, """
            {"id":"6f2b0f0e-0000-4000-8000-0000000000a1","owner_name":"ada","name":"mine",
            "latest_build":{"id":"6f2b0f0e-0000-4000-8000-0000000000b1","transition":"start","status":"pending","job":{"status":"pending"}}}
            """);
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task The_template_is_found_by_name_and_nothing_is_sent_that_nobody_chose()
    {
        var code = await _cli.RunAsync("create", "mine", "-t", "go", "--no-wait");

        code.Should().Be(0);
        _cli.Output.Should().Be("The start of ada/mine is queued.\n");
        Uri.UnescapeDataString(_cli.Server.Requests[0].Url).Should().EndWith("/templates?q=exact_name:\"go\"");
        Sent().Should().Be("POST /api/v2/users/me/workspaces");
        LoginCommandTests.ShouldBeJson(
            _cli.Server.Requests[^1].Body, $$"""{"template_id":"{{Template}}","name":"mine","rich_parameter_values":[]}""");
    }

    [Fact]
    public async Task Options_become_fields()
    {
        _cli.Server.Answer($"GET /templates/{Template}/versions/old", 200, $$"""{"id":"{{Other}}","name":"old"}""");
        _cli.Server.Answer($"GET /templateversions/{Other}/rich-parameters", 200, Parameters);
        _cli.Server.Answer(
            $"GET /templateversions/{Other}/presets",
            200,
            $$"""[{"ID":"{{Preset}}","Name":"large","Parameters":[{"Name":"size","Value":"5"}],"Default":false}]""");
        _cli.Server.Answer("POST /users/bob/workspaces", 400, """{"message":"stop here"}""");
        await File.WriteAllTextAsync(
            _cli.PathOf("values.yaml"), "region: eu\nmotd: 'a=b'\n", TestContext.Current.CancellationToken);

        await _cli.RunAsync(
            "create", "bob/mine", "--template", "go", "--template-version", "old", "--preset", "large", "--parameter", "region=us",
            "--parameter-default", "size=3", "--rich-parameter-file", "values.yaml",
            "--start-at", "9:30AM Mon-Fri Europe/Dublin", "--stop-after", "8h30m", "--automatic-updates", "always");

        Sent().Should().Be("POST /api/v2/users/bob/workspaces");
        LoginCommandTests.ShouldBeJson(_cli.Server.Requests[^1].Body, $$"""
            {"template_version_id":"{{Other}}","template_version_preset_id":"{{Preset}}","name":"mine",
            "autostart_schedule":"CRON_TZ=Europe/Dublin 30 9 * * Mon-Fri","ttl_ms":30600000,"automatic_updates":"always",
            "rich_parameter_values":[{"name":"region","value":"us"},{"name":"motd","value":"a=b"}]}
            """);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("none", false)]
    public async Task The_default_preset_is_taken_unless_there_is_to_be_none(string preset, bool isTaken)
    {
        _cli.Server.Answer(
            $"GET /templateversions/{Active}/presets",
            200,
            $$"""[{"ID":"{{Preset}}","Name":"large","Parameters":[],"Default":true}]""");

        await _cli.RunAsync(["create", "mine", "-t", "go", "--no-wait", .. preset.Length == 0 ? Array.Empty<string>() : ["--preset", preset]]);

        _cli.Server.Requests[^1].Body.Contains(Preset, StringComparison.Ordinal).Should().Be(isTaken);
    }

    [Fact]
    public async Task Without_a_terminal_all_missing_parameters_are_named_at_once()
    {
        _cli.Server.Answer($"GET /templateversions/{Active}/rich-parameters", 200, Parameters);

        var code = await _cli.RunAsync("create", "mine", "-t", "go");

        code.Should().Be(1);
        _cli.Errors.Should().Be("""
            error: Some parameters of the template have no value
              size: takes a number from 1 to 5
              region: takes one of eu, us
            Give them with --parameter name=value or --rich-parameter-file.

            """);
        _cli.Server.Lines.Should().NotContain("POST /api/v2/users/me/workspaces");
    }

    [Fact]
    public async Task A_terminal_is_asked_for_what_is_missing_until_it_is_valid()
    {
        _cli.IsInteractive = true;
        _cli.Server.Answer($"GET /templateversions/{Active}/rich-parameters", 200, Parameters);
        _cli.Input = "mine\n2\ngo\nlarge\n9\n3\nmars\n1\nyes\n";

        var code = await _cli.RunAsync("create", "--no-wait");

        code.Should().Be(0, _cli.Errors);
        _cli.Errors.Should().Be(
            "Name of the workspace:   1. go: For Go\nTemplate [go]: Template [go]: "
            + "Disk size\n  In GB.\n  It takes a number from 1 to 5.\n"
            + "Value of size: Type a number.\nValue of size: Type a number from 1 to 5.\nValue of size: "
            + "region\n  1. Europe (eu): Frankfurt\n  2. America (us)\n"
            + "Value of region: Choose one of the options.\nValue of region: "
            + "Create workspace mine from template go? (yes/no) [yes]: ");
        _cli.Server.Requests[^1].Body.Should().Contain("""[{"name":"size","value":"3"},{"name":"region","value":"eu"}]""");
    }

    [Fact]
    public async Task Who_says_no_creates_nothing()
    {
        _cli.IsInteractive = true;
        _cli.Input = "no\n";

        var code = await _cli.RunAsync("create", "mine", "-t", "go");

        code.Should().Be(1);
        _cli.Errors.Should().EndWith("error: Nothing was changed\n");
        _cli.Server.Lines.Should().NotContain("POST /api/v2/users/me/workspaces");
    }

    [Theory]
    [InlineData("", "error: The workspace needs a name\n")]
    [InlineData("mine", "error: The workspace needs a template\n")]
    [InlineData("a/b/c -t go", "error: \"a/b/c\" is not the name of a workspace\n")]
    [InlineData("mine -t go --start-at soon", "error: \"soon\" is no weekly time\n")]
    [InlineData("mine -t go --stop-after -1h", "error: \"-1h\" is no duration\n")]
    [InlineData("mine -t go --stop-after later", "error: \"later\" is no duration\n")]
    [InlineData("mine -t go --automatic-updates sometimes", "error: Argument 'sometimes' not recognized")]
    [InlineData("mine -t go --parameter x", "error: --parameter takes name=value, and one of the values is not like that\n")]
    [InlineData("mine -t go --parameter x=y", "error: The template has no parameter \"x\"\nIt has no parameters at all.\n")]
    [InlineData("mine -t go --preset x", "error: The template has no preset \"x\"\nIt has no presets at all.\n")]
    [InlineData("mine -t go --template-version x", "error: The template go has no version \"x\"\n")]
    [InlineData("mine -t a:b", "error: There is no template \"a:b\" that you may see\n")]
    [InlineData("mine -t go --rich-parameter-file none", "error: Can not read ")]
    public async Task Bad_input_is_named(string line, string error)
    {
        var code = await _cli.RunAsync(["create", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        code.Should().Be(1);
        _cli.Errors.Should().StartWith(error);
        _cli.Server.Lines.Should().NotContain("POST /api/v2/users/me/workspaces");
    }

    [Theory]
    [InlineData("[]", "error: There is no template \"go\" that you may see\nRun 'coder templates list' to see those that you may.\n")]
    [InlineData(
        """[{"name":"go","organization_name":"acme"},{"name":"go","organization_name":"default"}]""",
        "error: There is a template \"go\" in several organizations\nName one with --org: acme, default.\n")]
    public async Task A_template_must_be_one(string templates, string error)
    {
        _cli.Server.Answer("GET /templates", 200, templates);

        var code = await _cli.RunAsync("create", "mine", "-t", "go");

        code.Should().Be(1);
        _cli.Errors.Should().Be(error);
    }

    [Fact]
    public async Task A_refusal_lists_its_fields()
    {
        _cli.Server.Answer("POST /users/me/workspaces", 409, """
            {"message":"Workspace \"mine\" already exists.","validations":[{"field":"name","detail":"This value is already in use."}]}
            """);

        var code = await _cli.RunAsync("create", "mine", "-t", "go");

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: Workspace \"mine\" already exists.\n  name: This value is already in use.\n");
    }

    private string Sent() => _cli.Server.Lines.Last();
}
