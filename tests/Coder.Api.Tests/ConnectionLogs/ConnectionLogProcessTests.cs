using System.Collections.Concurrent;
using System.Net;
using Coder.Api.Tests.Hosting;
using Coder.Api.Tests.Workspaces;
using Coder.Testing;
using Npgsql;

namespace Coder.Api.Tests.ConnectionLogs;

/// <summary>What was acknowledged survives the death of the server itself (docs/spec/connection-logs.md, sections 2, 4.4 rule 7 and 12.4).</summary>
public sealed class ConnectionLogProcessTests : IAsyncLifetime
{
    private const string AgentPath = "/api/v2/workspaceagents/me/connections";
    private const string ProxyPath = "/api/v2/workspaceproxies/me/connections";
    private const string AgentHeader = "Coder-Session-Token";
    private const string ProxyHeader = "Coder-External-Proxy-Token";
    private const int Agents = 6;
    private const int ReportersOfAgent = 4;
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly string _config = Path.Combine(Path.GetTempPath(), $"coder-process-{Path.GetRandomFileName()}");
    private readonly LicenseMint _mint = new(TestClock.System.GetUtcNow());
    private readonly List<RunningAgent> _agents = [];

    // Knows how to make users and agents; the reports go to the processes, on the same database.
    private TestServer _maker = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGKILL.");
        Directory.CreateDirectory(_config);
        _maker = await TestServer.StartAsync(null, Ct);
        using var owner = await _maker.CreateOwnerAsync(Ct);
        var template = await _maker.AddTemplateAsync(Ct);
        for (var i = 0; i < Agents; i++)
        {
            _agents.Add(await _maker.StartAgentAsync(template, new NewWorkspace(), Ct));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _agents.ForEach(agent => agent.Dispose());
        if (_maker is not null)
        {
            await _maker.DisposeAsync();
            Directory.Delete(_config, recursive: true);
        }
    }

    [Fact]
    public async Task What_agents_were_told_is_there_once_after_the_server_was_killed_in_the_middle_of_their_reports()
    {
        var reporters = _agents.SelectMany(agent => Enumerable.Range(0, ReportersOfAgent).Select(_ => new Reporter($"{agent.Token}"))).ToArray();
        using (var killed = Start())
        {
            using var client = await OwnerAsync(killed);
            await client.PostAsync("/api/v2/licenses", new { license = _mint.License() }, Ct);
            var reporting = reporters.Select(r => Task.Run(() => r.ReportUntilGoneAsync(client), Ct)).ToArray();
            var enough = _maker.Database.UntilAsync("select count(*) > 500 from connection_logs where disconnect_time is not null", Ct);
            (await Task.WhenAny([enough, .. reporting])).Should().Be(enough, string.Join(' ', reporters.Select(r => r.Refused)));
            killed.Kill();
            await Task.WhenAll(reporting);
        }

        reporters.Should().OnlyContain(r => r.Refused == null, "no answer but death stops a reporter");
        using var next = Start();
        using var owner = await OwnerAsync(next);
        var lost = await MissingAsync(reporters.SelectMany(r => r.Begun), "true");
        var lostEnds = await MissingAsync(reporters.SelectMany(r => r.Ended), "disconnect_time is not null");
        (lost, lostEnds).Should().Be((0, 0), "all of this was acknowledged");

        // As agents do it: what was not answered is sent again.
        foreach (var reporter in reporters)
        {
            (await reporter.SendAgainAsync(owner)).Should().Be(HttpStatusCode.NoContent);
        }

        var sent = reporters.SelectMany(r => r.Sent).ToHashSet();
        var stored = await _maker.Database.ScalarAsync<Guid[]>("select array_agg(connection_id) from connection_logs", Ct);
        stored.Should().OnlyHaveUniqueItems().And.BeEquivalentTo(sent);
        var ongoing = await _maker.Database.ScalarAsync<long>("select count(*) from connection_logs where disconnect_time is null", Ct);
        (await CountAsync(owner, "")).Should().Be(sent.Count);
        (await CountAsync(owner, "status:ongoing")).Should().Be(ongoing);
        (await CountAsync(owner, "status:completed")).Should().Be(sent.Count - ongoing);
        (await _maker.Database.ScalarAsync<long>("select count(*) from connection_logs_ongoing", Ct)).Should().Be(ongoing);
        (await next.TerminateAsync(Ct)).Should().Be(0);
    }

