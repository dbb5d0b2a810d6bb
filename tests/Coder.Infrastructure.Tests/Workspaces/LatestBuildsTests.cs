using Coder.Application.Workspaces;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.Workspaces;
using Coder.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests.Workspaces;

/// <summary>The narrow table of latest builds, which triggers keep: docs/spec/workspaces.md, section 13 rule 6.</summary>
public sealed class LatestBuildsTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private const string Differences = """
        with truth as (
            select distinct on (b.workspace_id) b.workspace_id, b.id, b.build_number, b.job_id, b.template_version_id, b.transition, j.job_status
            from workspace_builds b
            join provisioner_jobs j on j.id = b.job_id
            order by b.workspace_id, b.build_number desc)
        select count(*) from (
            (select * from truth except
             select workspace_id, build_id, build_number, job_id, template_version_id, transition, job_status from workspace_latest_builds)
            union all
            (select workspace_id, build_id, build_number, job_id, template_version_id, transition, job_status from workspace_latest_builds
             except select * from truth)) d
        """;

    private const string Status = "select transition::text || ' ' || job_status::text from workspace_latest_builds where workspace_id = $1";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestDatabase Database => fixture.Database;

    [Fact]
    public async Task The_table_follows_builds_and_their_jobs()
    {
        var (template, user) = await PrepareAsync();
        var workspace = await Database.AddWorkspaceAsync(template, user, new NewWorkspace { Job = RowJob.Pending }, Ct);
        var pending = await StatusAsync(workspace);

        await Database.ExecuteAsync("update provisioner_jobs set started_at = now() where id = $1", Ct, workspace.JobId);
        var running = await StatusAsync(workspace);
        await Database.ExecuteAsync("update provisioner_jobs set completed_at = now() where id = $1", Ct, workspace.JobId);
        var succeeded = await StatusAsync(workspace);
        var next = await Database.AddBuildAsync(template, workspace, new NewWorkspace { Transition = "stop", Job = RowJob.Failed }, Ct);
        var failed = await StatusAsync(workspace);
        await Database.ExecuteAsync("update provisioner_jobs set error = 'late' where id = $1", Ct, workspace.JobId);

        (pending, running, succeeded, failed, await StatusAsync(workspace)).Should().Be(
            ("start pending", "start running", "start succeeded", "stop failed", "stop failed"));
        (await Database.ScalarAsync<long>(Differences, Ct)).Should().Be(0);

        await Database.ExecuteAsync("delete from workspace_builds where id = $1", Ct, next.BuildId);
        (await StatusAsync(workspace)).Should().Be("start failed");
        await Database.ExecuteAsync("delete from workspaces where id = $1", Ct, workspace.Id);
        (await StatusAsync(workspace)).Should().BeNull();
        (await Database.ScalarAsync<long>(Differences, Ct)).Should().Be(0);
    }

    [Fact]
    public async Task A_status_is_found_by_the_index()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        var user = await database.AddUserAsync(new NewTestUser(), DateTimeOffset.UnixEpoch, Ct);
        var template = await database.AddReadyTemplateAsync(await OrganizationAsync(database), user.Id, Ct);
        await FillAsync(database, template, user.Id);
        var query = new WorkspaceQuery
        {
            Filter = new WorkspaceFilter { Status = WorkspaceStatus.Failed },
            Me = user.Id,
            Workspaces = ReadScope.All,
            Dormant = ReadScope.All,
            Now = DateTimeOffset.UnixEpoch,
        };

        var (list, count) = WorkspaceList.Statements(query, new Page(25));

        (await ExplainAsync(database, list)).Should().Contain("workspace_latest_builds_status_idx");
        (await ExplainAsync(database, count)).Should().Contain("workspace_latest_builds_status_idx");
    }

    private async Task<string?> StatusAsync(WorkspaceRow workspace) => await Database.ScalarAsync<string>(Status, Ct, workspace.Id);

    private async Task<(ReadyTemplate Template, Guid User)> PrepareAsync()
    {
        var user = await Database.AddUserAsync(new NewTestUser(), DateTimeOffset.UnixEpoch, Ct);
        return (await Database.AddReadyTemplateAsync(await OrganizationAsync(Database), user.Id, Ct), user.Id);
    }

    private static async Task<Guid> OrganizationAsync(TestDatabase database) =>
        await database.ScalarAsync<Guid>("select id from organizations where is_default", Ct);

    // 10,000 workspaces, of which one in two hundred failed.
    private static async Task FillAsync(TestDatabase database, ReadyTemplate template, Guid user)
    {
        await database.ExecuteAsync(
            """
            insert into provisioner_jobs
                (id, created_at, updated_at, started_at, completed_at, error, organization_id, initiator_id, provisioner, type, input, file_id)
            select ('aaaaaaaa-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, now(), now(), now(), now(), case when n % 200 = 0 then 'failed' end, $1, $2, 'echo',
                   'workspace_build', '{}', $3
            from generate_series(1, 10000) n
            """,
            Ct,
            template.OrganizationId,
            user,
            template.FileId);
        await database.ExecuteAsync(
            """
            insert into workspaces (id, created_at, updated_at, owner_id, organization_id, template_id, name)
            select ('bbbbbbbb-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, now(), now(), $1, $2, $3, 'w' || n from generate_series(1, 10000) n
            """,
            Ct,
            user,
            template.OrganizationId,
            template.Id);
        await database.ExecuteAsync(
            """
            insert into workspace_builds
                (id, created_at, updated_at, workspace_id, template_version_id, build_number, transition, initiator_id, job_id)
            select ('cccccccc-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, now(), now(), ('bbbbbbbb-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $1, 1, 'start', $2, ('aaaaaaaa-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid
            from generate_series(1, 10000) n
            """,
            Ct,
            template.VersionId,
            user);
        await database.ExecuteAsync("analyze", Ct);
    }

    private static async Task<string> ExplainAsync(TestDatabase database, SqlText sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand($"explain (costs off) {sql.Text}", connection);
        foreach (var name in sql.Parameters.ParameterNames)
        {
            command.Parameters.AddWithValue(name, sql.Parameters.Get<object?>(name) ?? DBNull.Value);
        }

        await using var reader = await command.ExecuteReaderAsync(Ct);
        var plan = new System.Text.StringBuilder();
        while (await reader.ReadAsync(Ct))
        {
            plan.Append(reader.GetString(0)).Append('\n');
        }

        return plan.ToString();
    }
}
