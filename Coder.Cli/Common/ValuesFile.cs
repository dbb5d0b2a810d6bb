using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Coder.Cli.Common;

/// <summary>
/// Files with values by name: a JSON object, or the flat part of YAML — <c>name: value</c> a line, quotes where wanted, and lists as
/// <c>[…]</c> or as lines with a dash. Whatever else YAML can do is refused, never guessed.
/// </summary>
internal static class ValuesFile
{
    private const int LongestFile = 4 * 1024 * 1024;
    private const string Unsupported = "is none of: name: value, - item, # comment";

    /// <summary>Reads a file.</summary>
    /// <param name="path">An absolute path.</param>
    internal static CliResult<Dictionary<string, string>> Read(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            return Parse(path, TerminalReading.ReadText(reader, LongestFile));
        }
        catch (Exception exception) when (SecretFile.IsExpected(exception))
        {
            return new CliError($"Can not read {path}", exception.Message);
        }
    }

    private static CliResult<Dictionary<string, string>> Parse(string path, string text) =>
        text.TrimStart().StartsWith('{') ? ParseJson(path, text) : ParseLines(path, text.ReplaceLineEndings("\n").Split('\n'));

    private static CliResult<Dictionary<string, string>> ParseJson(string path, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(
                text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                values[property.Name] = property.Value.ValueKind == JsonValueKind.String
                    ? property.Value.GetString()!
                    : property.Value.GetRawText();
            }

            return values;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter is how an escape that is no Unicode is reported.
            return new CliError($"{path} is no JSON object", exception.Message);
        }
    }

    private static CliResult<Dictionary<string, string>> ParseLines(string path, string[] lines)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var items = new List<string>();
        string? last = null;
        for (var number = 0; number < lines.Length; number++)
        {
            var line = lines[number].TrimEnd();
            var content = line.TrimStart();
            if (content.Length == 0 || content[0] == '#' || line == "---")
            {
                continue;
            }

            if (content.StartsWith("- ", StringComparison.Ordinal) && last is not null && (items.Count > 0 || values[last].Length == 0))
            {
                if (Value(content[2..]) is not { } item)
                {
                    return Refused(path, number);
                }

                items.Add(item);
                values[last] = ToJson(items);
                continue;
            }

            if (line != content || Split(line) is not { } pair)
            {
                return Refused(path, number);
            }

            items.Clear();
            last = pair.Name;
            values[pair.Name] = pair.Value;
        }

        return values;
    }

    // The line itself is not shown: it may hold a secret.
    private static CliError Refused(string path, int index) => new(
        string.Create(CultureInfo.InvariantCulture, $"{path}: line {index + 1} {Unsupported}"),
        Hint: "Use a JSON object for values that need more.");

    private static (string Name, string Value)? Split(string line)
    {
        var end = line[0] is '"' or '\'' ? line.IndexOf($"{line[0]}:", 1, StringComparison.Ordinal) + 1 : line.IndexOf(':', StringComparison.Ordinal);
        if (end < 1 || (end + 1 < line.Length && line[end + 1] != ' '))
        {
            return null;
        }

        return Value(line[..end]) is { Length: > 0 } name && Value(line[(end + 1)..]) is { } value ? (name, value) : null;
    }

    private static string? Value(string text)
    {
        var trimmed = text.Trim();
        return trimmed switch
        {
            "" or ['#', ..] => "",
            ['"', ..] => Unquoted(trimmed, '"') is { } quoted ? FromJson(quoted) : null,
            ['\'', ..] => Unquoted(trimmed, '\'')?[1..^1].Replace("''", "'", StringComparison.Ordinal),
            ['[', ..] => IsJsonList(trimmed) ? trimmed : null,
            ['{' or '&' or '*' or '!' or '|' or '>' or '%' or '@' or '`', ..] => null,
            _ => trimmed.IndexOf(" #", StringComparison.Ordinal) is var comment and >= 0 ? trimmed[..comment].TrimEnd() : trimmed,
        };
    }

    /// <summary>The quoted text with its quotes, if only a comment follows it.</summary>
    private static string? Unquoted(string text, char quote)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (quote == '"' && text[i] == '\\')
            {
                i++;
            }
            else if (quote == '\'' && text[i] == quote && i + 1 < text.Length && text[i + 1] == quote)
            {
                i++;
            }
            else if (text[i] == quote)
            {
                var rest = text[(i + 1)..].TrimStart();
                return rest.Length == 0 || rest[0] == '#' ? text[..(i + 1)] : null;
            }
        }

        return null;
    }

    private static string? FromJson(string quoted)
    {
        try
        {
            return JsonSerializer.Deserialize(quoted, CoderJsonContext.Default.JsonElement).GetString();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsJsonList(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, CoderJsonContext.Default.JsonElement).ValueKind == JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string ToJson(List<string> items)
    {
        var text = new StringBuilder("[");
        foreach (var item in items)
        {
            text.Append(text.Length > 1 ? "," : "").Append('"').Append(JsonEncodedText.Encode(item)).Append('"');
        }

        return text.Append(']').ToString();
    }
}
