using Coder.Application.AuditLogs;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.AuditLogs;

/// <summary>The statements that read the audit log. Only the predicates that are asked for stand in one.</summary>
internal static class AuditLogStatements
{
    /// <summary>Reading the first entries of each costs less than sorting out those of all others.</summary>
    private const int FewOrganizations = 8;

    private static readonly ScopeColumns Columns = new(id: "a.id", organization: "a.organization_id");

    private const string Select = """
        select a.id, a.time, a.user_id, a.organization_id, host(a.ip) as ip_address, a.user_agent, a.resource_type::text as resource_type,
               a.resource_id, a.resource_target, a.resource_icon, a.action::text as action, a.diff::text as diff, a.status_code,
               a.additional_fields::text as additional_fields, a.request_id
        from audit_logs a
        """;

    private const string NewestFirst = "order by a.time desc, a.id desc limit @limit offset @offset";

    private const string OldestFirst = "order by a.time, a.id limit @limit offset @offset";

    // Each organization delivers its first entries in order through its own index, which "any" can not do. Where it is compared by "any" and
    // stands in the order, no other index will do: for an organization with few entries that of the times would be read to its end.
    private const string MergingSelect = """
        (select m.id, m.time, m.user_id, m.organization_id, host(m.ip) as ip_address, m.user_agent, m.resource_type::text as resource_type,
               m.resource_id, m.resource_target, m.resource_icon, m.action::text as action, m.diff::text as diff, m.status_code,
               m.additional_fields::text as additional_fields, m.request_id
        from unnest(@organizations::uuid[]) s (id)
        cross join lateral (
            select a.id, a.time, a.user_id, a.organization_id, a.ip, a.user_agent, a.resource_type, a.resource_id, a.resource_target,
                   a.resource_icon, a.action, a.diff, a.status_code, a.additional_fields, a.request_id
            from audit_logs a
        """;

    private const string MergingNewestFirst = """
            order by a.organization_id, a.time desc, a.id desc
            limit @limit::bigint + @offset::bigint
        ) m
        order by m.time desc, m.id desc
        limit @limit offset @offset)
        """;

    private const string MergingOldestFirst = """
            order by a.organization_id desc, a.time, a.id
            limit @limit::bigint + @offset::bigint
        ) m
        order by m.time, m.id
        limit @limit offset @offset)
        """;

    /// <summary>A page, newest first.</summary>
    internal static SqlText List(ResolvedAuditFilter filter, ReadScope scope, int limit, int offset, AuditCursor? before)
    {
        var isMerged = IsMerged(filter, scope);
        var where = Where(filter, scope, isMerged).With("limit", limit).With("offset", offset);
        if (before is not null)
        {
            where.And("(a.time, a.id) < (@place, @placeId)").With("place", before.Time).With("placeId", before.Id);
        }

        return isMerged ? where.Between(MergingSelect, MergingNewestFirst) : where.Between(Select, NewestFirst);
    }

    /// <summary>The next entries of an export, oldest first.</summary>
    internal static SqlText Next(ResolvedAuditFilter filter, ReadScope scope, int limit, AuditCursor? after)
    {
        var isMerged = IsMerged(filter, scope);
        var where = Where(filter, scope, isMerged).With("limit", limit).With("offset", 0);
        if (after is not null)
        {
            where.And("(a.time, a.id) > (@place, @placeId)").With("place", after.Time).With("placeId", after.Id);
        }

        return isMerged ? where.Between(MergingSelect, MergingOldestFirst) : where.Between(Select, OldestFirst);
    }

    private const string Count = "select count(*) from audit_logs a";

    /// <summary>How many entries there are in all.</summary>
    internal static SqlText CountOf(ResolvedAuditFilter filter, ReadScope scope) => Where(filter, scope, isMerged: false).Between(Count);

    private const string Time = "select a.time from audit_logs a";

    /// <summary>The time of an entry.</summary>
    internal static SqlText TimeOf(Guid id, ReadScope scope) =>
        new SqlFilter().AndScope(scope, Columns).And("a.id = @id", id, "id").Between(Time);

    // What names a resource, a request or people has an index of its own, by which few entries are found.
    private static bool IsMerged(ResolvedAuditFilter resolved, ReadScope scope) =>
        scope is { Kind: ReadScopeKind.Orgs, Organizations.Count: > 0 and <= FewOrganizations, AllowList: null }
        && resolved is
        {
            Organization: null, Users: null,
            Filter: { RequestId: null, ResourceId: null, ResourceTarget: null },
        };

    private static SqlFilter Where(ResolvedAuditFilter resolved, ReadScope scope, bool isMerged)
    {
        var filter = resolved.Filter;
        var visible = isMerged
            ? new SqlFilter().And("a.organization_id = any (array[s.id])").With("organizations", scope.Organizations.ToArray())
            : new SqlFilter().AndScope(scope, Columns);
        return visible
            .AndIf(filter.RequestId, "a.request_id = @requestId", "requestId")
            .AndIf(filter.ResourceId, "a.resource_id = @resourceId", "resourceId")
            .AndIf(filter.ResourceTarget, "lower(a.resource_target) = lower(@target)", "target")
            .AndIf(resolved.Users?.ToArray(), "a.user_id = any (@users)", "users")
            .AndIf(filter.From, "a.time >= @from", "from")
            .AndIf(filter.Until, "a.time < @until", "until")
            .AndIf(resolved.Organization, "a.organization_id = @organization", "organization")
            .AndIf(filter.ResourceType?.WireName(), "a.resource_type = @type::audit_resource_type", "type")
            .AndIf(filter.Action?.WireName(), "a.action = @action::audit_action", "action")
            .AndIf(filter.BuildReason?.WireName(), ByBuildReason, "reason");
    }

    private const string ByBuildReason = """
        a.resource_type = 'workspace_build'
            and exists (select 1 from workspace_builds b where b.id = a.resource_id and b.reason = @reason::build_reason)
        or a.resource_type = 'workspace' and a.action = 'create'
            and exists (select 1 from workspace_builds b where b.workspace_id = a.resource_id and b.build_number = 1 and b.reason = @reason::build_reason)
        """;
}
