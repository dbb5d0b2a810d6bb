using System.Net;
using Coder.Api.Tests.Http;
using Coder.Testing;

namespace Coder.Api.Tests.Deployment;

public sealed class HealthTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/latency-check")]
    public async Task A_healthy_server_says_so_in_plain_text(string path)
    {
        var response = await fixture.Server.Anonymous.GetAsync(path, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.Should().Be("text/plain");
        (await response.Content.ReadAsStringAsync(Ct)).Should().Be("OK");
    }

    [Fact]
    public async Task Any_origin_may_measure_the_latency()
    {
        var response = await fixture.Server.Anonymous.GetAsync("/latency-check", Ct);

        response.Header("Timing-Allow-Origin").Should().Be("*");
        response.Header("Access-Control-Allow-Origin").Should().Be("*");
    }

    [Fact]
    public async Task A_server_without_its_database_lives_and_is_not_ready()
    {
        using var outage = new Outage();
        await using var server = await TestServer.StartAsync(null, Ct, outage.Prepare, fixture.Server);
        outage.IsOn = true;

        var alive = await server.Anonymous.GetAsync("/healthz", Ct);
        var ready = await server.Anonymous.GetAsync("/readyz", Ct);
        outage.IsOn = false;
        var again = await server.Anonymous.GetAsync("/readyz", Ct);

        alive.StatusCode.Should().Be(HttpStatusCode.OK);
        ready.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadAsStringAsync(Ct)).Should().Be("the database does not answer");
        ready.Header("Retry-After").Should().Be("1");
        again.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_build_information_names_version_url_and_deployment()
    {
        await using var server = await TestServer.StartAsync(Configure, Ct, beside: fixture.Server);
        var id = await server.Database.ScalarAsync<string>("select value from site_configs where key = 'deployment_id'", Ct);

        var response = await server.Anonymous.GetAsync("/api/v2/buildinfo", Ct);

        var info = await response.JsonAsync(Ct);
        info["version"]!.GetValue<string>().Should().Be(response.Header("X-Coder-Build-Version"));
        info["dashboard_url"]!.GetValue<string>().Should().Be("https://coder.example.com");
        info["telemetry"]!.GetValue<bool>().Should().BeTrue();
        info["workspace_proxy"]!.GetValue<bool>().Should().BeFalse();
        info["provisioner_api_version"]!.GetValue<string>().Should().Be("1.9");
        info["agent_api_version"]!.GetValue<string>().Should().Be("1.0");
        info["upgrade_message"]!.GetValue<string>().Should().BeEmpty();
        info["external_url"]!.GetValue<string>().Should().NotBeNull();
        info["deployment_id"]!.GetValue<string>().Should().Be(id);

        static void Configure(Api.Configuration.CoderOptions options)
        {
            options.AccessUrl = "https://coder.example.com/";
            options.TelemetryEnable = "true";
        }
    }

    [Fact]
    public async Task All_servers_of_one_database_are_one_deployment()
    {
        await using var other = await TestServer.StartAsync(null, Ct, beside: fixture.Server);

        var one = await (await fixture.Server.Anonymous.GetAsync("/api/v2/buildinfo", Ct)).JsonAsync(Ct);
        var two = await (await other.Anonymous.GetAsync("/api/v2/buildinfo", Ct)).JsonAsync(Ct);

        two["deployment_id"]!.GetValue<Guid>().Should().Be(one["deployment_id"]!.GetValue<Guid>());
    }

    [Fact]
    public async Task The_root_of_the_api_greets()
    {
        var response = await fixture.Server.Anonymous.GetAsync("/api/v2", Ct);

        (await response.JsonAsync(Ct))["message"]!.GetValue<string>().Should().Be("👋");
    }
}
