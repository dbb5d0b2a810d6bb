using System.Net;
using Coder.Testing;

namespace Coder.Api.Tests.Http;

/// <summary>What all answers have in common, whoever gives them.</summary>
public sealed class AnswerTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Json = "application/json; charset=utf-8";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Theory]
    [InlineData("GET", "/api/v2", 200)]
    [InlineData("GET", "/api/v2/buildinfo", 200)]
    [InlineData("GET", "/healthz", 200)]
    [InlineData("GET", "/readyz", 200)]
    [InlineData("GET", "/latency-check", 200)]
    [InlineData("GET", "/swagger/v1/swagger.json", 200)]
    [InlineData("GET", "/", 404)]
    [InlineData("GET", "/api/v2/nothing", 404)]
    [InlineData("POST", "/api/v2/users/first", 400)]
    [InlineData("POST", "/api/v2/users/login", 400)]
    [InlineData("GET", "/api/v2/users/me", 401)]
    [InlineData("POST", "/api/v2/licenses", 401)]
    [InlineData("DELETE", "/api/v2/buildinfo", 405)]
    [InlineData("POST", "/healthz", 405)]
    public async Task Every_answer_has_a_request_id_and_the_version_and_forbids_guessing(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        var response = await Server.Anonymous.SendAsync(request, Ct);

        ((int)response.StatusCode).Should().Be(status);
        Guid.TryParseExact(response.Header("X-Coder-Request-Id"), "D", out _).Should().BeTrue();
        response.Header("X-Coder-Build-Version").Should().MatchRegex(@"^v\d+\.\d+\.\d+");
        response.Header("X-Content-Type-Options").Should().Be("nosniff");
        response.Headers.Contains("Server").Should().BeFalse();
    }

    [Fact]
    public async Task Each_request_has_an_id_of_its_own_and_not_one_that_the_caller_chose()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz");
        request.Headers.Add("X-Coder-Request-Id", "chosen");

        var first = await Server.Anonymous.SendAsync(request, Ct);
        var second = await Server.Anonymous.GetAsync("/healthz", Ct);

        first.Header("X-Coder-Request-Id").Should().NotBe("chosen").And.NotBe(second.Header("X-Coder-Request-Id"));
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/api")]
    [InlineData("GET", "/api/v2/nothing")]
    [InlineData("POST", "/api/v2/nothing")]
    [InlineData("GET", "/api/v2/users/me/nothing/at/all")]
    [InlineData("GET", "/oauth2/nothing")]
    [InlineData("GET", "/.well-known/nothing")]
    public async Task A_path_that_nothing_serves_is_told_so_without_a_sign_in(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        var response = await Server.Anonymous.SendAsync(request, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
        response.Content.Headers.ContentType!.ToString().Should().Be(Json);
        (await response.Content.ReadAsStringAsync(Ct)).Should().Be("""{"message":"Route not found."}""");
    }

    [Theory]
    [InlineData("PUT", "/api/v2/users/first")]
    [InlineData("DELETE", "/api/v2/buildinfo")]
    [InlineData("PUT", "/api/v2/licenses/1/")]
    [InlineData("PATCH", "/api/v2//buildinfo")]
    public async Task A_wrong_method_on_a_known_path_has_an_empty_answer(string method, string path)
    {
        using var user = await Server.AddUserAsync(Ct);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        var response = await user.Client.SendAsync(request, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        response.Content.Headers.Allow.Should().NotBeEmpty();
        (await response.Content.ReadAsByteArrayAsync(Ct)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("/api/v2/users/me/")]
    [InlineData("//api/v2/users/me")]
    [InlineData("/api//v2///users/me//")]
    [InlineData("/API/V2/Users/me")]
    public async Task Trailing_and_repeated_slashes_are_tolerated(string path)
    {
        using var user = await Server.AddUserAsync(Ct);
        var uri = new Uri(Server.Anonymous.BaseAddress!.GetLeftPart(UriPartial.Authority) + path);

        var response = await user.Client.GetAsync(uri, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_caller_who_may_not_do_something_is_told_so_before_the_body_is_read()
    {
        using var member = await Server.AddUserAsync(Ct);

        var response = await member.Client.PostRawAsync("/api/v2/licenses", "nonsense", null, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await response.Content.ReadAsStringAsync(Ct)).Should().Be(
            """{"message":"Forbidden.","detail":"You don't have permission to view this content. If you believe this is a mistake, please contact your administrator or try signing in with different credentials."}""");
    }

    [Fact]
    public async Task An_answer_is_json_whatever_the_caller_accepts()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v2/users/first");
        request.Headers.Add("Accept", "text/html, application/xml");

        var response = await Server.Anonymous.SendAsync(request, Ct);

        response.Content.Headers.ContentType!.ToString().Should().Be(Json);
    }

    [Fact]
    public async Task Header_values_are_never_reflected()
    {
        const string Mark = "reflect-me-9151";
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v2/users/me");
        request.Headers.Add("Coder-Session-Token", Mark);
        request.Headers.Add("Origin", $"https://{Mark}");
        request.Headers.Add("X-Request-Id", Mark);
        request.Headers.Add("traceparent", Mark);

        var response = await Server.Anonymous.SendAsync(request, Ct);

        (await response.Content.ReadAsStringAsync(Ct)).Should().NotContain(Mark);
        response.Headers.ToString().Should().NotContain(Mark);
    }
}
