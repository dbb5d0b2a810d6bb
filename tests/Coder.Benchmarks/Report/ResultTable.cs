namespace Coder.Benchmarks.Report;

/// <summary>The final table.</summary>
internal static class ResultTable
{
    private static readonly string[] Head = ["case", "ours", "baseline", "ratio or value", "budget", "ok"];

    /// <summary>Renders the rows as a Markdown table with aligned columns.</summary>
    public static string Render(IReadOnlyList<ResultRow> rows)
    {
        var cells = rows.Select(r => new[] { r.Case, r.Ours, r.Baseline, r.Value, r.Budget, Verdict(r.Ok) }).Prepend(Head).ToList();
        var widths = Enumerable.Range(0, Head.Length).Select(column => cells.Max(line => line[column].Length)).ToArray();
        var lines = cells.Select(line => Line(line.Select((cell, column) => cell.PadRight(widths[column])))).ToList();
        lines.Insert(1, Line(widths.Select(width => new string('-', width))));
        return string.Join(Environment.NewLine, lines);
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Verdict(bool? ok) => ok switch
    {
        true => "PASS",
        false => "FAIL",
        null => "-",
    };
}
