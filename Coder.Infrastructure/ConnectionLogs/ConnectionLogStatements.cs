using Coder.Application.ConnectionLogs;
using Coder.Domain.Authorization;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.ConnectionLogs;

/// <summary>
/// The statements that read the log. Only the predicates that are asked for stand in one (docs/spec/connection-logs.md, sections 12.1 to
/// 12.3). Those for a log with partitions give the same answers without, and the other way round; they differ in what they cost.
/// </summary>
internal static class ConnectionLogStatements
{
    /// <summary>Reading the first rows of each costs less than sorting out those of all others.</summary>
    private const int FewOrganizations = 8;

    /// <summary>Passing over more rows than this pays for looking up those of the page one by one.</summary>
    private const int LongWay = 1_000;

    internal static readonly ScopeColumns Columns = new(id: "c.id", organization: "c.organization_id");

    /// <summary>The predicates of a query. The list and every count of rows are made with it, so that they can not differ.</summary>
    internal static SqlFilter Where(ConnectionLogQuery query)
    {
        var filter = new SqlFilter();
        if (query.OrganizationId is null || query.Scope.AllowList is not null)
        {
            filter.AndScope(query.Scope, Columns);
        }

        return Where(filter, query);
    }

    private const string Ongoing = "c.disconnect_time is null and c.type in ('ssh', 'vscode', 'jetbrains', 'reconnecting_pty')";
    private const string Completed = "c.disconnect_time is not null and c.type in ('ssh', 'vscode', 'jetbrains', 'reconnecting_pty')";

    private static SqlFilter Where(SqlFilter filter, ConnectionLogQuery query)
    {
        filter
            .AndIf(query.OrganizationId, "c.organization_id = @organization", "organization")
            .AndIf(query.Type?.WireName(), "c.type = @type::connection_type", "type")
            .AndIf(query.ConnectedAfter, "c.connect_time >= @after", "after")
            .AndIf(query.ConnectedBefore, "c.connect_time <= @before", "before")
            .AndIf(query.WorkspaceId, "c.workspace_id = @workspace", "workspace")
            .AndIf(query.ConnectionId, "c.connection_id = @connection", "connection");
        _ = query.WorkspaceOwners switch
        {
            null => filter,
            [var one] => filter.And("c.workspace_owner_id = @owner", one, "owner"),
            var many => filter.And("c.workspace_owner_id = any (@owners)", many.ToArray(), "owners"),
        };
        _ = query.Users switch
        {
            null => filter,
            [var one] => filter.And("c.user_id = @user", one, "user"),
            var many => filter.And("c.user_id = any (@users)", many.ToArray(), "users"),
        };
        return query.Status switch
        {
            SessionStatus.Ongoing => filter.And(Ongoing),
            SessionStatus.Completed => filter.And(Completed),
            _ => filter,
        };
    }

    private const string Shown = """
        (select p.id, p.connect_time, p.organization_id, p.workspace_owner_id, p.workspace_id, p.workspace_name, p.agent_name, p.type, p.ip,
               p.code, p.user_agent, p.user_id, p.slug_or_port, p.connection_id, p.disconnect_time, p.disconnect_reason,
               o.name as organization_name, o.display_name as organization_display_name, o.icon as organization_icon,
               owner.username as owner_username
        """;

    private const string Fields = $"""
        {Shown}
        from (
            select c.id, c.connect_time, c.organization_id, c.workspace_owner_id, c.workspace_id, c.workspace_name, c.agent_name,
                   c.type::text as type, host(c.ip) as ip, c.code, c.user_agent, c.user_id, c.slug_or_port, c.connection_id,
                   c.disconnect_time, c.disconnect_reason

        """;

    private const string Rows = "from connection_logs c";

    // Sessions that go on are few, and known by themselves.
    private const string OngoingRows = "from connection_logs_ongoing s join connection_logs c on c.id = s.id";
    private const string Head = Fields + Rows;
    private const string OngoingHead = Fields + OngoingRows;

    // The time tells the partition of each. A plain join with the whole would be expected to find next to nothing, and planned for that.
    private const string PartitionedOngoingRows = """
        from connection_logs_ongoing s
        cross join lateral (
            select l.id, l.connect_time, l.organization_id, l.workspace_owner_id, l.workspace_id, l.workspace_name, l.agent_name, l.type, l.ip,
                   l.code, l.user_agent, l.user_id, l.slug_or_port, l.connection_id, l.disconnect_time, l.disconnect_reason
            from connection_logs l
            where l.id = s.id and l.connect_time = s.connect_time
            offset 0
        ) c
        """;

