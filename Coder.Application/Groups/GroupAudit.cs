using Coder.Application.AuditLogs;
using Coder.Domain.AuditLogs;
using Coder.Domain.Groups;

namespace Coder.Application.Groups;

/// <summary>What the audit log says of groups.</summary>
internal static class GroupAudit
{
    public static AuditTrail About(this AuditTrail audit, Group group) =>
        audit.About(group.Id, group.Name, group.OrganizationId, group.AvatarUrl);

    public static AuditSnapshot Snapshot(Group group, IReadOnlyList<Guid> members) => new AuditSnapshot(AuditResourceType.Group)
        .With("avatar_url", group.AvatarUrl)
        .With("display_name", group.DisplayName)
        .With("id", group.Id.ToString())
        .With("members", members.Select(id => id.ToString()))
        .With("name", group.Name)
        .With("quota_allowance", group.QuotaAllowance);
}
