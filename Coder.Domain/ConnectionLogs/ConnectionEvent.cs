using System.Net;

namespace Coder.Domain.ConnectionLogs;

/// <summary>What tells sessions apart. The agent is named, because its id changes with every build while a report may straddle one.</summary>
/// <param name="ConnectionId">Chosen by the agent, so not unique by itself.</param>
/// <param name="WorkspaceId">The workspace.</param>
/// <param name="AgentName">The agent inside the workspace.</param>
public readonly record struct ConnectionKey(Guid ConnectionId, Guid WorkspaceId, string AgentName);

/// <summary>Something that happened to a connection (docs/spec/connection-logs.md, section 2).</summary>
public sealed record ConnectionEvent
{
    /// <summary>The id of the row, if this event makes one. UUIDs that grow with time keep insertions together.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it happened, as the one who saw it says.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What the event says.</summary>
    public required ConnectionStatus Status { get; init; }

    /// <summary>What was connected with.</summary>
    public required ConnectionType Type { get; init; }

    /// <summary>The organization of the workspace.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>The owner of the workspace at this time.</summary>
    public required Guid WorkspaceOwnerId { get; init; }

    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The name of the workspace at this time.</summary>
    public required string WorkspaceName { get; init; }

    /// <summary>The name of the agent at this time.</summary>
    public required string AgentName { get; init; }

    /// <summary>Where the connection came from, if known.</summary>
    public IPAddress? Ip { get; init; }

    /// <summary>The exit code of a session that ended, or the HTTP status of an opening.</summary>
    public int? Code { get; init; }

    /// <summary>What the browser calls itself; openings only.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Who opened; <see langword="null"/> for sessions and for visitors who are not signed in.</summary>
    public Guid? UserId { get; init; }

    /// <summary>What was opened; openings only.</summary>
    public string? SlugOrPort { get; init; }

    /// <summary>The id of the session; sessions only.</summary>
    public Guid? ConnectionId { get; init; }

    /// <summary>Why the session ended, if known.</summary>
    public string? DisconnectReason { get; init; }

    /// <summary>The key under which events meet in one row; without one each event is a row of its own.</summary>
    public ConnectionKey? Key => ConnectionId is { } id ? new ConnectionKey(id, WorkspaceId, AgentName) : null;

    /// <summary>
    /// The event as it can be stored, whoever made it: whole microseconds, no clock that runs more than five minutes ahead, no code or reason
    /// before the end of a session, an empty reason as none, and texts without what a database can not hold and no longer than the log
    /// keeps them: user agents and reasons of 1,024 characters, names and slugs of 256.
    /// </summary>
    /// <param name="now">The time of the server.</param>
    public ConnectionEvent Normalized(DateTimeOffset now)
    {
        var isSession = Type.IsSession();
        var isEnd = isSession && Status == ConnectionStatus.Disconnected;
        return this with
        {
            Time = ConnectionTime.Of(Time, now),
            WorkspaceName = ConnectionText.Cut(WorkspaceName, ConnectionText.LongestName),
            AgentName = ConnectionText.Cut(AgentName, ConnectionText.LongestName),
            Ip = Ip is null ? null : ClientAddress.Canonical(Ip),
            Code = isSession && !isEnd ? null : Code,
            UserAgent = UserAgent is null ? null : ConnectionText.Cut(UserAgent, ConnectionText.LongestUserAgent),
            SlugOrPort = SlugOrPort is null ? null : ConnectionText.Cut(SlugOrPort, ConnectionText.LongestName),
            ConnectionId = isSession ? ConnectionId : null,
            Status = isSession ? Status : ConnectionStatus.Connected,
            DisconnectReason = isEnd && DisconnectReason is { Length: > 0 } reason
                ? ConnectionText.Cut(reason, ConnectionText.LongestReason)
                : null,
        };
    }
}
