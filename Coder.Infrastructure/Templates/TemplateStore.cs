using System.Text.Json;
using Coder.Application.Templates;
using Coder.Domain.Authorization;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Templates;

internal sealed class TemplateStore(DbSession db) : ITemplateStore
{
    private const string Select = $"select {TemplateRow.Columns} from templates t";

    // The constant is the prebuilds user, whose workspaces nobody uses.
    private const string SelectViews = $"""
        select {TemplateRow.Columns},
               o.name as organization_name, o.display_name as organization_display_name, o.icon as organization_icon,
               u.username as created_by_name,
               (select count(distinct w.owner_id)
                from workspaces w
                where w.template_id = t.id and not w.deleted and w.owner_id <> 'c42fdf75-3097-471c-8c33-fb52454d81c0'
                    and w.last_used_at >= @since)::integer as active_users
        from templates t
        join organizations o on o.id = t.organization_id
        join users u on u.id = t.created_by
        """;

    private const string EveryWord =
        "not exists (select from unnest(@words::text[]) as word where position(word in lower(t.name)) = 0)";

    private const string HasAiTask =
        "coalesce((select v.has_ai_task from template_versions v where v.id = t.active_version_id), false) = @hasAiTask";

    private const string HasExternalAgent =
        "coalesce((select v.has_external_agent from template_versions v where v.id = t.active_version_id), false) = @hasExternalAgent";

    private static readonly ScopeColumns Scope = new(
        id: "t.id", organization: "t.organization_id", userAcl: "t.user_acl", groupAcl: "t.group_acl");

    public async Task<IReadOnlyList<TemplateView>> ListAsync(
        TemplateFilter filter, Guid? organization, ReadScope scope, DateTimeOffset since, CancellationToken ct)
    {
        if (scope.Kind == ReadScopeKind.None)
        {
            return [];
        }

        var where = new SqlFilter()
            .And("t.deleted = @deleted", filter.IsDeleted, "deleted")
            .AndScope(scope, Scope)
            .AndIf(organization, "t.organization_id = @organization", "organization")
            .AndIf(filter.Name.Count == 0 ? null : filter.Name.ToArray(), EveryWord, "words")
            .AndIf(filter.ExactName, "lower(t.name) = lower(@exactName)", "exactName")
            .AndIf(filter.Ids.Count == 0 ? null : filter.Ids.ToArray(), "t.id = any (@ids)", "ids")
            .AndIf(filter.IsDeprecated, "(t.deprecated <> '') = @deprecated", "deprecated")
            .AndIf(filter.HasAiTask, HasAiTask, "hasAiTask")
            .AndIf(filter.HasExternalAgent, HasExternalAgent, "hasExternalAgent")
            .AndIf(filter.Author, "lower(u.username) = @author", "author")
            .AndIf(filter.AuthorId, "t.created_by = @authorId", "authorId")
            .With("since", since);
        var rows = await db.QueryAsync<TemplateRow>(where.Between(SelectViews, "order by lower(t.name), t.id"), ct);
        var times = rows.Count == 0 ? null : await BuildTimesAsync([.. rows.Select(row => row.Id)], since, ct);
        return
        [
            .. rows.Select(row => row.ToView(times![row.Id].ToDictionary(
                time => time.Of, time => new BuildTimes(TimeSpan.FromSeconds(time.Median), TimeSpan.FromSeconds(time.Slow))))),
        ];
    }

    private const string SelectBuildTimes = """
        select v.template_id, b.transition::text as transition,
               percentile_disc(0.5) within group (order by extract(epoch from j.completed_at - j.started_at))::double precision as median,
               percentile_disc(0.95) within group (order by extract(epoch from j.completed_at - j.started_at))::double precision as slow
        from template_versions v
        join workspace_builds b on b.template_version_id = v.id and b.created_at >= @since
        join provisioner_jobs j on j.id = b.job_id and j.job_status = 'succeeded' and j.started_at is not null
        where v.template_id = any (@templates)
        group by v.template_id, b.transition
        """;

