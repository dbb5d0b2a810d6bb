using System.CommandLine;

namespace Coder.Cli.Common;

/// <summary>What the commands of one run share.</summary>
internal sealed class CliContext(ITerminal terminal, HttpMessageHandler handler, TimeProvider time, CliEnvironment environment)
{
    private readonly List<string> _warnings = [];

    internal GlobalOptions Options { get; } = new();

    internal ITerminal Terminal => terminal;

    internal TimeProvider Time => time;

    internal CliEnvironment Environment => environment;

    /// <summary>Makes <paramref name="run"/> the action of a command; its failure is shown first, then the server's warnings.</summary>
    internal void Handle(Command command, Func<ParseResult, CancellationToken, Task<CliError?>> run) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var error = await run(parsed, cancellationToken);
            error?.WriteTo(terminal.Error);
            foreach (var warning in _warnings)
            {
                await terminal.Error.WriteLineAsync(CliError.Printable($"warning: {warning}"));
            }

            return error is null ? 0 : 1;
        });

    /// <summary>The same for a command that needs a session.</summary>
    internal void Handle(Command command, Func<CoderClient, ParseResult, CancellationToken, Task<CliError?>> run) =>
        Handle(command, async (parsed, cancellationToken) =>
        {
            if (!Connect(parsed).Is(out var client, out var error))
            {
                return error;
            }

            using (client)
            {
                return await run(client, parsed, cancellationToken);
            }
        });

    /// <summary>An option's value, else the variable's; empty counts as absent.</summary>
    internal string? Value(ParseResult parsed, Option<string?> option, string variable) =>
        parsed.GetValue(option) is { Length: > 0 } value ? value : environment.Variable(variable);

    internal ConfigStore Config(ParseResult parsed) => new(ConfigFolder(parsed));

    /// <summary>The absolute path of the folder for what the tool keeps; it need not be there.</summary>
    internal string ConfigFolder(ParseResult parsed) => environment.FullPath(
        Value(parsed, Options.GlobalConfig, "CODER_CONFIG_DIR") ?? Path.Combine(environment.UserConfigDirectory, "coderv2"));

    /// <summary>The token that the user names, not the stored one; <see langword="null"/> when there is none.</summary>
    internal CliResult<string?> GivenToken(ParseResult parsed) => Checked(Value(parsed, Options.Token, "CODER_SESSION_TOKEN"));

    /// <summary>What requests go through; stays the context's.</summary>
    internal HttpMessageHandler Handler => handler;

    /// <summary>A client of one deployment, with or without a session.</summary>
    internal CoderClient Client(string url, string? token) => new(handler, url, token, _warnings);

    /// <summary>A client with the session that the user names or has stored.</summary>
    /// <remarks>A stored session is only sent to the deployment that it was made for, wherever <c>--url</c> points.</remarks>
    internal CliResult<CoderClient> Connect(ParseResult parsed)
    {
        if (!FindDeployment(parsed).Is(out var found, out var error))
        {
            return error;
        }

        return found.Token is null
            ? new CliError($"You are not signed in to {found.Url}", Hint: $"Run 'coder login {found.Url}' first.")
            : Client(found.Url, found.Token);
    }

    /// <summary>The deployment that the user names or has stored, and the session there; <see langword="null"/> without one.</summary>
    internal CliResult<(string Url, string? Token)> FindDeployment(ParseResult parsed)
    {
        if (!Config(parsed).Load().Is(out var stored, out var error) || !GivenToken(parsed).Is(out var token, out error))
        {
            return error;
        }

        if ((Value(parsed, Options.Url, "CODER_URL") ?? stored.Url) is not { } address)
        {
            return new CliError("No deployment is known", Hint: "Run 'coder login <url>' first.");
        }

        if (!DeploymentUrl.Parse(address).Is(out var url, out error))
        {
            return error;
        }

        if (token is null && stored.Session is not null && stored.Url is not null
            && DeploymentUrl.Parse(stored.Url).Is(out var storedUrl, out _)
            && storedUrl == url
            && !Checked(stored.Session).Is(out token, out error))
        {
            return error;
        }

        return (url, token);
    }

    private static CliResult<string?> Checked(string? token)
    {
        var trimmed = token?.Trim();
        return trimmed is not null
            && !trimmed.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.')
            ? new CliError("The session token contains characters that no token has")
            : trimmed;
    }
}
