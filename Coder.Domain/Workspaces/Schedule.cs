using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Coder.Domain.Common;

namespace Coder.Domain.Workspaces;

/// <summary>
/// Times of the week in a time zone, such as <c>CRON_TZ=Europe/Berlin 30 9 * * 1-5</c> (docs/spec/workspaces.md, section 7.1). UTC if no
/// zone is named.
/// </summary>
/// <remarks>
/// A time that is skipped when clocks go forward comes at the end of the gap; one that comes twice when they go back counts once, the
/// first time.
/// </remarks>
public sealed class Schedule
{
    private const string ZonePrefix = "CRON_TZ=";
    private const int DaysOfWeek = 7;

    private readonly CronExpression _cron;

    private Schedule(CronExpression cron, TimeZoneInfo zone)
    {
        _cron = cron;
        Zone = zone;
    }

    /// <summary>The zone whose clocks count.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>The five fields, without the zone.</summary>
    public string Cron => _cron.Text;

    /// <summary>Reads a schedule of one or more times a week.</summary>
    /// <param name="text">An optional <c>CRON_TZ=zone</c> and five fields; day of month and month must be <c>*</c>.</param>
    /// <param name="schedule">The schedule, on success.</param>
    /// <param name="problem">What is wrong, as the detail of an answer, otherwise.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Schedule? schedule, [NotNullWhen(false)] out string? problem) =>
        TryParse(text, "weekly", out schedule, out problem);

    /// <summary>Reads a schedule of one or more times a day, as quiet hours are: the day of the week must be <c>*</c> too.</summary>
    /// <inheritdoc cref="TryParse(string, out Schedule?, out string?)" path="/param"/>
    public static bool TryParseDaily(string text, [NotNullWhen(true)] out Schedule? schedule, [NotNullWhen(false)] out string? problem) =>
        TryParse(text, "daily", out schedule, out problem);

    /// <summary>The first time after an instant, never the instant itself.</summary>
    /// <returns>UTC; at most about a week later.</returns>
    public DateTimeOffset Next(DateTimeOffset after) => Next(after, Weekdays.All).GetValueOrDefault();

    /// <summary>The first time after an instant on one of the allowed days, which are those of <see cref="Zone"/> (section 8.3).</summary>
    /// <returns><see langword="null"/> when the schedule has no time on an allowed day.</returns>
    public DateTimeOffset? Next(DateTimeOffset after, Weekdays allowed)
    {
        var local = TimeZones.ToLocal(after, Zone);
        for (var days = 0; days <= DaysOfWeek + 1; days++)
        {
            var date = local.Date.AddDays(days);
            if (!CronExpression.Has(_cron.Weekdays, (int)date.DayOfWeek) || !allowed.Includes(date.DayOfWeek))
            {
                continue;
            }

            foreach (var minute in MinutesFrom(days == 0 ? (int)local.TimeOfDay.TotalMinutes : 0))
            {
                var instant = TimeZones.ToInstant(date.AddMinutes(minute), Zone);
                if (instant > after)
                {
                    return instant;
                }
            }
        }

        return null;
    }

    /// <summary>The schedule with its zone, in the form that <see cref="TryParse(string, out Schedule?, out string?)"/> reads.</summary>
    public override string ToString() => $"{ZonePrefix}{Zone.Id} {Cron}";

    private static bool TryParse(
        string text,
        string kind,
        [NotNullWhen(true)] out Schedule? schedule,
        [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        schedule = null;
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var zoneName = "UTC";
        if (fields is [var first, ..] && first.StartsWith(ZonePrefix, StringComparison.Ordinal))
        {
            zoneName = first[ZonePrefix.Length..];
            fields = fields[1..];
        }

        problem = fields switch
        {
            { Length: not 5 } =>
                $"validate {kind} schedule: expected schedule to consist of 5 fields with an optional CRON_TZ=<timezone> prefix",
            [_, _, not "*", _, _] or [_, _, _, not "*", _] => $"validate {kind} schedule: expected day-of-month and month to be *",
            [_, _, _, _, not "*"] when kind == "daily" => "validate daily schedule: expected day-of-week to be *",
            _ => null,
        };
        if (problem is not null)
        {
            return false;
        }

        if (!TimeZones.TryFind(zoneName, out var zone))
        {
            problem = $"parse schedule: provided bad location {zoneName}: unknown time zone {zoneName}";
            return false;
        }

        if (!CronExpression.TryParse(string.Join(' ', fields), out var cron, out var wrong))
        {
            problem = $"parse schedule: {wrong}";
            return false;
        }

        schedule = new Schedule(cron, zone);
        return true;
    }

    private IEnumerable<int> MinutesFrom(int minuteOfDay)
    {
        var (firstHour, firstMinute) = Math.DivRem(minuteOfDay, 60);
        foreach (var hour in BitsFrom(_cron.Hours, firstHour))
        {
            foreach (var minute in BitsFrom(_cron.Minutes, hour == firstHour ? firstMinute : 0))
            {
                yield return hour * 60 + minute;
            }
        }
    }

    private static IEnumerable<int> BitsFrom(ulong mask, int first)
    {
        for (mask &= ulong.MaxValue << first; mask != 0; mask &= mask - 1)
        {
            yield return BitOperations.TrailingZeroCount(mask);
        }
    }
}
