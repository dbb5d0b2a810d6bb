using System.Text;
using Coder.Domain.Common;

namespace Coder.Infrastructure.Database;

/// <summary>Takes libpq's <c>key=value key='quoted value'</c> text apart.</summary>
internal static class LibpqText
{
    private static readonly Error Malformed = PostgresUrl.Invalid(
        "it has to be a postgres:// URL, or key=value pairs with values that hold blanks in single quotes");

    /// <summary>Reads all pairs; of a key that comes twice the last one counts.</summary>
    public static Result<IReadOnlyDictionary<string, string>> Read(string text)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal);
        var position = SkipBlanks(text, 0);
        while (position < text.Length)
        {
            var separator = text.IndexOf('=', position);
            var key = separator < 0 ? "" : text[position..separator].Trim().ToLowerInvariant();
            if (!LibpqSettings.IsWellFormed(key))
            {
                return Malformed;
            }

            position = SkipBlanks(text, separator + 1);
            if (!TryReadValue(text, ref position, out var value))
            {
                return PostgresUrl.Invalid($"the value of {key} has no closing quote");
            }

            settings[key] = value;
            position = SkipBlanks(text, position);
        }

        return settings;
    }

    /// <summary>A backslash takes the next character as it is, in and out of quotes.</summary>
    private static bool TryReadValue(string text, ref int position, out string value)
    {
        var isQuoted = position < text.Length && text[position] == '\'';
        var read = new StringBuilder();
        for (position += isQuoted ? 1 : 0; position < text.Length; position++)
        {
            var c = text[position];
            if (isQuoted ? c == '\'' : char.IsWhiteSpace(c))
            {
                position += isQuoted ? 1 : 0;
                value = read.ToString();
                return true;
            }

            if (c == '\\' && position + 1 < text.Length)
            {
                position++;
            }

            read.Append(text[position]);
        }

        value = read.ToString();
        return !isQuoted;
    }

    private static int SkipBlanks(string text, int position)
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
        {
            position++;
        }

        return position;
    }
}
