using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Coder.Domain.Templates;

/// <summary>What values a parameter or variable may have (docs/spec/workspaces.md, sections 4 and 7.2).</summary>
public static class ParameterRules
{
    private const NumberStyles NumberStyle = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
    private const int MaximumExplanation = 1024;
    private const int MaximumExplainedValue = 256;

    /// <summary>The ways in which a form may ask for a parameter; the first one is taken when a template names none.</summary>
    /// <param name="type">The type of the parameter.</param>
    /// <param name="hasOptions">Whether its values are limited to options.</param>
    public static IReadOnlyList<ParameterFormType> FormTypes(ParameterType type, bool hasOptions) => (type, hasOptions) switch
    {
        (ParameterType.Text or ParameterType.Number or ParameterType.Bool, true) => [ParameterFormType.Radio, ParameterFormType.Dropdown],
        (ParameterType.Text, false) => [ParameterFormType.Input, ParameterFormType.Textarea],
        (ParameterType.Number, false) => [ParameterFormType.Input, ParameterFormType.Slider],
        (ParameterType.Bool, false) => [ParameterFormType.Checkbox, ParameterFormType.Switch],
        (ParameterType.ListOfText, true) => [ParameterFormType.MultiSelect, ParameterFormType.Radio],
        (ParameterType.ListOfText, false) => [ParameterFormType.TagSelect],
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Judges a value by its type alone.</summary>
    /// <returns>What is wrong as one phrase, or <see langword="null"/>.</returns>
    public static string? CheckType(ParameterType type, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value switch
        {
            _ when Encoding.UTF8.GetByteCount(value) > TemplateParameter.MaximumValueBytes => string.Create(
                CultureInfo.InvariantCulture, $"must have at most {TemplateParameter.MaximumValueBytes} bytes"),
            _ when value.Contains('\0', StringComparison.Ordinal) => "must not contain a NUL character",
            _ => type switch
            {
                ParameterType.Text => null,
                ParameterType.Number => TryNumber(value, out _) ? null : "must be a number",
                ParameterType.Bool => value is "true" or "false" ? null : "must be true or false",
                ParameterType.ListOfText => ReadList(value) is null ? "must be a JSON array of strings" : null,
                _ => throw new ArgumentOutOfRangeException(nameof(type)),
            },
        };
    }

    /// <summary>Judges a value of a parameter.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="value">The new value.</param>
    /// <param name="last">The value of the build before, for numbers that only grow or shrink.</param>
    /// <returns>What is wrong as one phrase, or <see langword="null"/>.</returns>
    public static string? Check(TemplateParameter parameter, string value, string? last = null)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return CheckType(parameter.Type, value)
            ?? CheckOptions(parameter, value)
            ?? CheckPattern(parameter, value)
            ?? CheckNumber(parameter, value, last);
    }

    /// <summary>Judges a pattern of a template.</summary>
    /// <returns>What is wrong as one phrase, or <see langword="null"/>.</returns>
    public static string? CheckRegex(string pattern)
    {
        try
        {
            _ = ParameterPattern.Compile(pattern);
            return null;
        }
        catch (NotSupportedException)
        {
            return "must do without look-around, back references and great repetitions";
        }
        catch (ArgumentException)
        {
            return "is not a regular expression";
        }
    }

    internal static bool TryNumber(string value, out decimal number) =>
        decimal.TryParse(value, NumberStyle, CultureInfo.InvariantCulture, out number);

    internal static List<string>? ReadList(string value)
    {
        try
        {
            var array = JsonElement.Parse(value);
            return array.ValueKind == JsonValueKind.Array && array.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
                ? [.. array.EnumerateArray().Select(item => item.GetString()!)]
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter is how an escape that is no Unicode is reported.
            return null;
        }
    }

    private static string? CheckOptions(TemplateParameter parameter, string value)
    {
        if (parameter.Options.Count == 0)
        {
            return null;
        }

        var values = parameter.FormType == ParameterFormType.MultiSelect ? ReadList(value) ?? [value] : [value];
        return values.Exists(chosen => !parameter.Options.Any(option => option.Value == chosen)) ? "must be one of the options" : null;
    }

    private static string? CheckPattern(TemplateParameter parameter, string value)
    {
        if (parameter.ValidationRegex.Length == 0)
        {
            return null;
        }

        try
        {
            return ParameterPattern.Compile(parameter.ValidationRegex).IsMatch(value)
                ? null
                : Explain(parameter, value, $"must match \"{parameter.ValidationRegex}\"");
        }
        catch (RegexMatchTimeoutException)
        {
            return "took too long to be matched";
        }
    }

    private static string? CheckNumber(TemplateParameter parameter, string value, string? last)
    {
        if (parameter.Type != ParameterType.Number || !TryNumber(value, out var number))
        {
            return null;
        }

        if (number < parameter.ValidationMin)
        {
            return Explain(parameter, value, string.Create(CultureInfo.InvariantCulture, $"must be at least {parameter.ValidationMin}"));
        }

        if (number > parameter.ValidationMax)
        {
            return Explain(parameter, value, string.Create(CultureInfo.InvariantCulture, $"must be at most {parameter.ValidationMax}"));
        }

        if (last is null || !TryNumber(last, out var before))
        {
            return null;
        }

        return parameter.ValidationMonotonic switch
        {
            MonotonicOrder.Increasing when number < before => $"must not be less than {last}, its last value",
            MonotonicOrder.Decreasing when number > before => $"must not be more than {last}, its last value",
            _ => null,
        };
    }

    // A template may name a value, which may be long, thousands of times.
    private static string Explain(TemplateParameter parameter, string value, string ours) => parameter.ValidationError.Length == 0
        ? ours
        : ManifestText.Cut(parameter.ValidationError, MaximumExplanation)
            .Replace("{min}", parameter.ValidationMin?.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{max}", parameter.ValidationMax?.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{value}", ManifestText.Cut(value, MaximumExplainedValue), StringComparison.Ordinal);
}
