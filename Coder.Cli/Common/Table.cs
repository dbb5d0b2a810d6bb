using System.Text;

namespace Coder.Cli.Common;

/// <summary>Text in columns: two spaces apart, headers in capitals, no trailing white space.</summary>
internal static class Table
{
    /// <param name="writer">Gets one line for the headers and one for each row.</param>
    /// <param name="headers">Names of the columns.</param>
    /// <param name="rows">Cells in the order of the headers.</param>
    internal static void Write(TextWriter writer, IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        List<IReadOnlyList<string>> lines =
        [
            [.. headers.Select(header => header.ToUpperInvariant())],
            .. rows.Select(row => row.Select(CliError.Printable).ToArray()),
        ];
        var widths = headers.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            var text = new StringBuilder();
            for (var column = 0; column < widths.Length; column++)
            {
                text.Append(line[column].PadRight(widths[column] + 2));
            }

            writer.WriteLine(text.ToString().TrimEnd());
        }
    }
}
