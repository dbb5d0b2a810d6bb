using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Users;

namespace Coder.Application.Users;

/// <summary>What the audit log says of a session or token. Keys have no UUID, so their user stands for them.</summary>
internal static class ApiKeyAudit
{
    public static AuditSnapshot Snapshot(NewApiKey key) => new AuditSnapshot(AuditResourceType.ApiKey)
        .With("user_id", key.UserId.ToString())
        .With("created_at", key.CreatedAt.ToRfc3339())
        .With("expires_at", (key.CreatedAt + key.Lifetime).ToRfc3339());

    /// <summary>The same of a key that is stored.</summary>
    public static AuditSnapshot Snapshot(StoredApiKey key) => new AuditSnapshot(AuditResourceType.ApiKey)
        .With("user_id", key.UserId.ToString())
        .With("created_at", key.CreatedAt.ToRfc3339())
        .With("expires_at", key.ExpiresAt.ToRfc3339())
        .With("last_used", key.LastUsed.ToRfc3339());
}
