using Coder.Cli.Tests.Login;

namespace Coder.Cli.Tests.Licenses;

public sealed class LicenseCommandsTests : IDisposable
{
    private const string Token = "eyJhbGciOiJFZERTQSJ9.eyJ2ZXJzaW9uIjozfQ.c2lnbmF0dXJl";

    private const string Premium = """
        {"id":1,"uuid":"6f2b0f0e-0000-4000-8000-0000000000aa","uploaded_at":"2025-08-01T10:20:30.123456Z","claims":{
        "iss":"x","license_expires":1785585600,"exp":1786190400,"iat":1.7540496e9,"trial":true,"feature_set":"PREMIUM",
        "features":{"user_limit":100,"audit_log":0,"managed_agent_limit_soft":-1,"big":9223372036854775807},"note":"größe \u001b"}}
        """;

    private const string Legacy = """
        {"id":12,"uuid":"6f2b0f0e-0000-4000-8000-0000000000bb","uploaded_at":"2025-08-01T12:20:30+02:00","claims":{
        "license_expires":1785585600.9,"all_features":true,"features":{"user_limit":5}}}
        """;

    private const string Damaged = """
        {"id":13,"uuid":"6f2b0f0e-0000-4000-8000-0000000000cc","uploaded_at":"2025-08-01T10:20:30Z","claims":{}}
        """;

    private readonly CliHarness _cli = new();

