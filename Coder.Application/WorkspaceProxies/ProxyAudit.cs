using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.WorkspaceProxies;

namespace Coder.Application.WorkspaceProxies;

/// <summary>What the audit log says of a workspace proxy.</summary>
internal static class ProxyAudit
{
    public static AuditSnapshot Snapshot(WorkspaceProxy proxy) => new AuditSnapshot(AuditResourceType.WorkspaceProxy)
        .With("id", proxy.Id.ToString())
        .With("name", proxy.Name)
        .With("display_name", proxy.DisplayName)
        .With("icon", proxy.Icon)
        .With("url", proxy.Url)
        .With("wildcard_hostname", proxy.WildcardHostname)
        .With("created_at", proxy.CreatedAt.ToRfc3339());

    /// <summary>Says which token it is without saying anything of it; the value never leaves the comparison.</summary>
    public static AuditSnapshot Token(this AuditSnapshot snapshot, string which) => snapshot.With("token_hashed_secret", which);
}
