namespace Coder.Domain.Workspaces;

/// <summary>
/// What a template says about when its workspaces run. Without the feature <c>advanced_template_scheduling</c> only
/// <see cref="DefaultTtl"/> and <see cref="ActivityBump"/> differ from <see cref="None"/>.
/// </summary>
public sealed record TemplateScheduling
{
    /// <summary>Nothing is limited.</summary>
    public static TemplateScheduling None { get; } = new();

    /// <summary>How long new workspaces run after a start; zero: until somebody stops them.</summary>
    public TimeSpan DefaultTtl { get; init; }

    /// <summary>How far usage pushes the deadline; zero: not at all.</summary>
    public TimeSpan ActivityBump { get; init; }

    /// <summary>Whether users may have a schedule.</summary>
    public bool AllowUserAutostart { get; init; } = true;

    /// <summary>Whether users may choose how long their workspaces run; else <see cref="DefaultTtl"/> is for all.</summary>
    public bool AllowUserAutostop { get; init; } = true;

    /// <summary>The days on which a schedule starts workspaces, in the zone of the schedule.</summary>
    public Weekdays AutostartDays { get; init; } = Weekdays.All;

    /// <summary>The days on one of which every workspace must be stopped; none: no such requirement.</summary>
    public Weekdays AutostopDays { get; init; }

    /// <summary>Every how many weeks <see cref="AutostopDays"/> count, 1 to 16; 0 is the same as 1.</summary>
    public int AutostopWeeks { get; init; }

    /// <summary>How long after a failed start the workspace is stopped; zero: never.</summary>
    public TimeSpan FailureTtl { get; init; }

    /// <summary>How long nobody may use a workspace before it becomes dormant; zero: for ever.</summary>
    public TimeSpan TimeTilDormant { get; init; }

    /// <summary>How long a workspace may be dormant before it is deleted; zero: for ever.</summary>
    public TimeSpan TimeTilDormantAutodelete { get; init; }

    /// <summary>The next time at which a schedule may start a workspace of this template (docs/spec/workspaces.md, section 8.3).</summary>
    /// <param name="schedule">The schedule of the workspace, if it has one.</param>
    /// <param name="after">Never the instant itself.</param>
    public DateTimeOffset? NextAutostart(Schedule? schedule, DateTimeOffset after) =>
        AllowUserAutostart ? schedule?.Next(after, AutostartDays) : null;
}
