using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using FluentValidation;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>Gives a workspace another name, where the deployment lets that be done (docs/spec/workspaces.md, section 7.4).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
/// <param name="Name">The new name; empty leaves it as it is.</param>
public sealed record RenameWorkspace(Actor Actor, string Workspace, string Name) : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = WorkspaceAudit.Write(204);
}

internal sealed class RenameWorkspaceValidator : AbstractValidator<RenameWorkspace>
{
    public RenameWorkspaceValidator() =>
        this.Field(r => r.Name, "name").Tagged("workspace_name", name => name.Length == 0 || NameRules.IsName(name));
}

internal sealed class RenameWorkspaceHandler(
    WorkspaceTargets targets, IWorkspaceStore workspaces, WorkspaceOptions options, TimeProvider time, AuditTrail audit)
    : IRequestHandler<RenameWorkspace, Result<Done>>
{
    private static readonly Error NotAllowed = new(ErrorKind.Invalid, "Workspace renames are not allowed.");

    public async Task<Result<Done>> Handle(RenameWorkspace request, CancellationToken cancellationToken)
    {
        if (!(await targets.LockForUpdateAsync(request.Actor, request.Workspace, cancellationToken)).Is(out var before, out var error))
        {
            return error;
        }

        if (request.Name.Length == 0 || request.Name == before.Name)
        {
            audit.Skip();
            return Done.Value;
        }

        if (!options.AllowRenames)
        {
            return NotAllowed;
        }

        if (!await workspaces.RenameAsync(before.Id, request.Name, time.GetUtcNow().ToMicroseconds(), cancellationToken))
        {
            return new Error(
                ErrorKind.Conflict,
                $"The workspace name \"{request.Name}\" is already in use.",
                null,
                [new FieldError("name", "This value is already in use and should be unique.")]);
        }

        audit.Changed(before, before with { Name = request.Name });
        return Done.Value;
    }
}
