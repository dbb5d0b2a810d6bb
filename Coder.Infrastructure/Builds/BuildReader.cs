using Coder.Application.Builds;
using Coder.Domain.Common;
using Coder.Domain.Templates;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Builds;

internal sealed class BuildReader(DbSession db) : IBuildReader
{
    private const string SelectBuild = """
        select b.id, b.job_id, w.template_id, w.id as workspace_id, w.owner_id, w.organization_id, w.dormant_at is not null as is_dormant,
               w.user_acl::text as user_acl, w.group_acl::text as group_acl
        from workspace_builds b
        join workspaces w on w.id = b.workspace_id
        """;

    private const string FindBuild = SelectBuild + "\nwhere b.id = @build";

    public async Task<BuildRef?> FindAsync(Guid build, CancellationToken cancellationToken) =>
        (await db.QueryOneAsync<BuildRow>(FindBuild, new { build }, cancellationToken))?.ToBuild();

    private const string FindByNumber = SelectBuild + """

        where w.owner_id = @owner and lower(w.name) = lower(@workspace) and not w.deleted and b.build_number = @number
        """;

    public async Task<BuildRef?> FindAsync(Guid owner, string workspace, int number, CancellationToken cancellationToken) =>
        (await db.QueryOneAsync<BuildRow>(FindByNumber, new { owner, workspace, number }, cancellationToken))?.ToBuild();

    private const string FindWorkspace = """
        select w.id as workspace_id, w.owner_id, w.organization_id, w.dormant_at is not null as is_dormant, w.user_acl::text as user_acl,
               w.group_acl::text as group_acl, last.id as latest_build_id
        from workspaces w
        cross join lateral (
            select b.id from workspace_builds b where b.workspace_id = w.id order by b.build_number desc limit 1
        ) last
        where w.id = @workspace
        """;

    public async Task<BuiltWorkspace?> FindWorkspaceAsync(Guid workspace, CancellationToken cancellationToken) =>
        await db.QueryOneAsync<WorkspaceRow>(FindWorkspace, new { workspace }, cancellationToken) is { } row
            ? new BuiltWorkspace(row.WorkspaceId, row.LatestBuildId, row.ToObject())
            : null;

    private const string SelectIds = "select b.id from workspace_builds b";

    private const string LastFirst = "order by b.build_number desc limit @limit offset @offset";

    private const string AfterBuild =
        "b.build_number < (select c.build_number from workspace_builds c where c.id = @after and c.workspace_id = @workspace)";

    public Task<IReadOnlyList<Guid>> ListAsync(
        Guid workspace, Page page, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var sql = new SqlFilter()
            .And("b.workspace_id = @workspace", workspace, "workspace")
            .AndIf(page.AfterId, AfterBuild, "after")
            .AndIf(since, "b.created_at > @since", "since")
            .With("limit", page.Limit == 0 ? null : (long?)page.Limit)
            .With("offset", (long)page.Offset)
            .Between(SelectIds, LastFirst);
        return db.QueryAsync<Guid>(sql, cancellationToken);
    }

    public Task<IReadOnlyList<ParameterValue>> ValuesAsync(Guid build, CancellationToken cancellationToken) =>
        BuildValues.ReadAsync(db, build, cancellationToken);

    private const string State = "select coalesce(provisioner_state, ''::bytea) from workspace_builds where id = @build";

    public async Task<ReadOnlyMemory<byte>> StateAsync(Guid build, CancellationToken cancellationToken) =>
        await db.ScalarAsync<byte[]>(State, new { build }, cancellationToken) ?? [];

    private const string ProvisionerTimings = """
        select t.job_id, t.started_at, t.ended_at, t.stage, t.source, t.action, t.resource
        from provisioner_job_timings t
        join workspace_builds b on b.job_id = t.job_id
        where b.id = @build
        order by t.started_at, t.ended_at, t.stage, t.resource
        """;

    // An agent that was never heard of has no end yet.
    private const string ConnectionTimings = """
        select a.id as agent_id, a.name as agent_name, a.created_at as started_at, a.first_connected_at as ended_at
        from workspace_builds b
        join workspace_resources r on r.job_id = b.job_id
        join workspace_agents a on a.resource_id = r.id
        where b.id = @build and not a.deleted and a.parent_id is null and a.first_connected_at is not null
        order by a.created_at, a.name
        """;

    public async Task<BuildTimings> TimingsAsync(Guid build, CancellationToken cancellationToken) => new(
        await db.QueryAsync<ProvisionerTiming>(ProvisionerTimings, new { build }, cancellationToken),
        await db.QueryAsync<ConnectionTiming>(ConnectionTimings, new { build }, cancellationToken));

    private sealed record BuildRow : WorkspaceObject
    {
        public Guid Id { get; init; }

        public Guid JobId { get; init; }

        public Guid TemplateId { get; init; }

        public BuildRef ToBuild() => new(Id, JobId, TemplateId, ToObject());
    }

    private sealed record WorkspaceRow : WorkspaceObject
    {
        public Guid LatestBuildId { get; init; }
    }
}
