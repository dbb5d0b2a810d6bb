using Coder.Application.Builds;
using Coder.Domain.Authorization;
using Coder.Domain.Workspaces;

namespace Coder.Application.Workspaces;

/// <summary>A workspace as its readers see it, with its latest build.</summary>
public sealed record WorkspaceView
{
    public required Guid Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required Guid OwnerId { get; init; }

    public required string OwnerName { get; init; }

    public string OwnerAvatarUrl { get; init; } = "";

    public required Guid OrganizationId { get; init; }

    public required string OrganizationName { get; init; }

    public required Guid TemplateId { get; init; }

    public required string TemplateName { get; init; }

    public string TemplateDisplayName { get; init; } = "";

    public string TemplateIcon { get; init; } = "";

    public required Guid TemplateActiveVersionId { get; init; }

    public bool TemplateAllowUserCancelWorkspaceJobs { get; init; }

    public bool TemplateRequireActiveVersion { get; init; }

    public bool TemplateUseClassicParameterFlow { get; init; }

    public required string Name { get; init; }

    public bool Deleted { get; init; }

    public string? AutostartSchedule { get; init; }

    public TimeSpan? Ttl { get; init; }

    public required DateTimeOffset LastUsedAt { get; init; }

    public DateTimeOffset? DormantAt { get; init; }

    public DateTimeOffset? DeletingAt { get; init; }

    public AutomaticUpdates AutomaticUpdates { get; init; }

    /// <summary>Whether its owner keeps it at the head of the list; shown to nobody else.</summary>
    public bool Favorite { get; init; }

    public DateTimeOffset? NextStartAt { get; init; }

    /// <summary>Whether this deployment lets workspaces be renamed.</summary>
    public bool AllowRenames { get; init; }

    public required BuildView LatestBuild { get; init; }

    public bool IsPrebuild => OwnerId == SystemActors.PrebuildsUserId;

    /// <summary>Whether a newer version of its template is active.</summary>
    public bool IsOutdated => LatestBuild.TemplateVersionId != TemplateActiveVersionId;
}

/// <summary>Workspaces with their latest builds, as every feature shows them. Whether the reader may see them is the caller's matter.</summary>
public interface IWorkspaceDirectory
{
    /// <summary>Reads one workspace, deleted or not.</summary>
    Task<WorkspaceView?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Reads workspaces, deleted ones too, in a number of statements that does not depend on how many there are.</summary>
    /// <returns>By id; a workspace that does not exist is missing.</returns>
    Task<IReadOnlyDictionary<Guid, WorkspaceView>> ReadAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);
}

/// <summary>What this deployment lets be done to workspaces.</summary>
/// <param name="AllowRenames">Whether they may be renamed.</param>
public sealed record WorkspaceOptions(bool AllowRenames);
