using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Api.Tests.Http;
using Coder.Api.Tests.Licensing;
using Coder.Application.Deployment;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Deployment;

public sealed class DeploymentStatsTests
{
    private const string Path = "/api/v2/deployment/stats";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_workspaces_everything_is_zero_and_counted_each_minute()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);
        var first = await ReadAsync(owner, _ => true);

        server.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await ReadAsync(owner, s => s["collected_at"]!.GetValue<string>() != "2026-03-01T12:00:00Z");

        first.ToJsonString().Should().Be(
            """{"aggregated_from":"2026-02-28T12:00:00Z","collected_at":"2026-03-01T12:00:00Z","next_update_at":"2026-03-01T12:01:00Z","workspaces":{"pending":0,"building":0,"running":0,"failed":0,"stopped":0,"connection_latency_ms":{"P50":0,"P95":0},"rx_bytes":0,"tx_bytes":0},"session_count":{"vscode":0,"ssh":0,"jetbrains":0,"reconnecting_pty":0}}""");
        second["collected_at"]!.GetValue<string>().Should().Be("2026-03-01T12:01:00Z");
    }

    [Fact]
    public async Task Until_they_are_counted_the_answer_says_so_and_then_it_has_what_workspaces_say()
    {
        var workspaces = new SlowStatistics();
        await using var server = await TestServer.StartAsync(null, Ct, s => s.AddSingleton<IWorkspaceStatistics>(workspaces));
        using var owner = await server.CreateOwnerAsync(Ct);
        var early = await owner.GetAsync(Path, Ct);

        workspaces.Finish();
        var late = await ReadAsync(owner, _ => true);

        (await early.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.BadRequest, Message = "Deployment stats are still processing!" });
        late["workspaces"]!["running"]!.GetValue<int>().Should().Be(3);
        late["workspaces"]!["connection_latency_ms"]!["P95"]!.GetValue<double>().Should().Be(12.5);
        late["session_count"]!["ssh"]!.GetValue<int>().Should().Be(2);
    }

    [Fact]
    public async Task Only_who_may_see_statistics_sees_them_and_reading_costs_the_session_only()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var member = await server.AddUserAsync(Ct);
        using var auditor = await server.AddUserAsync(roles: ["auditor"], Ct);
        await ReadAsync(auditor.Client, _ => true);
        using var log = new StatementLog();

        var refused = await member.Client.GetAsync(Path, Ct);
        var statements = await log.OfAsync(() => auditor.Client.GetAsync(Path, Ct), Ct);

        refused.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        statements.Should().ContainSingle();
    }

    private static async Task<JsonObject> ReadAsync(HttpClient client, Func<JsonObject, bool> holds)
    {
        var read = await Eventually.ReadAsync(
            async () =>
            {
                using var response = await client.GetAsync(Path, Ct);
                return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonObject>(Ct) : null;
            },
            body => body is not null && holds(body),
            Ct);
        return read!;
    }

    private sealed class SlowStatistics : IWorkspaceStatistics
    {
        private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Finish() => _finished.TrySetResult();

        public async Task<WorkspaceStatistics> ReadAsync(DateTimeOffset since, CancellationToken ct)
        {
            await _finished.Task.WaitAsync(ct);
            return new WorkspaceStatistics { Running = 3, LatencyP95 = 12.5, Ssh = 2 };
        }
    }
}
