using System.Text.Json.Nodes;

namespace Coder.Testing;

/// <summary>A template with a version whose import succeeded, as <see cref="WorkspaceRows.AddReadyTemplateAsync"/> made it.</summary>
/// <param name="Id">The template.</param>
/// <param name="VersionId">Its active version.</param>
/// <param name="OrganizationId">Where it belongs.</param>
/// <param name="FileId">What it was made from.</param>
public sealed record ReadyTemplate(Guid Id, Guid VersionId, Guid OrganizationId, Guid FileId);

/// <summary>How a job stands.</summary>
public enum RowJob
{
    /// <summary>It waits.</summary>
    Pending,

    /// <summary>A daemon has it.</summary>
    Running,

    /// <summary>It ended well.</summary>
    Succeeded,

    /// <summary>It is to be stopped.</summary>
    Canceling,

    /// <summary>It was stopped.</summary>
    Canceled,

    /// <summary>It ended badly.</summary>
    Failed,
}

/// <summary>What a workspace of a test is like; without changes one that runs since its creation.</summary>
public sealed record NewWorkspace
{
    /// <summary>The name, or <see langword="null"/> for a new one.</summary>
    public string? Name { get; init; }

    /// <summary>What its one build does.</summary>
    public string Transition { get; init; } = "start";

    /// <summary>What has become of that build.</summary>
    public RowJob Job { get; init; } = RowJob.Succeeded;

    /// <summary>Whether it is gone.</summary>
    public bool Deleted { get; init; }

    /// <summary>When it was created; also the time of its build.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was used last; by default when it was created.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Since when nobody uses it.</summary>
    public DateTimeOffset? DormantAt { get; init; }

    /// <summary>When it is deleted.</summary>
    public DateTimeOffset? DeletingAt { get; init; }

    /// <summary>When it is started.</summary>
    public string? Autostart { get; init; }

    /// <summary>How long it runs.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>When its build is stopped.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The latest deadline.</summary>
    public DateTimeOffset? MaxDeadline { get; init; }

    /// <summary>Whether its owner likes it.</summary>
    public bool Favorite { get; init; }

    /// <summary>Credits a day of its build.</summary>
    public int DailyCost { get; init; }

    /// <summary>The version of its build; by default the active one.</summary>
    public Guid? VersionId { get; init; }

    /// <summary>Whether an AI works in it.</summary>
    public bool? HasAiTask { get; init; }

    /// <summary>Whether somebody else runs an agent of it.</summary>
    public bool? HasExternalAgent { get; init; }

    /// <summary>Values of parameters of its build.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The list of users that it is shared with, as it is stored.</summary>
    public string UserAcl { get; init; } = "{}";

    /// <summary>The list of groups that it is shared with, as it is stored.</summary>
    public string GroupAcl { get; init; } = "{}";
}

/// <summary>A workspace with its build.</summary>
/// <param name="Id">The workspace.</param>
/// <param name="Name">Its name.</param>
/// <param name="OwnerId">Whose it is.</param>
/// <param name="BuildId">Its last build.</param>
/// <param name="JobId">The job of that build.</param>
public sealed record WorkspaceRow(Guid Id, string Name, Guid OwnerId, Guid BuildId, Guid JobId);

/// <summary>What an agent of a test is like; without changes one that was never heard of.</summary>
public sealed record NewAgent
{
    /// <summary>The name.</summary>
    public string Name { get; init; } = "main";

    /// <summary>How far it is.</summary>
    public string Lifecycle { get; init; } = "created";

    /// <summary>When it was first heard of.</summary>
    public DateTimeOffset? FirstConnectedAt { get; init; }

    /// <summary>When it was last heard of.</summary>
    public DateTimeOffset? LastConnectedAt { get; init; }

