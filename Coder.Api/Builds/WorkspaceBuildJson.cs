using Coder.Api.Provisioning;
using Coder.Api.Swagger;
using Coder.Api.Workspaces;
using Coder.Application.Builds;
using Coder.Domain.Workspaces;

namespace Coder.Api.Builds;

/// <summary>One change of a workspace: a start, a stop or the deletion.</summary>
public sealed record WorkspaceBuildJson
{
    /// <summary>Never changes.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The name of the workspace.</summary>
    public required string WorkspaceName { get; init; }

    /// <summary>Whose workspace it is.</summary>
    public required Guid WorkspaceOwnerId { get; init; }

    /// <summary>The username of the owner.</summary>
    public required string WorkspaceOwnerName { get; init; }

    /// <summary>A picture of the owner; may be empty.</summary>
    public required string WorkspaceOwnerAvatarUrl { get; init; }

    /// <summary>The version of the template that is built.</summary>
    public required Guid TemplateVersionId { get; init; }

    /// <summary>The name of that version.</summary>
    public required string TemplateVersionName { get; init; }

    /// <summary>The preset whose values the build took; null for none.</summary>
    public required Guid? TemplateVersionPresetId { get; init; }

    /// <summary>1 for the first build of a workspace.</summary>
    public required int BuildNumber { get; init; }

    /// <summary>What the build does.</summary>
    [WireNames(typeof(WorkspaceTransition))]
    public required string Transition { get; init; }

    /// <summary>Who asked for it.</summary>
    public required Guid InitiatorId { get; init; }

    /// <summary>The username of whoever asked for it.</summary>
    public required string InitiatorName { get; init; }

    /// <summary>The job that carries it out.</summary>
    public required ProvisionerJobJson Job { get; init; }

    /// <summary>Why there was a build.</summary>
    [WireNames(typeof(BuildReason))]
    public required string Reason { get; init; }

    /// <summary>What it left; empty while its job goes on.</summary>
    public required IReadOnlyList<WorkspaceResourceJson> Resources { get; init; }

    /// <summary>When the workspace is stopped; null for never by itself.</summary>
    public required DateTimeOffset? Deadline { get; init; }

    /// <summary>The latest time that the deadline can be moved to; null for any.</summary>
    public required DateTimeOffset? MaxDeadline { get; init; }

    /// <summary>What the workspace is doing, if this is its latest build.</summary>
    [WireNames(typeof(WorkspaceStatus))]
    public required string Status { get; init; }

    /// <summary>Credits that it costs a day.</summary>
    public required int DailyCost { get; init; }

    /// <summary>The daemons that could carry the build out.</summary>
    public required MatchedProvisionersJson MatchedProvisioners { get; init; }

    /// <summary>Whether an AI works in the workspace; null while that is not known.</summary>
    public required bool? HasAiTask { get; init; }

    /// <summary>The app that shows what the AI does; null for none.</summary>
    public required Guid? AiTaskSidebarAppId { get; init; }

    /// <summary>Whether an agent of the workspace is run by somebody else; null while that is not known.</summary>
    public required bool? HasExternalAgent { get; init; }

    /// <summary>Shows a build.</summary>
    /// <param name="build">The build.</param>
    /// <param name="now">What the connections of its agents are judged by.</param>
    internal static WorkspaceBuildJson From(BuildView build, DateTimeOffset now) => new()
    {
        Id = build.Id,
        CreatedAt = build.CreatedAt,
        UpdatedAt = build.UpdatedAt,
        WorkspaceId = build.WorkspaceId,
        WorkspaceName = build.WorkspaceName,
        WorkspaceOwnerId = build.OwnerId,
        WorkspaceOwnerName = build.OwnerName,
        WorkspaceOwnerAvatarUrl = build.OwnerAvatarUrl,
        TemplateVersionId = build.TemplateVersionId,
        TemplateVersionName = build.TemplateVersionName,
        TemplateVersionPresetId = build.PresetId,
        BuildNumber = build.BuildNumber,
        Transition = build.Transition.WireName(),
        InitiatorId = build.InitiatorId,
        InitiatorName = build.InitiatorName,
        Job = ProvisionerJobJson.From(build.Job),
        Reason = build.Reason.WireName(),
        Resources = WorkspaceResourceJson.From(build.Resources, new ResourceContext(now, build.WorkspaceName, build.OwnerName)),
        Deadline = build.Deadline,
        MaxDeadline = build.MaxDeadline,
        Status = build.Status.WireName(),
        DailyCost = build.DailyCost,
        MatchedProvisioners = MatchedProvisionersJson.From(build.Job.Matched),
        HasAiTask = build.HasAiTask,
        AiTaskSidebarAppId = build.AiTaskSidebarAppId,
        HasExternalAgent = build.HasExternalAgent,
    };
}
