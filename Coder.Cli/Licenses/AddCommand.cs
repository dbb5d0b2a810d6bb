using System.CommandLine;
using Coder.Cli.Common;

namespace Coder.Cli.Licenses;

/// <summary><c>coder licenses add</c>.</summary>
internal sealed class AddCommand
{
    // Twice what the server takes, so that only the server's own limit is ever noticed.
    private const int LongestInput = 2 * 65_536;

    private readonly CliContext _context;

    private readonly Option<string?> _file = new("--file", "-f")
    {
        Description = "Read the license from this file, or from standard input if it is \"-\".",
        HelpName = "file",
    };

    private readonly Option<string?> _license = new("--license", "-l")
    {
        Description = "The license itself. Without this and --file it is asked for on the terminal, without showing it.",
        HelpName = "text",
    };

    private readonly Option<bool> _debug = new("--debug")
    {
        Description = "Print the stored license, with its claims, as JSON.",
    };

    private AddCommand(CliContext context) => _context = context;

    internal static Command Create(CliContext context)
    {
        var add = new AddCommand(context);
        var command = new Command("add", "Add a license to the deployment. Needs the owner role.") { add._file, add._license, add._debug };
        context.Handle(command, add.RunAsync);
        return command;
    }

    private async Task<CliError?> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!(await ReadAsync(parsed, cancellationToken)).Is(out var text, out var error))
        {
            return error;
        }

        var license = text.Trim();
        if (!LooksLikeToken(license))
        {
            return new CliError("Invalid license");
        }

        if (!_context.Connect(parsed).Is(out var client, out error))
        {
            return error;
        }

        using (client)
        {
            if (!(await client.AddLicenseAsync(license, cancellationToken)).Is(out var answer, out error))
            {
                return error;
            }

            var output = _context.Terminal.Out;
            await output.WriteLineAsync($"License with ID {new LicenseView(answer).Id} added");
            if (parsed.GetValue(_debug))
            {
                await output.WriteLineAsync(JsonText.Of(answer.WriteTo));
            }

            return null;
        }
    }

    private async Task<CliResult<string>> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var terminal = _context.Terminal;
        switch (parsed.GetValue(_file), parsed.GetValue(_license))
        {
            case ({ Length: > 0 }, { Length: > 0 }):
                return new CliError("only one of (--file, --license) may be specified");
            case (_, { Length: > 0 } license):
                return license;
            case ("-", _):
                return await terminal.ReadTextAsync(LongestInput, cancellationToken);
            case ({ Length: > 0 } file, _):
                return ReadFile(_context.Environment.FullPath(file));
            default:
                return terminal.IsInteractive
                    ? await Prompt.AskSecretAsync(terminal, "Paste the license", cancellationToken)
                    : new CliError(
                        "No license given, and there is no terminal to ask for it",
                        Hint: "Use --file, or --file - for standard input.");
        }
    }

    private static CliResult<string> ReadFile(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            return TerminalReading.ReadText(reader, LongestInput);
        }
        catch (Exception exception) when (SecretFile.IsExpected(exception))
        {
            return new CliError($"Can not read {path}", exception.Message);
        }
    }

    private static bool LooksLikeToken(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 3 && parts.All(part =>
            part.Length > 0
            && part.Length % 4 != 1
            && part.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'));
    }
}
