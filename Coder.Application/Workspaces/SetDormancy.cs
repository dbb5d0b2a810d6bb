using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Workspaces;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>Takes a workspace for unused, or back into use (docs/spec/workspaces.md, section 7.4).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
/// <param name="Dormant">Which of the two.</param>
public sealed record SetDormancy(Actor Actor, string Workspace, bool Dormant)
    : ICommand<DormancyChange>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = WorkspaceAudit.Write(200);
}

/// <summary>What became of the workspace.</summary>
/// <param name="Workspace">The workspace, or <see langword="null"/> when it was so already.</param>
public sealed record DormancyChange(WorkspaceView? Workspace);

internal sealed class SetDormancyHandler(
    WorkspaceTargets targets,
    IWorkspaceStore workspaces,
    IWorkspaceDirectory directory,
    AppliedTemplates templates,
    TimeProvider time,
    AuditTrail audit)
    : IRequestHandler<SetDormancy, Result<DormancyChange>>
{
    public async Task<Result<DormancyChange>> Handle(SetDormancy request, CancellationToken cancellationToken)
    {
        var found = await targets.LockForScheduleAsync(request.Actor, request.Workspace, ScheduleSetting.Dormancy, cancellationToken);
        if (!found.Is(out var before, out var error))
        {
            return error;
        }

        if (before.Dormancy.DormantAt is not null == request.Dormant)
        {
            audit.Skip();
            return new DormancyChange(null);
        }

        var now = time.GetUtcNow().ToMicroseconds();
        var scheduling = (await templates.ReadAsync(before.TemplateId, cancellationToken)).Scheduling;

        // What the template allows may have changed while it slept. A schedule that nobody can read counts as none.
        var schedule = before.AutostartSchedule is { } text && Schedule.TryParse(text, out var read, out _) ? read : null;
        var after = request.Dormant
            ? before with { Dormancy = Dormancy.From(now, scheduling.TimeTilDormantAutodelete) }
            : before with { Dormancy = Dormancy.Awake, LastUsedAt = now, NextStartAt = scheduling.NextAutostart(schedule, now) };
        await workspaces.SetDormancyAsync(before.Id, after.Dormancy, after.LastUsedAt, after.NextStartAt, now, cancellationToken);
        audit.Changed(before, after);
        return await directory.FindAsync(before.Id, cancellationToken) is { } view ? new DormancyChange(view) : Error.NotFound;
    }
}
