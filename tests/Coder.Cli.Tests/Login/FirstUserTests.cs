namespace Coder.Cli.Tests.Login;

public sealed class FirstUserTests : IDisposable
{
    private const string Password = "SomeSecurePassword!";
    private const string Created = """
        {"user_id":"6f2b0f0e-0000-4000-8000-000000000001","organization_id":"6f2b0f0e-0000-4000-8000-000000000002"}
        """;

    private readonly CliHarness _cli = new();

    public FirstUserTests()
    {
        _cli.Server.Answer("GET /users/first", 404, """{"message":"The initial user has not been created!"}""");
        _cli.Server.Answer("POST /users/first", 201, Created);
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Options_create_the_first_user_who_is_then_signed_in()
    {
        var code = await _cli.RunAsync(
            "login", CliHarness.Url,
            "--first-user-email", "ada@example.com", "--first-user-username", "ada",
            "--first-user-full-name", "Ada Lovelace", "--first-user-password", Password);

        code.Should().Be(0);
        _cli.Server.Lines.Should().Equal(
            "GET /api/v2/buildinfo",
            "GET /api/v2/users/first",
            "POST /api/v2/users/first",
            "POST /api/v2/users/login",
            "GET /api/v2/users/me");
        LoginCommandTests.ShouldBeJson(
            _cli.Server.Requests[2].Body,
            $$"""{"email":"ada@example.com","username":"ada","name":"Ada Lovelace","password":"{{Password}}","trial":false}""");
        _cli.Stored("session").Should().Be(CliHarness.Session);
        _cli.Errors.Should().Be("Created the first user, ada, as owner of the deployment.\n");
    }

    [Fact]
    public async Task Variables_do_the_same_and_the_full_name_may_be_missing()
    {
        _cli.Variables["CODER_FIRST_USER_EMAIL"] = "ada@example.com";
        _cli.Variables["CODER_FIRST_USER_USERNAME"] = "ada";
        _cli.Variables["CODER_FIRST_USER_PASSWORD"] = Password;

        var code = await _cli.RunAsync("login", CliHarness.Url);

        code.Should().Be(0);
        LoginCommandTests.ShouldBeJson(
            _cli.Server.Requests[2].Body,
            $$"""{"email":"ada@example.com","username":"ada","name":"","password":"{{Password}}","trial":false}""");
    }

    [Fact]
    public async Task A_terminal_is_asked_for_what_is_missing_until_the_passwords_agree()
    {
        _cli.IsInteractive = true;
        _cli.Input = "\nada\n\nada@example.com\n";
        foreach (var secret in new[] { "one", "two", "", "", Password, Password })
        {
            _cli.Secrets.Enqueue(secret);
        }

        var code = await _cli.RunAsync("login", CliHarness.Url);

        code.Should().Be(0);
        _cli.Errors.Should().Contain("The passwords differ.").And.Contain("The password is empty.").And.NotContain(Password);
        LoginCommandTests.ShouldBeJson(
            _cli.Server.Requests[2].Body,
            $$"""{"email":"ada@example.com","username":"ada","name":"","password":"{{Password}}","trial":false}""");
    }

    [Fact]
    public async Task Who_answers_no_creates_nobody()
    {
        _cli.IsInteractive = true;
        _cli.Input = "perhaps\nno\n";

        var code = await _cli.RunAsync("login", CliHarness.Url);

        code.Should().Be(1);
        _cli.Server.Lines.Should().Equal("GET /api/v2/buildinfo", "GET /api/v2/users/first");
        _cli.Errors.Should().EndWith("error: No user was created\n");
    }

    [Fact]
    public async Task Without_a_terminal_and_options_the_failure_names_the_options()
    {
        var code = await _cli.RunAsync("login", CliHarness.Url, "--first-user-email", "ada@example.com");

        code.Should().Be(1);
        _cli.Errors.Should().StartWith(
            $"error: The deployment at {CliHarness.Url} has no user yet, and there is no terminal to ask for the first one\n")
            .And.Contain("--first-user-password");
    }

    [Fact]
    public async Task A_refused_password_is_shown_as_the_server_says_it()
    {
        _cli.Server.Answer("POST /users/first", 400, """
            {"message":"Password is invalid","validations":[{"field":"password","detail":"insecure password, try using a longer password"}]}
            """);

        var code = await _cli.RunAsync(
            "login", CliHarness.Url, "--first-user-email", "a@b.c", "--first-user-username", "ada", "--first-user-password", "x");

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: Password is invalid\n  password: insecure password, try using a longer password\n");
        _cli.Stored("session").Should().BeNull();
    }
}