    private const string PartitionedOngoingHead = Fields + PartitionedOngoingRows;

    // History outlives organizations and users.
    private const string Names = """
        left join organizations o on o.id = p.organization_id
        left join users owner on owner.id = p.workspace_owner_id
        """;

    private const string NamedNewestFirst = $"""
        {Names}
        order by p.connect_time desc, p.id desc)
        """;

    private const string NamedOldestFirst = $"""
        {Names}
        order by p.connect_time, p.id)
        """;

    private const string NewestFirst = $"""
            order by c.connect_time desc, c.id desc
            limit @limit offset @offset
        ) p
        {NamedNewestFirst}
        """;

    private const string OngoingNewestFirst = $"""
            order by s.connect_time desc, s.id desc
            limit @limit offset @offset
        ) p
        {NamedNewestFirst}
        """;

    private const string OngoingOldestFirst = $"""
            order by s.connect_time, s.id
            limit @limit offset @offset
        ) p
        {NamedOldestFirst}
        """;

    // The rows that are passed over are seen in the index alone.
    private const string PassingHead = """
        (select p.id, p.connect_time, p.organization_id, p.workspace_owner_id, p.workspace_id, p.workspace_name, p.agent_name,
               p.type::text as type, host(p.ip) as ip, p.code, p.user_agent, p.user_id, p.slug_or_port, p.connection_id, p.disconnect_time,
               p.disconnect_reason, o.name as organization_name, o.display_name as organization_display_name, o.icon as organization_icon,
               owner.username as owner_username
        from (
            select c.id, c.connect_time
            from connection_logs c
        """;

    private const string PassingNewestFirst = $"""
            order by c.connect_time desc, c.id desc
            limit @limit offset @offset
        ) k
        join connection_logs p on p.id = k.id
        {NamedNewestFirst}
        """;

    private const string PartitionedPassingNewestFirst = $"""
            order by c.connect_time desc, c.id desc
            limit @limit offset @offset
        ) k
        join connection_logs p on p.id = k.id and p.connect_time = k.connect_time
        {NamedNewestFirst}
        """;

    private const string OldestFirst = $"""
            order by c.connect_time, c.id
            limit @limit offset @offset
        ) p
        {NamedOldestFirst}
        """;

    // Each organization delivers its first rows in order through its own index, which "any" can not do.
    private const string MergingHead = $"""
        {Shown}
        from (
            select m.id, m.connect_time, m.organization_id, m.workspace_owner_id, m.workspace_id, m.workspace_name, m.agent_name,
                   m.type::text as type, host(m.ip) as ip, m.code, m.user_agent, m.user_id, m.slug_or_port, m.connection_id,
                   m.disconnect_time, m.disconnect_reason
            from unnest(@organizations::uuid[]) s (id)
            cross join lateral (
                select c.id, c.connect_time, c.organization_id, c.workspace_owner_id, c.workspace_id, c.workspace_name, c.agent_name, c.type,
                       c.ip, c.code, c.user_agent, c.user_id, c.slug_or_port, c.connection_id, c.disconnect_time, c.disconnect_reason
                from connection_logs c
        """;

    // Where the organization stands in the order and is compared by "any", no other index will do: for an organization with few rows that of
    // the times would be read to its end.
    private const string MergingNewestFirst = $"""
                order by c.organization_id, c.connect_time desc, c.id desc
                limit @limit::bigint + @offset::bigint
            ) m
            order by m.connect_time desc, m.id desc
            limit @limit offset @offset
        ) p
        {NamedNewestFirst}
        """;

    private const string MergingOldestFirst = $"""
                order by c.organization_id desc, c.connect_time, c.id
                limit @limit::bigint + @offset::bigint
            ) m
            order by m.connect_time, m.id
            limit @limit offset @offset
        ) p
        {NamedOldestFirst}
        """;

    // With that order every partition would have to be begun. So they are read one after the other, and no further than the page needs.
    private const string PartitionedMergingNewestFirst = $"""
                order by c.connect_time desc, c.id desc
                limit @limit::bigint + @offset::bigint
            ) m
            order by m.connect_time desc, m.id desc
            limit @limit offset @offset
        ) p
        {NamedNewestFirst}
        """;

