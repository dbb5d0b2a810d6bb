using System.Net;
using Coder.Testing;

namespace Coder.Api.Tests.Http;

/// <summary>Which sites may read answers (docs/spec/platform.md, section 4 rule 10).</summary>
public sealed class CrossOriginTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Allow = "Access-Control-Allow-Origin";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/api/v2/buildinfo")]
    [InlineData("OPTIONS", "/api/v2/buildinfo")]
    [InlineData("POST", "/api/v2/users/login")]
    [InlineData("GET", "/healthz")]
    [InlineData("GET", "/swagger/v1/swagger.json")]
    public async Task No_other_site_may_read_anything(string method, string path)
    {
        var answer = await SendAsync(fixture.Server, method, path);

        answer.Headers.Select(h => h.Key).Should().NotContain(
            name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Any_site_may_measure_the_way_here()
    {
        var answer = await SendAsync(fixture.Server, "GET", "/latency-check");

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Header(Allow).Should().Be("*");
        answer.Header("Timing-Allow-Origin").Should().Be("*");
    }

    [Fact]
    public async Task Where_the_operator_allows_it_any_site_may_read_but_never_with_the_cookies_of_a_browser()
    {
        await using var server = await TestServer.StartAsync(o => o.DangerousAllowCorsRequests = "true", Ct, beside: fixture.Server);

        var read = await SendAsync(server, "GET", "/api/v2/buildinfo");
        var preflight = await SendAsync(server, "OPTIONS", "/api/v2/users/me", "GET");
        var write = await SendAsync(server, "POST", "/api/v2/users/login");
        var writePreflight = await SendAsync(server, "OPTIONS", "/api/v2/users/login", "POST");

        read.Header(Allow).Should().Be("*");
        preflight.StatusCode.Should().Be(HttpStatusCode.NoContent);
        preflight.Header(Allow).Should().Be("*");
        preflight.Header("Access-Control-Allow-Methods").Should().Be("GET,OPTIONS");
        preflight.Header("Access-Control-Allow-Headers").Should().Contain("Coder-Session-Token").And.Contain("Authorization");
        write.Header(Allow).Should().BeEmpty();
        writePreflight.Header("Access-Control-Allow-Methods").Should().NotContain("POST");
        foreach (var answer in new[] { read, preflight, write, writePreflight })
        {
            answer.Header("Access-Control-Allow-Credentials").Should().BeEmpty();
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(TestServer server, string method, string path, string? announced = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Origin", "https://elsewhere.example.com");
        if (announced is not null)
        {
            request.Headers.Add("Access-Control-Request-Method", announced);
            request.Headers.Add("Access-Control-Request-Headers", "coder-session-token");
        }

        return await server.Anonymous.SendAsync(request, Ct);
    }
}
