using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Builds;
using Coder.Domain.Common;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;
using FluentValidation;
using MediatR;

namespace Coder.Application.Builds;

/// <summary>Starts, stops or deletes a workspace (docs/spec/workspaces.md, section 7.2).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
/// <param name="Transition">The name of a <see cref="WorkspaceTransition"/>.</param>
/// <param name="Fields">What else is asked for.</param>
public sealed record CreateBuild(Actor Actor, string Workspace, string Transition, NewBuildFields Fields)
    : ICommand<BuildView>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited => BuildAudit.ActionOf(ParsedTransition);

    /// <summary>What the validator let through; a start otherwise.</summary>
    public WorkspaceTransition ParsedTransition =>
        WorkspaceTransitions.TryParse(Transition, out var transition) ? transition : WorkspaceTransition.Start;
}

/// <summary>What a request for a build says beside its transition; the nil UUID counts as absent.</summary>
public sealed record NewBuildFields
{
    public Guid? VersionId { get; init; }

    public Guid? PresetId { get; init; }

    public IReadOnlyList<ParameterValue> Values { get; init; } = [];

    public string Reason { get; init; } = "";

    public string LogLevel { get; init; } = "";

    public bool Orphan { get; init; }

    public byte[]? State { get; init; }
}

internal sealed class CreateBuildValidator : AbstractValidator<CreateBuild>
{
    public CreateBuildValidator()
    {
        this.Field(r => r.Transition, "transition").Required().Tagged("oneof", text => WorkspaceTransitions.TryParse(text, out _));
        this.Field(r => r.Fields.Values, "rich_parameter_values").AreParameterValues();
        this.Field(r => r.Fields.Reason, "reason")
            .Tagged("oneof", text => text.Length == 0 || (BuildReasons.TryParse(text, out var reason) && reason.IsOfClients()));
        this.Field(r => r.Fields.LogLevel, "log_level").Tagged("oneof", text => text is "" or "debug");
    }
}

internal sealed class CreateBuildHandler(
    IBuildStore builds, WorkspaceBuilder builder, IBuildDirectory directory, AuditTrail audit)
    : IRequestHandler<CreateBuild, Result<BuildView>>
{
    public async Task<Result<BuildView>> Handle(CreateBuild request, CancellationToken cancellationToken)
    {
        if (!PathIds.Parse(request.Workspace).Is(out var id, out var error))
        {
            return error;
        }

        if (await builds.LockAsync(id, cancellationToken) is not { } workspace
            || !Authorizer.Can(request.Actor, PermissionAction.Read, workspace.Ref))
        {
            return Error.NotFound;
        }

        audit.About(workspace, request.ParsedTransition);
        if (workspace.Deleted)
        {
            return BuildRules.WorkspaceDeleted(id);
        }

        if (!(await builder.BuildAsync(OrderOf(request), workspace, cancellationToken)).Is(out var placed, out error))
        {
            return error;
        }

        audit.Placed(workspace, request.ParsedTransition, placed);
        return (await directory.ReadAsync([placed.Id], cancellationToken))[placed.Id];
    }

    private static BuildOrder OrderOf(CreateBuild request) => new()
    {
        Actor = request.Actor,
        InitiatorId = request.Actor.UserId,
        Transition = request.ParsedTransition,
        Reason = BuildRules.ReasonOf(
            BuildReasons.TryParse(request.Fields.Reason, out var reason) ? reason : null, request.ParsedTransition),
        VersionId = request.Fields.VersionId,
        PresetId = request.Fields.PresetId,
        Values = request.Fields.Values,
        Orphan = request.Fields.Orphan,
        State = request.Fields.State,
        LogLevel = request.Fields.LogLevel.Length == 0 ? null : request.Fields.LogLevel,
    };
}
