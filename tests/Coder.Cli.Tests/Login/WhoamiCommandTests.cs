namespace Coder.Cli.Tests.Login;

public sealed class WhoamiCommandTests : IDisposable
{
    private readonly CliHarness _cli = new();

    public WhoamiCommandTests() => _cli.SignIn();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Whoami_names_user_and_deployment()
    {
        var code = await _cli.RunAsync("whoami");

        code.Should().Be(0);
        _cli.Output.Should().Be("You are signed in to https://coder.test as ada (ada@example.com).\n");
    }

    [Fact]
    public async Task Whoami_is_JSON_on_request()
    {
        var code = await _cli.RunAsync("whoami", "-o", "json");

        code.Should().Be(0);
        LoginCommandTests.ShouldBeJson(_cli.Output, """
            {"url":"https://coder.test","user_id":"6f2b0f0e-0000-4000-8000-000000000001",
            "username":"ada","email":"ada@example.com","roles":["owner"]}
            """);
    }
}
