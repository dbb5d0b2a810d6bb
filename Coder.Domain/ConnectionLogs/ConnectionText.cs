using System.Text;

namespace Coder.Domain.ConnectionLogs;

/// <summary>Texts that strangers choose, made fit for a database of UTF-8 without NUL.</summary>
internal static class ConnectionText
{
    /// <summary>In characters; what is longer is cut.</summary>
    public const int LongestUserAgent = 1024;

    /// <inheritdoc cref="LongestUserAgent"/>
    public const int LongestReason = 1024;

    /// <summary>Of names, slugs and ports, in characters: in UTF-8 they stay short enough for an entry of an index.</summary>
    public const int LongestName = 256;

    /// <summary>Cuts to a length without leaving half of a character, and cleans.</summary>
    public static string Cut(string text, int length)
    {
        var cut = text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
        return Clean(cut);
    }

    /// <summary>Puts U+FFFD in place of NUL and of lone surrogates.</summary>
    public static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !text.Contains('\0', StringComparison.Ordinal))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        }

        return clean.ToString();
    }
}
