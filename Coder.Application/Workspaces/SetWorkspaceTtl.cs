using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Workspaces;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>
/// Sets how long a workspace runs after a start. The deadline of a start that there was stays, unless there is to be none any more
/// (docs/spec/workspaces.md, section 7.4).
/// </summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
/// <param name="Milliseconds">See <see cref="WorkspaceTtl.TryRead"/>.</param>
public sealed record SetWorkspaceTtl(Actor Actor, string Workspace, long? Milliseconds) : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = WorkspaceAudit.Write(204);
}

internal sealed class SetWorkspaceTtlHandler(
    WorkspaceTargets targets, IWorkspaceStore workspaces, AppliedTemplates templates, TimeProvider time, AuditTrail audit)
    : IRequestHandler<SetWorkspaceTtl, Result<Done>>
{
    public async Task<Result<Done>> Handle(SetWorkspaceTtl request, CancellationToken cancellationToken)
    {
        var found = await targets.LockForScheduleAsync(request.Actor, request.Workspace, ScheduleSetting.Ttl, cancellationToken);
        if (!found.Is(out var before, out var error))
        {
            return error;
        }

        if (!(await templates.ReadAsync(before.TemplateId, cancellationToken)).Scheduling.AllowUserAutostop)
        {
            return Refuse("Custom autostop TTL is not allowed for workspaces using this template.");
        }

        if (!WorkspaceTtl.TryRead(request.Milliseconds, out var ttl, out var problem))
        {
            return Refuse(problem);
        }

        var now = time.GetUtcNow().ToMicroseconds();
        await workspaces.SetTtlAsync(before.Id, ttl, now, cancellationToken);
        if (ttl is null
            && await workspaces.CurrentBuildAsync(before.Id, cancellationToken) is { Transition: WorkspaceTransition.Start } build
            && build.Deadline.At != build.Deadline.Max)
        {
            await workspaces.SetDeadlineAsync(build.Id, build.Deadline.Max, now, cancellationToken);
        }

        audit.Changed(before, before with { Ttl = ttl });
        return Done.Value;
    }

    private static Error Refuse(string problem) =>
        new(ErrorKind.Invalid, "Error updating workspace time until shutdown.", null, [new FieldError("ttl_ms", problem)]);
}
