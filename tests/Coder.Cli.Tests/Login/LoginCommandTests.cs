using System.Text.Json.Nodes;

namespace Coder.Cli.Tests.Login;

public sealed class LoginCommandTests : IDisposable
{
    private const string Password = "SomeSecurePassword!";
    private readonly CliHarness _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Login_with_password_from_standard_input_stores_address_and_session()
    {
        _cli.Input = Password + "\nignored";

        var code = await _cli.RunAsync("login", "coder.test", "--email", "ada@example.com", "--password-stdin");

        code.Should().Be(0);
        _cli.Output.Should().Be("Welcome to Coder, ada! You are signed in to https://coder.test.\n");
        _cli.Server.Lines.Should().Equal(
            "GET /api/v2/buildinfo", "GET /api/v2/users/first", "POST /api/v2/users/login", "GET /api/v2/users/me");
        ShouldBeJson(_cli.Server.Requests[2].Body, $$"""{"email":"ada@example.com","password":"{{Password}}"}""");
        _cli.Server.Requests.Select(request => request.Token).Should().Equal(null, null, null, CliHarness.Session);
        _cli.Stored("url").Should().Be("https://coder.test");
        _cli.Stored("session").Should().Be(CliHarness.Session);
        (_cli.Output + _cli.Errors).Should().NotContain(CliHarness.Session).And.NotContain(Password);
    }

    [Fact]
    public async Task Only_the_owner_may_read_the_stored_login()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes");
            return;
        }

        _cli.Input = Password;

        await _cli.RunAsync("login", "coder.test", "--email", "ada@example.com", "--password-stdin");

        File.GetUnixFileMode(Path.Combine(_cli.ConfigFolder, "session")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Path.Combine(_cli.ConfigFolder, "url")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(_cli.ConfigFolder).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.GetFiles(_cli.ConfigFolder).Should().HaveCount(2);
    }

    [Fact]
    public async Task A_terminal_is_asked_for_email_and_hidden_password()
    {
        _cli.IsInteractive = true;
        _cli.Input = "\nada@example.com\n";
        _cli.Secrets.Enqueue(Password);

        var code = await _cli.RunAsync("login", CliHarness.Url);

        code.Should().Be(0);
        _cli.Errors.Should().Be("E-mail: E-mail: Password: ");
        ShouldBeJson(_cli.Server.Requests[2].Body, $$"""{"email":"ada@example.com","password":"{{Password}}"}""");
    }

    [Fact]
    public async Task The_end_of_the_input_ends_the_questions()
    {
        _cli.IsInteractive = true;

        var code = await _cli.RunAsync("login", CliHarness.Url);

        code.Should().Be(1);
        _cli.Errors.Should().Contain("The input ended");
    }

    [Theory]
    [InlineData("", "There is no terminal to ask for e-mail and password")]
    [InlineData("--password-stdin", "There is no terminal to ask for e-mail and password")]
    [InlineData("--email ada@example.com", "There is no terminal to ask for the password")]
    [InlineData("--email ada@example.com --password-stdin", "Standard input has no password in its first line")]
    public async Task Without_a_terminal_what_is_missing_is_named(string options, string text)
    {
        var code = await _cli.RunAsync(["login", CliHarness.Url, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        code.Should().Be(1);
        _cli.Errors.Should().StartWith($"error: {text}\n");
        _cli.Stored("session").Should().BeNull();
    }

    [Fact]
    public async Task A_wrong_password_stores_nothing()
    {
        _cli.Input = Password;
        _cli.Server.Answer("POST /users/login", 401, """{"message":"Incorrect email or password."}""");

        var code = await _cli.RunAsync("login", CliHarness.Url, "--email", "ada@example.com", "--password-stdin");

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: Incorrect email or password.\n");
        _cli.Stored("url").Should().BeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_given_token_is_checked_and_stored_without_asking(bool asOption)
    {
        string[] option = asOption ? ["--token", "given-token"] : [];
        _cli.Variables["CODER_SESSION_TOKEN"] = asOption ? "" : "given-token";

        var code = await _cli.RunAsync(["login", CliHarness.Url, .. option]);

        code.Should().Be(0);
        _cli.Server.Lines.Should().Equal("GET /api/v2/buildinfo", "GET /api/v2/users/me");
        _cli.Stored("session").Should().Be("given-token");
    }

    [Fact]
    public async Task A_refused_token_is_not_stored()
    {
        _cli.SignIn("https://before.test");
        _cli.Server.Answer("GET /users/me", 401, """{"message":"You are signed out."}""");

        var code = await _cli.RunAsync("login", CliHarness.Url, "--token", "given-token");

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: You are signed out.\nThe token is not accepted there; nothing was stored.\n");
        _cli.Stored("url").Should().Be("https://before.test");
        _cli.Stored("session").Should().StartWith(CliHarness.Session);
    }

    [Fact]
    public async Task A_named_email_wins_over_a_token_that_is_still_in_a_variable()
    {
        _cli.Variables["CODER_SESSION_TOKEN"] = "old-token";
        _cli.Input = Password;

        await _cli.RunAsync("login", CliHarness.Url, "--email", "ada@example.com", "--password-stdin");

        _cli.Stored("session").Should().Be(CliHarness.Session);
    }

    [Fact]
    public async Task The_address_comes_from_the_argument_then_option_then_variable_then_last_login()
    {
        _cli.SignIn("https://stored.test");
        string[] token = ["--token", "t"];

        await _cli.RunAsync(["login", .. token]);
        _cli.Variables["CODER_URL"] = "https://variable.test";
        await _cli.RunAsync(["login", .. token]);
        await _cli.RunAsync(["login", .. token, "--url", "https://option.test"]);
        await _cli.RunAsync(["login", "https://argument.test", .. token, "--url", "https://option.test"]);

        _cli.Server.Requests.Where(request => request.Line.EndsWith("buildinfo", StringComparison.Ordinal))
            .Select(request => new Uri(request.Url).Host)
            .Should().Equal("stored.test", "variable.test", "option.test", "argument.test");
    }

    [Fact]
    public async Task Without_any_address_login_says_how_to_name_one()
    {
        var code = await _cli.RunAsync("login");

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: No deployment is known\nName it: coder login https://coder.example.com\n");
    }

    [Theory]
    [InlineData(404, """{"message":"Route not found."}""")]
    [InlineData(404, "<html>Not found</html>")]
    [InlineData(200, "<html>Welcome to nginx</html>")]
    [InlineData(200, "{}")]
    public async Task A_server_that_is_not_Coder_gets_no_password(int status, string body)
    {
        _cli.Server.Answer("GET /buildinfo", status, body);
        _cli.Input = Password;

        var code = await _cli.RunAsync("login", CliHarness.Url, "--email", "ada@example.com", "--password-stdin");

        code.Should().Be(1);
        _cli.Errors.Should().Be($"error: What answers at {CliHarness.Url} is not a Coder server\nCheck the address.\n");
        _cli.Server.Lines.Should().Equal("GET /api/v2/buildinfo");
    }

    internal static void ShouldBeJson(string actual, string expected) =>
        JsonNode.DeepEquals(JsonNode.Parse(actual), JsonNode.Parse(expected)).Should().BeTrue($"{actual} should be {expected}");
}
