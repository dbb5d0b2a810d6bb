using System.Net;
using System.Net.Http.Json;
using Coder.Api.Hosting;
using Coder.Application.ConnectionLogs;
using Coder.Domain.ConnectionLogs;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, sections 4.2 and 8: what the license says, at run time.</summary>
public sealed class ConnectionLogLicenseTests
{
    private const string Path = "/api/v2/connectionlog";
    private const string Count = "select count(*) from connection_logs";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_license_that_comes_and_goes_switches_reading_and_recording()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);
        await RecordAsync(server);
        await ShouldBeRefusedAsync(owner);
        (await server.Database.ScalarAsync<long>(Count, Ct)).Should().Be(0, "without a license events are dropped");

        using var added = await owner.PostAsJsonAsync("/api/v2/licenses", new { license = server.Mint.License() }, Ct);
        await RecordAsync(server);
        (await owner.GetAsync(Path, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await server.Database.ScalarAsync<long>(Count, Ct)).Should().Be(1);

        var license = (await added.JsonAsync(Ct))["id"]!.GetValue<int>();
        (await owner.DeleteAsync($"/api/v2/licenses/{license}", Ct)).EnsureSuccessStatusCode();
        await RecordAsync(server);
        await ShouldBeRefusedAsync(owner);
        (await server.Database.ScalarAsync<long>(Count, Ct)).Should().Be(1, "losing the license hides rows and deletes none");
    }

    [Fact]
    public async Task What_waits_when_the_server_stops_is_stored()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);
        (await owner.PostAsJsonAsync("/api/v2/licenses", new { license = server.Mint.License() }, Ct)).EnsureSuccessStatusCode();
        var logger = server.Services.GetRequiredService<IConnectionLogger>();
        var waiting = Enumerable.Range(0, 200).Select(_ => Task.Run(() => logger.UpsertAsync(Event(server), Ct), Ct)).ToArray();

        await server.StopAsync();

        var stored = (await Task.WhenAll(waiting)).Count(o => o.Error is null);
        (await server.Database.ScalarAsync<long>(Count, Ct)).Should().Be(stored, "success means stored, and a refusal not");
    }

    [Fact]
    public async Task The_maintenance_command_finds_and_mends_numbers_and_says_so()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        await server.Database.ExecuteAsync(
            """
            insert into connection_log_counts (day, organization_id, type, slot, rows)
            values ('2026-03-01', '00000000-0000-0000-0000-000000000001', 'ssh', 0, 7)
            """,
            Ct);
        var url = server.Database.ConnectionString;

        (await MaintainAsync("verify-connection-log-counts", url)).Should().Be(2);
        (await MaintainAsync("rebuild-connection-log-counts", url)).Should().Be(0);
        (await MaintainAsync("verify-connection-log-counts", url)).Should().Be(0);
        (await MaintainAsync("nonsense", url)).Should().Be(1);
    }

    [Fact]
    public async Task The_maintenance_command_finds_and_mends_sessions_too()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        await server.Database.ExecuteAsync("insert into connection_logs_ongoing select gen_random_uuid(), now() from generate_series(1, 101)", Ct);
        var url = server.Database.ConnectionString;

        (await MaintainAsync("verify-connection-log-counts", url)).Should().Be(2);
        (await MaintainAsync("rebuild-connection-log-counts", url)).Should().Be(0);
        (await MaintainAsync("verify-connection-log-counts", url)).Should().Be(0);
        (await server.Database.ScalarAsync<long>("select count(*) from connection_logs_ongoing", Ct)).Should().Be(0);
    }

    private static Task<int> MaintainAsync(string command, string url) => MaintenanceProcess.RunAsync(
        [command], new Dictionary<string, string>(StringComparer.Ordinal) { ["CODER_PG_CONNECTION_URL"] = url }, TestClock.System, Ct);

    private static async Task ShouldBeRefusedAsync(HttpClient owner)
    {
        foreach (var path in new[] { $"{Path}?limit=x", $"{Path}/export?format=x" })
        {
            using var response = await owner.GetAsync(path, Ct);
            var problem = await response.ProblemAsync(Ct);
            problem.Status.Should().Be(HttpStatusCode.Forbidden);
            problem.Message.Should().Be("Connection Log is a Premium feature. Contact sales!");
        }
    }

    private static async Task RecordAsync(TestServer server) =>
        (await server.Services.GetRequiredService<IConnectionLogger>().UpsertAsync(Event(server), Ct)).Error.Should().BeNull();

    private static ConnectionEvent Event(TestServer server) => new()
    {
        Id = TestIds.New(),
        Time = server.Clock.GetUtcNow(),
        Status = ConnectionStatus.Connected,
        Type = ConnectionType.Ssh,
        OrganizationId = TestIds.New(),
        WorkspaceOwnerId = TestIds.New(),
        WorkspaceId = TestIds.New(),
        WorkspaceName = "work",
        AgentName = "main",
        ConnectionId = TestIds.New(),
    };
}
