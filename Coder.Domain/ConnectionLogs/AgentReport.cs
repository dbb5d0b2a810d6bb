namespace Coder.Domain.ConnectionLogs;

/// <summary>Where an agent belongs, as its credential says; a report can not say anything else (docs/spec/connection-logs.md, section 4.3).</summary>
/// <param name="OrganizationId">The organization of the workspace.</param>
/// <param name="WorkspaceOwnerId">The owner of the workspace.</param>
/// <param name="WorkspaceId">The workspace.</param>
/// <param name="WorkspaceName">The name of the workspace.</param>
/// <param name="AgentName">The name of the agent in it.</param>
public sealed record ConnectedAgent(Guid OrganizationId, Guid WorkspaceOwnerId, Guid WorkspaceId, string WorkspaceName, string AgentName);

/// <summary>What an agent reports about a session. It can not tell who connected.</summary>
/// <param name="ConnectionId">Not nil.</param>
/// <param name="Status">Whether the session began or ended.</param>
/// <param name="Type">One of the session types.</param>
/// <param name="Time">When; <see langword="null"/> or year 1 for now.</param>
/// <param name="Ip">Where it came from, in any form; see <see cref="ClientAddress.Parse"/>.</param>
/// <param name="StatusCode">The exit code of a session that ended; <see langword="null"/> for 0.</param>
/// <param name="Reason">Why it ended; may be empty.</param>
public sealed record AgentReport(
    Guid ConnectionId,
    ConnectionStatus Status,
    ConnectionType Type,
    DateTimeOffset? Time = null,
    string? Ip = null,
    int? StatusCode = null,
    string? Reason = null)
{
    /// <summary>Makes the event.</summary>
    /// <param name="id">The id of the row, if this event makes one.</param>
    /// <param name="agent">Whose report it is.</param>
    /// <param name="now">The time of the server.</param>
    /// <exception cref="InvalidOperationException">The id is nil or the type is none of a session; the edge refuses such reports.</exception>
    public ConnectionEvent ToEvent(Guid id, ConnectedAgent agent, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(agent);
        if (ConnectionId == Guid.Empty || !Type.IsSession())
        {
            throw new InvalidOperationException("An agent reports sessions, and each has an id.");
        }

        return new ConnectionEvent
        {
            Id = id,
            Time = Time is { Year: > 1 } time ? time : now,
            Status = Status,
            Type = Type,
            OrganizationId = agent.OrganizationId,
            WorkspaceOwnerId = agent.WorkspaceOwnerId,
            WorkspaceId = agent.WorkspaceId,
            WorkspaceName = agent.WorkspaceName,
            AgentName = agent.AgentName,
            Ip = ClientAddress.Parse(Ip),
            Code = Status == ConnectionStatus.Disconnected ? StatusCode ?? 0 : null,
            ConnectionId = ConnectionId,
            DisconnectReason = Reason,
        }.Normalized(now);
    }
}
