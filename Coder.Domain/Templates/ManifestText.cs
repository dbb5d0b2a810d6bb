using System.Globalization;
using Coder.Domain.Provisioning;

namespace Coder.Domain.Templates;

/// <summary>Foreign text within our messages.</summary>
internal static class ManifestText
{
    private const int MaximumLength = 64;

    /// <summary>In quotes, and never so long that it hides what is said about it.</summary>
    public static string Quote(string text) => $"\"{Shorten(text)}\"";

    /// <summary>What is said about a text with more characters than it may have.</summary>
    public static string TooLong(int maximum) => string.Create(CultureInfo.InvariantCulture, $"must have at most {maximum} characters");

    /// <summary>The path of a key: <c>.name</c>, or <c>['other name']</c> where the dot would be ambiguous.</summary>
    public static string Step(string key) => key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
        ? $".{Shorten(key)}"
        : $"['{Shorten(key)}']";

    /// <summary>The path of an item.</summary>
    public static string Step(int index) => string.Create(CultureInfo.InvariantCulture, $"[{index}]");

    /// <summary>The beginning of a text that is longer than it may be, never within a character.</summary>
    public static string Cut(string text, int maximum)
    {
        if (text.Length <= maximum)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[maximum - 1]) ? maximum - 1 : maximum;
        return text[..end] + "…";
    }

    private static string Shorten(string text) => Cut(JobLog.WithoutNul(text), MaximumLength);
}
