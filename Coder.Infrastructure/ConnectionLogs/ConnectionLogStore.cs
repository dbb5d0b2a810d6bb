using System.Net;
using Coder.Application.ConnectionLogs;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.ConnectionLogs;
using Coder.Domain.Users;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.ConnectionLogs;

/// <summary>
/// Reads the log. Only the predicates that are asked for stand in a statement, and whatever a row refers to is looked up for the rows of the
/// page alone (docs/spec/connection-logs.md, sections 12.1 to 12.3).
/// </summary>
internal sealed class ConnectionLogStore(DbSession db, IUserDirectory users) : IConnectionLogStore
{
    /// <summary>Reading the first rows of each costs less than sorting out those of all others.</summary>
    private const int FewOrganizations = 8;

    /// <summary>Passing over more rows than this pays for looking up those of the page one by one.</summary>
    private const int LongWay = 1_000;

    private static readonly ScopeColumns Columns = new(id: "c.id", organization: "c.organization_id");

    private const string PlaceOf = "select c.connect_time, c.id from connection_logs c";

    public async Task<ConnectionLogCursor?> PlaceOfAsync(Guid id, ReadScope scope, CancellationToken ct)
    {
        var rows = await db.QueryAsync<Row>(new SqlFilter().And("c.id = @id", id, "id").AndScope(scope, Columns).Between(PlaceOf), ct);
        return rows is [var row] ? new ConnectionLogCursor(row.ConnectTime, row.Id) : null;
    }

    public async Task<IReadOnlyList<ConnectionLogView>> ReadAsync(ConnectionLogQuery query, ConnectionLogWindow window, CancellationToken ct) =>
        await ViewsAsync(await db.QueryAsync<Row>(List(query, window), ct), ct);

    public async Task<ConnectionLogSlice> ListAsync(
        ConnectionLogQuery query, ConnectionLogWindow window, ConnectionLogCounting counting, CancellationToken ct)
    {
        var list = List(query, window);
        if (!counting.IsWanted)
        {
            return new ConnectionLogSlice(await ViewsAsync(await db.QueryAsync<Row>(list, ct), ct), -1);
        }

        // Numbers that are stored travel with the list. Others are counted only when the page does not tell by itself.
        if (ConnectionLogNumbers.Of(query) is { } numbers)
        {
            var (rows, read) = await db.QueryWithNumbersAsync<Row>(list, numbers.Statements, ct);
            return new ConnectionLogSlice(await ViewsAsync(rows, ct), Capped(read.Sum(), counting.Cap));
        }

        var page = await db.QueryAsync<Row>(list, ct);
        var isWhole = window.After is null && page.Count < window.Limit && (page.Count > 0 || window.Offset == 0);
        var count = isWhole ? Capped(window.Offset + page.Count, counting.Cap) : await CountAsync(query, counting.Cap, ct);
        return new ConnectionLogSlice(await ViewsAsync(page, ct), count);
    }

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

    /// <summary>Reads a name that the database holds.</summary>
    internal static ConnectionType TypeOf(string name) =>
        ConnectionTypes.TryParse(name, out var type) ? type : throw new ArgumentOutOfRangeException(nameof(name), name, "not a connection type");

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

