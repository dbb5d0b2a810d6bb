namespace Coder.Domain.Workspaces;

/// <summary>
/// What a new schedule of a template changes in the workspaces that are made already (docs/spec/workspaces.md, section 6). Prebuilt
/// workspaces are not asked about: nothing changes in them.
/// </summary>
public static class ScheduleChange
{
    /// <summary>The deadline of a workspace that runs.</summary>
    /// <remarks>
    /// Only the latest possible stop is made anew: what people have asked for or used stays, as far as it still fits. Nobody is stopped
    /// within <see cref="Deadline.Leeway"/>.
    /// </remarks>
    /// <param name="old">The deadline so far.</param>
    /// <param name="completedAt">When the start ended.</param>
    /// <param name="template">The template's new rules.</param>
    /// <param name="ttl">The time to live of the workspace itself, if any.</param>
    /// <param name="autostart">The schedule of the workspace, if any.</param>
    /// <param name="quietHours">See <see cref="Deadline.OfStart"/>.</param>
    /// <param name="now">The moment of the change.</param>
    public static Deadline Reschedule(
        Deadline old,
        DateTimeOffset completedAt,
        TemplateScheduling template,
        TimeSpan? ttl,
        Schedule? autostart,
        Schedule quietHours,
        DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(old);
        if (Deadline.OfStart(completedAt, template, ttl, autostart, quietHours).Max is not { } max)
        {
            // Where nobody else had asked for a stop, the old requirement had.
            return old.At == old.Max && WorkspaceTtl.Effective(ttl, template) is null ? Deadline.None : old with { Max = null };
        }

        var earliest = now + Deadline.Leeway;
        max = max < earliest ? earliest : max;
        return new Deadline(old.At < max ? old.At : max, max);
    }

    /// <summary>Whether the workspaces must be looked at one by one.</summary>
    public static bool MovesTimes(TemplateScheduling before, TemplateScheduling after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return before.AutostopDays != after.AutostopDays
            || before.AutostopWeeks != after.AutostopWeeks
            || before.AutostartDays != after.AutostartDays
            || before.AllowUserAutostart != after.AllowUserAutostart;
    }
}
