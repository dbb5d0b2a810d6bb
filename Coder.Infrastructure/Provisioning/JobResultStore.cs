using System.Text.Json;
using Coder.Application.Provisioning;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.Workspaces;

namespace Coder.Infrastructure.Provisioning;

internal sealed class JobResultStore(DbSession db, NewResources newResources) : IJobResultStore
{
    private const int NanosecondsPerTick = 100;

    private const string FindJob = """
        select type::text as type, input::text as input, file_id, initiator_id
        from provisioner_jobs
        where id = @job
        """;

    public async Task<JobTask?> FindJobAsync(Guid job, CancellationToken cancellationToken) =>
        (await db.QueryOneAsync<JobRow>(FindJob, new { job }, cancellationToken))?.ToTask();

    // The workspace is locked before its schedule is read: what somebody changes in between would be overwritten. Of two equal keys of an
    // object the later one counts: the value of the build wins over the default.
    private const string FindBuild = """
        select b.id as build_id, b.transition::text as transition, w.id as workspace_id, w.name as workspace_name, w.owner_id,
               u.username as owner_name, u.email as owner_email, u.quiet_hours_schedule as quiet_hours,
               j.file_id, j.canceled_at is not null as is_canceled,
               w.ttl, w.autostart_schedule, t.default_ttl, t.activity_bump, t.allow_user_autostart, t.allow_user_autostop,
               t.autostart_block_days_of_week::integer as autostart_block_days,
               t.autostop_requirement_days_of_week::integer as autostop_days,
               t.autostop_requirement_weeks::integer as autostop_weeks,
               (select coalesce(jsonb_object_agg(v.name, v.value order by v.rank), '{}')
                from (select p.name, p.default_value as value, 1 as rank
                      from template_version_parameters p
                      where p.template_version_id = b.template_version_id
                      union all
                      select p.name, p.value, 2
                      from workspace_build_parameters p
                      where p.workspace_build_id = b.id) v)::text as parameters,
               (select coalesce(jsonb_object_agg(v.name, v.value), '{}')
                from template_version_variables v
                where v.template_version_id = b.template_version_id)::text as variables
        from workspace_builds b
        join provisioner_jobs j on j.id = b.job_id
        join workspaces w on w.id = b.workspace_id
        join templates t on t.id = w.template_id
        join users u on u.id = w.owner_id
        where b.id = @build
        for no key update of w
        """;

    public async Task<BuildFacts?> FindBuildAsync(Guid build, CancellationToken cancellationToken) =>
        (await db.QueryOneAsync<BuildRow>(FindBuild, new { build }, cancellationToken))?.ToFacts();

    private const string FindUser = "select username as name, email from users where id = @user";

    public Task<NamedUser?> FindUserAsync(Guid user, CancellationToken cancellationToken) =>
        db.QueryOneAsync<NamedUser>(FindUser, new { user }, cancellationToken);

    private const string FindBefore = $"""
        select r.type, r.name, a.name as agent, a.auth_token as token
        from workspace_builds own
        join lateral (
            select b.job_id
            from workspace_builds b
            join provisioner_jobs j on j.id = b.job_id
            where b.workspace_id = own.workspace_id and b.build_number < own.build_number and {CurrentBuilds.Counts}
            order by b.build_number desc
            limit 1
        ) last on true
        join workspace_resources r on r.job_id = last.job_id
        left join workspace_agents a on a.resource_id = r.id and not a.deleted
        where own.id = @build
        """;

    public async Task<BuildBefore> FindBeforeAsync(Guid build, CancellationToken cancellationToken)
    {
        var rows = await db.QueryAsync<BeforeRow>(FindBefore, new { build }, cancellationToken);
        var tokens = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var row in rows.Where(row => row.Agent is not null))
        {
            tokens[row.Agent!] = row.Token!.Value;
        }

