using System.CommandLine;
using System.CommandLine.Help;
using Coder.Cli.Common;
using Coder.Cli.Licenses;
using Coder.Cli.Login;
using Coder.Cli.Provisionerd;
using Coder.Cli.Templates;
using Coder.Cli.Workspaces;

namespace Coder.Cli;

/// <summary>The whole tool as one function, so that tests and the reference documentation can call it in-process.</summary>
internal static class CliProgram
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    // A token or license in the wrong place must not be repeated on the screen; a session token has 33 characters.
    private const int LongestEchoedWord = 32;

    /// <summary>Runs one command line.</summary>
    /// <param name="args">The words after the name of the tool.</param>
    /// <param name="terminal">Where the command reads and writes.</param>
    /// <param name="handler">Sends the requests and stays the caller's; <see langword="null"/> for the network.</param>
    /// <param name="time">The clock of licenses and keys.</param>
    /// <param name="environment">Variables and folders of the user.</param>
    /// <param name="cancellationToken">Ends the command quietly.</param>
    /// <returns>The exit code: 0 on success, 1 on any failure.</returns>
    internal static async Task<int> RunAsync(
        string[] args,
        ITerminal terminal,
        HttpMessageHandler? handler,
        TimeProvider time,
        CliEnvironment environment,
        CancellationToken cancellationToken)
    {
        // Cookies would win over the session header, and a followed redirect would carry that header to another host.
        using var network = handler is null
            ? new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = ConnectTimeout }
            : null;
        var context = new CliContext(terminal, handler ?? network!, time, environment);
        var parsed = CreateRoot(context).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        try
        {
            if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
            {
                return ReportUsage(parsed, terminal);
            }

            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = terminal.Out,
                    Error = terminal.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                },
                cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 1;
        }
        catch (Exception exception)
        {
            // A bug of the tool or a broken terminal; a stack trace would help nobody who reads it there.
            new CliError($"Unexpected failure: {exception.Message}").WriteTo(terminal.Error);
            return 1;
        }
    }

    /// <summary>The command tree; the reference documentation is written from it.</summary>
    internal static Command CreateRoot(CliContext context)
    {
        var root = new Command("coder", "Command line client of a Coder deployment.")
        {
            new HelpOption { Description = "Show what a command does and which options it takes." },
            VersionCommand.CreateOption(),
            context.Options.Url,
            context.Options.Token,
            context.Options.GlobalConfig,
            LoginCommand.Create(context),
            LogoutCommand.Create(context),
            WhoamiCommand.Create(context),
            TemplatesCommand.Create(context),
            LicensesCommand.Create(context),
            ProvisionerdCommand.Create(context),
            VersionCommand.Create(context),
        };
        foreach (var command in WorkspaceCommands.Create(context))
        {
            root.Add(command);
        }

        root.SetAction(ShowHelp);
        return root;
    }

    /// <summary>What a command that only groups others does when none of them is named.</summary>
    internal static int ShowHelp(ParseResult parsed) => new HelpAction().Invoke(parsed);

    private static int ReportUsage(ParseResult parsed, ITerminal terminal)
    {
        foreach (var error in parsed.Errors)
        {
            var message = parsed.Tokens
                .Select(token => token.Value)
                .Where(word => word.Length > LongestEchoedWord)
                .Aggregate(error.Message, (text, word) => text.Replace(word, $"{word[..8]}…", StringComparison.Ordinal));
            new CliError(message).WriteTo(terminal.Error);
        }

        terminal.Error.WriteLine($"Run '{PathOf(parsed)} --help' to see how it is used.");
        return 1;
    }

    private static string PathOf(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (System.CommandLine.Parsing.SymbolResult? result = parsed.CommandResult; result is not null; result = result.Parent)
        {
            if (result is System.CommandLine.Parsing.CommandResult command)
            {
                names.Push(command.Command.Name);
            }
        }

        return string.Join(' ', names);
    }
}