    /// <summary>When it was found gone.</summary>
    public DateTimeOffset? DisconnectedAt { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Whether there is no process behind it.</summary>
    public bool Simulated { get; init; }

    /// <summary>The agent that it runs in.</summary>
    public Guid? ParentId { get; init; }
}

/// <summary>
/// Puts templates, workspaces, builds and agents straight into the database, in every state that the API would take many calls to reach.
/// </summary>
/// <example>
/// <code>
/// var template = await server.Database.AddReadyTemplateAsync(organization, user.Id, ct);
/// var workspace = await server.Database.AddWorkspaceAsync(template, user.Id, new NewWorkspace { Transition = "stop" }, ct);
/// await server.Database.AddAgentAsync(workspace, new NewAgent { Simulated = true, Lifecycle = "ready" }, ct);
/// </code>
/// </example>
public static class WorkspaceRows
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 1, 11, 0, 0, TimeSpan.Zero);

    private const string InsertJob = """
        insert into provisioner_jobs
            (id, created_at, updated_at, started_at, canceled_at, completed_at, error, organization_id, initiator_id, provisioner, type,
             input, file_id)
        values ($1, $2, $2, case when $3 <> 'Pending' then $2 end, case when $3 in ('Canceling', 'Canceled') then $2 end,
            case when $3 in ('Succeeded', 'Canceled', 'Failed') then $2 end, case when $3 = 'Failed' then 'It failed.' end, $4, $5, 'echo',
            $6::provisioner_job_type, $7::jsonb, $8)
        """;

    private const string InsertTemplate = """
        insert into templates (id, created_at, updated_at, organization_id, name, provisioner, active_version_id, created_by, user_acl, group_acl)
        values ($1, $2, $2, $3, $4, 'echo', $5, $6, '{}', $7::jsonb)
        """;

    private const string InsertVersion = """
        insert into template_versions (id, template_id, organization_id, created_at, updated_at, name, job_id, created_by)
        values ($1, $2, $3, $4, $4, $5, $6, $7)
        """;

    private const string InsertWorkspace = """
        insert into workspaces
            (id, created_at, updated_at, owner_id, organization_id, template_id, deleted, name, autostart_schedule, ttl, last_used_at, dormant_at,
             deleting_at, favorite, user_acl, group_acl)
        values ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::jsonb, $15::jsonb)
        """;

    private const string InsertBuild = """
        insert into workspace_builds
            (id, created_at, updated_at, workspace_id, template_version_id, build_number, transition, initiator_id, job_id, deadline,
             max_deadline, daily_cost, has_ai_task, has_external_agent)
        select $1, $2, $2, $3, $4, coalesce((select max(build_number) from workspace_builds where workspace_id = $3), 0) + 1,
            $5::workspace_transition, $6, $7, $8, $9, $10, $11, $12
        """;

    private const string InsertParameter = "insert into workspace_build_parameters (workspace_build_id, name, value) values ($1, $2, $3)";

    private const string InsertResource = """
        insert into workspace_resources (id, created_at, job_id, transition, type, name) values ($1, $2, $3, 'start', 'container', $4)
        """;

    private const string InsertAgent = """
        insert into workspace_agents
            (id, created_at, updated_at, name, resource_id, parent_id, auth_token, architecture, operating_system, lifecycle_state,
             first_connected_at, last_connected_at, disconnected_at, simulated)
        values ($1, $2, $2, $3, $4, $5, $6, 'amd64', 'linux', $7::agent_lifecycle_state, $8, $9, $10, $11)
        """;

    /// <summary>Adds a template that everybody in its organization may use, with one version whose import succeeded.</summary>
    /// <param name="database">Where to.</param>
    /// <param name="organization">Where the template belongs.</param>
    /// <param name="user">Who made it.</param>
    /// <param name="ct">Stops the statements.</param>
    /// <param name="name">The name, or <see langword="null"/> for a new one.</param>
    public static async Task<ReadyTemplate> AddReadyTemplateAsync(
        this TestDatabase database, Guid organization, Guid user, CancellationToken ct, string? name = null)
    {
        var template = TestIds.New();
        var version = TestIds.New();
        var file = await database.AddFileAsync(user, TestIds.New().ToByteArray(), ct);
        var acl = $$"""{"{{organization}}": ["read", "use"]}""";
        await database.ExecuteAsync(InsertTemplate, ct, template, Begin, organization, name ?? $"template-{template:N}"[..32], version, user, acl);
        var added = new ReadyTemplate(template, version, organization, file);
        await database.AddVersionAsync(added, version, user, ct);
        return added;
    }

    /// <summary>Adds a version whose import succeeded. It is not the active one unless the template says so already.</summary>
    public static async Task<Guid> AddVersionAsync(this TestDatabase database, ReadyTemplate template, Guid version, Guid user, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(template);
        var input = new JsonObject { ["template_version_id"] = version.ToString() };
        var job = await database.AddJobAsync(template, user, "template_version_import", input, RowJob.Succeeded, Begin, ct);
        await database.ExecuteAsync(InsertVersion, ct, version, template.Id, template.OrganizationId, Begin, $"version-{version:N}"[..32], job, user);
        return version;
    }

    /// <summary>Adds a workspace with one build.</summary>
    public static async Task<WorkspaceRow> AddWorkspaceAsync(
        this TestDatabase database, ReadyTemplate template, Guid owner, NewWorkspace workspace, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(workspace);
        var id = TestIds.New();
        var name = workspace.Name ?? $"ws-{id:N}"[..20];
        var at = workspace.CreatedAt ?? Begin;
        await database.ExecuteAsync(
            InsertWorkspace,
            ct,
            id,
            at,
            owner,
            template.OrganizationId,
            template.Id,
            workspace.Deleted,
            name,
            OrNull(workspace.Autostart),
            OrNull(workspace.Ttl?.Ticks * 100),
            workspace.LastUsedAt ?? at,
            OrNull(workspace.DormantAt),
            OrNull(workspace.DeletingAt),
            workspace.Favorite,
            workspace.UserAcl,
            workspace.GroupAcl);
        return await database.AddBuildAsync(template, new WorkspaceRow(id, name, owner, default, default), workspace, ct);
    }

    /// <summary>Adds one more build to a workspace: transition, job, time, deadlines and parameters are taken from <paramref name="build"/>.</summary>
    public static async Task<WorkspaceRow> AddBuildAsync(
        this TestDatabase database, ReadyTemplate template, WorkspaceRow workspace, NewWorkspace build, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(build);
        var id = TestIds.New();
        var at = build.CreatedAt ?? Begin;
        var input = new JsonObject { ["workspace_build_id"] = id.ToString() };
        var job = await database.AddJobAsync(template, workspace.OwnerId, "workspace_build", input, build.Job, at, ct);
        await database.ExecuteAsync(
            InsertBuild,
            ct,
            id,
            at,
            workspace.Id,
            build.VersionId ?? template.VersionId,
            build.Transition,
            workspace.OwnerId,
            job,
            OrNull(build.Deadline),
            OrNull(build.MaxDeadline),
            build.DailyCost,
            OrNull(build.HasAiTask),
            OrNull(build.HasExternalAgent));
        foreach (var (name, value) in build.Parameters)
        {
            await database.ExecuteAsync(InsertParameter, ct, id, name, value);
        }

        return workspace with { BuildId = id, JobId = job };
    }

    /// <summary>Adds an agent, in a resource of its own, to the last build of a workspace.</summary>
    public static async Task<Guid> AddAgentAsync(this TestDatabase database, WorkspaceRow workspace, NewAgent agent, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(agent);
        var resource = TestIds.New();
        var id = TestIds.New();
        var at = agent.CreatedAt ?? Begin;
        await database.ExecuteAsync(InsertResource, ct, resource, at, workspace.JobId, $"dev-{resource:N}"[..16]);
        await database.ExecuteAsync(
            InsertAgent,
            ct,
            id,
            at,
            agent.Name,
            resource,
            OrNull(agent.ParentId),
            TestIds.New(),
            agent.Lifecycle,
            OrNull(agent.FirstConnectedAt),
            OrNull(agent.LastConnectedAt),
            OrNull(agent.DisconnectedAt),
            agent.Simulated);
        return id;
    }

    /// <summary>Adds a job of a template's archive.</summary>
    public static async Task<Guid> AddJobAsync(
        this TestDatabase database,
        ReadyTemplate template,
        Guid initiator,
        string type,
        JsonObject input,
        RowJob job,
        DateTimeOffset at,
        CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(input);
        var id = TestIds.New();
        await database.ExecuteAsync(
            InsertJob, ct, id, at, job.ToString(), template.OrganizationId, initiator, type, input.ToJsonString(), template.FileId);
        return id;
    }

    private static object OrNull(object? value) => value ?? DBNull.Value;
}
