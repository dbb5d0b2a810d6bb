using Coder.Application.Common;
using Coder.Application.Provisioning;
using Coder.Domain.Authorization;
using Coder.Domain.Provisioning;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Provisioning;

/// <summary>Reads jobs with their places in the queue (docs/spec/workspaces.md, section 3.2 rule 5).</summary>
internal sealed class JobReader(DbSession db, TimeProvider time) : IJobList
{
    private const string Jobs = $"""
        select j.id, j.created_at, j.started_at, j.canceled_at, j.completed_at, coalesce(j.error, '') as error,
               coalesce(j.error_code, '') as error_code, j.job_status::text as status, j.organization_id, j.initiator_id,
               j.type::text as type, j.input::text as input, j.worker_id, coalesce(w.name, '') as worker_name, j.file_id,
               j.tags::text as tags, j.logs_overflowed, m.workers, m.matched, m.available, m.seen_at, {JobSql.Waits} as waits,
               coalesce(v.name, '') as version_name, t.id as template_id, coalesce(t.name, '') as template_name,
               coalesce(t.display_name, '') as template_display_name, coalesce(t.icon, '') as template_icon,
               s.id as workspace_id, s.name as workspace_name
        from provisioner_jobs j
        left join provisioner_daemons w on w.id = j.worker_id
        left join workspace_builds b on b.job_id = j.id
        left join workspaces s on s.id = b.workspace_id
        left join template_versions v on v.id = coalesce(b.template_version_id, (j.input ->> 'template_version_id')::uuid)
        left join templates t on t.id = v.template_id
        cross join lateral (
            select count(*)::integer as matched,
                   (count(*) filter (where d.last_seen_at >= @since))::integer as available,
                   max(d.last_seen_at) as seen_at,
                   array_agg(d.id order by d.id) filter (where d.last_seen_at >= @since and {JobSql.Waits}) as workers
            from provisioner_daemons d
            where d.organization_id = j.organization_id and j.provisioner = any (d.provisioners) and {JobSql.TagsFit}
        ) m
        """;

    private const string ReadSome = $"{Jobs}\nwhere j.id = any (@jobs)";

    // A plan for a list does not fit one job, so PostgreSQL would plan anew each time, which takes ten times as long as reading.
    private const string ReadOne = $"{Jobs}\nwhere j.id = @job";

    // What built-in daemons leave alone, see BuiltInDaemonStore.
    private const string HasOthers = $"""
        exists (
            select 1
            from kinds d
            where d.organization_id = j.organization_id and not d.built_in and 'terraform' = any (d.provisioners) and {JobSql.TagsFit})
        """;

    // Daemons of the same kind have the same queue, so it is counted once a kind.
    private const string Places = $"""
        with kinds as (
            select distinct d.organization_id, d.provisioners, d.tags, d.built_in
            from provisioner_daemons d
            where d.last_seen_at >= @since
              and d.organization_id in (
                  select j.organization_id from provisioner_jobs j where j.id = any (@jobs) and {JobSql.Waits})
        ), queued as (
            select j.id,
                   row_number() over (kind order by j.priority, j.created_at, j.id) as position,
                   count(*) over kind as size
            from kinds d
            join provisioner_jobs j on j.organization_id = d.organization_id and j.provisioner = any (d.provisioners)
            where {JobSql.Waits} and {JobSql.TagsFit} and not (d.built_in and j.provisioner = 'terraform' and {HasOthers})
            window kind as (partition by d.organization_id, d.provisioners, d.tags, d.built_in)
        )
        select distinct on (q.id) q.id, q.position::integer as position, q.size::integer as size
        from queued q
        where q.id = any (@jobs)
        order by q.id, q.position, q.size
        """;

    public async Task<IReadOnlyDictionary<Guid, JobView>> ReadAsync(IReadOnlyCollection<Guid> jobs, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        if (jobs.Count == 0)
        {
            return new Dictionary<Guid, JobView>();
        }

        var since = time.GetUtcNow().ToMicroseconds() - DaemonStatuses.StaleAfter;
        var rows = jobs.Count == 1
            ? await db.QueryAsync<Row>(ReadOne, new { job = jobs.First(), since }, ct)
            : await db.QueryAsync<Row>(ReadSome, new { jobs = jobs.ToArray(), since }, ct);
        Guid[] waiting = [.. rows.Where(row => row.Waits && row.Available > 0).Select(row => row.Id)];
        var places = waiting.Length == 0 ? [] : await db.QueryAsync<PlaceRow>(Places, new { jobs = waiting, since }, ct);
        var byJob = places.ToDictionary(place => place.Id);
        return rows.ToDictionary(row => row.Id, row => row.ToView(byJob.GetValueOrDefault(row.Id)));
    }

