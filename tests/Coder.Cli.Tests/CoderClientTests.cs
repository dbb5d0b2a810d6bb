using System.Security.Authentication;

namespace Coder.Cli.Tests;

public sealed class CoderClientTests : IDisposable
{
    private readonly CliHarness _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_refusal_shows_message_detail_and_fields()
    {
        _cli.SignIn();
        _cli.Server.Answer("GET /users/me", 400, """
            {"message":"Validation failed.","detail":"More about it.","validations":[{"field":"email","detail":"is bad"}]}
            """);

        var code = await _cli.RunAsync("whoami");

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: Validation failed.\n  More about it.\n  email: is bad\n");
    }

    [Fact]
    public async Task An_expired_session_leads_to_login()
    {
        _cli.SignIn();
        _cli.Server.Answer("GET /users/me", 401, """{"message":"You are signed out.","detail":"API key expired"}""");

        var code = await _cli.RunAsync("whoami");

        code.Should().Be(1);
        _cli.Errors.Should().Be(
            $"error: You are signed out.\n  API key expired\nRun 'coder login {CliHarness.Url}' to sign in again.\n");
    }

    [Fact]
    public async Task A_server_that_asks_to_wait_is_quoted()
    {
        _cli.SignIn();
        _cli.Server.Answer("GET /users/me", 503, """{"message":"The service is temporarily unavailable."}""", ("Retry-After", "7"));

        await _cli.RunAsync("whoami");

        _cli.Errors.Should().Be("error: The service is temporarily unavailable.\nTry again in 7 seconds.\n");
    }

    [Fact]
    public async Task Control_characters_of_a_server_do_not_reach_the_terminal()
    {
        _cli.SignIn();
        _cli.Server.Answer("GET /users/me", 400, """{"message":"a\u001b[2Jb\nc"}""");

        await _cli.RunAsync("whoami");

        _cli.Errors.Should().Be("error: a [2Jb c\n");
    }

    [Theory]
    [InlineData(502, "<html>Bad gateway</html>", "answered with status 502, and not in the way a Coder server does")]
    [InlineData(400, "[]", "answered with status 400, and not in the way a Coder server does")]
    [InlineData(200, "<html>Hello</html>", "is not a Coder server")]
    [InlineData(200, "null", "is not a Coder server")]
    public async Task An_answer_of_something_else_is_told_apart(int status, string body, string text)
    {
        _cli.SignIn();
        _cli.Server.Answer("GET /users/me", status, body);

        var code = await _cli.RunAsync("whoami");

        code.Should().Be(1);
        _cli.Errors.Should().Contain(text).And.NotContain("   at ");
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_names_its_target()
    {
        _cli.SignIn();
        _cli.Server.Answer("GET /users/me", 307, "", ("Location", "https://new.test/api/v2/users/me"));

        var code = await _cli.RunAsync("whoami");

        code.Should().Be(1);
        _cli.Errors.Should().StartWith($"error: The server at {CliHarness.Url} redirects to https://new.test/api/v2/users/me\n");
        _cli.Server.Requests.Should().ContainSingle();
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError, "error: Can not reach https://coder.test\n  Connection refused\n")]
    [InlineData(HttpRequestError.NameResolutionError, "error: Can not reach https://coder.test\n  The name of the host is unknown.\n")]
    [InlineData(HttpRequestError.SecureConnectionError, "error: No secure connection to https://coder.test\n  Connection refused\n")]
    public async Task An_unreachable_server_is_a_sentence_and_no_stack_trace(HttpRequestError error, string text)
    {
        _cli.SignIn();
        _cli.Server.Answer("GET /users/me", () => throw new HttpRequestException(error, "outer", new IOException("Connection refused")));

        var code = await _cli.RunAsync("whoami");

        code.Should().Be(1);
        _cli.Errors.Should().StartWith(text).And.NotContain("   at ");
    }

    [Fact]
    public async Task An_untrusted_certificate_is_named_as_such()
    {
        _cli.SignIn();
        _cli.Server.Answer("GET /users/me", () => throw new HttpRequestException(
            HttpRequestError.SecureConnectionError, "outer", new AuthenticationException("UntrustedRoot")));

        await _cli.RunAsync("whoami");

        _cli.Errors.Should().Contain("UntrustedRoot").And.Contain("certificate");
    }

    [Fact]
    public async Task A_server_that_never_answers_is_a_failure()
    {
        _cli.SignIn();
        _cli.Server.Answer("GET /users/me", () => throw new TaskCanceledException("timeout", new TimeoutException()));

        var code = await _cli.RunAsync("whoami");

        code.Should().Be(1);
        _cli.Errors.Should().Be($"error: The server at {CliHarness.Url} did not answer within 60 seconds\n");
    }

    [Fact]
    public async Task Warnings_of_the_server_come_last_and_each_once()
    {
        _cli.SignIn();
        _cli.Server.Answer(
            "GET /users/me",
            403,
            """{"message":"Forbidden."}""",
            ("X-Coder-Entitlements-Warning", "Your license expires in 2 days."),
            ("X-Coder-Entitlements-Warning", "One, two, three."),
            ("X-Coder-Entitlements-Warning", "One, two, three."));

        await _cli.RunAsync("whoami");

        _cli.Errors.Should().Be("error: Forbidden.\nwarning: Your license expires in 2 days.\nwarning: One, two, three.\n");
    }
}
