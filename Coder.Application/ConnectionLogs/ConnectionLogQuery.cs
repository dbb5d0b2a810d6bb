using Coder.Domain.Authorization;
using Coder.Domain.ConnectionLogs;
using Coder.Domain.Users;

namespace Coder.Application.ConnectionLogs;

/// <summary>A search whose names are ids now, with what the caller may see. All given parts must hold.</summary>
public sealed record ConnectionLogQuery
{
    /// <summary>What the caller may see; never <see cref="ReadScopeKind.None"/>.</summary>
    public required ReadScope Scope { get; init; }

    /// <summary>The organization of the workspace.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>The owner of the workspace is one of these; never empty.</summary>
    public IReadOnlyList<Guid>? WorkspaceOwners { get; init; }

    /// <summary>The user who connected is one of these; never empty.</summary>
    public IReadOnlyList<Guid>? Users { get; init; }

    /// <summary>What was connected with.</summary>
    public ConnectionType? Type { get; init; }

    /// <summary>Not before this.</summary>
    public DateTimeOffset? ConnectedAfter { get; init; }

    /// <summary>Not after this.</summary>
    public DateTimeOffset? ConnectedBefore { get; init; }

    /// <summary>The workspace.</summary>
    public Guid? WorkspaceId { get; init; }

    /// <summary>The session.</summary>
    public Guid? ConnectionId { get; init; }

    /// <summary>Only sessions that go on, or only those that have ended.</summary>
    public SessionStatus? Status { get; init; }

    /// <summary>Whether the query asks for something that the stored numbers do not tell apart.</summary>
    public bool IsNarrow =>
        WorkspaceOwners is not null || Users is not null || WorkspaceId is not null || ConnectionId is not null || Scope.AllowList is not null;
}

/// <summary>Which rows of a query are wanted.</summary>
/// <param name="Limit">At most so many; 1 to 2147483648.</param>
/// <param name="Offset">After so many.</param>
/// <param name="After">After this place, or from the beginning.</param>
/// <param name="OldestFirst">The order; without it the newest come first.</param>
public sealed record ConnectionLogWindow(long Limit, long Offset = 0, ConnectionLogCursor? After = null, bool OldestFirst = false);

/// <summary>How a count is wanted (docs/spec/connection-logs.md, section 12.3).</summary>
/// <param name="IsWanted">Without it there is none, and -1 is answered.</param>
/// <param name="Cap">Counting may stop one above this.</param>
public sealed record ConnectionLogCounting(bool IsWanted = true, long? Cap = null);

/// <summary>A part of the log.</summary>
/// <param name="Views">The rows.</param>
/// <param name="Count">How many match in all; -1 when it was not wanted.</param>
public sealed record ConnectionLogSlice(IReadOnlyList<ConnectionLogView> Views, long Count);

/// <summary>A row with what is known now about those whom it names; history outlives all of them.</summary>
/// <param name="Entry">The row.</param>
/// <param name="Organization">Its organization; only the id is sure.</param>
/// <param name="WorkspaceOwnerUsername">The present name of the workspace's owner; empty when there is no such user.</param>
/// <param name="User">Who connected, if known and still stored.</param>
public sealed record ConnectionLogView(
    ConnectionLogEntry Entry, ConnectionLogOrganization Organization, string WorkspaceOwnerUsername, User? User)
{
    /// <summary>The place of the row.</summary>
    public ConnectionLogCursor Place => new(Entry.ConnectTime, Entry.Id);
}

/// <summary>The organization of a row.</summary>
/// <param name="Id">Never empty.</param>
/// <param name="Name">Empty when the organization is not stored any more.</param>
/// <param name="DisplayName">Likewise.</param>
/// <param name="Icon">May be empty.</param>
public sealed record ConnectionLogOrganization(Guid Id, string Name, string DisplayName, string Icon);
