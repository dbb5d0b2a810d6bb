using static Coder.Domain.AuditLogs.AuditAction;
using static Coder.Domain.AuditLogs.AuditedResources;
using static Coder.Domain.AuditLogs.AuditTracking;

namespace Coder.Domain.AuditLogs;

/// <summary>The audited resources of groups.</summary>
internal static class GroupResources
{
    public static IReadOnlyList<AuditedResource> All { get; } =
    [
        Resource(
            AuditResourceType.Group,
            [Create, Write, Delete],
            ("avatar_url", Tracked),
            ("display_name", Tracked),
            ("id", Tracked),
            ("members", Tracked),
            ("name", Tracked),
            ("organization_id", Ignored),
            ("quota_allowance", Tracked),
            ("source", Ignored)),
    ];
}
