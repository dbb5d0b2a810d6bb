namespace Coder.Cli.Tests.Provisionerd;

public sealed class StartCommandTests : IDisposable
{
    private readonly CliHarness _cli = new();
    private readonly DaemonServer _server = new();

    public StartCommandTests()
    {
        _cli.Handler = _server;
        _cli.Variables["CODER_TERRAFORM_BIN"] = Program("terraform");
    }

    public void Dispose()
    {
        _cli.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task A_session_is_enough()
    {
        _cli.SignIn();

        var code = await StartAsync("--name", "mole", "--org", "acme", "--tag", "environment=on-prem", "-t", "a=b=c", "--poll-interval", "5s");

        code.Should().Be(0);
        var registered = _server.Single("register");
        registered.Credentials.Should().Be($"Coder-Session-Token: {CliHarness.Session}");
        registered.Path.Should().Be("/organizations/acme/provisionerdaemons");
        registered.Json["name"]!.GetValue<string>().Should().Be("mole");
        registered.Json["tags"]!.ToJsonString().Should().Be("""{"environment":"on-prem","a":"b=c"}""");
        _server.Single("acquire").Json["wait_ms"]!.GetValue<int>().Should().Be(5000);
    }

    [Theory]
    [InlineData("CODER_PROVISIONER_DAEMON_PSK", "Coder-Provisioner-Daemon-PSK: s3cret")]
    [InlineData("CODER_PROVISIONER_DAEMON_KEY", "Coder-Provisioner-Daemon-Key: s3cret")]
    public async Task A_secret_takes_the_place_of_the_session(string variable, string header)
    {
        _cli.SignIn();
        _cli.Variables[variable] = "s3cret";
        _cli.Variables["CODER_PROVISIONERD_TAGS"] = "scope=organization, x=y";

        await StartAsync();

        _server.Single("register").Credentials.Should().Be(header);
        _server.Single("register").Json["tags"]!.ToJsonString().Should().Be("""{"scope":"organization","x":"y"}""");
        _server.Single("register").Path.Should().Be("/organizations/default/provisionerdaemons");
        (_cli.Output + _cli.Errors).Should().NotContain("s3cret");
    }

    [Theory]
    [InlineData("--tag x", "\"x\" is no tag")]
    [InlineData("--tag =x", "\"=x\" is no tag")]
    [InlineData("--poll-interval 31s", "--poll-interval takes a duration from 1s to 30s")]
    [InlineData("--poll-interval soon", "--poll-interval takes a duration such as 20s or 10m")]
    [InlineData("--force-cancel-interval 2030-01-01", "--force-cancel-interval takes a duration such as 20s or 10m")]
    [InlineData("--psk a --key b", "A daemon has either a key or the shared secret, not both")]
    [InlineData("--name 12345678901234567890123456789012345678901234567890123456789012345", "--name takes at most 64 characters")]
    public async Task What_can_not_be_meant_is_refused(string line, string message)
    {
        _cli.SignIn();

        var code = await _cli.RunAsync(["provisionerd", "start", .. line.Split(' ')]);

        code.Should().Be(1);
        _cli.Errors.Should().StartWith($"error: {message}");
        _server.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task Without_any_credential_it_says_what_to_do()
    {
        var code = await _cli.RunAsync("provisionerd", "start", "--url", CliHarness.Url);

        code.Should().Be(1);
        _cli.Errors.Should().StartWith("error: You are not signed in to https://coder.test\n").And.Contain("shared secret");
    }

    [Fact]
    public async Task Without_Terraform_it_does_not_start()
    {
        _cli.SignIn();
        _cli.Variables.Remove("CODER_TERRAFORM_BIN");
        _cli.Variables["PATH"] = _cli.PathOf("nowhere");

        var code = await _cli.RunAsync("provisionerd", "start");

        code.Should().Be(1);
        _cli.Errors.Should().Be(
            "error: There is no terraform on the PATH\nInstall Terraform, or name the program with CODER_TERRAFORM_BIN.\n");
        _server.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        _cli.SignIn();
        _cli.Variables["CODER_TERRAFORM_BIN"] = "gone/terraform";

        await _cli.RunAsync("provisionerd", "start");

        _cli.Errors.Should().StartWith($"error: There is no terraform at {_cli.PathOf(Path.Combine("gone", "terraform"))}\n");
    }

    [Fact]
    public async Task The_first_program_on_the_path_is_taken()
    {
        _cli.SignIn();
        _cli.Variables.Remove("CODER_TERRAFORM_BIN");
        Directory.CreateDirectory(_cli.PathOf("bin"));
        Program(Path.Combine("bin", OperatingSystem.IsWindows() ? "terraform.exe" : "terraform"));
        _cli.Variables["PATH"] = string.Join(Path.PathSeparator, "relative", _cli.PathOf("nowhere"), _cli.PathOf("bin"));

        (await StartAsync()).Should().Be(0);
    }

    [Fact]
    public async Task A_refusal_of_the_server_is_shown_and_ends_it()
    {
        _cli.SignIn();
        _server.Answer("register", 403, """{"message":"You aren't allowed to create provisioner daemons with scope \"organization\""}""");

        var code = await _cli.RunAsync("provisionerd", "start");

        code.Should().Be(1);
        _cli.Errors.Should().Contain("error: You aren't allowed to create provisioner daemons with scope \"organization\"\n");
    }

    /// <summary>Starts the daemon and ends it when it waits for its first job.</summary>
    private async Task<int> StartAsync(params string[] options)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _server.Answer("acquire", () =>
        {
            stop.Cancel();
            return new HttpResponseMessage(System.Net.HttpStatusCode.NoContent);
        });
        return await _cli.RunCancellableAsync(["provisionerd", "start", .. options], stop.Token);
    }

    private string Program(string name)
    {
        var path = _cli.PathOf(name);
        File.WriteAllText(path, "#!/bin/sh\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return path;
    }
}
