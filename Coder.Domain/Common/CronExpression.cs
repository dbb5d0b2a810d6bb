using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Coder.Domain.Common;

/// <summary>
/// The five fields <c>minute hour day-of-month month day-of-week</c>, as the wall-clock minutes that they name; it knows no time zone.
/// </summary>
/// <remarks>
/// A field is <c>*</c>, a number, a range <c>a-b</c>, each with an optional step <c>/n</c>, or a list of these; months and weekdays also
/// have their English names of three letters. Sunday is 0 and not 7, because clients do not read 7. If both day fields are restricted,
/// one of them is enough, as in every cron.
/// </remarks>
public sealed class CronExpression
{
    private static readonly Field Minute = new("minute", 0, 59, []);
    private static readonly Field Hour = new("hour", 0, 23, []);
    private static readonly Field DayOfMonth = new("day of month", 1, 31, []);

    private static readonly Field Month = new(
        "month", 1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]);

    private static readonly Field DayOfWeek = new("day of week", 0, 6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]);

    private readonly bool _isEveryDayOfMonth;
    private readonly bool _isEveryDayOfWeek;

    private CronExpression(string text, ulong[] masks, bool isEveryDayOfMonth, bool isEveryDayOfWeek)
    {
        Text = text;
        (Minutes, Hours, Days, Months, Weekdays) = (masks[0], masks[1], masks[2], masks[3], masks[4]);
        _isEveryDayOfMonth = isEveryDayOfMonth;
        _isEveryDayOfWeek = isEveryDayOfWeek;
    }

    /// <summary>The fields as they were written, with one space between them.</summary>
    public string Text { get; }

    internal ulong Minutes { get; }

    internal ulong Hours { get; }

    internal ulong Days { get; }

    internal ulong Months { get; }

    internal ulong Weekdays { get; }

    /// <summary>Whether every minute of the hours is named, so that the expression is made of whole hours.</summary>
    public bool IsEveryMinute => BitOperations.PopCount(Minutes) == 60;

    /// <summary>Reads an expression.</summary>
    /// <param name="text">Five fields, separated by white space.</param>
    /// <param name="cron">The expression, on success.</param>
    /// <param name="problem">What is wrong as one phrase, otherwise.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out CronExpression? cron, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        cron = null;
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"expected 5 fields, found {fields.Length}");
            return false;
        }

        ReadOnlySpan<Field> kinds = [Minute, Hour, DayOfMonth, Month, DayOfWeek];
        var masks = new ulong[5];
        for (var i = 0; i < fields.Length; i++)
        {
            if (!kinds[i].TryParse(fields[i], out masks[i], out problem))
            {
                return false;
            }
        }

        problem = null;
        cron = new CronExpression(string.Join(' ', fields), masks, IsStar(fields[2]), IsStar(fields[4]));
        return true;
    }

    /// <summary>Whether the expression names the minute that a wall clock shows; seconds do not matter.</summary>
    /// <param name="local">A time of the zone that the caller has in mind.</param>
    public bool Matches(DateTime local) =>
        Has(Minutes, local.Minute) && Has(Hours, local.Hour) && Has(Months, local.Month) && IsOn(local.Day, (int)local.DayOfWeek);

    /// <summary>Whether there is a minute, in any year, that both expressions name.</summary>
    public bool Overlaps(CronExpression other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Minutes & other.Minutes) != 0 && (Hours & other.Hours) != 0 && AnyDate(other);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    internal static bool Has(ulong mask, int bit) => (mask >> bit & 1) != 0;

    private bool AnyDate(CronExpression other)
    {
        for (var month = 1; month <= 12; month++)
        {
            if (!Has(Months & other.Months, month))
            {
                continue;
            }

            // Over the years every date falls on every weekday, 29 February too.
            for (var day = 1; day <= DateTime.DaysInMonth(2024, month); day++)
            {
                for (var weekday = 0; weekday < 7; weekday++)
                {
                    if (IsOn(day, weekday) && other.IsOn(day, weekday))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    private bool IsOn(int day, int weekday) => _isEveryDayOfMonth || _isEveryDayOfWeek
        ? Has(Days, day) && Has(Weekdays, weekday)
        : Has(Days, day) || Has(Weekdays, weekday);

    private static bool IsStar(string field) => field is "*" or "?";

    private sealed record Field(string Name, int Minimum, int Maximum, string[] Names)
    {
        public bool TryParse(string text, out ulong mask, [NotNullWhen(false)] out string? problem)
        {
            mask = 0;
            problem = null;
            foreach (var part in text.Split(','))
            {
                problem = Add(part, ref mask);
                if (problem is not null)
                {
                    return false;
                }
            }

            return true;
        }

        private string? Add(string part, ref ulong mask)
        {
            var (range, step) = part.Split('/') switch
            {
                [var all] => (all, 1),
                [var all, var every] when TryNumber(every, out var number) && number > 0 => (all, number),
                _ => ("", 0),
            };
            if (step == 0)
            {
                return $"{Name}: \"{part}\" has no valid step";
            }

            int first, last;
            if (IsStar(range))
            {
                (first, last) = (Minimum, Maximum);
            }
            else
            {
                var ends = range.Split('-');
                first = last = 0;
                if (ends.Length > 2 || !TryValue(ends[0], out first) || !TryValue(ends[^1], out last))
                {
                    return $"{Name}: \"{part}\" is not understood";
                }

                // "3/5" begins at 3 and has no end of its own.
                if (ends.Length == 1 && part.Contains('/', StringComparison.Ordinal))
                {
                    last = Maximum;
                }
            }

            if (first < Minimum || last > Maximum)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{Name}: \"{part}\" is not within {Minimum}-{Maximum}");
            }

            if (first > last)
            {
                return $"{Name}: \"{part}\" ends before it begins";
            }

            for (var value = first; value <= last; value += step)
            {
                mask |= 1UL << value;
            }

            return null;
        }

        private bool TryValue(string text, out int value)
        {
            value = Array.FindIndex(Names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
            if (value >= 0)
            {
                value += Minimum;
                return true;
            }

            return TryNumber(text, out value);
        }

        private static bool TryNumber(string text, out int value)
        {
            value = 0;
            return text.Length <= 4 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        }
    }
}
