using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;

namespace Coder.Application.AuditLogs;

/// <summary>The audit log's table.</summary>
public interface IAuditStore
{
    /// <summary>Adds an entry, in the open transaction if there is one.</summary>
    Task AddAsync(AuditEntry entry, CancellationToken ct);
}

/// <summary>Tells whoever collects the server's own log of an entry that is stored (docs/spec/connection-logs.md, section 4.2).</summary>
public interface IAuditServiceLog
{
    /// <summary>Writes one line with every property of the entry.</summary>
    void Write(AuditEntry entry);
}

/// <summary>Where the present request comes from; empty for work that the server does by itself.</summary>
public interface IRequestOrigin
{
    /// <summary>The client's address.</summary>
    string? IpAddress { get; }

    /// <summary>What the client calls itself.</summary>
    string? UserAgent { get; }

    /// <summary>The id that the answer carries.</summary>
    Guid RequestId { get; }
}

/// <summary>Where a request came from, for work that goes on after its answer.</summary>
/// <param name="IpAddress">The client's address.</param>
/// <param name="UserAgent">What the client calls itself.</param>
/// <param name="RequestId">The id that the answer carried.</param>
public sealed record KnownOrigin(string? IpAddress, string? UserAgent, Guid RequestId) : IRequestOrigin
{
    /// <summary>Keeps what is known now.</summary>
    public static KnownOrigin Of(IRequestOrigin origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        return new KnownOrigin(origin.IpAddress, origin.UserAgent, origin.RequestId);
    }
}

/// <summary>Reads the audit log.</summary>
public interface IAuditLogReader
{
    /// <summary>A page of entries, newest first; entries of the same moment by id, descending.</summary>
    /// <param name="filter">What is asked for, with users and organization resolved.</param>
    /// <param name="scope">What the caller may see.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="offset">After so many.</param>
    /// <param name="before">Only entries that come after this one in the list, or <see langword="null"/>.</param>
    /// <param name="ct">Cancels the query.</param>
    Task<IReadOnlyList<AuditRecord>> ListAsync(
        ResolvedAuditFilter filter, ReadScope scope, int limit, int offset, AuditCursor? before, CancellationToken ct);

    /// <summary>How many entries there are in all.</summary>
    Task<long> CountAsync(ResolvedAuditFilter filter, ReadScope scope, CancellationToken ct);

    /// <summary>The place of an entry, or <see langword="null"/> when there is none in the scope.</summary>
    Task<AuditCursor?> FindAsync(Guid id, ReadScope scope, CancellationToken ct);

    /// <summary>The next entries of an export, oldest first.</summary>
    /// <param name="filter">What is asked for, with users and organization resolved.</param>
    /// <param name="scope">What the caller may see.</param>
    /// <param name="after">The last entry so far, or <see langword="null"/>.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="ct">Cancels the query.</param>
    Task<IReadOnlyList<AuditRecord>> NextAsync(
        ResolvedAuditFilter filter, ReadScope scope, AuditCursor? after, int limit, CancellationToken ct);
}

/// <summary>Removes what the audit log need not keep.</summary>
public interface IAuditLogPurge
{
    /// <summary>Runs work unless another server of this deployment does the same now.</summary>
    /// <returns>Whether it ran.</returns>
    Task<bool> TryAloneAsync(Func<CancellationToken, Task> work, CancellationToken ct);

    /// <summary>Deletes legacy connection events older than a moment, oldest first.</summary>
    /// <returns>How many were deleted, at most <paramref name="limit"/>.</returns>
    Task<int> DeleteConnectionEventsAsync(DateTimeOffset before, int limit, CancellationToken ct);

    /// <summary>Deletes other entries older than a moment, oldest first.</summary>
    /// <returns>How many were deleted, at most <paramref name="limit"/>.</returns>
    Task<int> DeleteEntriesAsync(DateTimeOffset before, int limit, CancellationToken ct);
}

/// <summary>A filter whose names are ids now.</summary>
/// <param name="Filter">What was asked for; its names do not matter any more.</param>
/// <param name="Users">Who acted; <see langword="null"/> when that does not matter.</param>
/// <param name="Organization">The organization; <see langword="null"/> when that does not matter.</param>
public sealed record ResolvedAuditFilter(AuditLogFilter Filter, IReadOnlyList<Guid>? Users, Guid? Organization);

/// <summary>A place between entries.</summary>
/// <param name="Time">UTC.</param>
/// <param name="Id">Decides between entries of the same moment.</param>
public sealed record AuditCursor(DateTimeOffset Time, Guid Id);

/// <summary>An entry with what is known now about its resource.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="IsDeleted">Whether the resource is gone.</param>
/// <param name="WorkspaceOwner">The present owner of the workspace that the entry is about.</param>
public sealed record AuditRecord(AuditEntry Entry, bool IsDeleted, string? WorkspaceOwner);
