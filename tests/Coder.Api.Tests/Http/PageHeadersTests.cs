using System.Net;
using System.Text.RegularExpressions;
using Coder.Api.Configuration;
using Coder.Testing;

namespace Coder.Api.Tests.Http;

/// <summary>What pages may do, and how browsers come here (docs/spec/platform.md, section 4 rule 9).</summary>
public sealed class PageHeadersTests
{
    private const string Csp = "Content-Security-Policy";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_has_the_common_policy_unless_it_has_its_own_and_data_has_none()
    {
        await using var server = await StartAsync(o => o.AccessUrl = "https://coder.example.com:8443");

        var page = await server.Anonymous.GetAsync("/test-page", Ct);
        var own = await server.Anonymous.GetAsync("/test-page/own-policy", Ct);
        var data = await server.Anonymous.GetAsync("/api/v2/buildinfo", Ct);

        page.Header(Csp).Split("; ").Should().BeEquivalentTo(
            "default-src 'self'",
            "connect-src 'self' ws://coder.example.com:8443 wss://coder.example.com:8443",
            "child-src 'self'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "font-src 'self' data:",
            "img-src 'self' https: data:",
            "object-src 'self'",
            "frame-src 'self'",
            "form-action 'self'",
            "media-src 'self'",
            "worker-src 'self' blob:",
            "manifest-src 'self' blob:",
            "report-uri /api/v2/csp/reports");
        own.Header(Csp).Should().Be("default-src 'none'");
        data.Header(Csp).Should().BeEmpty();
    }

    [Fact]
    public async Task The_policy_repeats_nothing_that_the_caller_says()
    {
        await using var server = await StartAsync(_ => { });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/test-page");
        request.Headers.Host = "evil.example.com";

        (await server.Anonymous.SendAsync(request, Ct)).Header(Csp).Should().NotBeEmpty().And.NotContain("evil");
    }

    [Fact]
    public async Task The_policy_of_the_Swagger_page_lets_all_of_the_page_run()
    {
        await using var server = await StartAsync(_ => { });

        var page = await server.Anonymous.GetAsync("/swagger/index.html", Ct);

        var policy = page.Header(Csp);
        policy.Should().Contain("script-src 'self' 'unsafe-eval';").And.Contain("style-src 'self' 'unsafe-inline';");
        var html = await page.Content.ReadAsStringAsync(Ct);
        var scripts = Find(html, "<script[^>]*>(?<text>[^<]*)</script>");
        scripts.Should().NotBeEmpty().And.OnlyContain(s => s.Groups["text"].Value.Trim() == "", "inline scripts are not allowed to run");
        foreach (Match source in Find(html, "(src|href)=\"(?<url>[^\"]+)\""))
        {
            var url = new Uri(new Uri(server.Anonymous.BaseAddress!, "/swagger/index.html"), source.Groups["url"].Value);
            url.Authority.Should().Be(server.Anonymous.BaseAddress!.Authority);
            (await server.Anonymous.GetAsync(url, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        }
    }

    [Theory]
    [InlineData("0", "includeSubDomains", "")]
    [InlineData("31536000", "", "max-age=31536000")]
    [InlineData("31536000", "includeSubDomains,preload", "max-age=31536000; includeSubDomains; preload")]
    public async Task Browsers_are_told_to_use_https_where_the_operator_wants_it(string seconds, string options, string expected)
    {
        await using var server = await StartAsync(
            o => (o.StrictTransportSecurity, o.StrictTransportSecurityOptions) = (seconds, options));

        (await server.Anonymous.GetAsync("/test-page", Ct)).Header("Strict-Transport-Security").Should().Be(expected);
        (await server.Anonymous.GetAsync("/api/v2/nothing", Ct)).Header("Strict-Transport-Security").Should().Be(expected);
    }

    private static MatchCollection Find(string html, string pattern) =>
        Regex.Matches(html, pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

    private static Task<TestServer> StartAsync(Action<CoderOptions> configure) => TestServer.StartAsync(configure, Ct, TestControllers.Add);
}