    [Fact]
    public async Task An_opening_is_there_once_although_the_server_was_killed_between_its_session_and_its_row()
    {
        var opening = new { agent_id = _agents[0].AgentId, type = "port_forwarding", slug_or_port = "9090", timestamp = "2026-03-01T11:00:00Z" };
        string proxy;
        using (var killed = Start())
        {
            using var client = await OwnerAsync(killed);
            await client.PostAsync("/api/v2/licenses", new { license = _mint.License() }, Ct);
            proxy = (await client.PostAsync("/api/v2/workspaceproxies", new { name = "near" }, Ct))["proxy_token"]!.GetValue<string>();
            await using var blocker = new NpgsqlConnection(_maker.Database.ConnectionString);
            await blocker.OpenAsync(Ct);
            await using var transaction = await blocker.BeginTransactionAsync(Ct);
            await using (var command = new NpgsqlCommand("lock table connection_logs in access exclusive mode", blocker, transaction))
            {
                await command.ExecuteNonQueryAsync(Ct);
            }

            var answer = client.TryPostAsync(ProxyPath, opening, ProxyHeader, proxy, Ct);
            await _maker.Database.UntilAsync(
                """
                select exists (select 1 from workspace_app_audit_sessions)
                    and exists (select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')
                """,
                Ct);
            killed.Kill();
            (await answer).Should().BeNull();

            // The server that is gone can not commit any more, but its statement may still run.
            await _maker.Database.ExecuteAsync(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'", Ct);
            await transaction.RollbackAsync(Ct);
        }

        using var next = Start();
        using var owner = await OwnerAsync(next);

        (await owner.TryPostAsync(ProxyPath, opening, ProxyHeader, proxy, Ct)).Should().Be(HttpStatusCode.OK);
        (await owner.TryPostAsync(ProxyPath, opening, ProxyHeader, proxy, Ct)).Should().Be(HttpStatusCode.OK);

        var page = await owner.GetAsync("/api/v2/connectionlog", Ct);
        page["connection_logs"]!.AsArray().Should().ContainSingle()
            .Which!["web_info"]!["slug_or_port"]!.GetValue<string>().Should().Be("9090");
        (await next.TerminateAsync(Ct)).Should().Be(0);
    }

    private ServerUnderTest Start() => new(
    [
        "--http-address", "127.0.0.1:0",
        "--pg-connection-url", _maker.Database.ConnectionString,
        "--license-keys", _mint.TrustedKeys,
        "--provisioner-daemons", "0",
        "--config-dir", _config,
    ]);

    private static async Task<TestClient> OwnerAsync(ServerUnderTest server)
    {
        var client = new TestClient(await server.UrlAsync(Ct));
        await client.LogInAsync("owner@example.com", TestServer.OwnerPassword, Ct);
        return client;
    }

    private static async Task<long> CountAsync(TestClient owner, string search) =>
        (await owner.GetAsync($"/api/v2/connectionlog?limit=1&q={search}", Ct))["count"]!.GetValue<long>();

    private Task<long> MissingAsync(IEnumerable<Guid> acknowledged, string condition) => _maker.Database.ScalarAsync<long>(
        $"""
        select count(*) from unnest($1::uuid[]) a (id)
        where not exists (select 1 from connection_logs where connection_id = a.id and {condition})
        """,
        Ct,
        acknowledged.ToArray());

    /// <summary>Reports the begin and the end of one session after the other, until nobody answers.</summary>
    private sealed class Reporter(string token)
    {
        private readonly ConcurrentBag<Guid> _sent = [];
        private object? _unanswered;

        public ConcurrentBag<Guid> Begun { get; } = [];

        public ConcurrentBag<Guid> Ended { get; } = [];

        public IReadOnlyCollection<Guid> Sent => _sent;

        public HttpStatusCode? Refused { get; private set; }

        public async Task ReportUntilGoneAsync(TestClient client)
        {
            while (true)
            {
                var id = TestIds.New();
                _sent.Add(id);
                if (!await SendAsync(client, id, "connect", Begun) || !await SendAsync(client, id, "disconnect", Ended))
                {
                    return;
                }
            }
        }

        public Task<HttpStatusCode?> SendAgainAsync(TestClient client) =>
            client.TryPostAsync(AgentPath, _unanswered!, AgentHeader, token, Ct);

        private async Task<bool> SendAsync(TestClient client, Guid id, string action, ConcurrentBag<Guid> acknowledged)
        {
            _unanswered = new { id, action, type = "ssh" };
            var status = await client.TryPostAsync(AgentPath, _unanswered, AgentHeader, token, Ct);
            if (status != HttpStatusCode.NoContent)
            {
                Refused = status;
                return false;
            }

            acknowledged.Add(id);
            return true;
        }
    }
}
