using Coder.Api.Tests.Http;
using Coder.Testing;

namespace Coder.Api.Tests.Workspaces;

/// <summary>The list of workspaces asks the database as often for many as for one: docs/spec/workspaces.md, section 13 rule 6.</summary>
public sealed class WorkspaceListCostTests
{
    private const string InsertApp = "insert into workspace_apps (id, created_at, agent_id, slug) values ($1, now(), $2, 'code')";

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    // One for the session, one for the page with its count, one each for workspaces, builds and jobs, and one for each of the seven
    // tables of what builds leave.
    private const int Statements = 12;

    [Fact]
    public async Task A_page_costs_the_same_number_of_statements_whatever_it_holds()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.AddUserAsync(["owner"], Ct);
        using var member = await server.AddUserAsync(Ct);
        var organization = await server.Database.DefaultOrganizationAsync(Ct);
        var template = await server.Database.AddReadyTemplateAsync(organization, owner.Id, Ct);
        for (var i = 0; i < 30; i++)
        {
            var workspace = await server.Database.AddWorkspaceAsync(template, member.Id, new NewWorkspace(), Ct);
            var agent = await server.Database.AddAgentAsync(workspace, new NewAgent { Simulated = true, Lifecycle = "ready" }, Ct);
            await server.Database.ExecuteAsync(InsertApp, Ct, TestIds.New(), agent);
        }

        using var log = new StatementLog();
        foreach (var client in (HttpClient[])[owner.Client, member.Client])
        {
            foreach (var page in (string[])["limit=1", "limit=25", "limit=0", "limit=25&offset=5&q=status:running"])
            {
                (await log.OfAsync(() => client.GetAsync($"/api/v2/workspaces?{page}", Ct), Ct)).Should().HaveCount(Statements, page);
            }
        }
    }
}