    private async Task<ILookup<Guid, BuildTimeRow>> BuildTimesAsync(Guid[] templates, DateTimeOffset since, CancellationToken ct) =>
        (await db.QueryAsync<BuildTimeRow>(SelectBuildTimes, new { templates, since }, ct)).ToLookup(row => row.TemplateId);

    private const string Read = Select + " where t.id = any (@ids)";

    public async Task<IReadOnlyList<Template>> ReadAsync(IReadOnlyCollection<Guid> templates, CancellationToken ct) =>
        [.. (await db.QueryAsync<TemplateRow>(Read, new { ids = templates.ToArray() }, ct)).Select(row => row.ToTemplate())];

    private const string FindByName =
        Select + " where t.organization_id = @organization and lower(t.name) = lower(@name) and not t.deleted";

    public async Task<Template?> FindByNameAsync(Guid organization, string name, CancellationToken ct) =>
        (await db.QueryOneAsync<TemplateRow>(FindByName, new { organization, name }, ct))?.ToTemplate();

    private const string Hold = Select + " where t.id = @template and not t.deleted for share";

    public async Task<Template?> HoldAsync(Guid template, CancellationToken ct) =>
        (await db.QueryOneAsync<TemplateRow>(Hold, new { template }, ct))?.ToTemplate();

    private const string Lock = Select + " where t.id = @template and not t.deleted for update";

    public async Task<Template?> LockAsync(Guid template, CancellationToken ct) =>
        (await db.QueryOneAsync<TemplateRow>(Lock, new { template }, ct))?.ToTemplate();

    private const string Add = """
        insert into templates
            (id, created_at, updated_at, organization_id, name, provisioner, active_version_id, description, default_ttl, activity_bump,
             created_by, icon, user_acl, group_acl, display_name, allow_user_cancel_workspace_jobs, allow_user_autostart,
             allow_user_autostop, failure_ttl, time_til_dormant, time_til_dormant_autodelete, autostop_requirement_days_of_week,
             autostop_requirement_weeks, autostart_block_days_of_week, require_active_version, deprecated, max_port_sharing_level,
             use_classic_parameter_flow, cors_behavior)
        values
            (@id, @createdAt, @updatedAt, @organizationId, @name, @provisioner::provisioner_type, @activeVersionId, @description,
             @defaultTtl, @activityBump, @createdBy, @icon, @userAcl::jsonb, @groupAcl::jsonb, @displayName,
             @allowUserCancelWorkspaceJobs, @allowUserAutostart, @allowUserAutostop, @failureTtl, @timeTilDormant,
             @timeTilDormantAutodelete, @autostopDays, @autostopWeeks, @autostartBlockDays, @requireActiveVersion, @deprecated,
             @maxPortSharingLevel::app_sharing_level, @useClassicParameterFlow, @corsBehavior::cors_behavior)
        on conflict do nothing
        """;

    public async Task<bool> AddAsync(Template template, CancellationToken ct) => await db.ExecuteAsync(Add, Values(template), ct) > 0;

    private const string Update = """
        update templates
        set updated_at = @updatedAt, name = @name, active_version_id = @activeVersionId, description = @description,
            default_ttl = @defaultTtl, activity_bump = @activityBump, icon = @icon, display_name = @displayName,
            allow_user_cancel_workspace_jobs = @allowUserCancelWorkspaceJobs, allow_user_autostart = @allowUserAutostart,
            allow_user_autostop = @allowUserAutostop, failure_ttl = @failureTtl, time_til_dormant = @timeTilDormant,
            time_til_dormant_autodelete = @timeTilDormantAutodelete, autostop_requirement_days_of_week = @autostopDays,
            autostop_requirement_weeks = @autostopWeeks, autostart_block_days_of_week = @autostartBlockDays,
            require_active_version = @requireActiveVersion, deprecated = @deprecated,
            max_port_sharing_level = @maxPortSharingLevel::app_sharing_level, use_classic_parameter_flow = @useClassicParameterFlow,
            cors_behavior = @corsBehavior::cors_behavior
        where id = @id
        """;

