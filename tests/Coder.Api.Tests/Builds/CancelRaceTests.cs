using System.Collections.Concurrent;
using System.Net;
using Coder.Application.Provisioning;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Builds;

/// <summary>People who take builds back at the moment at which daemons take them.</summary>
public sealed class CancelRaceTests(BuildsServer fixture) : IClassFixture<BuildsServer>
{
    private const int Pairs = 200;

    private const string InsertDaemon = """
        insert into provisioner_daemons (id, created_at, name, provisioners, tags, last_seen_at, organization_id)
        values ($1, now(), 'racer', '{echo}', '{"scope": "organization", "owner": ""}', now(), $2)
        """;

    private const string Outcomes = """
        select concat_ws(' ', job_status, worker_id is not null) from provisioner_jobs where id = $1
        """;

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestDatabase Database => fixture.Server.Database;

    [Fact]
    public async Task A_build_is_either_taken_back_or_carried_out()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        var daemon = TestIds.New();
        await Database.ExecuteAsync(InsertDaemon, Ct, daemon, fixture.Organization);
        var workspaces = new List<WorkspaceRow>();
        for (var i = 0; i < Pairs; i++)
        {
            workspaces.Add(await Database.AddWorkspaceAsync(template, member.Id, new NewWorkspace { Job = RowJob.Pending }, Ct));
        }

        var answers = new ConcurrentDictionary<Guid, HttpStatusCode>();
        var limited = new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Ct };
        await Task.WhenAll(
            Parallel.ForEachAsync(workspaces, limited, async (workspace, ct) =>
            {
                using var response = await member.Client.PatchAsync(
                    $"/api/v2/workspacebuilds/{workspace.BuildId}/cancel?expect_status=pending", null, ct);
                answers[workspace.JobId] = response.StatusCode;
            }),
            Parallel.ForEachAsync(workspaces, limited, async (_, ct) =>
            {
                await using var scope = fixture.Server.Services.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<IJobQueue>()
                    .AcquireAsync(daemon, requestId: null, fixture.Server.Clock.GetUtcNow(), ct);
            }));

        answers.Should().HaveCount(Pairs);
        foreach (var (job, status) in answers)
        {
            status.Should().BeOneOf(HttpStatusCode.OK, HttpStatusCode.PreconditionFailed);
            (await Database.ScalarAsync<string>(Outcomes, Ct, job)).Should().Be(status == HttpStatusCode.OK ? "canceled f" : "running t");
        }
    }
}
