using System.Text.RegularExpressions;

namespace Coder.Domain.Templates;

/// <summary>What is left of Markdown where only text can be shown.</summary>
public static partial class MarkdownText
{
    /// <summary>Takes the marks away; the words stay in their order.</summary>
    public static string ToPlain(string markdown)
    {
        ArgumentNullException.ThrowIfNull(markdown);
        var text = Links().Replace(markdown, "${text}");
        text = Lines().Replace(text, "");
        text = Emphasis().Replace(text, "${text}");
        return text.Replace("`", "", StringComparison.Ordinal).Trim();
    }

    [GeneratedRegex(@"!?\[(?<text>[^\]]*)\]\([^)]*\)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Links();

    [GeneratedRegex(
        @"^[ \t]*(?:#{1,6}|>|[-*+])[ \t]+", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Lines();

    [GeneratedRegex(@"(?:\*\*|__|\*|~~)(?<text>[^*_~\n]+)(?:\*\*|__|\*|~~)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Emphasis();
}