    public Task<bool> UpdateAsync(Template template, CancellationToken ct) =>
        db.ExecuteUniqueAsync(Update, Values(template), "templates_name_key", ct);

    private const string UpdateAcl = """
        update templates
        set user_acl = (user_acl - @removedUsers::text[]) || @users::jsonb,
            group_acl = (group_acl - @removedGroups::text[]) || @groups::jsonb,
            updated_at = @now
        where id = @template
        """;

    public Task UpdateAclAsync(Guid template, TemplateAclChange change, DateTimeOffset now, CancellationToken ct) => db.ExecuteAsync(
        UpdateAcl,
        new
        {
            template,
            now,
            removedUsers = Removed(change.Users),
            users = Json(change.Users),
            removedGroups = Removed(change.Groups),
            groups = Json(change.Groups),
        },
        ct);

    private const string Delete = "update templates set deleted = true, updated_at = @now where id = @template";

    public Task DeleteAsync(Guid template, DateTimeOffset now, CancellationToken ct) => db.ExecuteAsync(Delete, new { template, now }, ct);

    private static object Values(Template template) => new
    {
        template.Id,
        template.CreatedAt,
        template.UpdatedAt,
        template.OrganizationId,
        template.Name,
        provisioner = template.Provisioner.WireName(),
        template.ActiveVersionId,
        template.Description,
        template.CreatedBy,
        template.Icon,
        userAcl = Json(Grants(template.UserAcl)),
        groupAcl = Json(Grants(template.GroupAcl)),
        template.DisplayName,
        template.AllowUserCancelWorkspaceJobs,
        template.Scheduling.AllowUserAutostart,
        template.Scheduling.AllowUserAutostop,
        defaultTtl = Nanoseconds.Write(template.Scheduling.DefaultTtl),
        activityBump = Nanoseconds.Write(template.Scheduling.ActivityBump),
        failureTtl = Nanoseconds.Write(template.Scheduling.FailureTtl),
        timeTilDormant = Nanoseconds.Write(template.Scheduling.TimeTilDormant),
        timeTilDormantAutodelete = Nanoseconds.Write(template.Scheduling.TimeTilDormantAutodelete),
        autostopDays = (short)template.Scheduling.AutostopDays,
        autostopWeeks = (long)template.Scheduling.AutostopWeeks,
        autostartBlockDays = (short)template.Scheduling.AutostartDays.Inverse(),
        template.RequireActiveVersion,
        template.Deprecated,
        maxPortSharingLevel = template.MaxPortSharingLevel.WireName(),
        template.UseClassicParameterFlow,
        corsBehavior = template.CorsBehavior.WireName(),
    };

    private static IEnumerable<TemplateGrant> Grants(AccessControlList list) =>
        list.Ids.Select(id => new TemplateGrant(id, list.RoleOf(id)));

    private static string Json(IEnumerable<TemplateGrant> grants) => JsonSerializer.Serialize(grants
        .Where(grant => grant.Role != TemplateRole.None)
        .ToDictionary(grant => grant.Id.ToString(), grant => grant.Role.StoredActions(), StringComparer.Ordinal));

    private static string[] Removed(IEnumerable<TemplateGrant> grants) =>
        [.. grants.Where(grant => grant.Role == TemplateRole.None).Select(grant => grant.Id.ToString())];

    private sealed record BuildTimeRow
    {
        public Guid TemplateId { get; init; }

        public string Transition { get; init; } = "";

        public double Median { get; init; }

        public double Slow { get; init; }

        public WorkspaceTransition Of => WorkspaceTransitions.TryParse(Transition, out var transition)
            ? transition
            : throw new InvalidOperationException($"Unknown transition {Transition}.");
    }
}
