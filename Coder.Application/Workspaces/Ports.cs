using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;

namespace Coder.Application.Workspaces;

/// <summary>A workspace as it is stored, which decisions are made about.</summary>
public sealed record StoredWorkspace
{
    public required Guid Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required Guid OwnerId { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid TemplateId { get; init; }

    public bool Deleted { get; init; }

    public required string Name { get; init; }

    public string? AutostartSchedule { get; init; }

    public TimeSpan? Ttl { get; init; }

    public required DateTimeOffset LastUsedAt { get; init; }

    public Dormancy Dormancy { get; init; } = Dormancy.Awake;

    public AutomaticUpdates AutomaticUpdates { get; init; }

    public bool Favorite { get; init; }

    public DateTimeOffset? NextStartAt { get; init; }

    /// <summary>The list of users as JSON text.</summary>
    public string UserAcl { get; init; } = "{}";

    /// <summary>The list of groups as JSON text.</summary>
    public string GroupAcl { get; init; } = "{}";

    /// <summary>What permissions are asked about.</summary>
    public ObjectRef Target => ObjectRef.Workspace(
        Id,
        OwnerId,
        OrganizationId,
        Dormancy.DormantAt is not null,
        AccessControlList.FromJson(UserAcl),
        AccessControlList.FromJson(GroupAcl));

    /// <summary>The schedule; a stored one that can not be read any more counts as none.</summary>
    public Schedule? Autostart =>
        AutostartSchedule is { } text && Schedule.TryParse(text, out var schedule, out _) ? schedule : null;
}

/// <summary>The latest build of a workspace, as far as schedules depend on it.</summary>
public sealed record BuildTimes
{
    public required Guid Id { get; init; }

    public required Guid TemplateVersionId { get; init; }

    public required WorkspaceTransition Transition { get; init; }

    public required JobStatus JobStatus { get; init; }

    public required Deadline Deadline { get; init; }
}

/// <summary>Which workspaces are asked for, and who asks.</summary>
public sealed record WorkspaceQuery
{
    public required WorkspaceFilter Filter { get; init; }

    /// <summary>Who asks: <c>me</c>, and whose favorites come first.</summary>
    public required Guid Me { get; init; }

    /// <summary>The organization that the filter names.</summary>
    public Guid? Organization { get; init; }

    /// <summary>Which workspaces in use may be seen.</summary>
    public required ReadScope Workspaces { get; init; }

    /// <summary>Which dormant ones.</summary>
    public required ReadScope Dormant { get; init; }

    /// <summary>What the connections of agents are judged by.</summary>
    public required DateTimeOffset Now { get; init; }
}

/// <summary>
/// Workspaces as they are stored. What writes schedules, deadlines or dormancy leaves prebuilt workspaces alone, whoever asks: they are
/// the matter of the prebuilds reconciler (docs/spec/workspaces.md, section 7.4).
/// </summary>
public interface IWorkspaceStore
{
    /// <summary>Finds a workspace, deleted or not.</summary>
    Task<StoredWorkspace?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Finds a workspace by its name, without regard to case.</summary>
    /// <param name="owner">Whose workspace.</param>
    /// <param name="name">The name.</param>
    /// <param name="withDeleted">Whether the one that was deleted last counts when there is no other.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<StoredWorkspace?> FindByNameAsync(Guid owner, string name, bool withDeleted, CancellationToken cancellationToken);

    /// <summary>Reads a workspace, and nobody else changes it until this transaction ends.</summary>
    Task<StoredWorkspace?> LockAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The latest build of a workspace.</summary>
    Task<BuildTimes?> LatestBuildAsync(Guid workspace, CancellationToken cancellationToken);

    /// <summary>
    /// The build that decides about what runs: the latest one, except those that were canceled or given up before a daemon had them, which
    /// have changed nothing.
    /// </summary>
    Task<BuildTimes?> CurrentBuildAsync(Guid workspace, CancellationToken cancellationToken);

    /// <summary>Gives a workspace another name.</summary>
    /// <returns><see langword="false"/> when its owner has another one of that name; the transaction can then only be rolled back.</returns>
    Task<bool> RenameAsync(Guid id, string name, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Stores when a workspace is started.</summary>
    Task SetAutostartAsync(Guid id, string? schedule, DateTimeOffset? nextStartAt, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Stores how long a workspace runs.</summary>
    Task SetTtlAsync(Guid id, TimeSpan? ttl, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Stores whether a workspace is dormant, when it was used last, and when it is started next.</summary>
    Task SetDormancyAsync(
        Guid id,
        Dormancy dormancy,
        DateTimeOffset lastUsedAt,
        DateTimeOffset? nextStartAt,
        DateTimeOffset now,
        CancellationToken cancellationToken);

    /// <summary>Stores whether a workspace moves to new versions by itself.</summary>
    Task SetAutomaticUpdatesAsync(Guid id, AutomaticUpdates updates, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Stores whether its owner keeps a workspace at the head of the list.</summary>
    Task SetFavoriteAsync(Guid id, bool favorite, CancellationToken cancellationToken);

    /// <summary>Stores with whom a workspace is shared.</summary>
    Task SetSharesAsync(Guid id, WorkspaceShares users, WorkspaceShares groups, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Stores that somebody used a workspace, unless a later use is stored.</summary>
    Task TouchAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Gives a build of a workspace another deadline.</summary>
    Task SetDeadlineAsync(Guid build, DateTimeOffset? deadline, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Moves the deadline of a build to a later time, within its limit.</summary>
    Task BumpAsync(Guid build, DateTimeOffset deadline, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>Lists workspaces.</summary>
public interface IWorkspaceList
{
    /// <summary>
    /// A page of ids: the asker's favorites first, then those that run, then by owner and name; and how many there are on all pages.
    /// </summary>
    Task<(IReadOnlyList<Guid> Ids, long Count)> ListAsync(WorkspaceQuery query, Page page, CancellationToken cancellationToken);
}

/// <summary>What users spend on workspaces (docs/spec/workspaces.md, section 7.4).</summary>
/// <param name="Consumed">Credits a day of the latest builds of the workspaces that are not deleted.</param>
/// <param name="Budget">Credits that the user may spend; -1 for any number.</param>
public sealed record WorkspaceQuota(long Consumed, long Budget);

/// <summary>Counts what users spend.</summary>
public interface IWorkspaceQuotas
{
    /// <summary>What a user spends in an organization, and what the user's groups there allow together.</summary>
    Task<WorkspaceQuota> ReadAsync(Guid organization, Guid user, CancellationToken cancellationToken);
}

/// <summary>Those with whom workspaces can be shared.</summary>
public interface IWorkspaceSharing
{
    /// <summary>Users that are not deleted, ordered by username.</summary>
    Task<IReadOnlyList<SharedUser>> UsersAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>
    /// Which of these users are members of an organization, other than users of the system. They can not be deleted before this transaction
    /// ends.
    /// </summary>
    Task<IReadOnlyList<Guid>> HoldMembersAsync(Guid organization, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Which of these groups belong to an organization. They can not be deleted before this transaction ends.</summary>
    Task<IReadOnlyList<Guid>> HoldGroupsAsync(Guid organization, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);
}

/// <summary>A user with whom a workspace is shared.</summary>
public sealed record SharedUser(Guid Id, string Username, string AvatarUrl);