    private const string PartitionedMergingOldestFirst = $"""
                order by c.connect_time, c.id
                limit @limit::bigint + @offset::bigint
            ) m
            order by m.connect_time, m.id
            limit @limit offset @offset
        ) p
        {NamedOldestFirst}
        """;

    internal static SqlText List(ConnectionLogQuery query, ConnectionLogWindow window, bool isPartitioned)
    {
        var isMerged = query.Scope is { Kind: ReadScopeKind.Orgs, Organizations.Count: > 0 and <= FewOrganizations }
            && query.OrganizationId is null && query.Status != SessionStatus.Ongoing && !query.IsNarrow;
        var filter = isMerged ? Where(Each(query.Scope, isPartitioned), query) : Where(query);
        var isOngoing = query.Status == SessionStatus.Ongoing;
        if (window.After is { } after)
        {
            _ = (isOngoing, window.OldestFirst) switch
            {
                (true, true) => filter.And("(s.connect_time, s.id) > (@place, @placeId)"),
                (true, false) => filter.And("(s.connect_time, s.id) < (@place, @placeId)"),
                (false, true) => filter.And("(c.connect_time, c.id) > (@place, @placeId)"),
                (false, false) => filter.And("(c.connect_time, c.id) < (@place, @placeId)"),
            };
            filter.With("place", after.Time).With("placeId", after.Id);
        }

        filter.With("limit", window.Limit).With("offset", window.Offset);
        if (isOngoing)
        {
            return (isPartitioned, window.OldestFirst) switch
            {
                (false, false) => filter.Between(OngoingHead, OngoingNewestFirst),
                (false, true) => filter.Between(OngoingHead, OngoingOldestFirst),
                (true, false) => filter.Between(PartitionedOngoingHead, OngoingNewestFirst),
                (true, true) => filter.Between(PartitionedOngoingHead, OngoingOldestFirst),
            };
        }

        return (isMerged, window.OldestFirst) switch
        {
            (false, false) when window.Offset > LongWay && isPartitioned => filter.Between(PassingHead, PartitionedPassingNewestFirst),
            (false, false) when window.Offset > LongWay => filter.Between(PassingHead, PassingNewestFirst),
            (false, false) => filter.Between(Head, NewestFirst),
            (false, true) => filter.Between(Head, OldestFirst),
            (true, false) when isPartitioned => filter.Between(MergingHead, PartitionedMergingNewestFirst),
            (true, true) when isPartitioned => filter.Between(MergingHead, PartitionedMergingOldestFirst),
            (true, false) => filter.Between(MergingHead, MergingNewestFirst),
            (true, true) => filter.Between(MergingHead, MergingOldestFirst),
        };
    }

    private static SqlFilter Each(ReadScope scope, bool isPartitioned)
    {
        var filter = new SqlFilter().With("organizations", scope.Organizations.ToArray());
        return isPartitioned ? filter.And("c.organization_id = s.id") : filter.And("c.organization_id = any (array[s.id])");
    }

    private const string Count = "select count(*) " + Rows;
    private const string CountOngoing = "select count(*) " + OngoingRows;
    private const string PartitionedCountOngoing = "select count(*) " + PartitionedOngoingRows;
    private const string CappedHead = "(select count(*) from (select 1 " + Rows;
    private const string CappedOngoingHead = "(select count(*) from (select 1 " + OngoingRows;
    private const string PartitionedCappedOngoingHead = "(select count(*) from (select 1 " + PartitionedOngoingRows;
    private const string CappedTail = "limit @cap) counted)";

    internal static SqlText CountOf(ConnectionLogQuery query, long? cap, bool isPartitioned)
    {
        var filter = Where(query);
        if (query.Status != SessionStatus.Ongoing)
        {
            return CountRows(filter, cap);
        }

        if (cap is { } most)
        {
            filter.With("cap", most + 1);
            return isPartitioned
                ? filter.Between(PartitionedCappedOngoingHead, CappedTail)
                : filter.Between(CappedOngoingHead, CappedTail);
        }

        return isPartitioned ? filter.Between(PartitionedCountOngoing) : filter.Between(CountOngoing);
    }

    /// <summary>Counts what is in the log, at most one row above the cap.</summary>
    internal static SqlText CountRows(SqlFilter filter, long? cap) =>
        cap is { } most ? filter.With("cap", most + 1).Between(CappedHead, CappedTail) : filter.Between(Count);
}
