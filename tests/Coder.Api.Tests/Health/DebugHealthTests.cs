using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Application.Health;
using Coder.Domain.Health;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Health;

public sealed class DebugHealthTests
{
    private const string Path = "/api/v2/debug/health";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_healthy_server_reaches_its_database_and_itself()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);

        var report = await GetAsync(owner, "?force=false");

        report["healthy"]!.GetValue<bool>().Should().BeTrue();
        report["severity"]!.GetValue<string>().Should().Be("ok");
        report["time"]!.GetValue<string>().Should().Be("2026-03-01T12:00:00Z");
        report["access_url"]!["healthz_response"]!.GetValue<string>().Should().Be("OK");
        report["access_url"]!["status_code"]!.GetValue<int>().Should().Be(200);
        report["access_url"]!["access_url"]!.GetValue<string>().Should().Be(server.Anonymous.BaseAddress!.ToString().TrimEnd('/'));
        report["database"]!["reachable"]!.GetValue<bool>().Should().BeTrue();
        report["database"]!["threshold_ms"]!.GetValue<int>().Should().Be(15);
        foreach (var part in (string[])["access_url", "database", "derp", "websocket", "workspace_proxy", "provisioner_daemons"])
        {
            report[part]!["severity"]!.GetValue<string>().Should().Be("ok", part);
            report[part]!["warnings"]!.AsArray().Should().BeEmpty();
            report[part]!["dismissed"]!.GetValue<bool>().Should().BeFalse();
        }

        report["coder_version"]!.GetValue<string>().Should().StartWith("v");
    }

    [Fact]
    public async Task An_access_url_that_leads_elsewhere_is_a_warning_and_one_that_leads_nowhere_an_error()
    {
        var probe = new Probe();
        await using var server = await TestServer.StartAsync(null, Ct, s => s.AddSingleton<IAccessUrlProbe>(probe));
        using var owner = await server.CreateOwnerAsync(Ct);

        probe.Next = new AccessUrlHealthReport("https://x", 200, "<html>", null);
        var elsewhere = await GetAsync(owner, "");
        probe.Next = new AccessUrlHealthReport("https://x", null, "", "no route to host");
        var nowhere = await GetAsync(owner, "?force=true");

        elsewhere["healthy"]!.GetValue<bool>().Should().BeTrue();
        elsewhere["severity"]!.GetValue<string>().Should().Be("warning");
        elsewhere["access_url"]!["warnings"]![0]!["code"]!.GetValue<string>().Should().Be("EACS04");
        nowhere["healthy"]!.GetValue<bool>().Should().BeFalse();
        nowhere["access_url"]!["error"]!.GetValue<string>().Should().Be("no route to host");
        nowhere["websocket"]!["severity"]!.GetValue<string>().Should().Be("error");
    }

    [Fact]
    public async Task An_access_url_where_nobody_listens_is_reported_as_an_error()
    {
        await using var server = await TestServer.StartAsync(o => o.AccessUrl = "http://127.0.0.1:9", Ct);
        using var owner = await server.CreateOwnerAsync(Ct);

        var report = await GetAsync(owner, "");

        report["access_url"]!["reachable"]!.GetValue<bool>().Should().BeFalse();
        report["access_url"]!["severity"]!.GetValue<string>().Should().Be("error");
        report["access_url"]!["error"]!.GetValue<string>().Should().NotBeEmpty();
    }

    [Fact]
    public async Task A_report_is_kept_for_ten_minutes_unless_a_new_one_is_forced()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);
        var first = await TimeAsync(owner, "");

        server.Clock.Advance(TimeSpan.FromMinutes(9));
        var kept = await TimeAsync(owner, "?force=false");
        var forced = await TimeAsync(owner, "?force=true");
        server.Clock.Advance(TimeSpan.FromMinutes(10));
        var renewed = await TimeAsync(owner, "");

        first.Should().Be("2026-03-01T12:00:00Z");
        kept.Should().Be(first);
        forced.Should().Be("2026-03-01T12:09:00Z");
        renewed.Should().Be("2026-03-01T12:19:00Z");
    }

    [Fact]
    public async Task A_parameter_that_is_no_boolean_is_named()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);

        var problem = await (await owner.GetAsync($"{Path}?force=maybe", Ct)).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Validations.Should().Equal(("force", "Query param \"force\" must be a valid boolean"));
    }

    [Fact]
    public async Task Only_owners_see_diagnostics()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var auditor = await server.AddUserAsync(roles: ["auditor"], Ct);

        (await auditor.Client.GetAsync(Path, Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await server.Anonymous.GetAsync(Path, Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    private static async Task<JsonObject> GetAsync(HttpClient client, string query) =>
        (await client.GetFromJsonAsync<JsonObject>(Path + query, Ct))!;

    private static async Task<string> TimeAsync(HttpClient client, string query) =>
        (await GetAsync(client, query))["time"]!.GetValue<string>();

    private sealed class Probe : IAccessUrlProbe
    {
        public AccessUrlHealthReport Next { get; set; } = new("", null, "", null);

        public Task<AccessUrlHealthReport> ProbeAsync(CancellationToken ct) => Task.FromResult(Next);
    }
}
