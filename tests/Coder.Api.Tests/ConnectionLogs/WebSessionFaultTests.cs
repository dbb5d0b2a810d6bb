using System.Net;
using System.Net.Http.Json;
using Coder.Api.Tests.Http;
using Coder.Api.Tests.Licensing;
using Coder.Api.Tests.Workspaces;
using Coder.Application.Common;
using Coder.Application.ConnectionLogs;
using Coder.Application.Licensing;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Coder.Api.Tests.ConnectionLogs;

/// <summary>An opening that was acknowledged is committed, whatever breaks on the way (docs/spec/connection-logs.md, section 4.4 rule 7).</summary>
public sealed class WebSessionFaultTests : IAsyncLifetime
{
    private const string Path = "/api/v2/workspaceproxies/me/connections";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly Outage _outage = new();
    private readonly Guid _organization = TestIds.New();
    private TestServer _server = null!;
    private HttpClient _owner = null!;
    private HttpClient _proxy = null!;
    private RunningAgent _agent = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, Ct, _outage.Prepare);
        _owner = await _server.CreateOwnerAsync(Ct);
        await _owner.AddLicenseAsync(_server.Mint.License(), Ct);
        _agent = await _server.StartAgentAsync(await _server.AddTemplateAsync(Ct), new NewWorkspace(), Ct);
        using var created = await _owner.PostAsJsonAsync("/api/v2/workspaceproxies", new { name = "near" }, Ct);
        _proxy = _server.With("");
        _proxy.DefaultRequestHeaders.Remove("Coder-Session-Token");
        _proxy.DefaultRequestHeaders.Add("Coder-External-Proxy-Token", (await created.JsonAsync(Ct))["proxy_token"]!.GetValue<string>());
    }

    public async ValueTask DisposeAsync()
    {
        _agent.Dispose();
        _proxy.Dispose();
        _owner.Dispose();
        await _server.DisposeAsync();
        _outage.Dispose();
    }

    [Fact]
    public async Task A_database_that_goes_away_between_a_session_and_its_row_loses_nothing()
    {
        await using var blocker = new NpgsqlConnection(_server.Database.ConnectionString);
        await blocker.OpenAsync(Ct);
        await using var transaction = await blocker.BeginTransactionAsync(Ct);
        await using (var command = new NpgsqlCommand("lock table connection_logs in access exclusive mode", blocker, transaction))
        {
            await command.ExecuteNonQueryAsync(Ct);
        }

        var refused = _proxy.PostAsJsonAsync(Path, Port("9090"), Ct);
        await _server.Database.UntilAsync(
            """
            select exists (select 1 from workspace_app_audit_sessions)
                and exists (select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')
            """,
            Ct);
        _outage.IsOn = true;
        await _server.Database.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'", Ct);
        (await refused).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        await transaction.RollbackAsync(Ct);
        _outage.IsOn = false;

        (await RecordedAsync(Port("9090"))).Should().Be(1);
        (await RecordedAsync(Port("9090"))).Should().Be(0);
        (await RowsAsync()).Should().Be(1);
    }

    [Fact]
    public async Task While_the_database_is_away_nothing_is_acknowledged()
    {
        (await RecordedAsync(Port("1"))).Should().Be(1);

        _outage.IsOn = true;
        using var refused = await _proxy.PostAsJsonAsync(Path, Port("2"), Ct);
        _outage.IsOn = false;

        refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        refused.Header("Retry-After").Should().Be("5");
        (await RecordedAsync(Port("2"))).Should().Be(1);
    }

    [Fact]
    public async Task A_page_that_opens_with_many_requests_at_once_is_one_entry_and_all_are_told_after_its_commit()
    {
        var recorded = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            var count = await RecordedAsync(Port("9090"));
            return (count, Rows: await RowsAsync());
        }));

        recorded.Sum(r => r.count).Should().Be(1);
        recorded.Should().OnlyContain(r => r.Rows == 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_replicas_that_record_one_session_at_once_make_one_row_and_both_succeed(bool isPartitioned)
    {
        if (isPartitioned)
        {
            await using var scope = _server.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IConnectionLogPartitions>().DivideAsync(Ct);
        }

        var log = _server.Services.GetRequiredService<IConnectionLogger>();
        await using var services = _server.Services.CreateAsyncScope();
        var first = NewReplica(services.ServiceProvider, log);
        Result<int> outcome = 0;
        var second = NewReplica(services.ServiceProvider, new Meanwhile(log, async () => outcome = await first.RecordAsync([Opening("2")], Ct)));

        var both = await second.RecordAsync([Opening("1"), Opening("2"), Opening("3")], Ct);

        (outcome.Error, both.Error).Should().Be((null, null));
        outcome.Should().Be((Result<int>)1);
        (await _server.Database.ScalarAsync<string[]>("select array_agg(slug_or_port order by slug_or_port) from connection_logs", Ct))
            .Should().Equal("1", "2", "3");
        (await NewReplica(services.ServiceProvider, log).RecordAsync([Opening("1"), Opening("2"), Opening("3")], Ct)).Should().Be((Result<int>)0);
    }

    private static WebConnectionRecorder NewReplica(IServiceProvider services, IConnectionLogger log) => new(
        log,
        services.GetRequiredService<IWebSessionStore>(),
        new WebSessionCache(),
        services.GetRequiredService<IEntitlementSource>(),
        services.GetRequiredService<IFailureClassifier>(),
        services.GetRequiredService<IIds>(),
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<WebConnectionRecorder>>());

    private WebOpening Opening(string port) => new(
        new ConnectedAgent(_organization, _agent.Owner.Id, _agent.Workspace.Id, "work", "main"),
        _agent.AgentId,
        WebTarget.Port(port));

    private object Port(string port) => new { agent_id = _agent.AgentId, type = "port_forwarding", slug_or_port = port };

    private async Task<int> RecordedAsync(object body)
    {
        using var response = await _proxy.PostAsJsonAsync(Path, body, Ct);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return (await response.JsonAsync(Ct))["recorded"]!.GetValue<int>();
    }

    private Task<long> RowsAsync() => _server.Database.ScalarAsync<long>("select count(*) from connection_logs", Ct);

    /// <summary>Lets something happen between a session and its row, once.</summary>
    private sealed class Meanwhile(IConnectionLogger log, Func<Task> happens) : IConnectionLogger
    {
        private Func<Task>? _happens = happens;

        public Task<Result<Done>> UpsertAsync(ConnectionEvent connection, CancellationToken ct) => UpsertAsync([connection], ct);

        public async Task<Result<Done>> UpsertAsync(IReadOnlyList<ConnectionEvent> connections, CancellationToken ct)
        {
            if (Interlocked.Exchange(ref _happens, null) is { } happening)
            {
                await happening();
            }

            return await log.UpsertAsync(connections, ct);
        }
    }
}
