using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Coder.Testing;

namespace Coder.Api.Tests.Builds;

/// <summary>Starts that the license decides on (docs/spec/licensing.md, section 4.6).</summary>
public sealed class BuildLicenseTests
{
    private const string Breached =
        "Build is not permitted: You have breached the managed agent limit in your license. Please contact sales to continue using managed agents.";

    private const string NotEntitled =
        "Build is not permitted: Your license is not entitled to managed agents. Please contact sales to continue using managed agents.";

    private const string External =
        "Build is not permitted: You have a template which uses external agents but your license is not entitled to this feature. You will be unable to create new workspaces from these templates.";

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_license_nothing_is_counted_and_no_external_agent_is_started()
    {
        await using var scene = await Scene.StartAsync(null);

        (await scene.CreateAsync("ai")).StatusCode.Should().Be(HttpStatusCode.Created);
        await scene.MarkAsync(ai: false, external: true);
        await RefusedAsync(await scene.CreateAsync("external"), External);
    }

    [Fact]
    public async Task Builds_in_flight_count_and_stop_delete_and_others_are_never_refused()
    {
        await using var scene = await Scene.StartAsync(b => b.ManagedAgents(soft: 1, hard: 2));
        await scene.UseAsync(1);
        var running = await scene.Server.Database.AddWorkspaceAsync(scene.Template, scene.Member.Id, new NewWorkspace(), Ct);
        var idle = await scene.Server.Database.AddWorkspaceAsync(scene.Template, scene.Member.Id, new NewWorkspace(), Ct);

        (await scene.CreateAsync("second")).StatusCode.Should().Be(HttpStatusCode.Created);
        await RefusedAsync(await scene.CreateAsync("third"), Breached);
        (await scene.Server.Database.ScalarAsync<long>("select count(*) from workspaces where name = 'third'", Ct)).Should().Be(0);
        await RefusedAsync(await scene.Member.Client.BuildAsync(running.Id, new { transition = "start" }, Ct), Breached);
        (await scene.Member.Client.BuildAsync(running.Id, new { transition = "stop" }, Ct)).StatusCode.Should().Be(HttpStatusCode.Created);
        (await scene.Member.Client.BuildAsync(idle.Id, new { transition = "delete" }, Ct)).StatusCode.Should().Be(HttpStatusCode.Created);
        await scene.MarkAsync(ai: false, external: false);
        (await scene.CreateAsync("other")).StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Simultaneous_builds_do_not_pass_the_limit()
    {
        await using var scene = await Scene.StartAsync(b => b.ManagedAgents(soft: 1, hard: 3));

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => scene.CreateAsync(string.Create(CultureInfo.InvariantCulture, $"w{i}"))));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).Should().Be(3);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Forbidden).Should().Be(5);
    }

    [Fact]
    public async Task A_license_without_the_limit_allows_none()
    {
        await using var scene = await Scene.StartAsync(b => b.Empty().Feature("audit_log"));

        await RefusedAsync(await scene.CreateAsync("ai"), NotEntitled);
    }

    [Fact]
    public async Task Usage_that_can_not_be_counted_lets_nothing_through()
    {
        await using var scene = await Scene.StartAsync(b => b.ManagedAgents(soft: 1, hard: 3));
        await scene.Server.Database.ExecuteAsync("alter table usage_events_daily rename to hidden", Ct);

        var problem = await (await scene.CreateAsync("ai")).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.InternalServerError, Message = "Failed to check build usage" });
    }

    private static async Task RefusedAsync(HttpResponseMessage response, string text) =>
        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new { Status = HttpStatusCode.Forbidden, Message = text, Detail = text });

    private sealed record Scene(TestServer Server, TestUser Member, ReadyTemplate Template) : IAsyncDisposable
    {
        public static async Task<Scene> StartAsync(Func<LicenseBuilder, LicenseBuilder>? license)
        {
            var server = await TestServer.StartAsync(null, Ct);
            using var owner = await server.AddUserAsync(["owner"], Ct);
            if (license is not null)
            {
                (await owner.Client.PostAsJsonAsync("/api/v2/licenses", new { license = server.Mint.License(license) }, Ct)).EnsureSuccessStatusCode();
            }

            var organization = await server.Database.DefaultOrganizationAsync(Ct);
            var template = await server.Database.AddReadyTemplateAsync(organization, owner.Id, Ct);
            var scene = new Scene(server, await server.AddUserAsync(Ct), template);
            await scene.MarkAsync(ai: true, external: false);
            return scene;
        }

        public Task MarkAsync(bool ai, bool external) => Server.Database.ExecuteAsync(
            "update template_versions set has_ai_task = $2, has_external_agent = $3 where id = $1", Ct, Template.VersionId, ai, external);

        public Task UseAsync(int count) => Server.Database.ExecuteAsync(
            "insert into usage_events (id, event_type, event_data, created_at) values ('x', 'dc_managed_agents_v1', jsonb_build_object('count', $1), $2)",
            Ct,
            count,
            Server.Clock.GetUtcNow());

        public Task<HttpResponseMessage> CreateAsync(string name) =>
            Member.Client.CreateWorkspaceAsync(new { name, template_id = Template.Id }, Ct);

        public async ValueTask DisposeAsync()
        {
            Member.Dispose();
            await Server.DisposeAsync();
        }
    }
}
