using System.Net;
using Coder.Testing;

namespace Coder.Api.Tests.Deployment;

public sealed class CspReportsTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Path = "/api/v2/csp/reports";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private HttpClient Anonymous => fixture.Server.Anonymous;

    [Fact]
    public async Task A_report_becomes_one_line_of_the_log_without_secrets_and_forged_lines()
    {
        var response = await Anonymous.PostRawAsync(
            Path,
            """
            {"csp-report":{"document-uri":"https://coder.example.com/page-7231?access_token=secret-word#part",
            "violated-directive":"img-src","blocked-uri":"http://evil.example.com/\nError forged: line","line-number":7,"other":{"x":[1]}}}
            """,
            "application/csp-report",
            Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync(Ct)).Should().BeEmpty();
        var line = fixture.Logs.Lines.Should().ContainSingle(l => l.Contains("page-7231", StringComparison.Ordinal)).Which;
        line.Should().StartWith("Warning ").And.Contain("img-src").And.Contain("evil.example.com");
        line.Should().NotContain("secret-word").And.NotContain("\n");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"csp-report":null}""")]
    [InlineData("""{"csp-report":{"document-uri":7}}""")]
    public async Task A_report_that_says_nothing_is_taken_too(string body) =>
        (await Anonymous.PostRawAsync(Path, body, null, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);

    [Fact]
    public async Task What_is_logged_is_short()
    {
        var body = $$$"""{"csp-report":{"blocked-uri":"https://long-4711/{{{new string('x', 9000)}}}"}}""";

        await Anonymous.PostRawAsync(Path, body, null, Ct);

        fixture.Logs.Lines.Should().ContainSingle(l => l.Contains("long-4711", StringComparison.Ordinal))
            .Which.Length.Should().BeLessThan(600);
    }

    [Theory]
    [InlineData("nonsense", HttpStatusCode.BadRequest, "Request body must be valid JSON.")]
    [InlineData("""{"csp-report":"text"}""", HttpStatusCode.BadRequest, "Request body must be valid JSON.")]
    public async Task What_is_no_report_is_refused(string body, HttpStatusCode status, string message) =>
        (await (await Anonymous.PostRawAsync(Path, body, null, Ct)).ProblemAsync(Ct))
            .Should().BeEquivalentTo(new { Status = status, Message = message });

    [Fact]
    public async Task A_report_has_at_most_16_KiB()
    {
        var body = $$$"""{"csp-report":{"blocked-uri":"{{{new string('x', 17 * 1024)}}}"}}""";

        var response = await Anonymous.PostRawAsync(Path, body, null, Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.RequestEntityTooLarge, Message = "Request body is too large." });
    }

    [Fact]
    public async Task Nobody_can_fill_the_log()
    {
        await using var server = await TestServer.StartAsync(null, Ct, beside: fixture.Server);
        for (var i = 0; i < 60; i++)
        {
            (await server.Anonymous.PostRawAsync(Path, "{}", null, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        }

        (await server.Anonymous.PostRawAsync(Path, "{}", null, Ct)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
    }
}
