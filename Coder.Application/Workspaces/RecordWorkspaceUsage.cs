using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>Somebody uses a workspace, which may move its deadline (docs/spec/workspaces.md, section 8.4).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
/// <param name="AgentId">The agent that is used; given together with the app.</param>
/// <param name="AppName">What it is used with, one of <see cref="AppNames"/>; given together with the agent.</param>
public sealed record RecordWorkspaceUsage(Actor Actor, string Workspace, Guid? AgentId, string AppName) : ICommand<Done>, IActorRequest
{
    /// <summary>What workspaces are used with.</summary>
    public static IReadOnlyList<string> AppNames { get; } = ["vscode", "jetbrains", "reconnecting-pty", "ssh"];
}

internal sealed class RecordWorkspaceUsageHandler(
    WorkspaceTargets targets, IWorkspaceStore workspaces, AppliedTemplates templates, TimeProvider time)
    : IRequestHandler<RecordWorkspaceUsage, Result<Done>>
{
    // Not transactional: each statement judges for itself, and a use that comes late does no harm.
    public async Task<Result<Done>> Handle(RecordWorkspaceUsage request, CancellationToken cancellationToken)
    {
        if (Judge(request) is { } refusal)
        {
            return new Error(ErrorKind.Invalid, "Invalid request", null, [refusal]);
        }

        if (!(await targets.FindAsync(request.Actor, request.Workspace, cancellationToken)).Is(out var workspace, out var error))
        {
            return error;
        }

        if (!WorkspaceTargets.MayUpdate(request.Actor, workspace))
        {
            return Error.Forbidden;
        }

        if (workspace.OwnerId == SystemActors.PrebuildsUserId)
        {
            return Done.Value;
        }

        var now = time.GetUtcNow().ToMicroseconds();
        await workspaces.TouchAsync(workspace.Id, now, cancellationToken);
        var build = await workspaces.CurrentBuildAsync(workspace.Id, cancellationToken);
        if (build is { Transition: WorkspaceTransition.Start, JobStatus: JobStatus.Succeeded, Deadline.At: not null })
        {
            var scheduling = (await templates.ReadAsync(workspace.TemplateId, cancellationToken)).Scheduling;
            if (build.Deadline.BumpedTo(scheduling, workspace.Ttl, workspace.Autostart, now) is { } deadline)
            {
                await workspaces.BumpAsync(build.Id, deadline.ToMicroseconds(), now, cancellationToken);
            }
        }

        return Done.Value;
    }

    private static FieldError? Judge(RecordWorkspaceUsage request) => (request.AgentId, request.AppName) switch
    {
        (null, "") => null,
        (null, _) => new FieldError("agent_id", "must be set when app_name is set"),
        (_, "") => new FieldError("app_name", "must be set when agent_id is set"),
        (_, var name) when !RecordWorkspaceUsage.AppNames.Contains(name, StringComparer.Ordinal) => new FieldError("app_name", $"invalid app_name \"{name}\""),
        _ => null,
    };
}
