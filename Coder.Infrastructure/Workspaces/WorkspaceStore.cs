using Coder.Application.Workspaces;
using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Workspaces;

internal sealed class WorkspaceStore(DbSession db) : IWorkspaceStore
{
    private const string NotPrebuilt = "owner_id <> 'c42fdf75-3097-471c-8c33-fb52454d81c0'";

    private const string Select = """
        select w.id, w.created_at, w.updated_at, w.owner_id, w.organization_id, w.template_id, w.deleted, w.name, w.autostart_schedule, w.ttl,
               w.last_used_at, w.dormant_at, w.deleting_at, w.automatic_updates::text as automatic_updates, w.favorite, w.next_start_at,
               w.user_acl::text as user_acl, w.group_acl::text as group_acl
        from workspaces w
        """;

    private const string Find = Select + "\nwhere w.id = @id";

    public async Task<StoredWorkspace?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await db.QueryOneAsync<Row>(Find, new { id }, cancellationToken))?.ToWorkspace();

    private const string FindByName = Select + "\nwhere w.owner_id = @owner and lower(w.name) = lower(@name) and not w.deleted";

    private const string FindByNameEver = Select + """

        where w.owner_id = @owner and lower(w.name) = lower(@name)
        order by w.deleted, w.updated_at desc, w.created_at desc
        limit 1
        """;

    public async Task<StoredWorkspace?> FindByNameAsync(Guid owner, string name, bool withDeleted, CancellationToken cancellationToken)
    {
        var row = withDeleted
            ? await db.QueryOneAsync<Row>(FindByNameEver, new { owner, name }, cancellationToken)
            : await db.QueryOneAsync<Row>(FindByName, new { owner, name }, cancellationToken);
        return row?.ToWorkspace();
    }

    // Rows that refer to the workspace need not wait.
    private const string Lock = Select + "\nwhere w.id = @id\nfor no key update";

    public async Task<StoredWorkspace?> LockAsync(Guid id, CancellationToken cancellationToken) =>
        (await db.QueryOneAsync<Row>(Lock, new { id }, cancellationToken))?.ToWorkspace();

    private const string LatestBuild = """
        select b.id, b.template_version_id, b.transition::text as transition, l.job_status::text as job_status, b.deadline, b.max_deadline
        from workspace_latest_builds l
        join workspace_builds b on b.id = l.build_id
        where l.workspace_id = @workspace
        """;

    public async Task<BuildTimes?> LatestBuildAsync(Guid workspace, CancellationToken cancellationToken) =>
        (await db.QueryOneAsync<BuildRow>(LatestBuild, new { workspace }, cancellationToken))?.ToBuild();

    private const string CurrentBuild = $"""
        select b.id, b.template_version_id, b.transition::text as transition, j.job_status::text as job_status, b.deadline, b.max_deadline
        from workspace_builds b
        join provisioner_jobs j on j.id = b.job_id
        where b.workspace_id = @workspace and {CurrentBuilds.Counts}
        order by b.build_number desc
        limit 1
        """;

    public async Task<BuildTimes?> CurrentBuildAsync(Guid workspace, CancellationToken cancellationToken) =>
        (await db.QueryOneAsync<BuildRow>(CurrentBuild, new { workspace }, cancellationToken))?.ToBuild();

    private const string Rename = "update workspaces set name = @name, updated_at = @now where id = @id";

    public Task<bool> RenameAsync(Guid id, string name, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.ExecuteUniqueAsync(Rename, new { id, name, now }, "workspaces_name_key", cancellationToken);

    private const string SetAutostart = $"""
        update workspaces set autostart_schedule = @schedule, next_start_at = @nextStartAt, updated_at = @now where id = @id and {NotPrebuilt}
        """;

    public Task SetAutostartAsync(
        Guid id, string? schedule, DateTimeOffset? nextStartAt, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.ExecuteAsync(SetAutostart, new { id, schedule, nextStartAt, now }, cancellationToken);

    private const string SetTtl = $"update workspaces set ttl = @ttl, updated_at = @now where id = @id and {NotPrebuilt}";

    public Task SetTtlAsync(Guid id, TimeSpan? ttl, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.ExecuteAsync(SetTtl, new { id, ttl = Durations.ToNanoseconds(ttl), now }, cancellationToken);

    private const string SetDormancy = $"""
        update workspaces
        set dormant_at = @dormantAt, deleting_at = @deletingAt, last_used_at = @lastUsedAt, next_start_at = @nextStartAt, updated_at = @now
        where id = @id and {NotPrebuilt}
        """;

    public Task SetDormancyAsync(
        Guid id,
        Dormancy dormancy,
        DateTimeOffset lastUsedAt,
        DateTimeOffset? nextStartAt,
        DateTimeOffset now,
        CancellationToken cancellationToken) => db.ExecuteAsync(
        SetDormancy, new { id, dormancy.DormantAt, dormancy.DeletingAt, lastUsedAt, nextStartAt, now }, cancellationToken);

    private const string SetAutomaticUpdates =
        "update workspaces set automatic_updates = @updates::automatic_updates, updated_at = @now where id = @id";

    public Task SetAutomaticUpdatesAsync(Guid id, AutomaticUpdates updates, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.ExecuteAsync(SetAutomaticUpdates, new { id, updates = updates.WireName(), now }, cancellationToken);

    private const string SetFavorite = "update workspaces set favorite = @favorite where id = @id";

    public Task SetFavoriteAsync(Guid id, bool favorite, CancellationToken cancellationToken) =>
        db.ExecuteAsync(SetFavorite, new { id, favorite }, cancellationToken);

    private const string SetShares =
        "update workspaces set user_acl = @users::jsonb, group_acl = @groups::jsonb, updated_at = @now where id = @id";

    public Task SetSharesAsync(
        Guid id, WorkspaceShares users, WorkspaceShares groups, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.ExecuteAsync(SetShares, new { id, users = users.ToJson(), groups = groups.ToJson(), now }, cancellationToken);

    private const string Touch = $"update workspaces set last_used_at = @now where id = @id and last_used_at < @now and {NotPrebuilt}";

    public Task TouchAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.ExecuteAsync(Touch, new { id, now }, cancellationToken);

    private const string SetDeadline = $"""
        update workspace_builds b
        set deadline = @deadline, updated_at = @now
        from workspaces w
        where b.id = @build and w.id = b.workspace_id and w.{NotPrebuilt}
        """;

    public Task SetDeadlineAsync(Guid build, DateTimeOffset? deadline, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.ExecuteAsync(SetDeadline, new { build, deadline, now }, cancellationToken);

    // Of two uses at once the later deadline holds, and a limit or the end of all deadlines that came in between is kept.
    private const string Bump = $"""
        update workspace_builds b
        set deadline = @deadline, updated_at = @now
        from workspaces w
        where b.id = @build and b.deadline < @deadline and (b.max_deadline is null or @deadline <= b.max_deadline)
          and w.id = b.workspace_id and w.{NotPrebuilt}
        """;

    public Task BumpAsync(Guid build, DateTimeOffset deadline, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.ExecuteAsync(Bump, new { build, deadline, now }, cancellationToken);

    private sealed record Row
    {
        public Guid Id { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset UpdatedAt { get; init; }

        public Guid OwnerId { get; init; }

        public Guid OrganizationId { get; init; }

        public Guid TemplateId { get; init; }

        public bool Deleted { get; init; }

        public string Name { get; init; } = "";

        public string? AutostartSchedule { get; init; }

        public long? Ttl { get; init; }

        public DateTimeOffset LastUsedAt { get; init; }

        public DateTimeOffset? DormantAt { get; init; }

        public DateTimeOffset? DeletingAt { get; init; }

        public string AutomaticUpdates { get; init; } = "";

        public bool Favorite { get; init; }

        public DateTimeOffset? NextStartAt { get; init; }

        public string UserAcl { get; init; } = "";

        public string GroupAcl { get; init; } = "";

        public StoredWorkspace ToWorkspace()
        {
            _ = AutomaticUpdatesNames.TryParse(AutomaticUpdates, out var updates);
            return new StoredWorkspace
            {
                Id = Id,
                CreatedAt = CreatedAt,
                UpdatedAt = UpdatedAt,
                OwnerId = OwnerId,
                OrganizationId = OrganizationId,
                TemplateId = TemplateId,
                Deleted = Deleted,
                Name = Name,
                AutostartSchedule = AutostartSchedule,
                Ttl = Durations.FromNanoseconds(Ttl),
                LastUsedAt = LastUsedAt,
                Dormancy = new Dormancy(DormantAt, DeletingAt),
                AutomaticUpdates = updates,
                Favorite = Favorite,
                NextStartAt = NextStartAt,
                UserAcl = UserAcl,
                GroupAcl = GroupAcl,
            };
        }
    }

    private sealed record BuildRow
    {
        public Guid Id { get; init; }

        public Guid TemplateVersionId { get; init; }

        public string Transition { get; init; } = "";

        public string JobStatus { get; init; } = "";

        public DateTimeOffset? Deadline { get; init; }

        public DateTimeOffset? MaxDeadline { get; init; }

        public BuildTimes ToBuild()
        {
            _ = WorkspaceTransitions.TryParse(Transition, out var transition);
            _ = JobStatuses.TryParse(JobStatus, out var status);
            return new BuildTimes
            {
                Id = Id,
                TemplateVersionId = TemplateVersionId,
                Transition = transition,
                JobStatus = status,
                Deadline = new Deadline(Deadline, MaxDeadline),
            };
        }
    }
}
