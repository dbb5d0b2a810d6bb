namespace Coder.Cli.Tests.Common;

public sealed class CliContextTests : IDisposable
{
    private readonly CliHarness _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Without_any_address_the_user_is_sent_to_login()
    {
        var code = await _cli.RunAsync("whoami");

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: No deployment is known\nRun 'coder login <url>' first.\n");
    }

    [Fact]
    public async Task Without_a_session_the_user_is_sent_to_login_and_nothing_is_asked()
    {
        var code = await _cli.RunAsync("whoami", "--url", CliHarness.Url);

        code.Should().Be(1);
        _cli.Errors.Should().Be($"error: You are not signed in to {CliHarness.Url}\nRun 'coder login {CliHarness.Url}' first.\n");
        _cli.Server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task The_stored_session_is_never_sent_to_another_deployment()
    {
        _cli.SignIn();

        var code = await _cli.RunAsync("whoami", "--url", "https://other.test");

        code.Should().Be(1);
        _cli.Server.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("https://coder.test")]
    [InlineData("https://coder.test/")]
    [InlineData("coder.test")]
    [InlineData("https://CODER.test:443/?a=b")]
    public async Task The_stored_session_is_sent_to_its_deployment_in_any_spelling(string url)
    {
        _cli.SignIn();

        var code = await _cli.RunAsync("whoami", "--url", url);

        code.Should().Be(0);
        _cli.Server.Requests.Should().ContainSingle().Which
            .Should().Be(new SeenRequest("GET", "https://coder.test/api/v2/users/me", CliHarness.Session, ""));
    }

    [Fact]
    public async Task Options_win_over_variables_and_variables_over_the_stored_login()
    {
        _cli.SignIn();
        _cli.Variables["CODER_URL"] = "https://variable.test";
        _cli.Variables["CODER_SESSION_TOKEN"] = "from-variable";

        await _cli.RunAsync("whoami");
        await _cli.RunAsync("whoami", "--url", "https://option.test", "--token", "from-option");

        _cli.Server.Requests.Select(request => (request.Url, request.Token)).Should().Equal(
            ("https://variable.test/api/v2/users/me", "from-variable"),
            ("https://option.test/api/v2/users/me", "from-option"));
    }

    [Fact]
    public async Task An_empty_variable_counts_as_absent()
    {
        _cli.SignIn();
        _cli.Variables["CODER_URL"] = "";
        _cli.Variables["CODER_SESSION_TOKEN"] = "";

        var code = await _cli.RunAsync("whoami");

        code.Should().Be(0);
        _cli.Server.Requests.Single().Token.Should().Be(CliHarness.Session);
    }

    [Theory]
    [InlineData("--global-config")]
    [InlineData("CODER_CONFIG_DIR")]
    public async Task The_configuration_folder_can_be_elsewhere(string how)
    {
        Directory.CreateDirectory(_cli.PathOf("else"));
        await File.WriteAllTextAsync(_cli.PathOf("else/url"), CliHarness.Url, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_cli.PathOf("else/session"), "other-session", TestContext.Current.CancellationToken);
        _cli.Variables["CODER_CONFIG_DIR"] = how == "CODER_CONFIG_DIR" ? "else" : "nowhere";

        await _cli.RunAsync(how == "CODER_CONFIG_DIR" ? ["whoami"] : ["whoami", how, _cli.PathOf("else")]);

        _cli.Server.Requests.Single().Token.Should().Be("other-session");
    }

    [Fact]
    public async Task A_token_with_a_line_break_is_refused_without_showing_it()
    {
        _cli.SignIn();

        var code = await _cli.RunAsync("whoami", "--token", "secret\r\nX: y");

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: The session token contains characters that no token has\n");
    }
}
