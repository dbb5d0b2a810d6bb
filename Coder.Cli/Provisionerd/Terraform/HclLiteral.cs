using System.Globalization;
using System.Text;

namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>The values of expressions that are written out.</summary>
internal static class HclLiteral
{
    /// <summary>The text of a text, number or truth.</summary>
    /// <returns><see langword="null"/>: it is something else, such as a list or a call.</returns>
    internal static string? Scalar(string expression) =>
        expression is "true" or "false" ? expression
        : expression.StartsWith('"') ? Unquote(expression)
        : expression.StartsWith("<<", StringComparison.Ordinal) ? Heredoc(expression)
        : IsNumber(expression) ? expression
        : null;

    /// <summary>The text in quotes.</summary>
    /// <returns><see langword="null"/>: it is not one text, or has to be evaluated.</returns>
    internal static string? Unquote(string quoted)
    {
        if (quoted.Length < 2 || quoted[0] != '"' || quoted[^1] != '"')
        {
            return null;
        }

        var text = new StringBuilder();
        var inner = quoted.AsSpan(1, quoted.Length - 2);
        while (!inner.IsEmpty)
        {
            if (inner[0] == '"' || inner.StartsWith("${", StringComparison.Ordinal) || inner.StartsWith("%{", StringComparison.Ordinal))
            {
                return null;
            }

            if (inner.StartsWith("$${", StringComparison.Ordinal) || inner.StartsWith("%%{", StringComparison.Ordinal))
            {
                text.Append(inner[0]).Append('{');
                inner = inner[3..];
            }
            else if (inner[0] != '\\')
            {
                text.Append(inner[0]);
                inner = inner[1..];
            }
            else if (!Escape(ref inner, text))
            {
                return null;
            }
        }

        return text.ToString();
    }

    private static bool Escape(ref ReadOnlySpan<char> rest, StringBuilder text)
    {
        var digits = rest.Length < 2 ? 0 : rest[1] switch { 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            if (rest.Length < digits + 2
                || !int.TryParse(rest.Slice(2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point)
                || !Rune.IsValid(point))
            {
                return false;
            }

            text.Append(new Rune(point).ToString());
            rest = rest[(digits + 2)..];
            return true;
        }

        var character = rest.Length < 2 ? '\0' : rest[1] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', '"' => '"', '\\' => '\\', _ => '\0' };
        if (character == '\0')
        {
            return false;
        }

        text.Append(character);
        rest = rest[2..];
        return true;
    }

    private static string? Heredoc(string expression)
    {
        var lines = expression.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        if (lines.Length < 2 || expression.Contains("${", StringComparison.Ordinal) || expression.Contains("%{", StringComparison.Ordinal))
        {
            return null;
        }

        var content = lines[1..^1];
        var indent = lines[0].StartsWith("<<-", StringComparison.Ordinal)
            ? content.Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min()
            : 0;
        return string.Concat(content.Select(line => $"{(line.Length >= indent ? line[indent..] : "")}\n"));
    }

    private static bool IsNumber(string expression) =>
        !expression.EndsWith('.')
        && double.TryParse(
            expression, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out _)
        && (char.IsAsciiDigit(expression[0]) || expression[0] == '-');
}
