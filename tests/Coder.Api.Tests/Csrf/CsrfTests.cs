using System.Net;
using Coder.Api.Csrf;
using Coder.Api.Tests.Http;
using Coder.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Csrf;

/// <summary>Requests with the session cookie must come from a page of ours (docs/spec/platform.md, section 5.5).</summary>
public sealed class CsrfTests(CsrfTests.Public fixture) : IClassFixture<CsrfTests.Public>
{
    private const string Logout = "/api/v2/users/logout";
    private const string AccessUrl = "https://coder.example.com";
    private const string Refused =
        "Something is wrong with your CSRF token. Please refresh the page. If this error persists, try clearing your cookies.";

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task The_cookie_alone_is_refused_in_plain_text_and_nothing_happens()
    {
        using var user = await Server.AddUserAsync(Ct);

        var response = await PostAsync(user.Token);

        await IsRefusedAsync(response);
        (await user.Client.GetAsync("/api/v2/users/me", Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_cookie_with_a_twin_of_the_token_is_accepted_again_and_again()
    {
        var (cookie, twin, other) = Issue();

        twin.Should().NotBe(other).And.NotContain(cookie);
        await IsAcceptedAsync(("X-CSRF-TOKEN", twin), cookie);
        await IsAcceptedAsync(("X-CSRF-TOKEN", other), cookie);
    }

    [Theory]
    [InlineData("another browser's")]
    [InlineData("the cookie itself")]
    [InlineData("nonsense")]
    [InlineData("!!!!")]
    [InlineData("without a cookie")]
    [InlineData("a damaged cookie")]
    public async Task A_token_that_is_no_twin_is_refused_whatever_else_speaks_for_the_request(string what)
    {
        using var user = await Server.AddUserAsync(Ct);
        var (cookie, twin, _) = Issue();
        var token = what switch
        {
            "another browser's" => Issue().Twin,
            "the cookie itself" => cookie,
            "without a cookie" or "a damaged cookie" => twin,
            _ => what,
        };
        var sent = what switch { "without a cookie" => null, "a damaged cookie" => cookie[..^1] + "!", _ => cookie };

        var response = await SendAsync(
            HttpMethod.Post, Logout, user.Token, sent, ("X-CSRF-TOKEN", token), ("Sec-Fetch-Site", "same-origin"), ("Origin", AccessUrl));

        await IsRefusedAsync(response);
    }

    [Fact]
    public async Task An_empty_token_counts_as_none()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var other = await Server.AddUserAsync(Ct);

        var alone = await PostAsync(user.Token, ("X-CSRF-TOKEN", ""));
        var proved = await PostAsync(other.Token, ("X-CSRF-TOKEN", ""), ("Sec-Fetch-Site", "same-origin"));

        await IsRefusedAsync(alone);
        proved.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("same-origin", true)]
    [InlineData("none", true)]
    [InlineData("same-site", false)]
    [InlineData("cross-site", false)]
    [InlineData("nonsense", false)]
    public async Task What_the_browser_says_about_the_site_counts_more_than_the_origin(string site, bool isAccepted)
    {
        using var user = await Server.AddUserAsync(Ct);

        var response = await PostAsync(
            user.Token, ("Sec-Fetch-Site", site), ("Origin", isAccepted ? "https://evil.example.com" : AccessUrl));

        await IsAsync(response, isAccepted);
    }

    [Theory]
    [InlineData(AccessUrl, true)]
    [InlineData("https://coder.example.com:443", true)]
    [InlineData("own", true)]
    [InlineData("http://coder.example.com", false)]
    [InlineData("https://coder.example.com:8443", false)]
    [InlineData("https://evil.coder.example.com", false)]
    [InlineData("https://coder.example.com.evil.com", false)]
    [InlineData("null", false)]
    [InlineData("nonsense", false)]
    public async Task The_origin_must_be_that_of_the_request_or_of_the_access_url(string origin, bool isAccepted)
    {
        using var user = await Server.AddUserAsync(Ct);
        var sent = origin == "own" ? Server.Anonymous.BaseAddress!.GetLeftPart(UriPartial.Authority) : origin;

        var response = await PostAsync(user.Token, ("Origin", sent));

        await IsAsync(response, isAccepted);
    }

    [Theory]
    [InlineData("header")]
    [InlineData("query")]
    [InlineData("bearer")]
    [InlineData("header without a cookie")]
    public async Task Who_sends_a_credential_that_no_browser_sends_by_itself_needs_no_proof(string how)
    {
        using var user = await Server.AddUserAsync(Ct);
        var path = how == "query" ? $"{Logout}?coder_session_token={user.Token}" : Logout;
        (string, string)[] headers = how switch
        {
            "header" or "header without a cookie" => [("Coder-Session-Token", user.Token)],
            "bearer" => [("Authorization", "Bearer anything")],
            _ => [],
        };

        var response = await SendAsync(HttpMethod.Post, path, how == "header without a cookie" ? null : user.Token, null, headers);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Two_different_sessions_are_both_named()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var other = await Server.AddUserAsync(Ct);

        var response = await PostAsync(user.Token, ("Coder-Session-Token", other.Token));
        var proved = await PostAsync(user.Token, ("Coder-Session-Token", other.Token), ("Sec-Fetch-Site", "same-origin"));

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        var text = await response.Content.ReadAsStringAsync(Ct);
        text.Should().Contain("\"coder_session_token\"").And.Contain("\"Coder-Session-Token\"");
        text.Should().NotContain(user.Token).And.NotContain(other.Token);
        response.Content.Headers.ContentType!.MediaType.Should().Be("text/plain");
        proved.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_query_value_of_another_session_proves_nothing()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var other = await Server.AddUserAsync(Ct);

        await IsRefusedAsync(await SendAsync(HttpMethod.Post, $"{Logout}?coder_session_token={other.Token}", user.Token, null));
    }

    [Theory]
    [InlineData("GET", "/api/v2/users/me", true)]
    [InlineData("HEAD", "/api/v2/users/me", true)]
    [InlineData("OPTIONS", "/api/v2/users/me", true)]
    [InlineData("PUT", "/api/v2/users/me", false)]
    [InlineData("PATCH", "/api/v2/users/me", false)]
    [InlineData("DELETE", "/api/v2/licenses/1", false)]
    [InlineData("POST", "/api/v2/users/login", false)]
    [InlineData("POST", "/API/V2//users/login", false)]
    [InlineData("POST", "/oauth2/tokens", false)]
    [InlineData("POST", "/api/experimental/nothing", false)]
    [InlineData("POST", "/api/v2/users/first", true)]
    [InlineData("POST", "/api/v2/users/first/", true)]
    [InlineData("POST", "/api/v2/csp/reports", true)]
    [InlineData("POST", "/api/v2/workspaceagents/me/nothing", true)]
    [InlineData("POST", "/api/v2/workspaceproxies/me/nothing", true)]
    [InlineData("POST", "/api/v2/workspaceproxies", false)]
    [InlineData("POST", "/api/v2/scim/v2/Users", true)]
    [InlineData("POST", "/api/v2/scimitar", false)]
    [InlineData("POST", "/api/experimental/mcp/http", true)]
    [InlineData("POST", "/test-page", true)]
    public async Task Only_what_changes_something_and_has_no_rule_of_its_own_is_guarded(string method, string path, bool isOpen)
    {
        using var user = await Server.AddUserAsync(Ct);

        var response = await SendAsync(new HttpMethod(method), path, user.Token, null);

        var text = await response.Content.ReadAsStringAsync(Ct);
        (text == Refused).Should().Be(!isOpen);
    }

    [Theory]
    [InlineData("Coder-Provisioner-Daemon-Key")]
    [InlineData("Coder-Provisioner-Daemon-PSK")]
    public async Task Provisioner_daemons_have_credentials_of_their_own(string header)
    {
        using var user = await Server.AddUserAsync(Ct);

        (await PostAsync(user.Token, (header, "anything"))).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public void The_token_is_given_once_with_the_flags_of_the_session_cookie()
    {
        var context = new DefaultHttpContext();
        var tokens = Server.Services.GetRequiredService<CsrfTokens>();
        tokens.Issue(context);

        var set = context.Response.Headers.SetCookie.ToString();
        set.Should().MatchRegex("^csrf_token=[A-Za-z0-9_-]{43}; path=/; secure; samesite=lax; httponly$");

        var next = new DefaultHttpContext();
        next.Request.Headers.Cookie = set.Split(';')[0];
        var twin = tokens.Issue(next);

        next.Response.Headers.SetCookie.Should().BeEmpty("the browser has it");
        CsrfTokens.IsTwin(set.Split(';')[0].Split('=')[1], twin).Should().BeTrue();
    }

    private (string Cookie, string Twin, string Other) Issue()
    {
        var tokens = Server.Services.GetRequiredService<CsrfTokens>();
        var context = new DefaultHttpContext();
        var twin = tokens.Issue(context);
        var cookie = context.Response.Headers.SetCookie.ToString().Split(';')[0];
        var next = new DefaultHttpContext();
        next.Request.Headers.Cookie = cookie;
        return (cookie.Split('=')[1], twin, tokens.Issue(next));
    }

    private async Task IsAcceptedAsync((string Name, string Value) header, string cookie)
    {
        using var user = await Server.AddUserAsync(Ct);
        (await SendAsync(HttpMethod.Post, Logout, user.Token, cookie, header)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private static Task IsAsync(HttpResponseMessage response, bool isAccepted)
    {
        if (!isAccepted)
        {
            return IsRefusedAsync(response);
        }

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return Task.CompletedTask;
    }

    private static async Task IsRefusedAsync(HttpResponseMessage response)
    {
        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        response.Content.Headers.ContentType!.ToString().Should().Be("text/plain; charset=utf-8");
        (await response.Content.ReadAsStringAsync(Ct)).Should().Be(Refused);
        response.Header("X-Coder-Request-Id").Should().NotBeEmpty();
    }

    private Task<HttpResponseMessage> PostAsync(string session, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, Logout, session, null, headers);

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? session, string? csrf, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        string?[] cookies = [session is null ? null : $"coder_session_token={session}", csrf is null ? null : $"csrf_token={csrf}"];
        if (string.Join("; ", cookies.OfType<string>()) is { Length: > 0 } all)
        {
            request.Headers.Add("Cookie", all);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Server.Anonymous.SendAsync(request, Ct);
    }

    public sealed class Public : IAsyncLifetime
    {
        private TestServer? _server;

        public TestServer Server => _server!;

        public async ValueTask InitializeAsync() =>
            _server = await TestServer.StartAsync(o => o.AccessUrl = AccessUrl, CancellationToken.None, TestControllers.Add);

        public async ValueTask DisposeAsync()
        {
            if (_server is not null)
            {
                await _server.DisposeAsync();
            }
        }
    }
}
