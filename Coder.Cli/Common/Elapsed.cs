using System.Globalization;

namespace Coder.Cli.Common;

/// <summary>Durations as people read them: the two largest units, and tenths of a second below ten.</summary>
internal static class Elapsed
{
    /// <summary>Such as <c>0.4s</c>, <c>42s</c>, <c>3m12s</c>, <c>8h</c> or <c>5d2h</c>. A negative one counts as none.</summary>
    internal static string Text(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 0 } => "0.0s",
        { TotalSeconds: < 9.95 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.0}s"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{duration.Seconds}s"),
        { TotalHours: < 1 } => Pair(duration.Minutes, 'm', duration.Seconds, 's'),
        { TotalDays: < 1 } => Pair(duration.Hours, 'h', duration.Minutes, 'm'),
        _ => Pair(duration.Days, 'd', duration.Hours, 'h'),
    };

    private static string Pair(int large, char largeUnit, int small, char smallUnit) =>
        string.Create(CultureInfo.InvariantCulture, $"{large}{largeUnit}{(small == 0 ? "" : $"{small}{smallUnit}")}");
}
