using System.Net;

namespace Coder.Domain.ConnectionLogs;

/// <summary>One row of the connection log: a session with what is known of its end, or one opening in a browser.</summary>
public sealed record ConnectionLogEntry
{
    /// <summary>The id of the first event's row; never changes.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset ConnectTime { get; init; }

    /// <summary>The organization of the workspace.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>The owner of the workspace at that time.</summary>
    public required Guid WorkspaceOwnerId { get; init; }

    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The name of the workspace at that time.</summary>
    public required string WorkspaceName { get; init; }

    /// <summary>The name of the agent at that time.</summary>
    public required string AgentName { get; init; }

    /// <summary>What was connected with.</summary>
    public required ConnectionType Type { get; init; }

    /// <summary>Where it came from, if known.</summary>
    public IPAddress? Ip { get; init; }

    /// <summary>The exit code of a session that ended, or the HTTP status of an opening.</summary>
    public int? Code { get; init; }

    /// <summary>What the browser calls itself; openings only.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Who opened, if they were signed in; openings only.</summary>
    public Guid? UserId { get; init; }

    /// <summary>What was opened; openings only.</summary>
    public string? SlugOrPort { get; init; }

    /// <summary>The id of the session; sessions only.</summary>
    public Guid? ConnectionId { get; init; }

    /// <summary>When the session ended; <see langword="null"/> while it goes on.</summary>
    public DateTimeOffset? DisconnectTime { get; init; }

    /// <summary>Why the session ended, if known.</summary>
    public string? DisconnectReason { get; init; }
}
