using Coder.Application.Builds;
using Coder.Application.Licensing;
using Coder.Application.Workspaces;
using Coder.Domain.Licensing;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Workspaces;

internal sealed class WorkspaceDirectory(DbSession db, IBuildDirectory builds, IEntitlementSource entitlements, WorkspaceOptions options)
    : IWorkspaceDirectory
{
    private const string Read = """
        select w.id, w.created_at, w.updated_at, w.owner_id, u.username as owner_name, u.avatar_url as owner_avatar_url, w.organization_id,
               o.name as organization_name, w.template_id, t.name as template_name, t.display_name as template_display_name,
               t.icon as template_icon, t.active_version_id, t.allow_user_cancel_workspace_jobs, t.require_active_version,
               t.use_classic_parameter_flow, w.name, w.deleted, w.autostart_schedule, w.ttl, w.last_used_at, w.dormant_at, w.deleting_at,
               w.automatic_updates::text as automatic_updates, w.favorite, w.next_start_at, l.build_id
        from workspaces w
        join workspace_latest_builds l on l.workspace_id = w.id
        join users u on u.id = w.owner_id
        join organizations o on o.id = w.organization_id
        join templates t on t.id = w.template_id
        where w.id = any (@ids)
        """;

    public async Task<WorkspaceView?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await ReadAsync([id], cancellationToken)).GetValueOrDefault(id);

    public async Task<IReadOnlyDictionary<Guid, WorkspaceView>> ReadAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return new Dictionary<Guid, WorkspaceView>();
        }

        var rows = await db.QueryAsync<Row>(Read, new { ids = ids.ToArray() }, cancellationToken);
        var latest = await builds.ReadAsync([.. rows.Select(row => row.BuildId)], cancellationToken);
        var hasAccessControl = entitlements.Current.IsEnabled(FeatureName.AccessControl);

        // A build that is missing by now went with its workspace, between the statements.
        return rows.Where(row => latest.ContainsKey(row.BuildId)).ToDictionary(
            row => row.Id,
            row => row.ToView(latest[row.BuildId]) with
            {
                AllowRenames = options.AllowRenames,
                TemplateRequireActiveVersion = row.RequireActiveVersion && hasAccessControl,
            });
    }

    private sealed record Row
    {
        public Guid Id { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset UpdatedAt { get; init; }

        public Guid OwnerId { get; init; }

        public string OwnerName { get; init; } = "";

        public string OwnerAvatarUrl { get; init; } = "";

        public Guid OrganizationId { get; init; }

        public string OrganizationName { get; init; } = "";

        public Guid TemplateId { get; init; }

        public string TemplateName { get; init; } = "";

        public string TemplateDisplayName { get; init; } = "";

        public string TemplateIcon { get; init; } = "";

        public Guid ActiveVersionId { get; init; }

        public bool AllowUserCancelWorkspaceJobs { get; init; }

        public bool RequireActiveVersion { get; init; }

        public bool UseClassicParameterFlow { get; init; }

        public string Name { get; init; } = "";

        public bool Deleted { get; init; }

        public string? AutostartSchedule { get; init; }

        public long? Ttl { get; init; }

        public DateTimeOffset LastUsedAt { get; init; }

        public DateTimeOffset? DormantAt { get; init; }

        public DateTimeOffset? DeletingAt { get; init; }

        public string AutomaticUpdates { get; init; } = "";

        public bool Favorite { get; init; }

        public DateTimeOffset? NextStartAt { get; init; }

        public Guid BuildId { get; init; }

        public WorkspaceView ToView(BuildView build)
        {
            _ = AutomaticUpdatesNames.TryParse(AutomaticUpdates, out var updates);
            return new WorkspaceView
            {
                Id = Id,
                CreatedAt = CreatedAt,
                UpdatedAt = UpdatedAt,
                OwnerId = OwnerId,
                OwnerName = OwnerName,
                OwnerAvatarUrl = OwnerAvatarUrl,
                OrganizationId = OrganizationId,
                OrganizationName = OrganizationName,
                TemplateId = TemplateId,
                TemplateName = TemplateName,
                TemplateDisplayName = TemplateDisplayName,
                TemplateIcon = TemplateIcon,
                TemplateActiveVersionId = ActiveVersionId,
                TemplateAllowUserCancelWorkspaceJobs = AllowUserCancelWorkspaceJobs,
                TemplateUseClassicParameterFlow = UseClassicParameterFlow,
                Name = Name,
                Deleted = Deleted,
                AutostartSchedule = AutostartSchedule,
                Ttl = Durations.FromNanoseconds(Ttl),
                LastUsedAt = LastUsedAt,
                DormantAt = DormantAt,
                DeletingAt = DeletingAt,
                AutomaticUpdates = updates,
                Favorite = Favorite,
                NextStartAt = NextStartAt,
                LatestBuild = build,
            };
        }
    }
}
