using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Coder.Cli.Common;

/// <summary>An expected failure, as a value that is shown to the user. It never carries a secret.</summary>
/// <param name="Message">One sentence.</param>
/// <param name="Detail">More about this case.</param>
/// <param name="Hint">What the user can do about it.</param>
internal sealed record CliError(string Message, string? Detail = null, string? Hint = null)
{
    /// <summary>The fields that the server refused.</summary>
    public IReadOnlyList<ValidationJson> Validations { get; init; } = [];

    /// <summary>The HTTP status, when a server's answer is the cause.</summary>
    public int? Status { get; init; }

    /// <summary>Shows the failure: message, detail, refused fields, hint, one line each.</summary>
    internal void WriteTo(TextWriter writer)
    {
        writer.WriteLine(Printable($"error: {Message}"));
        if (!string.IsNullOrEmpty(Detail))
        {
            writer.WriteLine(Printable($"  {Detail}"));
        }

        foreach (var validation in Validations)
        {
            writer.WriteLine(Printable($"  {validation.Field}: {validation.Detail}"));
        }

        if (Hint is not null)
        {
            writer.WriteLine(Printable(Hint));
        }
    }

    /// <summary>Takes control characters out of text of a server, which could otherwise steer the terminal.</summary>
    internal static string Printable(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var builder = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            builder.Append(char.IsControl(character) ? ' ' : character);
        }

        return builder.ToString();
    }
}

/// <summary>A value or an expected failure.</summary>
internal readonly record struct CliResult<T>
{
    private readonly T? _value;

    private CliResult(T? value, CliError? error)
    {
        _value = value;
        Error = error;
    }

    /// <summary>The failure, or <see langword="null"/> on success.</summary>
    public CliError? Error { get; }

    public static implicit operator CliResult<T>(T value) => new(value, null);

    public static implicit operator CliResult<T>(CliError error) => new(default, error);

    /// <summary>Takes the result apart: exactly one of the two is there.</summary>
    /// <returns><see langword="true"/> on success.</returns>
    public bool Is([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out CliError? error)
    {
        value = _value;
        error = Error;
        return error is null;
    }
}
