using System.CommandLine;
using System.Net;
using Coder.Cli.Common;

namespace Coder.Cli.Tests;

public sealed class CliProgramTests : IDisposable
{
    private readonly CliHarness _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("version")]
    [InlineData("--version")]
    public async Task Version_is_that_of_the_tool_and_asks_no_server(string word)
    {
        var code = await _cli.RunAsync(word);

        code.Should().Be(0);
        _cli.Output.Should().Be($"Coder for .NET v{VersionCommand.Number}\n");
        _cli.Server.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("licenses")]
    [InlineData("license --help")]
    public async Task A_group_without_a_command_shows_its_help(string line)
    {
        var code = await _cli.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        code.Should().Be(0);
        _cli.Output.Should().Contain("Usage:").And.Contain("Commands:");
        _cli.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task An_unknown_word_is_a_failure_that_names_the_help()
    {
        var code = await _cli.RunAsync("licenses", "frobnicate");

        code.Should().Be(1);
        _cli.Output.Should().BeEmpty();
        _cli.Errors.Should().Contain("frobnicate").And.EndWith("Run 'coder licenses --help' to see how it is used.\n");
    }

    [Fact]
    public async Task A_token_in_the_wrong_place_is_not_repeated()
    {
        await _cli.RunAsync("whoami", CliHarness.Session);

        _cli.Errors.Should().Contain("abcdefgh…").And.NotContain(CliHarness.Session);
    }

    [Fact]
    public async Task A_word_that_starts_with_an_at_sign_is_no_response_file()
    {
        File.WriteAllText(_cli.PathOf("words"), "version");

        var code = await _cli.RunAsync($"@{_cli.PathOf("words")}");

        code.Should().Be(1);
        _cli.Output.Should().BeEmpty();
    }

    [Fact]
    public void Every_command_and_option_is_described()
    {
        using var handler = new HttpClientHandler();
        var context = new CliContext(null!, handler, _cli.Time, null!);

        var undescribed = Symbols(CliProgram.CreateRoot(context)).Where(symbol => string.IsNullOrWhiteSpace(symbol.Description));

        undescribed.Select(symbol => symbol.Name).Should().BeEmpty();
    }

    [Fact]
    public async Task A_cancelled_command_fails_and_says_nothing()
    {
        _cli.SignIn();
        using var cancellation = new CancellationTokenSource();
        _cli.Server.Answer("GET /users/me", () =>
        {
            cancellation.Cancel();
            throw new OperationCanceledException(cancellation.Token);
        });

        var code = await _cli.RunCancellableAsync(["whoami"], cancellation.Token);

        code.Should().Be(1);
        (_cli.Output + _cli.Errors).Should().BeEmpty();
    }

    [Fact]
    public async Task A_bug_shows_one_line_and_no_stack_trace()
    {
        _cli.SignIn();
        _cli.Server.Answer("GET /users/me", () => throw new InvalidOperationException("broken"));

        var code = await _cli.RunAsync("whoami");

        code.Should().Be(1);
        _cli.Errors.Should().Be("error: Unexpected failure: broken\n");
    }

    [Fact]
    public async Task The_network_is_used_when_no_handler_is_given()
    {
        var terminal = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Variables = _cli.Variables,
            UserConfigDirectory = _cli.PathOf("config"),
            WorkingDirectory = _cli.PathOf("."),
            NewId = () => CliHarness.NewId,
        };
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var code = await CliProgram.RunAsync(
            ["login", $"127.0.0.1:{port}"], new Mute(terminal), null, _cli.Time, environment, TestContext.Current.CancellationToken);

        code.Should().Be(1);
        terminal.ToString().Should().StartWith($"error: Can not reach http://127.0.0.1:{port}\n");
    }

    private static IEnumerable<Symbol> Symbols(Command command) =>
        command.Options.Cast<Symbol>().Concat(command.Arguments).Append(command).Concat(command.Subcommands.SelectMany(Symbols));

    private sealed class Mute(TextWriter error) : ITerminal
    {
        public TextReader In => TextReader.Null;

        public TextWriter Out => TextWriter.Null;

        public TextWriter Error => error;

        public bool IsInteractive => false;

        public string? ReadSecret() => null;
    }
}
