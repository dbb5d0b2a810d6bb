using System.Diagnostics.CodeAnalysis;

namespace Coder.Domain.Workspaces;

/// <summary>Days of the week as the bits of a column, Monday first.</summary>
[Flags]
public enum Weekdays
{
    /// <summary>No day.</summary>
    None = 0,

    /// <summary>Monday.</summary>
    Monday = 1,

    /// <summary>Tuesday.</summary>
    Tuesday = 1 << 1,

    /// <summary>Wednesday.</summary>
    Wednesday = 1 << 2,

    /// <summary>Thursday.</summary>
    Thursday = 1 << 3,

    /// <summary>Friday.</summary>
    Friday = 1 << 4,

    /// <summary>Saturday.</summary>
    Saturday = 1 << 5,

    /// <summary>Sunday.</summary>
    Sunday = 1 << 6,

    /// <summary>Every day.</summary>
    All = (1 << 7) - 1,
}

/// <summary>Sets of weekdays, and their names on the wire.</summary>
public static class WeekdaySets
{
    private static readonly (Weekdays Day, string Name)[] Days =
    [
        (Weekdays.Monday, "monday"),
        (Weekdays.Tuesday, "tuesday"),
        (Weekdays.Wednesday, "wednesday"),
        (Weekdays.Thursday, "thursday"),
        (Weekdays.Friday, "friday"),
        (Weekdays.Saturday, "saturday"),
        (Weekdays.Sunday, "sunday"),
    ];

    /// <summary>Whether the set has a day.</summary>
    public static bool Includes(this Weekdays set, DayOfWeek day) => ((int)set >> ((int)day + 6) % 7 & 1) != 0;

    /// <summary>The other days: templates store the days on which autostart is blocked, and clients speak of the allowed ones.</summary>
    public static Weekdays Inverse(this Weekdays set) => Weekdays.All & ~set;

    /// <summary>The lower-case names of the days in the set, from Monday on.</summary>
    public static IReadOnlyList<string> WireNames(this Weekdays set) => [.. Days.Where(d => set.HasFlag(d.Day)).Select(d => d.Name)];

    /// <summary>Reads names of days, which are compared exactly; a day may be named twice.</summary>
    /// <param name="names">For example <c>monday</c>.</param>
    /// <param name="set">The days that were understood.</param>
    /// <param name="unknown">The first name that is no day.</param>
    public static bool TryParse(IEnumerable<string> names, out Weekdays set, [NotNullWhen(false)] out string? unknown)
    {
        ArgumentNullException.ThrowIfNull(names);
        set = Weekdays.None;
        foreach (var name in names)
        {
            var day = Array.Find(Days, d => d.Name == name).Day;
            if (day == Weekdays.None)
            {
                unknown = name;
                return false;
            }

            set |= day;
        }

        unknown = null;
        return true;
    }
}
