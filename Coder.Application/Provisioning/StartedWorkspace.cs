using Coder.Domain.Workspaces;

namespace Coder.Application.Provisioning;

/// <summary>The quiet hours of whoever chose none (docs/spec/workspaces.md, section 8.3).</summary>
/// <param name="Default">Times of the day, and the zone of the week.</param>
public sealed record QuietHoursOptions(Schedule Default);

/// <summary>When a started workspace stops and starts again by itself (docs/spec/workspaces.md, sections 7.2 and 8.3).</summary>
/// <param name="Deadline">When it is stopped.</param>
/// <param name="NextStart">When its schedule starts it again; <see langword="null"/>: never.</param>
public sealed record StartedWorkspace(Deadline Deadline, DateTimeOffset? NextStart)
{
    /// <summary>Decides for a start that has just ended well. Not to be asked for prebuilt workspaces, which have neither.</summary>
    /// <param name="facts">The build. A schedule that nobody can read counts as none.</param>
    /// <param name="isLicensed">Whether the feature <c>advanced_template_scheduling</c> is enabled.</param>
    /// <param name="quietHours">The quiet hours of owners who chose none.</param>
    /// <param name="at">When the start ended.</param>
    internal static StartedWorkspace Of(BuildFacts facts, bool isLicensed, Schedule quietHours, DateTimeOffset at)
    {
        var template = isLicensed
            ? facts.Scheduling
            : TemplateScheduling.None with { DefaultTtl = facts.Scheduling.DefaultTtl, ActivityBump = facts.Scheduling.ActivityBump };
        var autostart = facts.AutostartSchedule is { } text && Schedule.TryParse(text, out var schedule, out _) ? schedule : null;
        var quiet = Schedule.TryParseDaily(facts.QuietHours, out var own, out _) ? own : quietHours;
        return new StartedWorkspace(
            Deadline.OfStart(at, template, facts.Ttl, autostart, quiet), template.NextAutostart(autostart, at));
    }
}
