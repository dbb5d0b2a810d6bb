using System.Globalization;

namespace Coder.Benchmarks.Report;

/// <summary>One line of the final table.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Ours">What the product does.</param>
/// <param name="Baseline">What it is compared with, from the same run.</param>
/// <param name="Value">The ratio, or the value itself where nothing is compared.</param>
/// <param name="Budget">What docs/about/contributing/performance.md allows.</param>
/// <param name="Ok">Whether the value keeps to the budget; <see langword="null"/> where there is none.</param>
internal sealed record ResultRow(string Case, string Ours, string Baseline, string Value, string Budget, bool? Ok)
{
    private const string Nothing = "-";

    /// <summary>A value that stands for itself.</summary>
    public static ResultRow Of(string name, string value, string? budget = null, bool? ok = null) =>
        new(name, value, Nothing, value, budget ?? Nothing, ok);

    /// <summary>A value that must not pass a limit.</summary>
    public static ResultRow AtMost(string name, double value, double? limit, Func<double, string> format) =>
        Of(name, format(value), limit is { } most ? $"<= {format(most)}" : null, limit is null ? null : value <= limit);

    /// <summary>Something done in two ways, where more is better.</summary>
    /// <param name="name">What was measured.</param>
    /// <param name="ours">How the product does.</param>
    /// <param name="baseline">How the other way does.</param>
    /// <param name="times">How much better ours is.</param>
    /// <param name="least">The least that is wanted.</param>
    public static ResultRow Times(string name, string ours, string baseline, double times, double? least) => new(
        name, ours, baseline, Units.Times(times), least is { } floor ? $">= {Units.Times(floor)}" : Nothing, least is null ? null : times >= least);

    /// <summary>Throughput as a share of that of a bare endpoint.</summary>
    public static ResultRow Share(string name, double ours, double baseline, double ratio, double? least) => new(
        name,
        Units.Rate(ours),
        Units.Rate(baseline),
        Units.Percent(ratio),
        least is { } floor ? $">= {Units.Percent(floor)}" : Nothing,
        least is null ? null : ratio >= least);
}

/// <summary>Numbers for people, the same on every machine.</summary>
internal static class Units
{
    /// <summary>Nanoseconds in the unit that fits.</summary>
    public static string Nanoseconds(double value) => value switch
    {
        < 1_000 => Format(value, "0.##", "ns"),
        < 1_000_000 => Format(value / 1_000, "0.##", "us"),
        _ => Format(value / 1_000_000, "0.##", "ms"),
    };

    /// <summary>Milliseconds.</summary>
    public static string Milliseconds(double value) => Format(value, "0.#", "ms");

    /// <summary>Microseconds.</summary>
    public static string Microseconds(double value) => Format(value, "0.#", "us");

    /// <summary>Mebibytes.</summary>
    public static string Mebibytes(double value) => Format(value, "0", "MB");

    /// <summary>Requests a second.</summary>
    public static string Rate(double value) => Format(value, "0", "/s");

    /// <summary>A ratio.</summary>
    public static string Times(double value) => value.ToString(value < 10 ? "0.##" : "0", CultureInfo.InvariantCulture) + "x";

    /// <summary>A share of one as percent.</summary>
    public static string Percent(double value) => Format(value * 100, "0", "%");

    private static string Format(double value, string digits, string unit) =>
        $"{value.ToString(digits, CultureInfo.InvariantCulture)} {unit}";
}
