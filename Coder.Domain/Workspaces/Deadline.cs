using Coder.Domain.Common;

namespace Coder.Domain.Workspaces;

/// <summary>When a running workspace is stopped (docs/spec/workspaces.md, section 8.3). Prebuilt workspaces have neither.</summary>
/// <param name="At">When the lifecycle executor stops it; <see langword="null"/>: never by itself.</param>
/// <param name="Max">The latest value that usage or its owner may move <paramref name="At"/> to; <see langword="null"/>: any.</param>
public sealed record Deadline(DateTimeOffset? At, DateTimeOffset? Max)
{
    // Weeks are counted from this Monday.
    private static readonly DateTime FirstMonday = new(2023, 1, 2, 0, 0, 0, DateTimeKind.Unspecified);

    /// <summary>A workspace that runs until somebody stops it.</summary>
    public static Deadline None { get; } = new(null, null);

    /// <summary>A workspace that must be stopped for the template's sake has run at least for so long.</summary>
    public static TimeSpan Leeway { get; } = TimeSpan.FromHours(2);

    /// <summary>The quiet hours of who chose none: midnight in UTC.</summary>
    public static Schedule DefaultQuietHours { get; } =
        Schedule.TryParseDaily("CRON_TZ=UTC 0 0 * * *", out var schedule, out var problem)
            ? schedule
            : throw new InvalidOperationException(problem);

    /// <summary>The deadline of a start that has just ended well. It is always later than <paramref name="completedAt"/>.</summary>
    /// <param name="completedAt">When the start ended.</param>
    /// <param name="template">The template's rules.</param>
    /// <param name="ttl">The time to live of the workspace itself, if any.</param>
    /// <param name="autostart">The schedule of the workspace, if any.</param>
    /// <param name="quietHours">The times of the day at which an unasked stop disturbs least, and the zone of the owner's week.</param>
    public static Deadline OfStart(
        DateTimeOffset completedAt,
        TemplateScheduling template,
        TimeSpan? ttl,
        Schedule? autostart,
        Schedule quietHours)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(quietHours);
        var max = MaxOf(completedAt, template, quietHours);
        if (WorkspaceTtl.Effective(ttl, template) is not { } effective)
        {
            return new Deadline(max, max);
        }

        var at = completedAt + effective;
        if (template.NextAutostart(autostart, completedAt) is { } next && at > next)
        {
            // It would be stopped just after its owner came: this day counts from the autostart.
            at = next + effective;
        }

        return new Deadline(max < at ? max : at, max);
    }

    /// <summary>Moves the deadline of a workspace that somebody uses (section 8.4). Not to be asked for prebuilt workspaces.</summary>
    /// <param name="template">The template's rules.</param>
    /// <param name="ttl">The time to live of the workspace itself, if any.</param>
    /// <param name="autostart">The schedule of the workspace, if any.</param>
    /// <param name="now">When it was used.</param>
    /// <returns>The new deadline, or <see langword="null"/> when it stays.</returns>
    public DateTimeOffset? BumpedTo(TemplateScheduling template, TimeSpan? ttl, Schedule? autostart, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(template);
        if (At is not { } old || template.ActivityBump <= TimeSpan.Zero)
        {
            return null;
        }

        var interval = template.ActivityBump;
        if (template.NextAutostart(autostart, now) is { } next && now + interval > next)
        {
            interval = next - now + WorkspaceTtl.Effective(ttl, template).GetValueOrDefault();
        }

        // Writing on every usage would be one write a minute for each workspace: at least 5 % of the interval must have gone.
        if (old - now >= interval * 0.95)
        {
            return null;
        }

        var bumped = now + interval;
        bumped = Max < bumped ? Max.Value : bumped;
        return bumped > old ? bumped : null;
    }

    /// <summary>The last quiet time that the template's requirement allows.</summary>
    /// <remarks>
    /// The specification looks for quiet hours from 15 minutes before the day on, against lost times when clocks change. A
    /// <see cref="Schedule"/> loses none, so the day itself is searched; and quiet hours shortly before midnight do not end up on the
    /// day before.
    /// </remarks>
    private static DateTimeOffset? MaxOf(DateTimeOffset completedAt, TemplateScheduling template, Schedule quietHours)
    {
        if ((template.AutostopDays & Weekdays.All) == Weekdays.None)
        {
            return null;
        }

        var earliest = completedAt + Leeway;
        var day = TimeZones.ToLocal(earliest, quietHours.Zone).Date;
        if (template.AutostopWeeks > 1)
        {
            day = MondayOfRequiredWeek(day, template.AutostopWeeks);
        }

        if (QuietTimeOn(day, quietHours) < earliest)
        {
            day = day.AddDays(1);
        }

        while (!template.AutostopDays.Includes(day.DayOfWeek))
        {
            day = day.AddDays(1);
        }

        return QuietTimeOn(day, quietHours);
    }

    private static DateTime MondayOfRequiredWeek(DateTime day, int weeks)
    {
        var daysToMonday = ((int)DayOfWeek.Monday - (int)day.DayOfWeek + 7) % 7;
        var monday = day.AddDays(daysToMonday);
        var week = (int)(monday - FirstMonday).TotalDays / 7;
        return monday.AddDays((weeks - week % weeks) % weeks * 7);
    }

    private static DateTimeOffset QuietTimeOn(DateTime day, Schedule quietHours) =>
        quietHours.Next(TimeZones.ToInstant(day, quietHours.Zone).AddTicks(-1));
}
