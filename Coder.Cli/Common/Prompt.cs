namespace Coder.Cli.Common;

/// <summary>Questions to a person; they go to standard error, so that standard output stays clean.</summary>
internal static class Prompt
{
    private static readonly CliError Ended = new("The input ended before the question was answered");

    /// <summary>Asks until the answer is not empty, or takes <paramref name="fallback"/> for an empty one.</summary>
    internal static async Task<CliResult<string>> AskAsync(
        ITerminal terminal,
        string question,
        string? fallback,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            await terminal.Error.WriteAsync(fallback is { Length: > 0 } ? $"{question} [{fallback}]: " : $"{question}: ");
            var answer = await terminal.ReadLineAsync(cancellationToken);
            if (answer is null)
            {
                return Ended;
            }

            if (answer.Trim() is { Length: > 0 } text)
            {
                return text;
            }

            if (fallback is not null)
            {
                return fallback;
            }
        }
    }

    /// <summary>Asks for a line that is not shown.</summary>
    internal static async Task<CliResult<string>> AskSecretAsync(ITerminal terminal, string question, CancellationToken cancellationToken)
    {
        await terminal.Error.WriteAsync($"{question}: ");
        var answer = await terminal.ReadSecretAsync(cancellationToken);
        return answer is null ? Ended : answer;
    }

    /// <summary>Asks a question whose plain answer is yes.</summary>
    internal static Task<CliResult<bool>> ConfirmAsync(ITerminal terminal, string question, CancellationToken cancellationToken) =>
        ConfirmAsync(terminal, question, plain: true, cancellationToken);

    /// <summary>Asks a question that an empty line answers with <paramref name="plain"/>.</summary>
    internal static async Task<CliResult<bool>> ConfirmAsync(
        ITerminal terminal, string question, bool plain, CancellationToken cancellationToken)
    {
        while (true)
        {
            var asked = await AskAsync(terminal, $"{question} (yes/no)", plain ? "yes" : "no", cancellationToken);
            if (!asked.Is(out var answer, out var error))
            {
                return error;
            }

            switch (answer.ToUpperInvariant())
            {
                case "Y" or "YES":
                    return true;
                case "N" or "NO":
                    return false;
            }
        }
    }
}
