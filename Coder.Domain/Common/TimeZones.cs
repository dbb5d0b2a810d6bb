using System.Diagnostics.CodeAnalysis;

namespace Coder.Domain.Common;

/// <summary>Time zones by their names in the time zone database, and wall-clock times turned into instants.</summary>
public static class TimeZones
{
    /// <summary>
    /// Finds a zone by its exact name, such as <c>Europe/Berlin</c> or <c>UTC</c>. The zone of the machine (<c>Local</c>) is no answer:
    /// a schedule must mean the same on every replica.
    /// </summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        ArgumentNullException.ThrowIfNull(name);
        zone = null;
        return name is not ("" or "Local" or "localtime" or "posixrules")
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone)
            // The runtime finds "us/central" only after somebody asked for "US/Central".
            && zone.Id == name;
    }

    /// <summary>The first instant at which a wall clock shows <paramref name="local"/>.</summary>
    /// <remarks>
    /// A time that is skipped when clocks go forward becomes the first instant after the gap, so that nothing scheduled is lost; of a
    /// time that comes twice when they go back, the earlier one counts, so that nothing happens twice.
    /// </remarks>
    /// <param name="local">Its kind does not matter.</param>
    /// <param name="zone">Where the clock hangs.</param>
    public static DateTimeOffset ToInstant(DateTime local, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        // Only the way from an instant to its offset is asked of the runtime: where summer time is the normal time (Europe/Dublin), it
        // does not see the gap.
        var wall = new DateTimeOffset(local.Ticks, TimeSpan.Zero);
        var (from, to) = (wall.AddDays(-1), wall.AddDays(1));
        var (one, other) = (zone.GetUtcOffset(from), zone.GetUtcOffset(to));
        foreach (var offset in one > other ? [one, other] : new[] { other, one })
        {
            if (zone.GetUtcOffset(wall - offset) == offset)
            {
                return wall - offset;
            }
        }

        return EndOfGap(wall, from, to, zone);
    }

    /// <summary>What a wall clock shows at an instant.</summary>
    public static DateTime ToLocal(DateTimeOffset instant, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(instant, zone).DateTime;

    private static DateTimeOffset EndOfGap(DateTimeOffset wall, DateTimeOffset before, DateTimeOffset after, TimeZoneInfo zone)
    {
        while (after - before > TimeSpan.FromTicks(1))
        {
            var middle = before + (after - before) / 2;
            if (middle + zone.GetUtcOffset(middle) > wall)
            {
                after = middle;
            }
            else
            {
                before = middle;
            }
        }

        return after;
    }
}
