using System.Text;

namespace Coder.Api.Http;

/// <summary>Values as RFC 4180 wants them, without what a spreadsheet would take for a formula (docs/spec/connection-logs.md, section 12.7).</summary>
internal static class CsvText
{
    /// <summary>Appends a comma and a text that anybody may have written.</summary>
    public static StringBuilder AppendCell(this StringBuilder lines, string? text)
    {
        lines.Append(',');
        if (text is not { Length: > 0 })
        {
            return lines;
        }

        var harmless = text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? $"'{text}" : text;
        return harmless.AsSpan().ContainsAny("\",\r\n")
            ? lines.Append('"').Append(harmless.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"')
            : lines.Append(harmless);
    }
}
