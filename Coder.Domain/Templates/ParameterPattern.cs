using System.Text;
using System.Text.RegularExpressions;

namespace Coder.Domain.Templates;

/// <summary>
/// The patterns of parameters. They come from a template and are matched with text from somebody else, so time is linear whatever they
/// are.
/// </summary>
internal static partial class ParameterPattern
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    /// <exception cref="NotSupportedException">The pattern needs backtracking, or too much memory.</exception>
    /// <exception cref="ArgumentException">It is not a pattern.</exception>
    public static Regex Compile(string pattern) =>
        new(WithStrictEnd(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, MatchTimeout);

    /// <summary>
    /// Template authors and browsers take <c>$</c> for the very end; here it would let a line feed follow, and <c>^[a-z]+$</c> would
    /// accept two lines.
    /// </summary>
    private static string WithStrictEnd(string pattern)
    {
        if (!pattern.Contains('$', StringComparison.Ordinal) || MultilineFlag().IsMatch(pattern))
        {
            return pattern;
        }

        var result = new StringBuilder(pattern.Length + 1);
        var isInClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                result.Append(c).Append(pattern[++i]);
            }
            else if (c == '[' && !isInClass)
            {
                isInClass = true;
                var start = ClassStart().Match(pattern, i).Value;
                result.Append(start);
                i += start.Length - 1;
            }
            else
            {
                isInClass &= c != ']';
                result.Append(c == '$' && !isInClass ? "\\z" : c.ToString());
            }
        }

        return result.ToString();
    }

    [GeneratedRegex("\\(\\?[a-z]*m[a-z-]*[:)]", RegexOptions.CultureInvariant)]
    private static partial Regex MultilineFlag();

    // A bracket that closes nothing yet is a member of the class.
    [GeneratedRegex("\\[\\^?\\]?", RegexOptions.CultureInvariant)]
    private static partial Regex ClassStart();
}