        return new BuildBefore([.. rows.Select(row => (row.Type, row.Name)).Distinct()], tokens);
    }

    private const string SaveImport = """
        with version as (
            update template_versions
            set readme = coalesce(@readme, readme), has_ai_task = @hasAiTask, has_external_agent = @hasExternalAgent, updated_at = @at
            where id = @id
        ), parameters as (
            insert into template_version_parameters
                (template_version_id, name, display_name, description, type, form_type, mutable, default_value, icon, options,
                 validation_regex, validation_error, validation_min, validation_max, validation_monotonic, required, ephemeral,
                 display_order)
            select @id, p.name, p.display_name, p.description, p.type, p.form_type, p.mutable, p.default_value, p.icon, p.options,
                   p.validation_regex, p.validation_error, p.validation_min, p.validation_max, p.validation_monotonic, p.required,
                   p.ephemeral, p.display_order
            from jsonb_to_recordset(@parameters::jsonb) as p (
                name text, display_name text, description text, type text, form_type text, mutable boolean, default_value text,
                icon text, options jsonb, validation_regex text, validation_error text, validation_min integer, validation_max integer,
                validation_monotonic text, required boolean, ephemeral boolean, display_order integer)
        ), variables as (
            insert into template_version_variables
                (template_version_id, name, description, type, value, default_value, required, sensitive)
            select @id, v.name, v.description, v.type, v.value, v.default_value, v.required, v.sensitive
            from jsonb_to_recordset(@variables::jsonb) as v (
                name text, description text, type text, value text, default_value text, required boolean, sensitive boolean)
        ), presets as (
            insert into template_version_presets
                (id, template_version_id, name, created_at, desired_instances, invalidate_after_secs, scheduling_timezone, is_default,
                 description, icon)
            select p.id, @id, p.name, @at, p.desired_instances, p.invalidate_after_secs, p.scheduling_timezone, p.is_default,
                   p.description, p.icon
            from jsonb_to_recordset(@presets::jsonb) as p (
                id uuid, name text, desired_instances integer, invalidate_after_secs integer, scheduling_timezone text,
                is_default boolean, description text, icon text)
        ), preset_values as (
            insert into template_version_preset_parameters (template_version_preset_id, name, value)
            select v.preset_id, v.name, v.value
            from jsonb_to_recordset(@presetParameters::jsonb) as v (preset_id uuid, name text, value text)
        )
        insert into template_version_preset_prebuild_schedules (preset_id, cron_expression, desired_instances)
        select s.preset_id, s.cron_expression, s.desired_instances
        from jsonb_to_recordset(@schedules::jsonb) as s (preset_id uuid, cron_expression text, desired_instances integer)
        """;

    public Task SaveImportAsync(ImportedVersion version, CancellationToken cancellationToken) => db.ExecuteAsync(
        SaveImport,
        new
        {
            version.Id,
            version.At,
            version.Readme,
            version.HasAiTask,
            version.HasExternalAgent,
            parameters = ImportRows.Json(version.Parameters.Select(ImportRows.Parameter)),
            variables = ImportRows.Json(version.Variables.Select(ImportRows.Variable)),
            presets = ImportRows.Json(version.Presets.Select(ImportRows.Preset)),
            presetParameters = ImportRows.Json(version.Presets.SelectMany(ImportRows.Parameters)),
            schedules = ImportRows.Json(version.Presets.SelectMany(ImportRows.Schedules)),
        },
        cancellationToken);

    private const string SaveVariables = """
        insert into template_version_variables (template_version_id, name, description, type, value, default_value, required, sensitive)
        select @version, v.name, v.description, v.type, v.value, v.default_value, v.required, v.sensitive
        from jsonb_to_recordset(@variables::jsonb) as v (
            name text, description text, type text, value text, default_value text, required boolean, sensitive boolean)
        """;

    public Task SaveVariablesAsync(Guid version, IReadOnlyList<ResolvedVariable> variables, CancellationToken cancellationToken) =>
        db.ExecuteAsync(
            SaveVariables, new { version, variables = ImportRows.Json(variables.Select(ImportRows.Variable)) }, cancellationToken);

    public Task AddResourcesAsync(
        Guid job,
        WorkspaceTransition transition,
        IReadOnlyList<PlannedResource> resources,
        bool isRunning,
        DateTimeOffset at,
        CancellationToken cancellationToken) => newResources.AddAsync(job, transition, resources, isRunning, at, cancellationToken);

    // The last build that ended well took the place of all before it, so it is their agents that leave. Prebuilt workspaces have no
    // schedule, whoever calls.
    private const string SaveBuild = """
        with build as (
            update workspace_builds b
            set updated_at = @at, daily_cost = @dailyCost, has_ai_task = @hasAiTask, ai_task_sidebar_app_id = @sidebarAppId,
                has_external_agent = @hasExternalAgent,
                provisioner_state = coalesce(@state::bytea, b.provisioner_state, (
                    select p.provisioner_state
                    from workspace_builds p
                    where p.workspace_id = b.workspace_id and p.build_number < b.build_number
                    order by p.build_number desc
                    limit 1)),
                deadline = case when w.is_scheduled then @deadline::timestamptz else b.deadline end,
                max_deadline = case when w.is_scheduled then @maxDeadline::timestamptz else b.max_deadline end
            from (
                select id, @isScheduled and owner_id <> 'c42fdf75-3097-471c-8c33-fb52454d81c0' as is_scheduled
                from workspaces
            ) w
            where b.id = @id and w.id = b.workspace_id
            returning b.workspace_id, b.build_number, w.is_scheduled
        ), workspace as (
            update workspaces w
            set next_start_at = @nextStart::timestamptz
            from build b
            where b.is_scheduled and w.id = b.workspace_id and w.next_start_at is distinct from @nextStart::timestamptz
        )
        update workspace_agents a
        set disconnected_at = greatest(@at, a.last_connected_at), updated_at = @at
        from build b
        join workspace_builds p on p.workspace_id = b.workspace_id and p.build_number < b.build_number
        join workspace_resources r on r.job_id = p.job_id
        where p.build_number >= coalesce(
              (select e.build_number
               from workspace_builds e
               join provisioner_jobs j on j.id = e.job_id
               where e.workspace_id = b.workspace_id and e.build_number < b.build_number and j.job_status = 'succeeded'
               order by e.build_number desc
               limit 1),
              0)
          and a.resource_id = r.id
          and a.first_connected_at is not null
          and (a.disconnected_at is null or a.last_connected_at > a.disconnected_at)
        """;

    public Task SaveBuildAsync(CompletedBuild build, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(build);
        return db.ExecuteAsync(
            SaveBuild,
            new
            {
                build.Id,
                build.At,
                build.DailyCost,
                build.HasAiTask,
                build.SidebarAppId,
                build.HasExternalAgent,
                build.State,
                isScheduled = build.Schedule is not null,
                deadline = build.Schedule?.Deadline.At,
                maxDeadline = build.Schedule?.Deadline.Max,
                nextStart = build.Schedule?.NextStart,
            },
            cancellationToken);
    }

    private const string KeepState = """
        update workspace_builds b
        set updated_at = @at,
            provisioner_state = coalesce(@state::bytea, b.provisioner_state, (
                select p.provisioner_state
                from workspace_builds p
                where p.workspace_id = b.workspace_id and p.build_number < b.build_number
                order by p.build_number desc
                limit 1))
        where b.id = @build
        """;

    public Task KeepStateAsync(Guid build, byte[]? state, DateTimeOffset at, CancellationToken cancellationToken) =>
        db.ExecuteAsync(KeepState, new { build, state, at }, cancellationToken);

    private const string DeleteWorkspace = """
        update workspaces w
        set deleted = true, updated_at = @at
        from workspace_builds b
        where b.id = @build and w.id = b.workspace_id and not w.deleted
        """;

    public Task DeleteWorkspaceAsync(Guid build, DateTimeOffset at, CancellationToken cancellationToken) =>
        db.ExecuteAsync(DeleteWorkspace, new { build, at }, cancellationToken);

    private const string RecordManagedAgent = """
        insert into usage_events (id, event_type, event_data, created_at)
        values ('build:' || @build::uuid::text, 'dc_managed_agents_v1', '{"count": 1}', @at)
        on conflict (id) do nothing
        """;

    public Task RecordManagedAgentAsync(Guid build, DateTimeOffset at, CancellationToken cancellationToken) =>
        db.ExecuteAsync(RecordManagedAgent, new { build, at }, cancellationToken);

    private sealed record JobRow
    {
        public string Type { get; init; } = "";

        public string Input { get; init; } = "";

        public Guid FileId { get; init; }

        public Guid InitiatorId { get; init; }

        public JobTask ToTask() => new(JobReader.TypeOf(Type), StoredInput.Read(Input), FileId, InitiatorId);
    }

    private sealed record BuildRow
    {
        public Guid BuildId { get; init; }

        public string Transition { get; init; } = "";

        public Guid WorkspaceId { get; init; }

        public string WorkspaceName { get; init; } = "";

        public Guid OwnerId { get; init; }

        public string OwnerName { get; init; } = "";

        public string OwnerEmail { get; init; } = "";

        public string QuietHours { get; init; } = "";

        public Guid FileId { get; init; }

        public bool IsCanceled { get; init; }

        public long? Ttl { get; init; }

        public string? AutostartSchedule { get; init; }

        public long DefaultTtl { get; init; }

        public long ActivityBump { get; init; }

        public bool AllowUserAutostart { get; init; }

        public bool AllowUserAutostop { get; init; }

        public int AutostartBlockDays { get; init; }

        public int AutostopDays { get; init; }

        public int AutostopWeeks { get; init; }

        public string Parameters { get; init; } = "{}";

        public string Variables { get; init; } = "{}";

        public BuildFacts ToFacts() => new()
        {
            BuildId = BuildId,
            Transition = WorkspaceTransitions.TryParse(Transition, out var transition)
                ? transition
                : throw new InvalidOperationException($"There is no transition {Transition}."),
            WorkspaceId = WorkspaceId,
            WorkspaceName = WorkspaceName,
            OwnerId = OwnerId,
            OwnerName = OwnerName,
            OwnerEmail = OwnerEmail,
            QuietHours = QuietHours,
            FileId = FileId,
            IsCanceled = IsCanceled,
            Ttl = Ttl is { } ttl ? Duration(ttl) : null,
            AutostartSchedule = AutostartSchedule,
            Scheduling = new TemplateScheduling
            {
                DefaultTtl = Duration(DefaultTtl),
                ActivityBump = Duration(ActivityBump),
                AllowUserAutostart = AllowUserAutostart,
                AllowUserAutostop = AllowUserAutostop,
                AutostartDays = ((Weekdays)AutostartBlockDays).Inverse(),
                AutostopDays = (Weekdays)AutostopDays,
                AutostopWeeks = AutostopWeeks,
            },
            Parameters = Values(Parameters),
            Variables = Values(Variables),
        };

        private static TimeSpan Duration(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / NanosecondsPerTick);

        private static Dictionary<string, string> Values(string json) =>
            JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];
    }

    private sealed record BeforeRow
    {
        public string Type { get; init; } = "";

        public string Name { get; init; } = "";

        public string? Agent { get; init; }

        public Guid? Token { get; init; }
    }
}
