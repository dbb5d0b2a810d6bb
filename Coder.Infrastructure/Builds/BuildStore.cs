using Coder.Application.Builds;
using Coder.Domain.Authorization;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Builds;

internal sealed class BuildStore(DbSession db) : IBuildStore
{
    // Apart from the reading: what waited for the lock must see what its holder wrote. Rows that refer to the workspace need not wait.
    private const string Lock = "select id from workspaces where id = @workspace for no key update";

    private const string Find = """
        select w.id as workspace_id, w.name, w.owner_id, owner.username as owner_name, w.organization_id, w.template_id, w.deleted,
               w.dormant_at is not null as is_dormant, w.user_acl::text as user_acl, w.group_acl::text as group_acl,
               last.id as latest_id, last.build_number, last.template_version_id, last.transition::text as transition,
               job.job_status::text as job_status,
               not exists (
                   select 1
                   from workspace_builds b
                   join provisioner_jobs j on j.id = b.job_id
                   where b.workspace_id = w.id
                     and (j.worker_id is not null or j.job_status not in ('canceled', 'failed') or b.provisioner_state is not null)
               ) as nothing_provisioned
        from workspaces w
        join users owner on owner.id = w.owner_id
        left join lateral (
            select b.id, b.build_number, b.template_version_id, b.transition, b.job_id
            from workspace_builds b
            where b.workspace_id = w.id
            order by b.build_number desc
            limit 1
        ) last on true
        left join provisioner_jobs job on job.id = last.job_id
        where w.id = @workspace
        """;

    public async Task<BuildTarget?> LockAsync(Guid workspace, CancellationToken cancellationToken)
    {
        await db.ExecuteAsync(Lock, new { workspace }, cancellationToken);
        return (await db.QueryOneAsync<TargetRow>(Find, new { workspace }, cancellationToken))?.ToTarget();
    }

    public Task<IReadOnlyList<ParameterValue>> ValuesAsync(Guid build, CancellationToken cancellationToken) =>
        BuildValues.ReadAsync(db, build, cancellationToken);

    private const string BuildNumber = "workspace_builds_workspace_id_build_number_key";

    private const string Add = """
        insert into workspace_builds
            (id, created_at, updated_at, workspace_id, template_version_id, build_number, transition, initiator_id, provisioner_state,
             job_id, reason, template_version_preset_id)
        values
            (@id, @createdAt, @createdAt, @workspaceId, @versionId, @number, @transition::workspace_transition, @initiatorId,
             case when @inherits then (
                 select b.provisioner_state from workspace_builds b where b.workspace_id = @workspaceId and b.build_number = @number - 1
             ) else @given::bytea end,
             @jobId, @reason::build_reason, @presetId)
        """;

    private const string AddValues = """
        insert into workspace_build_parameters (workspace_build_id, name, value)
        select @id, v.name, v.value from unnest(@names::text[], @values::text[]) v (name, value)
        """;

    public async Task<bool> AddAsync(NewBuild build, CancellationToken cancellationToken)
    {
        var row = new
        {
            build.Id,
            build.CreatedAt,
            build.WorkspaceId,
            build.VersionId,
            build.Number,
            transition = build.Transition.WireName(),
            build.InitiatorId,
            build.State.Inherits,
            build.State.Given,
            build.JobId,
            reason = build.Reason.WireName(),
            build.PresetId,
        };
        if (!await db.ExecuteUniqueAsync(Add, row, BuildNumber, cancellationToken))
        {
            return false;
        }

        if (build.Values.Count > 0)
        {
            var names = build.Values.Select(value => value.Name).ToArray();
            var values = build.Values.Select(value => value.Value).ToArray();
            await db.ExecuteAsync(AddValues, new { build.Id, names, values }, cancellationToken);
        }

        return true;
    }

    private const string MarkDeleted = "update workspaces set deleted = true, updated_at = @at where id = @workspace";

    public Task MarkDeletedAsync(Guid workspace, DateTimeOffset at, CancellationToken cancellationToken) =>
        db.ExecuteAsync(MarkDeleted, new { workspace, at }, cancellationToken);

    private const string SetState = "update workspace_builds set provisioner_state = @state, updated_at = @at where id = @build";

    public Task SetStateAsync(Guid build, ReadOnlyMemory<byte> state, DateTimeOffset at, CancellationToken cancellationToken) =>
        db.ExecuteAsync(SetState, new { build, state = state.ToArray(), at }, cancellationToken);

    // A claim is what the prebuilds user asks for of a workspace that is not theirs any more.
    private const string CountAiStarts = """
        select count(*)
        from provisioner_jobs j
        join workspace_builds b on b.job_id = j.id
        join template_versions v on v.id = b.template_version_id
        join workspaces w on w.id = b.workspace_id
        where j.completed_at is null
          and j.job_status in ('pending', 'running', 'canceling')
          and b.transition = 'start'
          and v.has_ai_task
          and not (j.initiator_id = @prebuilds and w.owner_id <> @prebuilds)
        """;

    public Task<long> CountAiStartsAsync(CancellationToken cancellationToken) =>
        db.ScalarAsync<long>(CountAiStarts, new { prebuilds = SystemActors.PrebuildsUserId }, cancellationToken);

    // A row and no advisory lock: that would be waited for with the snapshot of a transaction that repeats its reads, which does not have
    // the builds of those it waited for. A row that they have written in the meantime can not be written with such a snapshot at all.
    private const string HoldAiUsage = "update ai_usage_hold set holders = holders + 1";

    public Task HoldAiUsageAsync(CancellationToken cancellationToken) => db.ExecuteAsync(HoldAiUsage, null, cancellationToken);

    private sealed record TargetRow : WorkspaceObject
    {
        public string Name { get; init; } = "";

        public string OwnerName { get; init; } = "";

        public Guid TemplateId { get; init; }

        public bool Deleted { get; init; }

        public Guid? LatestId { get; init; }

        public int? BuildNumber { get; init; }

        public Guid? TemplateVersionId { get; init; }

        public string? Transition { get; init; }

        public string? JobStatus { get; init; }

        public bool NothingProvisioned { get; init; }

        public BuildTarget ToTarget() => new()
        {
            Id = WorkspaceId,
            Name = Name,
            OwnerId = OwnerId,
            OwnerName = OwnerName,
            OrganizationId = OrganizationId,
            TemplateId = TemplateId,
            Deleted = Deleted,
            Ref = ToObject(),
            Latest = LatestId is { } id ? ToLatest(id) : null,
        };

        private LatestBuild ToLatest(Guid id)
        {
            _ = WorkspaceTransitions.TryParse(Transition, out var transition);
            return new LatestBuild
            {
                Id = id,
                Number = BuildNumber.GetValueOrDefault(),
                VersionId = TemplateVersionId.GetValueOrDefault(),
                Transition = transition,
                JobStatus = JobStatuses.TryParse(JobStatus, out var status) ? status : Domain.Provisioning.JobStatus.Unknown,
                NothingProvisioned = NothingProvisioned,
            };
        }
    }
}
