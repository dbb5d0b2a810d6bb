using Coder.Domain.Authorization;
using Coder.Domain.ConnectionLogs;
using Coder.Domain.Workspaces;

namespace Coder.Application.Workspaces;

/// <summary>An agent that a request comes from.</summary>
/// <param name="AgentId">The agent.</param>
/// <param name="Place">Where it belongs.</param>
public sealed record AgentSession(Guid AgentId, ConnectedAgent Place);

/// <summary>What a token is judged by.</summary>
/// <param name="Session">Whose token it is.</param>
/// <param name="LastConnectedAt">When the agent was last heard of.</param>
/// <param name="DisconnectedAt">When it was found to be gone.</param>
public sealed record AgentCredential(AgentSession Session, DateTimeOffset? LastConnectedAt, DateTimeOffset? DisconnectedAt);

/// <summary>The tokens of agents, and their signs of life.</summary>
public interface IAgentTokens
{
    /// <summary>
    /// Finds the agent of a token: one of the last build that has ended of a workspace that is not deleted. Builds that were canceled
    /// before a daemon had them do not count.
    /// </summary>
    Task<AgentCredential?> FindAsync(Guid token, CancellationToken cancellationToken);

    /// <summary>Notes that an agent was heard of.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="now">When.</param>
    /// <param name="unless">Nothing is written if it was heard of after this, by any server.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    Task SeeAsync(Guid agent, DateTimeOffset now, DateTimeOffset unless, CancellationToken cancellationToken);

    /// <summary>Notes that agents have gone which were last heard of before a time. Simulated ones never go.</summary>
    /// <returns>How many.</returns>
    Task<int> MissAsync(DateTimeOffset before, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Notes, once, which agents were not heard of in the time that their templates allow. Simulated ones need not be.</summary>
    /// <returns>How many.</returns>
    Task<int> TimeOutAsync(DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>An agent of a build, as decisions about it need it.</summary>
public sealed record AgentPlace
{
    public required Guid AgentId { get; init; }

    public required Guid JobId { get; init; }

    public required Guid WorkspaceId { get; init; }

    public required string WorkspaceName { get; init; }

    public required string OwnerName { get; init; }

    /// <summary>What decisions about its workspace see of that.</summary>
    public required ObjectRef Workspace { get; init; }
}

/// <summary>The token of an agent, for whoever runs it outside of the workspace's resources.</summary>
/// <param name="Workspace">What decisions about the workspace see of it.</param>
/// <param name="Token">The token; null when there is no agent of that name that somebody runs outside.</param>
public sealed record ExternalAgent(ObjectRef Workspace, Guid? Token);

/// <summary>Finds agents. Whether the reader may see them is the caller's matter.</summary>
public interface IAgentReader
{
    /// <summary>Finds an agent of a build, be it the latest or not.</summary>
    Task<AgentPlace?> FindAsync(Guid agent, CancellationToken cancellationToken);

    /// <summary>
    /// Whether an agent is one of a workspace that is not deleted, and no later build has taken its place; only such agents report anything.
    /// </summary>
    Task<bool> IsCurrentAsync(Guid agent, CancellationToken cancellationToken);

    /// <summary>Where agents belong.</summary>
    /// <returns>By agent; one that does not exist is missing.</returns>
    Task<IReadOnlyDictionary<Guid, ConnectedAgent>> PlacesAsync(IReadOnlyCollection<Guid> agents, CancellationToken cancellationToken);

    /// <summary>
    /// Finds an agent of a workspace that somebody runs outside by its name: one of a resource of the type <c>coder_external_agent</c>.
    /// </summary>
    /// <returns>Null when there is no such workspace, or it is deleted.</returns>
    Task<ExternalAgent?> FindExternalAsync(Guid workspace, string agent, CancellationToken cancellationToken);
}

/// <summary>Writes what agents report.</summary>
public interface IAgentStore
{
    /// <summary>Reads how far an agent is, and makes other reports of it wait until the transaction ends.</summary>
    Task<AgentProgress> LockProgressAsync(Guid agent, CancellationToken cancellationToken);

    /// <summary>Writes how far an agent is.</summary>
    Task SaveProgressAsync(Guid agent, AgentProgress progress, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Finds an app of an agent.</summary>
    Task<Guid?> FindAppAsync(Guid agent, string slug, CancellationToken cancellationToken);

    /// <summary>Adds what an app says of itself.</summary>
    Task AddAppStatusAsync(AppStatusView status, CancellationToken cancellationToken);
}

/// <summary>A stored line of an agent's log.</summary>
/// <param name="Id">Grows within the log of an agent.</param>
/// <param name="SourceId">Where it comes from.</param>
/// <param name="Line">The line.</param>
public sealed record StoredAgentLog(long Id, Guid SourceId, AgentLogLine Line);

/// <summary>A part of a log.</summary>
/// <param name="After">Only lines with a greater id.</param>
/// <param name="Before">Only lines with a smaller id.</param>
public readonly record struct AgentLogRange(long? After, long? Before);

/// <summary>The logs of agents.</summary>
public interface IAgentLogStore
{
    /// <summary>Adds lines, all or none, and tells whoever follows the log.</summary>
    /// <returns><see langword="false"/> when they do not fit any more; the log then counts as full for ever.</returns>
    Task<bool> AppendAsync(Guid agent, Guid source, AgentLogBatch batch, CancellationToken cancellationToken);

    /// <summary>Reads lines in their order.</summary>
    Task<IReadOnlyList<StoredAgentLog>> ReadAsync(Guid agent, AgentLogRange range, CancellationToken cancellationToken);

    /// <summary>Adds a source, or finds the one that the agent has under the same id.</summary>
    Task<AgentLogSource?> AddSourceAsync(AgentLogSource source, int most, CancellationToken cancellationToken);
}
