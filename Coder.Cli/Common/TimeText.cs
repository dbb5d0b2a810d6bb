using System.Globalization;

namespace Coder.Cli.Common;

/// <summary>Points in time as users write them.</summary>
internal static class TimeText
{
    private static readonly string[] Absolute =
    [
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd",
    ];

    private static readonly Dictionary<char, TimeSpan> Units = new()
    {
        ['s'] = TimeSpan.FromSeconds(1),
        ['m'] = TimeSpan.FromMinutes(1),
        ['h'] = TimeSpan.FromHours(1),
        ['d'] = TimeSpan.FromDays(1),
        ['w'] = TimeSpan.FromDays(7),
    };

    /// <summary>Reads RFC 3339, a date (midnight UTC), <c>now</c>, or a duration from now such as <c>365d</c>, <c>-1h30m</c>.</summary>
    /// <returns>The time, or <see langword="null"/> when the text is none or leaves the calendar.</returns>
    internal static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        var trimmed = text.Trim();
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(trimmed, Absolute, CultureInfo.InvariantCulture, Utc, out var time))
        {
            return time;
        }

        return trimmed.Equals("now", StringComparison.OrdinalIgnoreCase)
            ? now
            : Duration(trimmed) is { } duration && IsInCalendar(now, duration) ? now + duration : null;
    }

    /// <summary>A point in time to the second, RFC 3339 in UTC.</summary>
    internal static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static bool IsInCalendar(DateTimeOffset now, TimeSpan duration) =>
        duration >= DateTimeOffset.MinValue - now && duration <= DateTimeOffset.MaxValue - now;

    /// <summary>Reads a duration such as <c>8h</c> or <c>1h30m</c>; <see langword="null"/> when the text is none.</summary>
    internal static TimeSpan? Duration(string text)
    {
        var negative = text.StartsWith('-');
        var rest = text.AsSpan(negative || text.StartsWith('+') ? 1 : 0);
        if (rest.IsEmpty)
        {
            return null;
        }

        var total = TimeSpan.Zero;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > 9
                || !Units.TryGetValue(rest[digits], out var unit)
                || !long.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                || count > (TimeSpan.MaxValue - total) / unit)
            {
                return null;
            }

            total += unit * count;
            rest = rest[(digits + 1)..];
        }

        return negative ? -total : total;
    }
}
