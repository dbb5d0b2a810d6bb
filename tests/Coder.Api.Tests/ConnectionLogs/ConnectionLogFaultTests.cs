using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Coder.Api.Tests.Http;
using Coder.Api.Tests.Licensing;
using Coder.Api.Tests.Workspaces;
using Coder.Testing;
using Npgsql;

namespace Coder.Api.Tests.ConnectionLogs;

/// <summary>What the connection log keeps when something breaks or stands still (docs/spec/connection-logs.md, sections 12.4 and 12.7).</summary>
public sealed class ConnectionLogFaultTests : IAsyncLifetime
{
    private const string Path = "/api/v2/workspaceagents/me/connections";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly Outage _outage = new();
    private TestServer _server = null!;
    private HttpClient _owner = null!;
    private RunningAgent _agent = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, Ct, _outage.Prepare);
        _owner = await _server.CreateOwnerAsync(Ct);
        await _owner.AddLicenseAsync(_server.Mint.License(), Ct);
        _agent = await _server.StartAgentAsync(await _server.AddTemplateAsync(Ct), new NewWorkspace(), Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _agent.Dispose();
        _owner.Dispose();
        await _server.DisposeAsync();
        _outage.Dispose();
    }

    [Fact]
    public async Task Five_hundred_agents_that_report_at_once_are_all_answered_and_lose_nothing()
    {
        var sessions = Enumerable.Range(0, 500).Select(_ => TestIds.New()).ToArray();

        var began = await Task.WhenAll(sessions.Select(id => ReportAsync("connect", id)));
        var ended = await Task.WhenAll(sessions.Select(id => ReportAsync("disconnect", id)));

        began.Concat(ended).Should().OnlyContain(status => status == HttpStatusCode.NoContent);
        (await StoredAsync("disconnect_time is not null and code = 0")).Should().BeEquivalentTo(sessions);
    }

    [Fact]
    public async Task What_was_acknowledged_is_stored_although_the_database_cuts_connections_off_again_and_again()
    {
        var acknowledged = new ConcurrentBag<Guid>();
        var refused = new ConcurrentBag<HttpStatusCode>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var reporters = Enumerable.Range(0, 16).Select(_ => Task.Run(ReportUntilStoppedAsync, Ct)).ToArray();

        // Cut off ten times, each time after reports went through again.
        for (var cut = 0; cut < 10; cut++)
        {
            var before = acknowledged.Count;
            await Eventually.ReadAsync(() => Task.FromResult(acknowledged.Count), count => count > before, Ct);
            await CutOffAsync();
        }

        await stop.CancelAsync();
        await Task.WhenAll(reporters);
        var last = TestIds.New();
        (await Eventually.ReadAsync(() => ReportAsync("connect", last), status => status == HttpStatusCode.NoContent, Ct))
            .Should().Be(HttpStatusCode.NoContent);

        // Read beside the server, which has no chance to write what it still holds.
        var stored = (await StoredAsync("true")).ToHashSet();
        acknowledged.Should().NotBeEmpty().And.OnlyContain(id => stored.Contains(id));
        stored.Should().Contain(last);
        refused.Should().OnlyContain(status => status == HttpStatusCode.ServiceUnavailable, "being cut off is no bug");

        async Task ReportUntilStoppedAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                var id = TestIds.New();
                var status = await ReportAsync("connect", id);
                if (status == HttpStatusCode.NoContent)
                {
                    acknowledged.Add(id);
                }
                else
                {
                    refused.Add(status);
                }
            }
        }
    }

    [Fact]
    public async Task While_the_database_is_away_agents_keep_their_reports_and_afterwards_all_of_them_arrive()
    {
        var before = TestIds.New();
        await ReportAsync("connect", before);
        var kept = Enumerable.Range(0, 20).Select(_ => TestIds.New()).ToArray();

        _outage.IsOn = true;
        foreach (var id in kept)
        {
            using var response = await PostAsync(One("connect", id));
            response.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            response.Header("Retry-After").Should().Be("5");
        }

        _outage.IsOn = false;
        var sent = await Task.WhenAll(kept.Select(id => ReportAsync("connect", id)));

        sent.Should().OnlyContain(status => status == HttpStatusCode.NoContent);
        (await StoredAsync("true")).Should().BeEquivalentTo([before, .. kept]);
    }

    [Fact]
    public async Task A_database_that_stands_still_fills_the_queue_which_then_refuses_and_keeps_what_it_took()
    {
        await using var blocker = new NpgsqlConnection(_server.Database.ConnectionString);
        await blocker.OpenAsync(Ct);
        await using var transaction = await blocker.BeginTransactionAsync(Ct);
        await using (var command = new NpgsqlCommand("lock table connection_logs in access exclusive mode", blocker, transaction))
        {
            await command.ExecuteNonQueryAsync(Ct);
        }

        // The queue holds ten thousand reports.
        var lists = Enumerable.Range(0, 13).Select(_ => Enumerable.Range(0, 1_000).Select(_ => TestIds.New()).ToArray()).ToArray();
        var waiting = lists.Select(ids => PostAsync(new { connections = ids.Select(id => One("connect", id)).ToArray() })).ToList();
        var refused = new List<HttpResponseMessage>();
        while (refused.Count < 3)
        {
            var answered = await Task.WhenAny(waiting);
            waiting.Remove(answered);
            refused.Add(await answered);
        }

        await transaction.RollbackAsync(Ct);
        var taken = await Task.WhenAll(waiting);

        foreach (var response in refused)
        {
            (await response.ProblemAsync(Ct)).Status.Should().Be(HttpStatusCode.ServiceUnavailable);
            response.Header("Retry-After").Should().NotBeEmpty();
        }

        taken.Should().HaveCount(10).And.OnlyContain(response => response.StatusCode == HttpStatusCode.NoContent);
        (await StoredAsync("true")).Should().HaveCount(10_000);
        (await ReportAsync("connect", TestIds.New())).Should().Be(HttpStatusCode.NoContent, "there is room again");
    }

    [Fact]
    public async Task Readers_of_an_export_who_stop_reading_hold_nobody_up()
    {
        await _server.Database.ExecuteAsync(
            """
            insert into connection_logs
                (id, connect_time, organization_id, workspace_owner_id, workspace_id, workspace_name, agent_name, type, connection_id,
                 disconnect_reason)
            select gen_random_uuid(), '2026-01-01'::timestamptz + n * interval '1 second', $1, $2, $3, repeat('w', 200), 'main', 'ssh',
                   gen_random_uuid(), repeat('r', 400)
            from generate_series(1, 20000) n
            """,
            Ct,
            TestIds.New(),
            TestIds.New(),
            TestIds.New());
        var stalled = await Task.WhenAll(Enumerable.Range(0, 40).Select(
            _ => _owner.GetAsync("/api/v2/connectionlog/export?q=", HttpCompletionOption.ResponseHeadersRead, Ct)));

        var start = Stopwatch.GetTimestamp();
        var reports = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ReportAsync("connect", TestIds.New())));
        var lists = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _owner.GetAsync("/api/v2/connectionlog?limit=25", Ct)));
        var elapsed = Stopwatch.GetElapsedTime(start);

        stalled.Should().OnlyContain(response => response.StatusCode == HttpStatusCode.OK);
        reports.Should().OnlyContain(status => status == HttpStatusCode.NoContent);
        lists.Should().OnlyContain(response => response.StatusCode == HttpStatusCode.OK);
        elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20), "nobody waited until a connection of the pool was given up");
        foreach (var response in stalled)
        {
            response.Dispose();
        }
    }

    private static object One(string action, Guid id) => new { id, action, type = "ssh" };

    private Task<HttpResponseMessage> PostAsync(object body) => _agent.Client.PostAsJsonAsync(Path, body, Ct);

    private async Task<HttpStatusCode> ReportAsync(string action, Guid id)
    {
        using var response = await PostAsync(One(action, id));
        return response.StatusCode;
    }

    private Task CutOffAsync() => _server.Database.ExecuteAsync(
        """
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'coder notifications'
        """,
        Ct);

    private async Task<Guid[]> StoredAsync(string condition) => await _server.Database.ScalarAsync<Guid[]>(
        $"select coalesce(array_agg(connection_id), '{{}}') from connection_logs where {condition}", Ct) ?? [];
}
