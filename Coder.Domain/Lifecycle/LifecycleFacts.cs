using Coder.Domain.Authorization;
using Coder.Domain.Provisioning;
using Coder.Domain.Users;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Lifecycle;

/// <summary>What the lifecycle executor knows of a workspace when it decides.</summary>
public sealed record LifecycleFacts
{
    /// <summary>The owner; the prebuilds user's workspaces are not the executor's.</summary>
    public required Guid OwnerId { get; init; }

    /// <summary>Whether the owner may act.</summary>
    public required UserStatus OwnerStatus { get; init; }

    /// <summary>Whether the workspace is gone.</summary>
    public bool Deleted { get; init; }

    /// <summary>What the latest build does.</summary>
    public required WorkspaceTransition Transition { get; init; }

    /// <summary>What has become of the latest build.</summary>
    public required JobStatus JobStatus { get; init; }

    /// <summary>When the latest build was asked for; an autostart must come after it.</summary>
    public required DateTimeOffset BuildCreatedAt { get; init; }

    /// <summary>When the job of the latest build ended.</summary>
    public DateTimeOffset? JobCompletedAt { get; init; }

    /// <summary>When the latest build is to be stopped.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>When the workspace is to be started.</summary>
    public Schedule? Autostart { get; init; }

    /// <summary>Whether it moves to new versions by itself.</summary>
    public AutomaticUpdates AutomaticUpdates { get; init; } = AutomaticUpdates.Never;

    /// <summary>When somebody used it last.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>Since when nobody does, and when it goes.</summary>
    public Dormancy Dormancy { get; init; } = Dormancy.Awake;

    /// <summary>What the template says of time.</summary>
    public required TemplateScheduling Template { get; init; }

    /// <summary>Whether the template lets nobody start another version than the active one.</summary>
    public bool RequireActiveVersion { get; init; }

    /// <summary>Whether the workspace is stock, of the prebuilds reconciler.</summary>
    public bool IsPrebuild => OwnerId == SystemActors.PrebuildsUserId;
}
