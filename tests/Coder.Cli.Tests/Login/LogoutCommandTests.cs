namespace Coder.Cli.Tests.Login;

public sealed class LogoutCommandTests : IDisposable
{
    private readonly CliHarness _cli = new();

    public LogoutCommandTests() => _cli.SignIn();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Logout_ends_the_session_on_the_server_and_here_and_keeps_the_address()
    {
        var code = await _cli.RunAsync("logout");

        code.Should().Be(0);
        _cli.Server.Requests.Should().ContainSingle().Which
            .Should().Be(new SeenRequest("POST", "https://coder.test/api/v2/users/logout", CliHarness.Session, ""));
        _cli.Output.Should().Be("You are signed out of https://coder.test.\n");
        _cli.Stored("session").Should().BeNull();
        _cli.Stored("url").Should().Be(CliHarness.Url);
    }

    [Fact]
    public async Task A_session_that_has_ended_already_is_no_failure()
    {
        _cli.Server.Answer("POST /users/logout", 401, """{"message":"You are signed out."}""");

        var code = await _cli.RunAsync("logout");

        code.Should().Be(0);
        _cli.Stored("session").Should().BeNull();
    }

    [Fact]
    public async Task An_unreachable_server_is_told_and_the_stored_session_is_deleted_all_the_same()
    {
        _cli.Server.Answer("POST /users/logout", () => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused"));

        var code = await _cli.RunAsync("logout");

        code.Should().Be(1);
        _cli.Errors.Should().EndWith("The stored session was deleted; on the server it may be valid until it expires.\n");
        _cli.Stored("session").Should().BeNull();
    }

    [Fact]
    public async Task A_named_token_is_ended_and_the_stored_session_stays()
    {
        var code = await _cli.RunAsync("logout", "--token", "named");

        code.Should().Be(0);
        _cli.Server.Requests.Single().Token.Should().Be("named");
        _cli.Stored("session").Should().StartWith(CliHarness.Session);
    }
}
