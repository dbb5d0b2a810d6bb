using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Workspaces;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>Sets when a workspace is started (docs/spec/workspaces.md, section 7.4).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
/// <param name="Schedule">See <see cref="Domain.Workspaces.Schedule"/>; empty for never.</param>
public sealed record SetAutostart(Actor Actor, string Workspace, string Schedule) : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = WorkspaceAudit.Write(204);
}

internal sealed class SetAutostartHandler(
    WorkspaceTargets targets, IWorkspaceStore workspaces, AppliedTemplates templates, TimeProvider time, AuditTrail audit)
    : IRequestHandler<SetAutostart, Result<Done>>
{
    private const string Field = "schedule";
    private const string NotAllowed = "Autostart is not allowed for workspaces using this template.";

    public async Task<Result<Done>> Handle(SetAutostart request, CancellationToken cancellationToken)
    {
        var found = await targets.LockForScheduleAsync(request.Actor, request.Workspace, ScheduleSetting.Autostart, cancellationToken);
        if (!found.Is(out var before, out var error))
        {
            return error;
        }

        Schedule? schedule = null;
        if (request.Schedule.Length > 0 && !Schedule.TryParse(request.Schedule, out schedule, out var problem))
        {
            return new Error(ErrorKind.Invalid, "Invalid autostart schedule.", null, [new FieldError(Field, problem)]);
        }

        var scheduling = (await templates.ReadAsync(before.TemplateId, cancellationToken)).Scheduling;
        if (!scheduling.AllowUserAutostart)
        {
            return new Error(ErrorKind.Invalid, NotAllowed, null, [new FieldError(Field, NotAllowed)]);
        }

        var now = time.GetUtcNow().ToMicroseconds();
        var after = before with
        {
            AutostartSchedule = schedule is null ? null : request.Schedule,
            NextStartAt = scheduling.NextAutostart(schedule, now),
        };
        await workspaces.SetAutostartAsync(before.Id, after.AutostartSchedule, after.NextStartAt, now, cancellationToken);
        audit.Changed(before, after);
        return Done.Value;
    }
}