    private const string List = "select j.id from provisioner_jobs j";

    private static readonly ScopeColumns Columns = new(organization: "j.organization_id");

    public async Task<IReadOnlyList<Guid>> ListAsync(JobFilter filter, ReadScope scope, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var where = new SqlFilter()
            .And("j.organization_id = @organization", filter.Organization, "organization")
            .AndScope(scope, Columns)
            .With("limit", filter.Limit);
        if (filter.Ids.Count > 0)
        {
            where.And("j.id = any (@ids)", filter.Ids.ToArray(), "ids");
        }

        if (filter.Statuses.Count > 0)
        {
            where.And(
                "j.job_status::text = any (@statuses)", filter.Statuses.Select(status => status.WireName()).ToArray(), "statuses");
        }

        if (filter.Tags.Count > 0)
        {
            where.And("j.tags @> @tags::jsonb", System.Text.Json.JsonSerializer.Serialize(filter.Tags), "tags");
        }

        return await db.QueryAsync<Guid>(where.Between(List, "order by j.created_at desc, j.id desc limit @limit"), ct);
    }

    internal static JobStatus StatusOf(string name) =>
        JobStatuses.TryParse(name, out var status) ? status : throw new InvalidOperationException($"Unknown status {name}.");

    internal static JobType TypeOf(string name) =>
        JobTypes.TryParse(name, out var type) ? type : throw new InvalidOperationException($"Unknown type {name}.");

    private sealed record PlaceRow
    {
        public Guid Id { get; init; }

        public int Position { get; init; }

        public int Size { get; init; }
    }

    private sealed record Row
    {
        public Guid Id { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset? StartedAt { get; init; }

        public DateTimeOffset? CanceledAt { get; init; }

        public DateTimeOffset? CompletedAt { get; init; }

        public string Error { get; init; } = "";

        public string ErrorCode { get; init; } = "";

        public string Status { get; init; } = "";

        public Guid OrganizationId { get; init; }

        public Guid InitiatorId { get; init; }

        public string Type { get; init; } = "";

        public string Input { get; init; } = "";

        public Guid? WorkerId { get; init; }

        public string WorkerName { get; init; } = "";

        public Guid FileId { get; init; }

        public string Tags { get; init; } = "";

        public bool LogsOverflowed { get; init; }

        public bool Waits { get; init; }

        public Guid[]? Workers { get; init; }

        public int Matched { get; init; }

        public int Available { get; init; }

        public DateTimeOffset? SeenAt { get; init; }

        public string VersionName { get; init; } = "";

        public Guid? TemplateId { get; init; }

        public string TemplateName { get; init; } = "";

        public string TemplateDisplayName { get; init; } = "";

        public string TemplateIcon { get; init; } = "";

        public Guid? WorkspaceId { get; init; }

        public string? WorkspaceName { get; init; }

        public JobView ToView(PlaceRow? place) => new()
        {
            Id = Id,
            CreatedAt = CreatedAt,
            StartedAt = StartedAt,
            CanceledAt = CanceledAt,
            CompletedAt = CompletedAt,
            Error = Error,
            ErrorCode = ErrorCode,
            Status = StatusOf(Status),
            OrganizationId = OrganizationId,
            InitiatorId = InitiatorId,
            Type = TypeOf(Type),
            Input = StoredInput.Read(Input),
            WorkerId = WorkerId,
            WorkerName = WorkerName,
            FileId = FileId,
            Tags = StoredInput.ReadTags(Tags),
            LogsOverflowed = LogsOverflowed,
            QueuePosition = place?.Position ?? 0,
            QueueSize = place?.Size ?? 0,
            AvailableWorkers = Workers ?? [],
            Matched = new MatchedDaemons(Matched, Available, SeenAt),
            Subject = new JobSubject
            {
                TemplateVersionName = VersionName,
                TemplateId = TemplateId,
                TemplateName = TemplateName,
                TemplateDisplayName = TemplateDisplayName,
                TemplateIcon = TemplateIcon,
                WorkspaceId = WorkspaceId,
                WorkspaceName = WorkspaceName,
            },
        };
    }
}
