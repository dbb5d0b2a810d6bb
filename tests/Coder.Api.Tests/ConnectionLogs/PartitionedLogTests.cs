using Coder.Api.Hosting;
using Coder.Api.Tests.Licensing;
using Coder.Application.ConnectionLogs;
using Coder.Domain.ConnectionLogs;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, section 12.6: the operator's command, beside a server that runs.</summary>
public sealed class PartitionedLogTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_log_of_a_running_server_is_divided_by_the_maintenance_command_and_goes_on()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);
        await owner.AddLicenseAsync(server.Mint.License(), Ct);
        var first = Event(server);
        await RecordAsync(server, first, Event(server) with { Time = server.Clock.GetUtcNow().AddDays(-200) });

        (await MaintainAsync(server, "partition-connection-log")).Should().Be(0);
        (await MaintainAsync(server, "partition-connection-log")).Should().Be(0, "it is done already");

        await RecordAsync(server, first with { Id = TestIds.New(), Status = ConnectionStatus.Disconnected }, Event(server));
        var body = await (await owner.GetAsync("/api/v2/connectionlog", Ct)).JsonAsync(Ct);
        body["count"]!.GetValue<int>().Should().Be(3);
        body["connection_logs"]!.AsArray().Should().HaveCount(3).And.ContainSingle(e => e!["ssh_info"]!["disconnect_time"] != null);
        (await server.Database.ScalarAsync<bool>("select connection_logs_is_partitioned()", Ct)).Should().BeTrue();
        (await MaintainAsync(server, "verify-connection-log-counts")).Should().Be(0);
    }

    private static Task<int> MaintainAsync(TestServer server, string command) => MaintenanceProcess.RunAsync(
        [command],
        new Dictionary<string, string>(StringComparer.Ordinal) { ["CODER_PG_CONNECTION_URL"] = server.Database.ConnectionString },
        TestClock.System,
        Ct);

    private static async Task RecordAsync(TestServer server, params ConnectionEvent[] events) =>
        (await server.Services.GetRequiredService<IConnectionLogger>().UpsertAsync(events, Ct)).Error.Should().BeNull();

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
