using Coder.Application.Builds;
using Coder.Application.Provisioning;
using Coder.Application.Workspaces;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Builds;

internal sealed class BuildDirectory(DbSession db, IJobQueue queue, IResourceDirectory resources) : IBuildDirectory
{
    // Names of people are not foreign keys: what they did outlives them.
    private const string Read = """
        select b.id, b.created_at, b.updated_at, b.workspace_id, w.name as workspace_name, w.owner_id, owner.username as owner_name,
               owner.avatar_url as owner_avatar_url, w.organization_id, w.template_id, b.template_version_id,
               v.name as template_version_name, b.template_version_preset_id as preset_id, b.build_number, b.transition::text as transition,
               b.reason::text as reason, b.initiator_id, coalesce(initiator.username, '') as initiator_name, b.deadline, b.max_deadline,
               b.daily_cost, b.has_ai_task, b.ai_task_sidebar_app_id, b.has_external_agent, b.job_id
        from workspace_builds b
        join workspaces w on w.id = b.workspace_id
        join users owner on owner.id = w.owner_id
        join template_versions v on v.id = b.template_version_id
        left join users initiator on initiator.id = b.initiator_id
        where b.id = any (@builds)
        """;

    public async Task<IReadOnlyDictionary<Guid, BuildView>> ReadAsync(
        IReadOnlyCollection<Guid> builds, CancellationToken cancellationToken)
    {
        if (builds.Count == 0)
        {
            return new Dictionary<Guid, BuildView>();
        }

        var rows = await db.QueryAsync<Row>(Read, new { builds = builds.ToArray() }, cancellationToken);
        var jobIds = rows.Select(row => row.JobId).ToArray();
        var jobs = await queue.ReadAsync(jobIds, cancellationToken);
        var left = await resources.ReadAsync(jobIds, cancellationToken);

        // A job that is missing by now went with its organization, between the statements.
        return rows.Where(row => jobs.ContainsKey(row.JobId)).ToDictionary(
            row => row.Id, row => row.ToView(jobs[row.JobId], left.GetValueOrDefault(row.JobId, [])));
    }

    private sealed record Row
    {
        public Guid Id { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset UpdatedAt { get; init; }

        public Guid WorkspaceId { get; init; }

        public string WorkspaceName { get; init; } = "";

        public Guid OwnerId { get; init; }

        public string OwnerName { get; init; } = "";

        public string OwnerAvatarUrl { get; init; } = "";

        public Guid OrganizationId { get; init; }

        public Guid TemplateId { get; init; }

        public Guid TemplateVersionId { get; init; }

        public string TemplateVersionName { get; init; } = "";

        public Guid? PresetId { get; init; }

        public int BuildNumber { get; init; }

        public string Transition { get; init; } = "";

        public string Reason { get; init; } = "";

        public Guid InitiatorId { get; init; }

        public string InitiatorName { get; init; } = "";

        public DateTimeOffset? Deadline { get; init; }

        public DateTimeOffset? MaxDeadline { get; init; }

        public int DailyCost { get; init; }

        public bool? HasAiTask { get; init; }

        public Guid? AiTaskSidebarAppId { get; init; }

        public bool? HasExternalAgent { get; init; }

        public Guid JobId { get; init; }

        public BuildView ToView(JobView job, IReadOnlyList<ResourceView> left)
        {
            _ = WorkspaceTransitions.TryParse(Transition, out var transition);
            _ = BuildReasons.TryParse(Reason, out var reason);
            return new BuildView
            {
                Id = Id,
                CreatedAt = CreatedAt,
                UpdatedAt = UpdatedAt,
                WorkspaceId = WorkspaceId,
                WorkspaceName = WorkspaceName,
                OwnerId = OwnerId,
                OwnerName = OwnerName,
                OwnerAvatarUrl = OwnerAvatarUrl,
                OrganizationId = OrganizationId,
                TemplateId = TemplateId,
                TemplateVersionId = TemplateVersionId,
                TemplateVersionName = TemplateVersionName,
                PresetId = PresetId,
                BuildNumber = BuildNumber,
                Transition = transition,
                Reason = reason,
                InitiatorId = InitiatorId,
                InitiatorName = InitiatorName,
                Deadline = Deadline,
                MaxDeadline = MaxDeadline,
                DailyCost = DailyCost,
                HasAiTask = HasAiTask,
                AiTaskSidebarAppId = AiTaskSidebarAppId,
                HasExternalAgent = HasExternalAgent,
                Job = job,
                Resources = left,
            };
        }
    }
}
