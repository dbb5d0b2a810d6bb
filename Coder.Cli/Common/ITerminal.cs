namespace Coder.Cli.Common;

/// <summary>The user's side of a command: what it reads from and writes to.</summary>
internal interface ITerminal
{
    /// <summary>Standard input.</summary>
    TextReader In { get; }

    /// <summary>Standard output: results only, so that scripts can use them.</summary>
    TextWriter Out { get; }

    /// <summary>Standard error: prompts, notes, warnings and failures.</summary>
    TextWriter Error { get; }

    /// <summary>Whether a person can answer a prompt.</summary>
    bool IsInteractive { get; }

    /// <summary>Whether standard error shows a line again after a carriage return: it is a terminal, and no file or pipe.</summary>
    bool CanRedraw => false;

    /// <summary>Characters in a line of that terminal.</summary>
    int Width => 80;

    /// <summary>Standard input as bytes; not to be mixed with <see cref="In"/>.</summary>
    Stream Bytes => Stream.Null;

    /// <summary>Reads a line without showing it; <see langword="null"/> at the end of the input.</summary>
    string? ReadSecret();
}

/// <summary>Reading that Ctrl+C can leave: the console's own readers block whatever token they get.</summary>
internal static class TerminalReading
{
    internal static Task<string?> ReadLineAsync(this ITerminal terminal, CancellationToken cancellationToken) =>
        Task.Run(terminal.In.ReadLine, cancellationToken).WaitAsync(cancellationToken);

    internal static Task<string?> ReadSecretAsync(this ITerminal terminal, CancellationToken cancellationToken) =>
        Task.Run(terminal.ReadSecret, cancellationToken).WaitAsync(cancellationToken);

    /// <summary>Reads at most <paramref name="limit"/> characters.</summary>
    internal static Task<string> ReadTextAsync(this ITerminal terminal, int limit, CancellationToken cancellationToken) =>
        Task.Run(() => ReadText(terminal.In, limit), cancellationToken).WaitAsync(cancellationToken);

    /// <inheritdoc cref="ReadTextAsync"/>
    internal static string ReadText(TextReader reader, int limit)
    {
        var buffer = new char[limit];
        return new string(buffer, 0, reader.ReadBlock(buffer, 0, limit));
    }
}
