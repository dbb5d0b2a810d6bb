using System.Text.Json;
using Coder.Application.Provisioning;
using Coder.Domain.Authorization;
using Coder.Domain.Provisioning;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Provisioning;

internal sealed class DaemonStore(DbSession db) : IDaemonStore
{
    private const string Register = """
        insert into provisioner_daemons
            (id, created_at, name, provisioners, tags, last_seen_at, version, organization_id, key_id, registered_by)
        values (
            @id, @at, @name, @provisioners::provisioner_type[], @tags::jsonb, @at, @version, @organizationId, @keyId, @registeredBy)
        on conflict (organization_id, name, lower(coalesce(tags ->> 'owner', ''))) do update
        set provisioners = excluded.provisioners, tags = excluded.tags, last_seen_at = excluded.last_seen_at,
            version = excluded.version, key_id = excluded.key_id, registered_by = excluded.registered_by
        where not provisioner_daemons.built_in
          and (@takesOver
              or (provisioner_daemons.key_id is not distinct from excluded.key_id
                  and provisioner_daemons.registered_by is not distinct from excluded.registered_by)
              or (coalesce(provisioner_daemons.last_seen_at, provisioner_daemons.created_at) <= @givenUpSince
                  and not exists (
                      select 1 from provisioner_jobs j where j.worker_id = provisioner_daemons.id and j.completed_at is null)))
        returning id
        """;

    public async Task<RegisteredDaemon?> RegisterAsync(NewDaemon daemon, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(daemon);
        var registered = await db.ScalarAsync<Guid?>(
            Register,
            new
            {
                daemon.Id,
                daemon.At,
                daemon.Name,
                provisioners = daemon.Provisioners.Select(type => type.WireName()).ToArray(),
                tags = StoredInput.Write(daemon.Tags),
                daemon.Version,
                daemon.OrganizationId,
                daemon.KeyId,
                daemon.RegisteredBy,
                daemon.TakesOver,
                daemon.GivenUpSince,
            },
            cancellationToken);
        if (registered is not { } id)
        {
            return null;
        }

        var stored = await FindAsync(id, cancellationToken) ?? throw new InvalidOperationException("A daemon is gone.");
        return new RegisteredDaemon(stored, id == daemon.Id);
    }

    private const string IsBuiltIn = """
        select exists (select 1 from provisioner_daemons where organization_id = @organization and name = @name and built_in)
        """;

    public Task<bool> IsBuiltInAsync(Guid organization, string name, CancellationToken cancellationToken) =>
        db.ScalarAsync<bool>(IsBuiltIn, new { organization, name }, cancellationToken);

    private const string Find = """
        select d.id, d.created_at, d.last_seen_at, d.name, d.version, d.api_version, d.provisioners::text[] as provisioners,
               d.tags::text as tags, d.organization_id, d.key_id, k.name as key_name, d.registered_by, d.built_in
        from provisioner_daemons d
        left join provisioner_keys k on k.id = d.key_id
        where d.id = @id
        """;