    private const string Fields = """
        (select p.id, p.connect_time, p.organization_id, p.workspace_owner_id, p.workspace_id, p.workspace_name, p.agent_name, p.type, p.ip,
               p.code, p.user_agent, p.user_id, p.slug_or_port, p.connection_id, p.disconnect_time, p.disconnect_reason,
               o.name as organization_name, o.display_name as organization_display_name, o.icon as organization_icon,
               owner.username as owner_username
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

    // History outlives organizations and users.
    private const string NewestFirst = """
            order by c.connect_time desc, c.id desc
            limit @limit offset @offset
        ) p
        left join organizations o on o.id = p.organization_id
        left join users owner on owner.id = p.workspace_owner_id
        order by p.connect_time desc, p.id desc)
        """;

    private const string OngoingNewestFirst = """
            order by s.connect_time desc, s.id desc
            limit @limit offset @offset
        ) p
        left join organizations o on o.id = p.organization_id
        left join users owner on owner.id = p.workspace_owner_id
        order by p.connect_time desc, p.id desc)
        """;

    private const string OngoingOldestFirst = """
            order by s.connect_time, s.id
            limit @limit offset @offset
        ) p
        left join organizations o on o.id = p.organization_id
        left join users owner on owner.id = p.workspace_owner_id
        order by p.connect_time, p.id)
        """;

    // The rows that are passed over are seen in the index alone.
    private const string PassingHead = """
        (select p.id, p.connect_time, p.organization_id, p.workspace_owner_id, p.workspace_id, p.workspace_name, p.agent_name,
               p.type::text as type, host(p.ip) as ip, p.code, p.user_agent, p.user_id, p.slug_or_port, p.connection_id, p.disconnect_time,
               p.disconnect_reason, o.name as organization_name, o.display_name as organization_display_name, o.icon as organization_icon,
               owner.username as owner_username
        from (
            select c.id
            from connection_logs c
        """;

    private const string PassingNewestFirst = """
            order by c.connect_time desc, c.id desc
            limit @limit offset @offset
        ) k
        join connection_logs p on p.id = k.id
        left join organizations o on o.id = p.organization_id
        left join users owner on owner.id = p.workspace_owner_id
        order by p.connect_time desc, p.id desc)
        """;

    private const string OldestFirst = """
            order by c.connect_time, c.id
            limit @limit offset @offset
        ) p
        left join organizations o on o.id = p.organization_id
        left join users owner on owner.id = p.workspace_owner_id
        order by p.connect_time, p.id)
        """;

    // Each organization delivers its first rows in order through its own index, which "any" can not do.
    private const string MergingHead = """
        (select p.id, p.connect_time, p.organization_id, p.workspace_owner_id, p.workspace_id, p.workspace_name, p.agent_name, p.type, p.ip,
               p.code, p.user_agent, p.user_id, p.slug_or_port, p.connection_id, p.disconnect_time, p.disconnect_reason,
               o.name as organization_name, o.display_name as organization_display_name, o.icon as organization_icon,
               owner.username as owner_username
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

    private const string MergingNewestFirst = """
                order by c.connect_time desc, c.id desc
                limit @limit::bigint + @offset::bigint
            ) m
            order by m.connect_time desc, m.id desc
            limit @limit offset @offset
        ) p
        left join organizations o on o.id = p.organization_id
        left join users owner on owner.id = p.workspace_owner_id
        order by p.connect_time desc, p.id desc)
        """;

    private const string MergingOldestFirst = """
                order by c.connect_time, c.id
                limit @limit::bigint + @offset::bigint
            ) m
            order by m.connect_time, m.id
            limit @limit offset @offset
        ) p
        left join organizations o on o.id = p.organization_id
        left join users owner on owner.id = p.workspace_owner_id
        order by p.connect_time, p.id)
        """;

    internal static SqlText List(ConnectionLogQuery query, ConnectionLogWindow window)
    {
        var isMerged = query.Scope is { Kind: ReadScopeKind.Orgs, Organizations.Count: > 0 and <= FewOrganizations }
            && query.OrganizationId is null && query.Status != SessionStatus.Ongoing && !query.IsNarrow;
        var filter = isMerged
            ? Where(new SqlFilter().And("c.organization_id = s.id").With("organizations", query.Scope.Organizations.ToArray()), query)
            : Where(query);
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
            return window.OldestFirst ? filter.Between(OngoingHead, OngoingOldestFirst) : filter.Between(OngoingHead, OngoingNewestFirst);
        }

        return (isMerged, window.OldestFirst) switch
        {
            (false, false) when window.Offset > LongWay => filter.Between(PassingHead, PassingNewestFirst),
            (false, false) => filter.Between(Head, NewestFirst),
            (false, true) => filter.Between(Head, OldestFirst),
            (true, false) => filter.Between(MergingHead, MergingNewestFirst),
            (true, true) => filter.Between(MergingHead, MergingOldestFirst),
        };
    }

    private const string Count = "select count(*) " + Rows;
    private const string CountOngoing = "select count(*) " + OngoingRows;
    private const string CappedHead = "(select count(*) from (select 1 " + Rows;
    private const string CappedOngoingHead = "(select count(*) from (select 1 " + OngoingRows;
    private const string CappedTail = "limit @cap) counted)";

    private Task<long> CountAsync(ConnectionLogQuery query, long? cap, CancellationToken ct) => db.ScalarAsync<long>(CountOf(query, cap), ct);

    internal static SqlText CountOf(ConnectionLogQuery query, long? cap)
    {
        var filter = Where(query);
        if (cap is { } most)
        {
            filter.With("cap", most + 1);
            return query.Status == SessionStatus.Ongoing
                ? filter.Between(CappedOngoingHead, CappedTail)
                : filter.Between(CappedHead, CappedTail);
        }

        return query.Status == SessionStatus.Ongoing ? filter.Between(CountOngoing) : filter.Between(Count);
    }

    private static long Capped(long count, long? cap) => cap is { } most ? Math.Min(count, most + 1) : count;

    private async Task<IReadOnlyList<ConnectionLogView>> ViewsAsync(IReadOnlyList<Row> rows, CancellationToken ct)
    {
        var ids = rows.Where(r => r.UserId is not null).Select(r => r.UserId!.Value).ToHashSet();
        var people = ids.Count == 0 ? [] : (await users.FindAsync(ids, ct)).ToDictionary(u => u.Id);
        return [.. rows.Select(r => r.ToView(r.UserId is { } id ? people.GetValueOrDefault(id) : null))];
    }

    private sealed record Row
    {
        public Guid Id { get; init; }

        public DateTimeOffset ConnectTime { get; init; }

        public Guid OrganizationId { get; init; }

        public Guid WorkspaceOwnerId { get; init; }

        public Guid WorkspaceId { get; init; }

        public string WorkspaceName { get; init; } = "";

        public string AgentName { get; init; } = "";

        public string Type { get; init; } = "";

        public string? Ip { get; init; }

        public int? Code { get; init; }

        public string? UserAgent { get; init; }

        public Guid? UserId { get; init; }

        public string? SlugOrPort { get; init; }

        public Guid? ConnectionId { get; init; }

        public DateTimeOffset? DisconnectTime { get; init; }

        public string? DisconnectReason { get; init; }

        public string? OrganizationName { get; init; }

        public string? OrganizationDisplayName { get; init; }

        public string? OrganizationIcon { get; init; }

        public string? OwnerUsername { get; init; }

        public ConnectionLogView ToView(User? user) => new(
            new ConnectionLogEntry
            {
                Id = Id,
                ConnectTime = ConnectTime,
                OrganizationId = OrganizationId,
                WorkspaceOwnerId = WorkspaceOwnerId,
                WorkspaceId = WorkspaceId,
                WorkspaceName = WorkspaceName,
                AgentName = AgentName,
                Type = TypeOf(Type),
                Ip = Ip is null ? null : IPAddress.Parse(Ip),
                Code = Code,
                UserAgent = UserAgent,
                UserId = UserId,
                SlugOrPort = SlugOrPort,
                ConnectionId = ConnectionId,
                DisconnectTime = DisconnectTime,
                DisconnectReason = DisconnectReason,
            },
            new ConnectionLogOrganization(OrganizationId, OrganizationName ?? "", OrganizationDisplayName ?? "", OrganizationIcon ?? ""),
            OwnerUsername ?? "",
            user);
    }
}
