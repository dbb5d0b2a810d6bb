using System.Text.Json;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Provisioning;

namespace Coder.Application.Provisioning;

/// <summary>What the audit log says of the key of a daemon.</summary>
internal static class ProvisionerKeyAudit
{
    public static AuditSnapshot Snapshot(ProvisionerKey key) => new AuditSnapshot(AuditResourceType.ProvisionerKey)
        .With("id", key.Id.ToString())
        .With("name", key.Name)
        .With("organization_id", key.OrganizationId.ToString())
        .With("created_at", key.CreatedAt.ToRfc3339())
        .With("tags", JsonSerializer.SerializeToNode(key.Tags));

    /// <summary>Says that there is a secret, and nothing of it.</summary>
    public static AuditSnapshot Secret(this AuditSnapshot snapshot) => snapshot.With("hashed_secret", "set");
}
