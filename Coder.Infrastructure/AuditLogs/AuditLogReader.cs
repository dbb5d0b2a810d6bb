using System.Text.Json.Nodes;
using Coder.Application.AuditLogs;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.AuditLogs;

internal sealed class AuditLogReader(DbSession db) : IAuditLogReader
{
    public Task<IReadOnlyList<AuditRecord>> ListAsync(
        ResolvedAuditFilter filter, ReadScope scope, int limit, int offset, AuditCursor? before, CancellationToken ct) =>
        ReadAsync(AuditLogStatements.List(filter, scope, limit, offset, before), ct);

    public Task<long> CountAsync(ResolvedAuditFilter filter, ReadScope scope, CancellationToken ct) =>
        db.ScalarAsync<long>(AuditLogStatements.CountOf(filter, scope), ct);

    public async Task<AuditCursor?> FindAsync(Guid id, ReadScope scope, CancellationToken ct)
    {
        if (scope.Kind == ReadScopeKind.None)
        {
            return null;
        }

        return await db.ScalarAsync<DateTime?>(AuditLogStatements.TimeOf(id, scope), ct) is { } time
            ? new AuditCursor(new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)), id)
            : null;
    }

    public Task<IReadOnlyList<AuditRecord>> NextAsync(
        ResolvedAuditFilter filter, ReadScope scope, AuditCursor? after, int limit, CancellationToken ct) =>
        ReadAsync(AuditLogStatements.Next(filter, scope, limit, after), ct);

    // The workspace of a build, agent or application stands for it. OAuth2 apps and their secrets have no tables, so that none is there.
    private const string Present = """
        select p.resource_type, p.resource_id,
               case p.resource_type
                   when 'user' then not exists (select 1 from users u where u.id = p.resource_id and not u.deleted)
                   when 'template' then not exists (select 1 from templates t where t.id = p.resource_id and not t.deleted)
                   else coalesce(w.deleted, true)
               end as is_deleted,
               owner.username as workspace_owner
        from unnest(@types::text[], @ids::uuid[]) p (resource_type, resource_id)
        left join workspace_apps app on p.resource_type = 'workspace_app' and app.id = p.resource_id
        left join workspace_agents agent on agent.id = case p.resource_type when 'workspace_agent' then p.resource_id else app.agent_id end
        left join workspace_resources resource on resource.id = agent.resource_id
        left join workspace_builds build on
            (p.resource_type = 'workspace_build' and build.id = p.resource_id) or build.job_id = resource.job_id
        left join workspaces w on w.id = case p.resource_type when 'workspace' then p.resource_id else build.workspace_id end
        left join users owner on owner.id = w.owner_id
        where p.resource_type in (
            'user', 'template', 'workspace', 'workspace_build', 'workspace_agent', 'workspace_app', 'oauth2_provider_app',
            'oauth2_provider_app_secret')
        """;

    private async Task<IReadOnlyList<AuditRecord>> ReadAsync(SqlText sql, CancellationToken ct)
    {
        var entries = (await db.QueryAsync<Row>(sql, ct)).Select(row => row.ToEntry()).ToArray();
        if (entries.Length == 0)
        {
            return [];
        }

        var resources = entries.Select(e => (Type: e.ResourceType.WireName(), e.ResourceId)).Distinct().ToArray();
        var found = await db.QueryAsync<PresentRow>(
            Present, new { types = resources.Select(r => r.Type).ToArray(), ids = resources.Select(r => r.ResourceId).ToArray() }, ct);
        var present = found.ToDictionary(row => (row.ResourceType, row.ResourceId));
        return
        [
            .. entries.Select(e => present.TryGetValue((e.ResourceType.WireName(), e.ResourceId), out var now)
                ? new AuditRecord(e, now.IsDeleted, now.WorkspaceOwner)
                : new AuditRecord(e, IsDeleted: false, WorkspaceOwner: null))
        ];
    }

    private sealed record Row
    {
        public Guid Id { get; init; }

        public DateTimeOffset Time { get; init; }

        public Guid UserId { get; init; }

        public Guid OrganizationId { get; init; }

        public string? IpAddress { get; init; }

        public string? UserAgent { get; init; }

        public string ResourceType { get; init; } = "";

        public Guid ResourceId { get; init; }

        public string ResourceTarget { get; init; } = "";

        public string ResourceIcon { get; init; } = "";

        public string Action { get; init; } = "";

        public string Diff { get; init; } = "";

        public int StatusCode { get; init; }

        public string AdditionalFields { get; init; } = "";

        public Guid RequestId { get; init; }

        public AuditEntry ToEntry() => new()
        {
            Id = Id,
            Time = Time,
            UserId = UserId,
            OrganizationId = OrganizationId,
            IpAddress = IpAddress,
            UserAgent = UserAgent,
            ResourceType = Known(AuditResourceTypes.TryParse(ResourceType, out var type), type, ResourceType),
            ResourceId = ResourceId,
            ResourceTarget = ResourceTarget,
            ResourceIcon = ResourceIcon,
            Action = Known(AuditActions.TryParse(Action, out var action), action, Action),
            Diff = Object(Diff),
            StatusCode = StatusCode,
            AdditionalFields = Object(AdditionalFields),
            RequestId = RequestId,
        };

        private static T Known<T>(bool isKnown, T value, string name) =>
            isKnown ? value : throw new InvalidOperationException($"The audit log holds {name}, which this version does not know.");

        // Old entries may hold null or nothing sensible.
        private static JsonObject Object(string json) => JsonNode.Parse(json) as JsonObject ?? [];
    }

    private sealed record PresentRow
    {
        public string ResourceType { get; init; } = "";

        public Guid ResourceId { get; init; }

        public bool IsDeleted { get; init; }

        public string? WorkspaceOwner { get; init; }
    }
}
