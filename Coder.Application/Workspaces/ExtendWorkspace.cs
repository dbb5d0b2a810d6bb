using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Workspaces;
using FluentValidation;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>Gives a running workspace another deadline (docs/spec/workspaces.md, section 7.4).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
/// <param name="Deadline">When it is to be stopped; year 1 counts as absent.</param>
public sealed record ExtendWorkspace(Actor Actor, string Workspace, DateTimeOffset? Deadline)
    : ICommand<DateTimeOffset>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = WorkspaceAudit.Write(200);
}

internal sealed class ExtendWorkspaceValidator : AbstractValidator<ExtendWorkspace>
{
    public ExtendWorkspaceValidator() =>
        this.Field(r => r.Deadline, "deadline").Tagged("required", deadline => deadline is { } at && at != DateTimeOffset.MinValue);
}

internal sealed class ExtendWorkspaceHandler(WorkspaceTargets targets, IWorkspaceStore workspaces, TimeProvider time, AuditTrail audit)
    : IRequestHandler<ExtendWorkspace, Result<DateTimeOffset>>
{
    public async Task<Result<DateTimeOffset>> Handle(ExtendWorkspace request, CancellationToken cancellationToken)
    {
        var found = await targets.LockForScheduleAsync(request.Actor, request.Workspace, ScheduleSetting.Deadline, cancellationToken);
        if (!found.Is(out var workspace, out var error))
        {
            return error;
        }

        if (await workspaces.CurrentBuildAsync(workspace.Id, cancellationToken) is not { } build)
        {
            return Error.NotFound;
        }

        var now = time.GetUtcNow().ToMicroseconds();
        var wanted = request.Deadline.GetValueOrDefault().ToMicroseconds();
        if (DeadlineExtension.Judge(wanted, build.Transition, build.JobStatus, build.Deadline, now) is { } refusal)
        {
            return refusal;
        }

        await workspaces.SetDeadlineAsync(build.Id, wanted, now, cancellationToken);
        audit.Changed(workspace, workspace);
        return wanted;
    }
}
