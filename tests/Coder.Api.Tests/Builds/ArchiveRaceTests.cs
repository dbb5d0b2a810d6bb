using System.Net;
using Coder.Testing;
using Npgsql;

namespace Coder.Api.Tests.Builds;

/// <summary>People who archive versions at the moment at which others use them.</summary>
public sealed class ArchiveRaceTests(BuildsServer builds) : IClassFixture<BuildsServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestDatabase Database => builds.Server.Database;

    [Fact]
    public async Task A_version_that_is_archived_while_a_workspace_is_made_of_it_is_not_used()
    {
        var template = await builds.TemplateAsync(Ct);
        var version = await Database.AddVersionAsync(template, TestIds.New(), builds.Owner.Id, Ct);
        await using var connection = new NpgsqlConnection(Database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var archiving = await connection.BeginTransactionAsync(Ct);
        await RunAsync(connection, "select 1 from templates where id = $1 for update", template.Id);
        await RunAsync(connection, "update template_versions set archived = true where id = $1", version);

        var creating = builds.Owner.Client.CreateWorkspaceAsync(new { name = "late", template_version_id = version }, Ct);
        await Database.UntilAsync(
            """
            select exists (
                select from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock' and query like '%for share%')
            """,
            Ct);
        await archiving.CommitAsync(Ct);

        var problem = await (await creating).ProblemAsync(Ct);
        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Validations.Select(v => v.Field).Should().Equal("template_version_id");
        (await Database.ScalarAsync<long>("select count(*) from workspaces where name = 'late'", Ct)).Should().Be(0);
    }

    [Fact]
    public async Task Versions_that_are_built_and_archived_at_once_end_as_if_one_had_come_after_the_other()
    {
        var template = await builds.TemplateAsync(Ct);
        var pairs = new List<(Guid Version, WorkspaceRow Workspace)>();
        for (var i = 0; i < 20; i++)
        {
            pairs.Add((
                await Database.AddVersionAsync(template, TestIds.New(), builds.Owner.Id, Ct),
                await Database.AddWorkspaceAsync(template, builds.Owner.Id, new NewWorkspace(), Ct)));
        }

        var answers = await Task.WhenAll(pairs.Select(async pair =>
        {
            var archiving = builds.Owner.Client.PostAsync($"/api/v2/templateversions/{pair.Version}/archive", null, Ct);
            var building = builds.Owner.Client.BuildAsync(pair.Workspace.Id, new { transition = "start", template_version_id = pair.Version }, Ct);
            return (pair.Version, Archived: (await archiving).StatusCode, Built: (await building).StatusCode);
        }));

        answers.Should().OnlyContain(a => a.Built == HttpStatusCode.Created);
        answers.Should().OnlyContain(a => a.Archived == HttpStatusCode.OK || a.Archived == HttpStatusCode.BadRequest);
        foreach (var (version, archived, _) in answers)
        {
            (await Database.ScalarAsync<bool>("select archived from template_versions where id = $1", Ct, version))
                .Should().Be(archived == HttpStatusCode.OK);
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, Guid id)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter { Value = id } } };
        await command.ExecuteNonQueryAsync(Ct);
    }
}
