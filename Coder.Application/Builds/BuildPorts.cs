using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Application.Builds;

/// <summary>A workspace whose row this transaction holds, as its next build needs it.</summary>
public sealed record BuildTarget
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required Guid OwnerId { get; init; }

    public required string OwnerName { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid TemplateId { get; init; }

    public bool Deleted { get; init; }

    /// <summary>What decisions about the workspace see of it.</summary>
    public required ObjectRef Ref { get; init; }

    /// <summary>The build before; null when this is to be the first one.</summary>
    public LatestBuild? Latest { get; init; }
}

/// <summary>The last build of a workspace.</summary>
public sealed record LatestBuild
{
    public required Guid Id { get; init; }

    public required int Number { get; init; }

    public required Guid VersionId { get; init; }

    public required WorkspaceTransition Transition { get; init; }

    public required JobStatus JobStatus { get; init; }

    /// <summary>
    /// No daemon ever had a job of the workspace, and nobody gave it a state: there is nothing to be taken down
    /// (docs/spec/workspaces.md, section 13.2).
    /// </summary>
    public bool NothingProvisioned { get; init; }
}

/// <summary>What a build begins with.</summary>
/// <param name="Inherits">Whether it is the state of the build before.</param>
/// <param name="Given">What the request brought instead; null: nothing at all.</param>
public sealed record InitialState(bool Inherits, byte[]? Given)
{
    /// <summary>The state of the build before.</summary>
    public static InitialState Inherited { get; } = new(true, null);

    /// <summary>Nothing: what was provisioned is forgotten.</summary>
    public static InitialState Nothing { get; } = new(false, null);
}

/// <summary>A build as it is stored.</summary>
public sealed record NewBuild
{
    public required Guid Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required Guid WorkspaceId { get; init; }

    public required Guid VersionId { get; init; }

    public required int Number { get; init; }

    public required WorkspaceTransition Transition { get; init; }

    public required Guid InitiatorId { get; init; }

    public required Guid JobId { get; init; }

    public required BuildReason Reason { get; init; }

    public Guid? PresetId { get; init; }

    public required IReadOnlyList<ParameterValue> Values { get; init; }

    public required InitialState State { get; init; }
}

/// <summary>Writes builds. Every method runs in the transaction of the caller.</summary>
public interface IBuildStore
{
    /// <summary>Reads a workspace, deleted or not, and makes everybody else who wants to build it wait.</summary>
    Task<BuildTarget?> LockAsync(Guid workspace, CancellationToken cancellationToken);

    /// <summary>The parameter values of a build.</summary>
    Task<IReadOnlyList<ParameterValue>> ValuesAsync(Guid build, CancellationToken cancellationToken);

    /// <summary>Adds a build whose job is in the queue already.</summary>
    /// <returns><see langword="false"/> when the workspace has a build of this number: somebody else was quicker.</returns>
    Task<bool> AddAsync(NewBuild build, CancellationToken cancellationToken);

    /// <summary>Lets a workspace go whose deletion nobody has to do anything for; its name is free again.</summary>
    Task MarkDeletedAsync(Guid workspace, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Start builds of versions with an AI task that wait, run or are being canceled; claims of prebuilt workspaces excepted.</summary>
    Task<long> CountAiStartsAsync(CancellationToken cancellationToken);

    /// <summary>Replaces what the provisioner left with a build whose job this transaction has locked.</summary>
    Task SetStateAsync(Guid build, ReadOnlyMemory<byte> state, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// Makes everybody else who does the same wait until this transaction ends. What others committed meanwhile is seen by all that is
    /// read afterwards: a transaction whose snapshot is older than the last holder is refused here, to be tried again by
    /// <see cref="Common.IUnitOfWork"/>.
    /// </summary>
    Task HoldAiUsageAsync(CancellationToken cancellationToken);
}

/// <summary>A build as the decision on who may read it needs it.</summary>
/// <param name="Id">The build.</param>
/// <param name="JobId">Its job.</param>
/// <param name="TemplateId">The template of its workspace.</param>
/// <param name="Workspace">What decisions about its workspace see of it.</param>
public sealed record BuildRef(Guid Id, Guid JobId, Guid TemplateId, ObjectRef Workspace);

/// <summary>A workspace as the decision on who may read its builds needs it.</summary>
/// <param name="Id">The workspace.</param>
/// <param name="LatestBuildId">Its last build.</param>
/// <param name="Ref">What decisions see of it.</param>
public sealed record BuiltWorkspace(Guid Id, Guid LatestBuildId, ObjectRef Ref);

/// <summary>Finds builds. Whether the reader may see them is the caller's matter.</summary>
public interface IBuildReader
{
    /// <summary>Finds a build by its id.</summary>
    Task<BuildRef?> FindAsync(Guid build, CancellationToken cancellationToken);

    /// <summary>Finds a build of a workspace that is not deleted, by owner, name without regard to case, and number.</summary>
    Task<BuildRef?> FindAsync(Guid owner, string workspace, int number, CancellationToken cancellationToken);

    /// <summary>Finds a workspace, deleted or not.</summary>
    Task<BuiltWorkspace?> FindWorkspaceAsync(Guid workspace, CancellationToken cancellationToken);

    /// <summary>A page of the builds of a workspace, the last one first.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="page">Which part of the list.</param>
    /// <param name="since">Only builds that were asked for after this; null for all.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    Task<IReadOnlyList<Guid>> ListAsync(Guid workspace, Page page, DateTimeOffset? since, CancellationToken cancellationToken);

    /// <summary>The parameter values of a build, by name.</summary>
    Task<IReadOnlyList<ParameterValue>> ValuesAsync(Guid build, CancellationToken cancellationToken);

    /// <summary>What the provisioner left with a build; empty when it left nothing.</summary>
    Task<ReadOnlyMemory<byte>> StateAsync(Guid build, CancellationToken cancellationToken);

    /// <summary>How long the parts of a build took.</summary>
    Task<BuildTimings> TimingsAsync(Guid build, CancellationToken cancellationToken);
}

/// <summary>How long the parts of a build took, each list in the order of time.</summary>
public sealed record BuildTimings(IReadOnlyList<ProvisionerTiming> Provisioner, IReadOnlyList<ConnectionTiming> Connections);

/// <summary>A step of the daemon.</summary>
public sealed record ProvisionerTiming
{
    public required Guid JobId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    public required string Stage { get; init; }

    public required string Source { get; init; }

    public required string Action { get; init; }

    public required string Resource { get; init; }
}

/// <summary>The time from an agent's creation until it was first heard of.</summary>
public sealed record ConnectionTiming
{
    public required Guid AgentId { get; init; }

    public required string AgentName { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }
}
