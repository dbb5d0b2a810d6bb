using Coder.Application.Provisioning;
using Coder.Domain.Workspaces;

namespace Coder.Application.Templates;

/// <summary>A new schedule and what else is to happen to the workspaces of its template.</summary>
/// <param name="Template">The template.</param>
/// <param name="Before">The schedule so far.</param>
/// <param name="After">The schedule from now on.</param>
/// <param name="TouchLastUsed">All workspaces count as used now.</param>
/// <param name="TouchDormant">All dormant workspaces count as dormant since now.</param>
/// <param name="Now">The moment of the change.</param>
public sealed record ScheduleUpdate(
    Guid Template, TemplateScheduling Before, TemplateScheduling After, bool TouchLastUsed, bool TouchDormant, DateTimeOffset Now);

/// <summary>Brings the workspaces of people in line with a new schedule of their template (docs/spec/workspaces.md, section 6).</summary>
internal sealed class ScheduleUpdater(ITemplateWorkspaces workspaces, QuietHoursOptions quietHours)
{
    public async Task ApplyAsync(ScheduleUpdate update, CancellationToken ct)
    {
        var (before, after) = (update.Before, update.After);
        if (update.TouchLastUsed)
        {
            await workspaces.TouchAsync(update.Template, update.Now, ct);
        }

        if (update.TouchDormant || before.TimeTilDormantAutodelete != after.TimeTilDormantAutodelete)
        {
            await workspaces.SetDormancyAsync(update.Template, after.TimeTilDormantAutodelete, update.TouchDormant, update.Now, ct);
        }

        if (!after.AllowUserAutostop)
        {
            await workspaces.SetTtlAsync(update.Template, WorkspaceTtl.Effective(null, after), update.Now, ct);
        }

        if (ScheduleChange.MovesTimes(before, after))
        {
            await MoveTimesAsync(update, ct);
        }
    }

    private async Task MoveTimesAsync(ScheduleUpdate update, CancellationToken ct)
    {
        var starts = new List<NextStart>();
        var deadlines = new List<NewDeadline>();
        foreach (var workspace in await workspaces.LockScheduledAsync(update.Template, ct))
        {
            // One that nobody can read counts as none.
            var schedule = workspace.Autostart is { } text && Schedule.TryParse(text, out var read, out _) ? read : null;
            if (!workspace.IsDormant && update.After.NextAutostart(schedule, update.Now) is var next && next != workspace.NextStartAt)
            {
                starts.Add(new NextStart(workspace.Id, next));
            }

            if (workspace.Running is { } running
                && Deadline(update, workspace, running, schedule) is var deadline
                && deadline != running.Deadline)
            {
                deadlines.Add(new NewDeadline(running.Id, deadline));
            }
        }

        await workspaces.WriteTimesAsync(starts, deadlines, update.Now, ct);
    }

    private Deadline Deadline(ScheduleUpdate update, ScheduledWorkspace workspace, RunningBuild running, Schedule? schedule)
    {
        var quiet = Schedule.TryParseDaily(workspace.QuietHours, out var own, out _) ? own : quietHours.Default;
        return ScheduleChange.Reschedule(running.Deadline, running.CompletedAt, update.After, workspace.Ttl, schedule, quiet, update.Now);
    }
}