    public LicenseCommandsTests()
    {
        _cli.SignIn();
        _cli.Server.Answer("POST /licenses", 201, Premium);
        _cli.Server.Answer("GET /licenses", 200, $"[{Premium},{Legacy},{Damaged}]");
        _cli.Server.Answer("DELETE /licenses/12", 200, "");
    }

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("licenses", "-l")]
    [InlineData("license", "--license")]
    public async Task Add_sends_the_trimmed_license_and_prints_its_id(string group, string option)
    {
        var code = await _cli.RunAsync(group, "add", option, $"  {Token}\n");

        code.Should().Be(0);
        _cli.Output.Should().Be("License with ID 1 added\n");
        _cli.Errors.Should().BeEmpty();
        var request = _cli.Server.Requests.Should().ContainSingle().Subject;
        request.Line.Should().Be("POST /api/v2/licenses");
        request.Token.Should().Be(CliHarness.Session);
        LoginCommandTests.ShouldBeJson(request.Body, $$"""{"license":"{{Token}}"}""");
    }

    [Theory]
    [InlineData("file")]
    [InlineData("standard input")]
    [InlineData("hidden prompt")]
    public async Task Add_reads_the_license_from_file_or_standard_input_or_hidden_prompt(string source)
    {
        await File.WriteAllTextAsync(_cli.PathOf("license.jwt"), $"\n{Token}\n\n", TestContext.Current.CancellationToken);
        _cli.Input = source == "standard input" ? $"{Token}\n" : "";
        _cli.IsInteractive = source == "hidden prompt";
        _cli.Secrets.Enqueue($" {Token} ");
        string[] option = source switch { "file" => ["-f", "license.jwt"], "standard input" => ["--file", "-"], _ => [] };

        var code = await _cli.RunAsync(["licenses", "add", .. option]);

        code.Should().Be(0);
        LoginCommandTests.ShouldBeJson(_cli.Server.Requests.Single().Body, $$"""{"license":"{{Token}}"}""");
        _cli.Errors.Should().Be(source == "hidden prompt" ? "Paste the license: " : "");
    }

    [Fact]
    public async Task Add_prints_the_answer_as_JSON_on_request()
    {
        await _cli.RunAsync("licenses", "add", "--debug", "-l", Token);

        _cli.Output.Should().StartWith("License with ID 1 added\n{").And.NotContain(Token);
        LoginCommandTests.ShouldBeJson(_cli.Output["License with ID 1 added\n".Length..], Premium);
    }

    [Fact]
    public async Task Add_takes_file_or_license_and_not_both()
    {
        var code = await _cli.RunAsync("licenses", "add", "-f", "-", "-l", Token);

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: only one of (--file, --license) may be specified\n");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("a.b")]
    [InlineData("YWI.YWI.YWI.YWI")]
    [InlineData("YWI.YWI.")]
    [InlineData("YWI=.YWI.YWI")]
    [InlineData("YWI.Y WI.YWI")]
    [InlineData("YWI.YWI.YWIYW")]
    [InlineData("YW+.YWI.YWI")]
    public async Task Add_refuses_what_can_not_be_a_license_without_asking_the_server(string text)
    {
        var code = await _cli.RunAsync("licenses", "add", "-l", text);

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: Invalid license\n");
        _cli.Server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Add_refuses_endless_input()
    {
        _cli.Input = new string('a', 10_000_000);

        var code = await _cli.RunAsync("licenses", "add", "-f", "-");

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: Invalid license\n");
    }

    [Fact]
    public async Task Add_names_a_file_that_is_not_there()
    {
        var code = await _cli.RunAsync("licenses", "add", "-f", "missing.jwt");

        code.Should().Be(1);
        _cli.Errors.Should().StartWith($"error: Can not read {_cli.PathOf("missing.jwt")}\n");
    }

    [Fact]
    public async Task Add_needs_a_terminal_or_an_option()
    {
        var code = await _cli.RunAsync("licenses", "add");

        code.Should().Be(1);
        _cli.Errors.Should().StartWith("error: No license given, and there is no terminal to ask for it\n");
    }

    [Fact]
    public async Task Add_shows_why_the_server_refused()
    {
        _cli.Server.Answer("POST /licenses", 400, """{"message":"Invalid license","detail":"license must be version 3"}""");

        var code = await _cli.RunAsync("licenses", "add", "-l", Token);

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: Invalid license\n  license must be version 3\n");
    }

    [Fact]
    public async Task Warnings_of_the_server_go_to_standard_error()
    {
        _cli.Server.Answer("POST /licenses", 201, Premium, ("X-Coder-Entitlements-Warning", "Your license expires in 1 day."));

        var code = await _cli.RunAsync("licenses", "add", "-l", Token);

        code.Should().Be(0);
        _cli.Output.Should().Be("License with ID 1 added\n");
        _cli.Errors.Should().Be("warning: Your license expires in 1 day.\n");
    }

    [Theory]
    [InlineData("list")]
    [InlineData("ls")]
    public async Task List_is_a_table(string name)
    {
        var code = await _cli.RunAsync("licenses", name);

        code.Should().Be(0);
        _cli.Output.Should().Be("""
            ID  UUID                                  EXPIRES AT            UPLOADED AT           FEATURES
            1   6f2b0f0e-0000-4000-8000-0000000000aa  2026-08-01T12:00:00Z  2025-08-01T10:20:30Z  user_limit=100, big=9223372036854775807
            12  6f2b0f0e-0000-4000-8000-0000000000bb  2026-08-01T12:00:00Z  2025-08-01T10:20:30Z  all features
            13  6f2b0f0e-0000-4000-8000-0000000000cc                        2025-08-01T10:20:30Z

            """);
    }

    [Fact]
    public async Task List_shows_the_columns_that_are_asked_for()
    {
        var code = await _cli.RunAsync("licenses", "list", "-c", "Trial, id");

        code.Should().Be(0);
        _cli.Output.Should().Be("TRIAL  ID\ntrue   1\nfalse  12\nfalse  13\n");
    }

    [Theory]
    [InlineData("id,colour")]
    [InlineData(",")]
    public async Task List_refuses_unknown_columns(string columns)
    {
        var code = await _cli.RunAsync("licenses", "list", "--column", columns);

        code.Should().Be(1);
        _cli.Errors.Should().Contain("Columns: id, uuid, expires at, uploaded at, features, trial.");
    }

    [Fact]
    public async Task List_as_JSON_adds_the_readable_expiry_and_keeps_all_else()
    {
        var code = await _cli.RunAsync("licenses", "list", "--output", "json");

        code.Should().Be(0);
        const string Human = "\"license_expires_human\":\"2026-08-01T12:00:00Z\"";
        var premium = Premium.Replace("\"note\"", $"{Human},\"note\"", StringComparison.Ordinal);
        var legacy = Legacy.Replace("\"all_features\"", $"{Human},\"all_features\"", StringComparison.Ordinal);
        LoginCommandTests.ShouldBeJson(_cli.Output, $"[{premium},{legacy},{Damaged}]");
        _cli.Output.Should().Contain("1.7540496e9").And.Contain("größe").And.NotContain("\u001b");
    }

    [Fact]
    public async Task List_survives_claims_that_appear_twice()
    {
        _cli.Server.Answer("GET /licenses", 200, """[{"id":1,"claims":{"trial":false,"trial":true,"license_expires":1785585600}}]""");

        var code = await _cli.RunAsync("licenses", "list", "-c", "id,trial,expires at");

        code.Should().Be(0);
        _cli.Output.Should().Be("ID  TRIAL  EXPIRES AT\n1   true   2026-08-01T12:00:00Z\n");
    }

    [Theory]
    [InlineData("[]", "json", "[]\n")]
    [InlineData("null", "json", "[]\n")]
    [InlineData("[]", "table", "ID  UUID  EXPIRES AT  UPLOADED AT  FEATURES\n")]
    public async Task List_may_be_empty(string answer, string output, string expected)
    {
        _cli.Server.Answer("GET /licenses", 200, answer);

        var code = await _cli.RunAsync("licenses", "list", "-o", output);

        code.Should().Be(0);
        _cli.Output.Should().Be(expected);
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("del")]
    [InlineData("rm")]
    public async Task Delete_asks_nothing_and_prints_the_id(string name)
    {
        var code = await _cli.RunAsync("licenses", name, "12");

        code.Should().Be(0);
        _cli.Output.Should().Be("License with ID 12 deleted\n");
        _cli.Server.Lines.Should().Equal("DELETE /api/v2/licenses/12");
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("1.5")]
    [InlineData("99999999999")]
    [InlineData("")]
    public async Task Delete_takes_whole_numbers_only(string id)
    {
        var code = await _cli.RunAsync("licenses", "delete", id);

        code.Should().Be(1);
        _cli.Errors.Should().Be($"error: license ID must be an integer: {id}\n");
        _cli.Server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Delete_of_an_unknown_license_shows_the_answer()
    {
        _cli.Server.Answer("DELETE /licenses/99", 404, """{"message":"Unknown license ID"}""");

        var code = await _cli.RunAsync("licenses", "delete", "99");

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: Unknown license ID\n");
    }
}
