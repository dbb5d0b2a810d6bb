using Coder.Domain.AuditLogs;

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
