using System.Text.RegularExpressions;

namespace Coder.Domain.Notifications;

/// <summary>Makes plain text of the small part of Markdown that notifications are written in.</summary>
public static partial class MarkdownText
{
    /// <summary>Leaves the words: links become their text, and marks of emphasis, code, headings and quotes go.</summary>
    public static string ToPlain(string markdown)
    {
        ArgumentNullException.ThrowIfNull(markdown);
        var text = Link().Replace(markdown, "${text}");
        text = Line().Replace(text, "");
        return Span().Replace(text, "${text}");
    }

    [GeneratedRegex(@"!?\[(?<text>[^\]\n]*)\]\([^)\n]*\)", RegexOptions.None, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^[ ]{0,3}(?:\#{1,6}|>)[ ]+", RegexOptions.Multiline, 1000)]
    private static partial Regex Line();

    [GeneratedRegex(@"(?<mark>\*\*|__|\*|`)(?<text>[^*`\n]+?)\k<mark>", RegexOptions.None, 1000)]
    private static partial Regex Span();
}
