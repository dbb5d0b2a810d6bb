namespace Coder.Domain.AuditLogs;

/// <summary>Which entries of the audit log are asked for; what is <see langword="null"/> does not matter (docs/spec/connection-logs.md, 6.2).</summary>
public sealed record AuditLogFilter
{
    /// <summary>The entries of one request.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>The entries about one resource.</summary>
    public Guid? ResourceId { get; init; }

    /// <summary>The exact name of the resource at that time, without regard to case.</summary>
    public string? ResourceTarget { get; init; }

    /// <summary>Who acted, by username without regard to case.</summary>
    public string? Username { get; init; }

    /// <summary>Who acted, by email without regard to case.</summary>
    public string? Email { get; init; }

    /// <summary>The first moment that counts.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The first moment that does not count any more.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>An organization by id or name.</summary>
    public string? Organization { get; init; }

    /// <summary>The kind of resource.</summary>
    public AuditResourceType? ResourceType { get; init; }

    /// <summary>What was done.</summary>
    public AuditAction? Action { get; init; }

    /// <summary>The reason of the build that a <c>workspace_build</c> entry names, or of the first build for a new workspace.</summary>
    public string? BuildReason { get; init; }
}
