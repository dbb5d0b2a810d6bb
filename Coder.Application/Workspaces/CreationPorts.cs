using Coder.Domain.Workspaces;

namespace Coder.Application.Workspaces;

/// <summary>A workspace as it is stored first.</summary>
public sealed record CreatedWorkspace
{
    public required Guid Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required Guid OwnerId { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid TemplateId { get; init; }

    public required string Name { get; init; }

    /// <summary>The schedule as it was sent; null for none.</summary>
    public string? AutostartSchedule { get; init; }

    /// <summary>When the schedule starts it next.</summary>
    public DateTimeOffset? NextStartAt { get; init; }

    /// <summary>How long it runs after a start; null: until somebody stops it.</summary>
    public TimeSpan? Ttl { get; init; }

    public AutomaticUpdates AutomaticUpdates { get; init; } = AutomaticUpdates.Never;
}

/// <summary>Writes new workspaces.</summary>
public interface IWorkspaceCreation
{
    /// <summary>Whether a user belongs to an organization. They can not leave it, nor be deleted, before this transaction ends.</summary>
    Task<bool> IsMemberAsync(Guid organization, Guid user, CancellationToken cancellationToken);

    /// <summary>Whether a user has a workspace of this name, without regard to case.</summary>
    Task<bool> IsNameTakenAsync(Guid owner, string name, CancellationToken cancellationToken);

    /// <summary>Adds a workspace, which counts as used when it is created.</summary>
    /// <returns><see langword="false"/> when the owner has a workspace of this name.</returns>
    Task<bool> AddAsync(CreatedWorkspace workspace, CancellationToken cancellationToken);
}
