using Coder.Application.Provisioning;
using Coder.Application.Workspaces;
using Coder.Domain.Workspaces;

namespace Coder.Application.Builds;

/// <summary>A build as its readers see it.</summary>
public sealed record BuildView
{
    public required Guid Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required Guid WorkspaceId { get; init; }

    public required string WorkspaceName { get; init; }

    public required Guid OwnerId { get; init; }

    public required string OwnerName { get; init; }

    public string OwnerAvatarUrl { get; init; } = "";

    public required Guid OrganizationId { get; init; }

    public required Guid TemplateId { get; init; }

    public required Guid TemplateVersionId { get; init; }

    public required string TemplateVersionName { get; init; }

    public Guid? PresetId { get; init; }

    public required int BuildNumber { get; init; }

    public required WorkspaceTransition Transition { get; init; }

    public required BuildReason Reason { get; init; }

    public required Guid InitiatorId { get; init; }

    public string InitiatorName { get; init; } = "";

    public DateTimeOffset? Deadline { get; init; }

    public DateTimeOffset? MaxDeadline { get; init; }

    public int DailyCost { get; init; }

    public bool? HasAiTask { get; init; }

    public Guid? AiTaskSidebarAppId { get; init; }

    public bool? HasExternalAgent { get; init; }

    public required JobView Job { get; init; }

    public IReadOnlyList<ResourceView> Resources { get; init; } = [];

    /// <summary>What the workspace is doing, if this build is its latest.</summary>
    public WorkspaceStatus Status => WorkspaceStatuses.Of(Job.Status, Transition);
}

/// <summary>Builds with their jobs and resources, as every feature shows them.</summary>
public interface IBuildDirectory
{
    /// <summary>Reads builds in a constant number of statements. Whether the reader may see them is the caller's matter.</summary>
    /// <returns>By id; a build that does not exist is missing.</returns>
    Task<IReadOnlyDictionary<Guid, BuildView>> ReadAsync(IReadOnlyCollection<Guid> builds, CancellationToken cancellationToken);
}
