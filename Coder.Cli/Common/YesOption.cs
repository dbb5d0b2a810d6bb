using System.CommandLine;

namespace Coder.Cli.Common;

/// <summary>The option <c>--yes</c>, and the question that it answers.</summary>
internal sealed class YesOption
{
    internal Option<bool> Option { get; } = new("--yes", "-y") { Description = "Do not ask for confirmation." };

    /// <summary>Asks before something that can be undone; without a terminal nobody is asked.</summary>
    /// <returns>The failure of a person who says no, or <see langword="null"/>.</returns>
    internal Task<CliError?> ConfirmAsync(ITerminal terminal, ParseResult parsed, string question, CancellationToken cancellationToken) =>
        terminal.IsInteractive && !parsed.GetValue(Option)
            ? AskAsync(terminal, question, plain: true, cancellationToken)
            : Task.FromResult<CliError?>(null);

    /// <summary>Asks before something that a script must ask for expressly: without a terminal only <c>--yes</c> will do.</summary>
    /// <param name="terminal">Where the person sits.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="plain">What an empty line means.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    internal async Task<CliError?> RequireAsync(
        ITerminal terminal, ParseResult parsed, string question, bool plain, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Option))
        {
            return null;
        }

        return terminal.IsInteractive
            ? await AskAsync(terminal, question, plain, cancellationToken)
            : new CliError($"There is no terminal to ask: {question}", Hint: "Use --yes to say so.");
    }

    private static async Task<CliError?> AskAsync(ITerminal terminal, string question, bool plain, CancellationToken cancellationToken)
    {
        var asked = await Prompt.ConfirmAsync(terminal, question, plain, cancellationToken);
        return asked.Is(out var yes, out var error) ? yes ? null : new CliError("Nothing was changed") : error;
    }
}