    public async Task<ProvisionerDaemon?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await db.QueryOneAsync<Row>(Find, new { id }, cancellationToken))?.ToDaemon();

    private const string Seen = """
        update provisioner_daemons
        set last_seen_at = @at
        where id = @id and (last_seen_at is null or last_seen_at <= @before)
        """;

    public Task SeenAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken) =>
        db.ExecuteAsync(Seen, new { id, at, before = at - TimeSpan.FromSeconds(1) }, cancellationToken);

    private const string Forget = """
        delete from provisioner_daemons d
        where coalesce(d.last_seen_at, d.created_at) <= @unseenSince
          and not exists (select 1 from provisioner_jobs j where j.worker_id = d.id and j.completed_at is null)
        """;

    public Task<int> ForgetAsync(DateTimeOffset unseenSince, CancellationToken cancellationToken) =>
        db.ExecuteAsync(Forget, new { unseenSince }, cancellationToken);

    private const string Select = """
        select d.id, d.created_at, d.last_seen_at, d.name, d.version, d.api_version, d.provisioners::text[] as provisioners,
               d.tags::text as tags, d.organization_id, d.key_id, k.name as key_name, d.registered_by, d.built_in,
               c.id as current_id, c.status as current_status, c.template_id as current_template,
               p.id as previous_id, p.status as previous_status, p.template_id as previous_template
        from provisioner_daemons d
        left join provisioner_keys k on k.id = d.key_id
        left join lateral (
            select j.id, j.job_status::text as status, v.template_id
            from provisioner_jobs j
            left join workspace_builds b on b.job_id = j.id
            left join template_versions v on v.id = coalesce(b.template_version_id, (j.input ->> 'template_version_id')::uuid)
            where j.worker_id = d.id and j.completed_at is null
            order by j.started_at desc
            limit 1
        ) c on true
        left join lateral (
            select j.id, j.job_status::text as status, v.template_id
            from provisioner_jobs j
            left join workspace_builds b on b.job_id = j.id
            left join template_versions v on v.id = coalesce(b.template_version_id, (j.input ->> 'template_version_id')::uuid)
            where j.worker_id = d.id and j.completed_at is not null
            order by j.started_at desc
            limit 1
        ) p on true
        """;

    private static readonly ScopeColumns Columns =
        new(id: "d.id", organization: "d.organization_id", owner: "nullif(d.tags ->> 'owner', '')::uuid");

    public async Task<IReadOnlyList<ProvisionerDaemon>> ListAsync(
        DaemonFilter filter, ReadScope scope, ReadScope templates, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var where = new SqlFilter()
            .And("d.organization_id = @organization", filter.Organization, "organization")
            .AndScope(scope, Columns)
            .With("limit", filter.Limit);
        if (filter.Ids.Count > 0)
        {
            where.And("d.id = any (@ids)", filter.Ids.ToArray(), "ids");
        }

        if (filter.Statuses.Count > 0)
        {
            where
                .And(
                    """
                    case
                        when d.last_seen_at is null or d.last_seen_at < @since then 'offline'
                        when c.id is null then 'idle'
                        else 'busy'
                    end = any (@statuses) or coalesce(c.status, p.status) = any (@statuses)
                    """,
                    filter.Statuses.ToArray(),
                    "statuses")
                .With("since", now - DaemonStatuses.StaleAfter);
        }

        if (filter.Tags.Count > 0)
        {
            where.And("d.tags @> @tags::jsonb", JsonSerializer.Serialize(filter.Tags), "tags");
        }

        var rows = await db.QueryAsync<Row>(
            where.Between(Select, "order by d.last_seen_at desc nulls last, d.id limit @limit"), cancellationToken);
        var names = await NamesAsync(rows, templates, cancellationToken);
        return [.. rows.Select(row => row.ToDaemon() with
        {
            CurrentJob = Job(row.CurrentId, row.CurrentStatus, row.CurrentTemplate, names),
            PreviousJob = Job(row.PreviousId, row.PreviousStatus, row.PreviousTemplate, names),
        })];
    }

    private const string SelectNames = "select t.id, t.name, t.icon, t.display_name from templates t";

    private static readonly ScopeColumns TemplateColumns =
        new(id: "t.id", organization: "t.organization_id", userAcl: "t.user_acl", groupAcl: "t.group_acl");

    private async Task<IReadOnlyDictionary<Guid, NameRow>> NamesAsync(IReadOnlyList<Row> rows, ReadScope scope, CancellationToken ct)
    {
        var templates = rows.SelectMany(row => new[] { row.CurrentTemplate, row.PreviousTemplate }).OfType<Guid>().Distinct().ToArray();
        if (templates.Length == 0 || scope.Kind == ReadScopeKind.None)
        {
            return new Dictionary<Guid, NameRow>();
        }

        var where = new SqlFilter().And("t.id = any (@templates)", templates, "templates").AndScope(scope, TemplateColumns);
        return (await db.QueryAsync<NameRow>(where.Between(SelectNames), ct)).ToDictionary(row => row.Id);
    }

    private static DaemonJob? Job(Guid? job, string status, Guid? template, IReadOnlyDictionary<Guid, NameRow> names)
    {
        var name = template is { } id && names.TryGetValue(id, out var found) ? found : new NameRow();
        return job is { } known ? new DaemonJob(known, JobReader.StatusOf(status), name.Name, name.Icon, name.DisplayName) : null;
    }

    private const string FindKey = """
        select id, organization_id, tags::text as tags
        from provisioner_keys
        where hashed_secret = @hashedSecret
        """;

    public async Task<ProvisionerKeyFacts?> FindKeyAsync(byte[] hashedSecret, CancellationToken cancellationToken) =>
        await db.QueryOneAsync<KeyRow>(FindKey, new { hashedSecret }, cancellationToken) is { } row
            ? new ProvisionerKeyFacts(
                row.Id, row.OrganizationId, JsonSerializer.Deserialize<Dictionary<string, string>>(row.Tags)!, hashedSecret)
            : null;

    private sealed record NameRow
    {
        public Guid Id { get; init; }

        public string Name { get; init; } = "";

        public string Icon { get; init; } = "";

        public string DisplayName { get; init; } = "";
    }

    private sealed record KeyRow
    {
        public Guid Id { get; init; }

        public Guid OrganizationId { get; init; }

        public string Tags { get; init; } = "";
    }

    private sealed record Row
    {
        public Guid Id { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset? LastSeenAt { get; init; }

        public string Name { get; init; } = "";

        public string Version { get; init; } = "";

        public string ApiVersion { get; init; } = "";

        public string[] Provisioners { get; init; } = [];

        public string Tags { get; init; } = "";

        public Guid OrganizationId { get; init; }

        public Guid? KeyId { get; init; }

        public string? KeyName { get; init; }

        public Guid? RegisteredBy { get; init; }

        public bool BuiltIn { get; init; }

        public Guid? CurrentId { get; init; }

        public string CurrentStatus { get; init; } = "";

        public Guid? CurrentTemplate { get; init; }

        public Guid? PreviousId { get; init; }

        public string PreviousStatus { get; init; } = "";

        public Guid? PreviousTemplate { get; init; }

        public ProvisionerDaemon ToDaemon() => new()
        {
            Id = Id,
            CreatedAt = CreatedAt,
            LastSeenAt = LastSeenAt,
            Name = Name,
            Version = Version,
            ApiVersion = ApiVersion,
            Provisioners = Provisioners,
            Tags = StoredInput.ReadTags(Tags),
            OrganizationId = OrganizationId,
            KeyId = KeyId,
            KeyName = KeyName,
            RegisteredBy = RegisteredBy,
            IsBuiltIn = BuiltIn,
        };
    }
}
