using System.Text.Json;

namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>A line that Terraform wrote, as a job shows it.</summary>
/// <param name="Level">One of the server's names.</param>
/// <param name="Output">One line of text.</param>
internal sealed record TerraformLine(string Level, string Output);

/// <summary>Reads the lines of <c>terraform … -json</c>.</summary>
internal static class TerraformLog
{
    private const string Error = "error";

    /// <summary>Takes one line apart.</summary>
    /// <param name="text">As it was written; what is not JSON is a message itself.</param>
    /// <param name="problem">The error that the line tells of, in one sentence; <see langword="null"/>: none.</param>
    /// <returns>The message, then what a diagnostic adds to it; nothing for an empty line.</returns>
    internal static IReadOnlyList<TerraformLine> Read(string text, out string? problem)
    {
        problem = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return Read(new Attributes(document.RootElement), out problem);
            }
        }
        catch (JsonException)
        {
            // Old versions write some lines as they do for people.
        }

        return [new TerraformLine("info", text)];
    }

    private static List<TerraformLine> Read(Attributes line, out string? problem)
    {
        problem = null;
        var level = line.Text("@level") is ("trace" or "debug" or "info" or "warn" or Error) and var known ? known : "info";
        var lines = new List<TerraformLine>();
        if (line.Text("@message") is { Length: > 0 } message)
        {
            lines.Add(new TerraformLine(level, message));
        }

        if (line.Blocks("diagnostic") is [var diagnostic])
        {
            var summary = diagnostic.Text("summary") ?? "";
            var detail = diagnostic.Text("detail") ?? "";
            if (diagnostic.Text("severity") == Error)
            {
                problem = detail.Length == 0 ? summary : $"{summary}: {Flat(detail)}";
            }

            lines.AddRange(detail.Split('\n').Select(part => part.TrimEnd()).Where(part => part.Length > 0)
                .Select(part => new TerraformLine(level, $"  {part}")));
            if (diagnostic.Blocks("range") is [var range] && range.Text("filename") is { } file)
            {
                var start = range.Blocks("start") is [var position] ? position.Text("line") : null;
                lines.Add(new TerraformLine(level, start is null ? $"  on {file}" : $"  on {file} line {start}"));
            }
        }

        return lines;
    }

    private static string Flat(string text) => string.Join(
        ' ', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
