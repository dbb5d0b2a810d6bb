using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.Database;

namespace Coder.Benchmarks.ConnectionLogs;

/// <summary>What a search asks of the naive variant; what is not asked for has the value that its statement takes for nothing.</summary>
internal sealed record NaiveSearch
{
    public string Organization { get; init; } = "";

    public string Owner { get; init; } = "";

    public string Username { get; init; } = "";

    public string Email { get; init; } = "";

    public string Type { get; init; } = "";

    public string Status { get; init; } = "";

    public Guid Workspace { get; init; }

    public DateTimeOffset After { get; init; }

    public DateTimeOffset Before { get; init; }

    /// <summary>The organizations of a reader, or <see langword="null"/> for one who reads everything.</summary>
    public string[]? Readable { get; init; }

    public long Limit { get; init; } = 100;

    public long Offset { get; init; }
}

/// <summary>
/// The log as one would write it at first, in a schema beside the product's: one statement for all searches, organizations compared as text,
/// pages by offset, everything joined before it is counted, an index for each of four columns, and one upsert for each event.
/// </summary>
internal static class NaiveLog
{
    /// <summary>Makes the schema with the rows of the product's.</summary>
    public const string Schema = """
        create schema naive;
        create table naive.connection_logs (like public.connection_logs);
        insert into naive.connection_logs select * from public.connection_logs;
        alter table naive.connection_logs add primary key (id);
        create unique index on naive.connection_logs (connection_id, workspace_id, agent_name);
        create index on naive.connection_logs (connect_time desc);
        create index on naive.connection_logs (organization_id);
        create index on naive.connection_logs (workspace_id);
        create index on naive.connection_logs (workspace_owner_id)
        """;

    private const string ListHead = """
        select c.id, c.connect_time, c.organization_id, c.workspace_owner_id, c.workspace_id, c.workspace_name, c.agent_name,
               c.type::text as type, host(c.ip) as ip, c.code, c.user_agent, c.user_id, c.slug_or_port, c.connection_id, c.disconnect_time,
               c.disconnect_reason, o.name as organization_name, o.display_name as organization_display_name, o.icon as organization_icon,
               w.username as owner_username, v.username as user_username, v.email as user_email, v.name as user_name,
               v.avatar_url as user_avatar_url, v.status::text as user_status, v.created_at as user_created_at,
               v.updated_at as user_updated_at, v.last_seen_at as user_last_seen_at, v.rbac_roles as user_roles
        """;

    private const string Tables = """

        from naive.connection_logs c
        join organizations o on o.id = c.organization_id
        join users w on w.id = c.workspace_owner_id
        left join users v on v.id = c.user_id
        where case when @organization <> '' then c.organization_id::text = @organization else true end
          and case when @owner <> '' then lower(w.username) = lower(@owner) and not w.deleted else true end
          and case when @username <> '' then lower(v.username) = lower(@username) and not v.deleted else true end
          and case when @email <> '' then lower(v.email) = lower(@email) else true end
          and case when @type <> '' then c.type::text = @type else true end
          and case when @workspace <> '00000000-0000-0000-0000-000000000000'::uuid then c.workspace_id = @workspace else true end
          and case when @after <> '-infinity'::timestamptz then c.connect_time >= @after else true end
          and case when @before <> '-infinity'::timestamptz then c.connect_time <= @before else true end
          and case
                  when @status = 'ongoing' then c.disconnect_time is null and c.type not in ('workspace_app', 'port_forwarding')
                  when @status = 'completed' then c.disconnect_time is not null and c.type not in ('workspace_app', 'port_forwarding')
                  else true
              end
        """;

    private const string OfReader = "\n  and c.organization_id::text = any (@readable)";
    private const string Page = "\norder by c.connect_time desc\nlimit @limit offset @offset";
    private const string CountHead = "select count(*)";
    private const string List = ListHead + Tables + Page;
    private const string ListOfReader = ListHead + Tables + OfReader + Page;
    private const string Count = CountHead + Tables;
    private const string CountOfReader = CountHead + Tables + OfReader;

    /// <summary>A page and its count.</summary>
    public static async Task<(IReadOnlyList<Guid> Ids, long Count)> ListAsync(DbSession db, NaiveSearch search, CancellationToken ct)
    {
        var rows = search.Readable is null ? await db.QueryAsync<Row>(List, search, ct) : await db.QueryAsync<Row>(ListOfReader, search, ct);
        var count = search.Readable is null
            ? await db.ScalarAsync<long>(Count, search, ct)
            : await db.ScalarAsync<long>(CountOfReader, search, ct);
        return ([.. rows.Select(r => r.Id)], count);
    }

    private const string UpsertOne = """
        insert into naive.connection_logs as l (
            id, connect_time, organization_id, workspace_owner_id, workspace_id, workspace_name, agent_name, type, ip, code, user_agent,
            user_id, slug_or_port, connection_id, disconnect_time, disconnect_reason)
        values (
            @Id, @Time, @OrganizationId, @WorkspaceOwnerId, @WorkspaceId, @WorkspaceName, @AgentName, @type::connection_type, @ip::inet, @Code,
            @UserAgent, @UserId, @SlugOrPort, @ConnectionId, case when @isEnd then @Time end, @DisconnectReason)
        on conflict (connection_id, workspace_id, agent_name) do update
        set disconnect_time = coalesce(l.disconnect_time, excluded.disconnect_time),
            disconnect_reason = coalesce(l.disconnect_reason, excluded.disconnect_reason),
            code = coalesce(l.code, excluded.code)
        returning l.id
        """;

    /// <summary>Writes an event, committed when this returns.</summary>
    public static Task UpsertAsync(DbSession db, ConnectionEvent one, CancellationToken ct) => db.ScalarAsync<Guid>(
        UpsertOne,
        new
        {
            one.Id,
            one.Time,
            one.OrganizationId,
            one.WorkspaceOwnerId,
            one.WorkspaceId,
            one.WorkspaceName,
            one.AgentName,
            type = one.Type.WireName(),
            ip = one.Ip?.ToString(),
            one.Code,
            one.UserAgent,
            one.UserId,
            one.SlugOrPort,
            one.ConnectionId,
            isEnd = one.Status == ConnectionStatus.Disconnected,
            one.DisconnectReason,
        },
        ct);

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

        public string OrganizationName { get; init; } = "";

        public string OrganizationDisplayName { get; init; } = "";

        public string OrganizationIcon { get; init; } = "";

        public string OwnerUsername { get; init; } = "";

        public string? UserUsername { get; init; }

        public string? UserEmail { get; init; }

        public string? UserName { get; init; }

        public string? UserAvatarUrl { get; init; }

        public string? UserStatus { get; init; }

        public DateTimeOffset? UserCreatedAt { get; init; }

        public DateTimeOffset? UserUpdatedAt { get; init; }

        public DateTimeOffset? UserLastSeenAt { get; init; }

        public string[]? UserRoles { get; init; }
    }
}
