using System.Diagnostics.CodeAnalysis;
using Coder.Domain.Common;

namespace Coder.Domain.Prebuilds;

/// <summary>How many prebuilt workspaces are wanted at some hours of the week.</summary>
/// <param name="Cron">
/// Whole hours: the minute is <c>*</c>, and <c>* 9-18 * * 1-5</c> lasts from 09:00:00 to 18:59:59 from Monday to Friday.
/// </param>
/// <param name="Instances">The number that is wanted then; not negative.</param>
public sealed record PrebuildSchedule(string Cron, int Instances);

/// <summary>Why schedules of prebuilt workspaces are not used.</summary>
/// <param name="Index">The schedule, counted from 0; <see langword="null"/>: the time zone.</param>
/// <param name="Text">One phrase.</param>
public sealed record SchedulingProblem(int? Index, string Text);

/// <summary>The schedules of a preset, as ranges of time that never overlap (docs/spec/workspaces.md, section 9.2).</summary>
public sealed class PrebuildScheduling
{
    private readonly TimeZoneInfo _zone;
    private readonly IReadOnlyList<(CronExpression Hours, int Instances)> _ranges;

    private PrebuildScheduling(TimeZoneInfo zone, IReadOnlyList<(CronExpression Hours, int Instances)> ranges)
    {
        _zone = zone;
        _ranges = ranges;
    }

    /// <summary>Takes the schedules of a preset, all or none of them.</summary>
    /// <param name="timezone">The name of the zone whose clocks count.</param>
    /// <param name="schedules">In any order.</param>
    /// <param name="scheduling">The ranges, on success.</param>
    /// <param name="problem">The first thing that is wrong, otherwise; then the preset's default number is wanted all the time.</param>
    public static bool TryCreate(
        string timezone,
        IReadOnlyList<PrebuildSchedule> schedules,
        [NotNullWhen(true)] out PrebuildScheduling? scheduling,
        [NotNullWhen(false)] out SchedulingProblem? problem)
    {
        ArgumentNullException.ThrowIfNull(schedules);
        scheduling = null;
        problem = null;
        if (!TimeZones.TryFind(timezone, out var zone))
        {
            problem = new SchedulingProblem(null, timezone.Length == 0 ? "is required" : $"is not a time zone: \"{timezone}\"");
            return false;
        }

        var ranges = new List<(CronExpression Hours, int Instances)>();
        foreach (var (cron, instances) in schedules)
        {
            var text = !CronExpression.TryParse(cron, out var hours, out var wrong) ? wrong
                : !hours.IsEveryMinute ? "the minute must be *"
                : instances < 0 ? "the number of instances must not be negative"
                : ranges.Find(range => range.Hours.Overlaps(hours)).Hours is { } other ? $"overlaps \"{other}\""
                : null;
            if (text is not null)
            {
                problem = new SchedulingProblem(ranges.Count, text);
                return false;
            }

            ranges.Add((hours!, instances));
        }

        scheduling = new PrebuildScheduling(zone, ranges);
        return true;
    }

    /// <summary>The number that is wanted at an instant.</summary>
    /// <returns><see langword="null"/> outside of all ranges: then the preset's default number is wanted.</returns>
    public int? InstancesAt(DateTimeOffset now)
    {
        var local = TimeZones.ToLocal(now, _zone);
        foreach (var (hours, instances) in _ranges)
        {
            if (hours.Matches(local))
            {
                return instances;
            }
        }

        return null;
    }
}
