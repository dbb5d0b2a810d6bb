using System.Text.Json.Nodes;

namespace Coder.Domain.AuditLogs;

/// <summary>One entry of the audit log: who did what to which resource, when, from where, and what came of it.</summary>
public sealed record AuditEntry
{
    /// <summary>Grows with time.</summary>
    public required Guid Id { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Who acted; the nil UUID when nobody was signed in.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The organization of the resource; the nil UUID for the deployment as a whole.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>Where the request came from; <see langword="null"/> for work of the server itself.</summary>
    public required string? IpAddress { get; init; }

    /// <summary>What the client calls itself, at most 256 characters; <see langword="null"/> for work of the server itself.</summary>
    public required string? UserAgent { get; init; }

    /// <summary>The kind of resource.</summary>
    public required AuditResourceType ResourceType { get; init; }

    /// <summary>The resource.</summary>
    public required Guid ResourceId { get; init; }

    /// <summary>The name of the resource at that time.</summary>
    public required string ResourceTarget { get; init; }

    /// <summary>The picture of the resource; may be empty.</summary>
    public required string ResourceIcon { get; init; }

    /// <summary>What was done.</summary>
    public required AuditAction Action { get; init; }

    /// <summary>See <see cref="AuditDiff"/>; empty for attempts that failed.</summary>
    public required JsonObject Diff { get; init; }

    /// <summary>The HTTP status of the answer.</summary>
    public required int StatusCode { get; init; }

    /// <summary>What else is known; depends on the kind of resource.</summary>
    public required JsonObject AdditionalFields { get; init; }

    /// <summary>The id in <c>X-Coder-Request-Id</c>; the nil UUID for work of the server itself.</summary>
    public required Guid RequestId { get; init; }
}
