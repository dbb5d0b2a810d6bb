using System.Net;
using System.Net.Http.Json;
using Coder.Api.Configuration;
using Coder.Api.Tests.Licensing;
using Coder.Api.Tests.Workspaces;
using Coder.Testing;

namespace Coder.Api.Tests.ConnectionLogs;

/// <summary>Reports within the limits that the product is shipped with (docs/spec/connection-logs.md, sections 7.2 and 7.3).</summary>
public sealed class ReportLimitsTests : IAsyncLifetime
{
    private const string AgentPath = "/api/v2/workspaceagents/me/connections";
    private const string ProxyPath = "/api/v2/workspaceproxies/me/connections";
    private const int General = 512;
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer _server = null!;
    private HttpClient _owner = null!;
    private RunningAgent _agent = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(o => o.ApiRateLimit = new CoderOptions().ApiRateLimit, Ct);
        _owner = await _server.CreateOwnerAsync(Ct);
        await _owner.AddLicenseAsync(_server.Mint.License(), Ct);
        _agent = await _server.StartAgentAsync(await _server.AddTemplateAsync(Ct), new NewWorkspace(), Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _agent.Dispose();
        _owner.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Five_hundred_sessions_of_one_agent_may_begin_and_end_within_a_minute_in_single_reports()
    {
        var sessions = Enumerable.Range(0, 500).Select(_ => TestIds.New()).ToArray();

        foreach (var action in new[] { "connect", "disconnect" })
        {
            var statuses = await Task.WhenAll(sessions.Select(id => StatusAsync(
                _agent.Client.PostAsJsonAsync(AgentPath, new { id, action, type = "ssh" }, Ct))));

            statuses.Should().OnlyContain(status => status == HttpStatusCode.NoContent);
        }

        (await _server.Database.ScalarAsync<long>("select count(*) from connection_logs where disconnect_time is not null", Ct)).Should().Be(500);
    }

    [Fact]
    public async Task A_thousand_openings_may_be_reported_by_one_proxy_within_a_minute_in_single_reports()
    {
        using var proxy = await ProxyAsync();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(port => StatusAsync(proxy.PostAsJsonAsync(
            ProxyPath, new { agent_id = _agent.AgentId, type = "port_forwarding", slug_or_port = $"{port}" }, Ct))));

        statuses.Should().OnlyContain(status => status == HttpStatusCode.OK);
        (await _server.Database.ScalarAsync<long>("select count(*) from connection_logs", Ct)).Should().Be(1_000);
    }

    [Fact]
    public async Task Each_agent_and_each_proxy_has_a_limit_of_its_own()
    {
        using var proxy = await ProxyAsync();

        using var report = await _agent.Client.PostAsJsonAsync(AgentPath, new { id = TestIds.New(), action = "connect", type = "ssh" }, Ct);
        using var opening = await proxy.PostAsJsonAsync(
            ProxyPath, new { agent_id = _agent.AgentId, type = "port_forwarding", slug_or_port = "1" }, Ct);

        (report.Header("X-RateLimit-Limit"), report.Header("X-RateLimit-Remaining")).Should().Be(("6000", "5999"));
        (opening.Header("X-RateLimit-Limit"), opening.Header("X-RateLimit-Remaining")).Should().Be(("60000", "59999"));
    }

    [Theory]
    [InlineData(AgentPath, "Coder-Session-Token")]
    [InlineData(ProxyPath, "Coder-External-Proxy-Token")]
    public async Task Strangers_are_limited_as_everywhere_and_do_not_keep_others_from_reporting(string path, string header)
    {
        for (var i = 0; i < General; i++)
        {
            (await StatusAsync(StrangerAsync(path, header, TestIds.New().ToString()))).Should().Be(HttpStatusCode.Unauthorized);
        }

        var refused = await StrangerAsync(path, header, TestIds.New().ToString());
        var known = await _agent.Client.PostAsJsonAsync(AgentPath, new { id = TestIds.New(), action = "connect", type = "ssh" }, Ct);

        refused.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        refused.Header("X-RateLimit-Limit").Should().Be("512");
        refused.Header("Retry-After").Should().NotBeEmpty();
        known.StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_token_that_was_refused_costs_no_statement_until_the_limit_allows_the_next_request()
    {
        var token = TestIds.New();
        for (var i = 0; i <= General; i++)
        {
            await StatusAsync(StrangerAsync(AgentPath, "Coder-Session-Token", $"{token}"));
        }

        await _server.Database.ExecuteAsync("update workspace_agents set auth_token = $1 where id = $2", Ct, token, _agent.AgentId);

        (await StatusAsync(StrangerAsync(AgentPath, "Coder-Session-Token", $"{token}")))
            .Should().Be(HttpStatusCode.TooManyRequests, "nobody asked whose the token is");
        _server.Clock.Advance(TimeSpan.FromMinutes(2));
        (await StatusAsync(StrangerAsync(AgentPath, "Coder-Session-Token", $"{token}"))).Should().Be(HttpStatusCode.BadRequest, "it is good now");
    }

    private async Task<HttpClient> ProxyAsync()
    {
        using var created = await _owner.PostAsJsonAsync("/api/v2/workspaceproxies", new { name = "near" }, Ct);
        var client = _server.With("");
        client.DefaultRequestHeaders.Remove("Coder-Session-Token");
        client.DefaultRequestHeaders.Add("Coder-External-Proxy-Token", (await created.JsonAsync(Ct))["proxy_token"]!.GetValue<string>());
        return client;
    }

    private async Task<HttpResponseMessage> StrangerAsync(string path, string header, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { }) };
        request.Headers.Add(header, token);
        return await _server.Anonymous.SendAsync(request, Ct);
    }

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        return response.StatusCode;
    }
}
