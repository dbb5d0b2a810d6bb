using System.Globalization;
using Coder.Cli.Common;

namespace Coder.Cli.Workspaces;

/// <summary>Weekly times as users write them, and as workspaces keep them (docs/spec/workspaces.md, section 7.1).</summary>
internal static class ScheduleText
{
    private const string ZonePrefix = "CRON_TZ=";
    private const string Daily = "*";
    private static readonly string[] Times = ["H:mm", "h:mmtt", "htt"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    /// <summary>Reads <c>9:30AM Mon-Fri Europe/Dublin</c>, whose days and zone may be left out, or the schedule itself.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="local">The zone of a time that names none.</param>
    internal static CliResult<string> ToSchedule(string text, TimeZoneInfo local)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length >= 5)
        {
            return string.Join(' ', parts);
        }

        if (parts.Length is 0 or 4
            || !TimeOnly.TryParseExact(parts[0].ToUpperInvariant(), Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return Refused(text);
        }

        var days = Daily;
        var zone = NameOf(local);
        switch (parts[1..])
        {
            case [var one] when AreDays(one):
                days = one;
                break;
            case [var one]:
                zone = one;
                break;
            case [var one, var other] when AreDays(one):
                (days, zone) = (one, other);
                break;
            case [_, _]:
                return Refused(text);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{ZonePrefix}{zone} {time.Minute} {time.Hour} * * {days}");
    }

    /// <summary>A schedule for people: <c>09:30 Mon-Fri (Europe/Dublin)</c> where it is that simple, else as it is.</summary>
    internal static string Describe(string? schedule)
    {
        if (string.IsNullOrEmpty(schedule))
        {
            return "";
        }

        var parts = schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var zone = parts[0].StartsWith(ZonePrefix, StringComparison.Ordinal) ? parts[0][ZonePrefix.Length..] : null;
        return parts[(zone is null ? 0 : 1)..] is [var minute, var hour, _, _, var days]
            && int.TryParse(minute, NumberStyles.None, CultureInfo.InvariantCulture, out var m)
            && int.TryParse(hour, NumberStyles.None, CultureInfo.InvariantCulture, out var h)
            ? string.Create(CultureInfo.InvariantCulture, $"{h:00}:{m:00} {(days == Daily ? "daily" : days)} ({zone ?? "UTC"})")
            : schedule;
    }

    private static CliError Refused(string text) => new(
        $"\"{text}\" is no weekly time", Hint: "Such a time is 9:30AM, 17:00 Mon-Fri, or 8AM Mon,Wed Europe/Dublin.");

    private static bool AreDays(string text) => text == Daily || text.Split(',', '-').All(
        day => (day.Length == 1 && char.IsAsciiDigit(day[0])) || Days.Contains(day, StringComparer.OrdinalIgnoreCase));

    private static string NameOf(TimeZoneInfo local) =>
        local.HasIanaId ? local.Id
        : TimeZoneInfo.TryConvertWindowsIdToIanaId(local.Id, out var name) ? name
        : "UTC";
}
