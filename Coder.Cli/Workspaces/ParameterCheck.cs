using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Coder.Cli.Templates;

namespace Coder.Cli.Workspaces;

/// <summary>
/// Looks at a value while the person who typed it is still there. The server decides; what can not be judged here passes.
/// </summary>
internal static class ParameterCheck
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    /// <summary>What values a parameter takes, as one phrase: a number from 1 to 5, for example.</summary>
    internal static string Describe(ParameterJson parameter)
    {
        if (parameter.Options is { Length: > 0 } options)
        {
            return $"one of {string.Join(", ", options.Select(option => option.Value))}";
        }

        var type = parameter.Type switch
        {
            "number" => "a number",
            "bool" => "true or false",
            "list(string)" => "a JSON array of strings",
            _ => "a text",
        };
        var limits = (parameter.ValidationMin, parameter.ValidationMax) switch
        {
            ({ } min, { } max) => string.Create(CultureInfo.InvariantCulture, $" from {min} to {max}"),
            ({ } min, null) => string.Create(CultureInfo.InvariantCulture, $" of at least {min}"),
            (null, { } max) => string.Create(CultureInfo.InvariantCulture, $" of at most {max}"),
            _ => parameter.ValidationRegex is { Length: > 0 } pattern ? $" that matches {pattern}" : "",
        };
        return $"{type}{limits}";
    }

    /// <summary>The value that somebody means who may also have typed the number or the name of an option.</summary>
    internal static string Choose(ParameterJson parameter, string answer)
    {
        var options = parameter.Options ?? [];
        if (Array.Exists(options, option => option.Value == answer))
        {
            return answer;
        }

        if (Array.Find(options, option => string.Equals(option.Name, answer, StringComparison.OrdinalIgnoreCase)) is { Value: { } named })
        {
            return named;
        }

        return int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= options.Length
            ? options[number - 1].Value ?? answer
            : answer;
    }

    /// <summary>What is wrong with a value, as one sentence, or <see langword="null"/>.</summary>
    internal static string? Judge(ParameterJson parameter, string value)
    {
        if (parameter.Options is { Length: > 0 } options && parameter.FormType != "multi-select")
        {
            return Array.Exists(options, option => option.Value == value) ? null : "Choose one of the options.";
        }

        return parameter.Type switch
        {
            "number" => JudgeNumber(parameter, value),
            "bool" => value is "true" or "false" ? null : "Type true or false.",
            "list(string)" => IsList(value) ? null : "Type a JSON array of strings, such as [\"a\",\"b\"].",
            _ => JudgePattern(parameter, value),
        };
    }

    private static string? JudgeNumber(ParameterJson parameter, string value)
    {
        if (!decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return "Type a number.";
        }

        return number < parameter.ValidationMin || number > parameter.ValidationMax
            ? Explained(parameter, value) ?? $"Type {Describe(parameter)}."
            : null;
    }

    private static string? JudgePattern(ParameterJson parameter, string value)
    {
        if (parameter.ValidationRegex is not { Length: > 0 } pattern)
        {
            return null;
        }

        try
        {
            // Servers take "$" for the very end; a single line has no other one.
            var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
            return Regex.IsMatch(value, pattern, options, MatchTimeout) ? null : Explained(parameter, value) ?? $"The value must match {pattern}.";
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException or RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static string? Explained(ParameterJson parameter, string value) => parameter.ValidationError is { Length: > 0 } error
        ? error
            .Replace("{min}", parameter.ValidationMin?.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{max}", parameter.ValidationMax?.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{value}", value, StringComparison.Ordinal)
        : null;

    private static bool IsList(string value)
    {
        try
        {
            var list = JsonSerializer.Deserialize(value, CoderJsonContext.Default.JsonElement);
            return list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
