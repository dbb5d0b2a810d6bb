using System.Buffers;
using System.Globalization;
using System.Text;

namespace Coder.Domain.Common;

/// <summary>Durations as Coder's clients and operators write them: <c>1h30m</c>, <c>90s</c>, <c>500ms</c>, and also <c>7d</c>.</summary>
public static class GoDuration
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay),
        ("h", TimeSpan.TicksPerHour),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond),
        ("us", TimeSpan.TicksPerMicrosecond),
        ("µs", TimeSpan.TicksPerMicrosecond),
    ];

    /// <summary>Reads a sequence of decimal numbers with units, without white space; a plain <c>0</c> needs no unit.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = TimeSpan.Zero;
        var rest = text.AsSpan();
        var isNegative = rest is ['-', ..];
        if (isNegative)
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return true;
        }

        var total = 0m;
        while (rest.Length > 0)
        {
            if (!TryReadPart(ref rest, out var ticks))
            {
                return false;
            }

            total += ticks;
            if (total > long.MaxValue)
            {
                return false;
            }
        }

        duration = new TimeSpan((long)(isNegative ? -total : total));
        return text.Length > 0 && text != "-";
    }

    /// <summary>Writes hours, minutes and seconds the way clients read them: <c>168h0m0s</c>, <c>1m30s</c>, <c>0.5s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        var text = new StringBuilder();
        if (duration < TimeSpan.Zero)
        {
            text.Append('-');
            duration = duration.Negate();
        }

        var hours = (long)duration.TotalHours;
        if (hours > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{hours}h");
        }

        if (hours > 0 || duration.Minutes > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{duration.Minutes}m");
        }

        var seconds = (duration.Ticks % TimeSpan.TicksPerMinute) / (decimal)TimeSpan.TicksPerSecond;
        return text.Append(seconds.ToString("0.#######", CultureInfo.InvariantCulture)).Append('s').ToString();
    }

    private static bool TryReadPart(ref ReadOnlySpan<char> rest, out decimal ticks)
    {
        ticks = 0;
        var length = rest.IndexOfAnyExcept(NumberCharacters);
        if (length is <= 0 or > 18
            || !decimal.TryParse(rest[..length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        rest = rest[length..];
        foreach (var (unit, size) in Units)
        {
            if (rest.StartsWith(unit, StringComparison.Ordinal))
            {
                // Also keeps the product within what a decimal can hold.
                if (number > long.MaxValue / size)
                {
                    return false;
                }

                rest = rest[unit.Length..];
                ticks = decimal.Truncate(number * size);
                return true;
            }
        }

        return false;
    }
}
