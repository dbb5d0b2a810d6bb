using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Coder.Api.Tests.Http;
using Coder.Domain.Users;
using Coder.Testing;

namespace Coder.Api.Tests.RateLimiting;

/// <summary>Limits on requests (docs/spec/platform.md, section 5.6). Each test has clients of its own behind a trusted proxy.</summary>
public sealed class RateLimitTests(RateLimitTests.Limited fixture) : IClassFixture<RateLimitTests.Limited>
{
    private const int Limit = 5;
    private const string Me = "/api/v2/users/me";
    private const string BuildInfo = "/api/v2/buildinfo";
    private const string Items = "/api/v2/test-limits/items/";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static int _lastAddress;

    private readonly string _address = NewAddress();

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task Over_the_limit_the_answer_says_so_and_when_to_come_back()
    {
        await ExhaustAsync(BuildInfo);

        var refused = await GetAsync(BuildInfo);

        (await refused.ProblemAsync(Ct)).Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.TooManyRequests,
            Message = "You've been rate limited for sending more than 5 requests in 1m0s.",
            Detail = (string?)null,
        });
        refused.Header("X-RateLimit-Limit").Should().Be("5");
        refused.Header("X-RateLimit-Remaining").Should().Be("0");
        var now = Server.Clock.GetUtcNow().ToUnixTimeSeconds();
        refused.Header("X-RateLimit-Reset").Should().Be(((now / 60 * 60) + 60).ToString(CultureInfo.InvariantCulture));
        int.Parse(refused.Header("Retry-After"), CultureInfo.InvariantCulture).Should().BeInRange(1, 61);
        refused.Header("X-Coder-Request-Id").Should().NotBeEmpty();
    }

    [Fact]
    public async Task Within_the_limit_the_answer_says_how_much_is_left()
    {
        var answers = await ExhaustAsync(BuildInfo);

        answers.Select(a => a.Header("X-RateLimit-Remaining")).Should().Equal("4", "3", "2", "1", "0");
        answers.Should().OnlyContain(a => a.StatusCode == HttpStatusCode.OK && a.Header("Retry-After") == "");
    }

    [Fact]
    public async Task Other_routes_other_addresses_and_users_are_not_concerned()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var other = await Server.AddUserAsync(Ct);
        await ExhaustAsync(BuildInfo);
        await ExhaustAsync(Me, user.Token);

        (await GetAsync(BuildInfo)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await GetAsync(Me, user.Token)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await GetAsync("/api/v2")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await GetAsync(BuildInfo, address: NewAddress())).StatusCode.Should().Be(HttpStatusCode.OK);
        (await GetAsync(Me, other.Token)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_user_has_one_window_wherever_the_requests_come_from()
    {
        using var user = await Server.AddUserAsync(Ct);
        for (var i = 0; i < Limit; i++)
        {
            (await GetAsync(Me, user.Token, NewAddress())).StatusCode.Should().Be(HttpStatusCode.OK);
        }

        (await GetAsync(Me, user.Token, NewAddress())).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Guessing_a_credential_counts_for_the_address()
    {
        for (var i = 0; i < Limit; i++)
        {
            (await GetAsync(Me, $"012345678{i}-0123456789012345678901")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        }

        (await GetAsync(Me, "0123456789-0123456789012345678901")).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await GetAsync(Me)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Whoever_is_refused_costs_no_statement_until_the_limit_allows_the_next_request()
    {
        using var user = await Server.AddUserAsync(Ct);
        await ExhaustAsync(Me, user.Token);
        (await GetAsync(Me, user.Token)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        await Server.Database.ExecuteAsync("delete from api_keys where user_id = $1", Ct, user.Id);

        var refused = await GetAsync(Me, user.Token);
        var elsewhere = await GetAsync("/api/v2/users/me/organizations", user.Token);

        refused.StatusCode.Should().Be(HttpStatusCode.TooManyRequests, "nobody asked whose the key is");
        refused.Header("X-RateLimit-Limit").Should().Be("5");
        refused.Header("X-RateLimit-Remaining").Should().Be("0");
        elsewhere.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Objects_count_one_by_one_for_users_and_what_nothing_serves_counts_together()
    {
        using var user = await Server.AddUserAsync(Ct);
        for (var i = 0; i < Limit; i++)
        {
            (await GetAsync($"{Items}{i}", user.Token)).StatusCode.Should().Be(HttpStatusCode.OK);
            (await GetAsync($"{Items}same", user.Token)).StatusCode.Should().Be(HttpStatusCode.OK);
            (await GetAsync($"/api/v2/nothing/{i}")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        }

        (await GetAsync($"{Items}another", user.Token)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await GetAsync($"{Items}same", user.Token)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await GetAsync("/api/v2/more-of-nothing")).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await GetAsync("/api/experimental/nothing")).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/latency-check")]
    [InlineData("/swagger/v1/swagger.json")]
    public async Task What_is_not_the_API_has_no_limit(string path)
    {
        for (var i = 0; i <= Limit; i++)
        {
            (await GetAsync(path)).StatusCode.Should().Be(HttpStatusCode.OK);
        }
    }

    [Theory]
    [InlineData("/api/v2/test-limits/own")]
    [InlineData("/test-outside")]
    public async Task An_endpoint_can_have_a_limit_of_its_own_wherever_it_is(string path)
    {
        (await GetAsync(path)).Header("X-RateLimit-Limit").Should().Be("2");
        (await GetAsync(path)).StatusCode.Should().Be(HttpStatusCode.OK);

        (await (await GetAsync(path)).ProblemAsync(Ct)).Message.Should().Be(
            "You've been rate limited for sending more than 2 requests in 1m0s.");
    }

    [Fact]
    public async Task Signing_in_is_limited_to_60_a_minute()
    {
        HttpResponseMessage? last = null;
        for (var i = 0; i <= 60; i++)
        {
            last?.StatusCode.Should().Be(HttpStatusCode.BadRequest);
            last = await SendAsync(HttpMethod.Post, "/api/v2/users/login", null, _address);
        }

        (await last!.ProblemAsync(Ct)).Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.TooManyRequests,
            Message = "You've been rate limited for sending more than 60 requests in 1m0s.",
        });
    }

    [Fact]
    public async Task What_a_forged_header_says_is_not_the_key()
    {
        for (var i = 0; i < Limit; i++)
        {
            await GetAsync(BuildInfo, address: $"6.6.6.{i}, {_address}");
        }

        (await GetAsync(BuildInfo, address: $"6.6.7.7, {_address}")).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task An_owner_may_bypass_the_limits()
    {
        using var owner = await Server.AddUserAsync(["owner"], Ct);
        await ExhaustAsync(Me, owner.Token);
        await ExhaustAsync(BuildInfo);

        (await GetAsync(Me, owner.Token)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await GetAsync(Me, owner.Token, bypass: "true")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await GetAsync(BuildInfo, owner.Token, bypass: "TRUE"))
            .StatusCode.Should().Be(HttpStatusCode.OK, "also where no session is needed");
        (await GetAsync(Me, owner.Token, bypass: "false")).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Others_who_want_to_bypass_the_limits_are_told_what_is_wrong()
    {
        using var member = await Server.AddUserAsync(["user-admin"], Ct);

        foreach (var refused in new[] { await GetAsync(Me, member.Token, bypass: "true"), await GetAsync(BuildInfo, bypass: "true") })
        {
            (await refused.ProblemAsync(Ct)).Should().BeEquivalentTo(new
            {
                Status = HttpStatusCode.PreconditionRequired,
                Message = "Only owners may bypass the rate limits.",
                Detail = "Send the request again without the header X-Coder-Bypass-Ratelimit.",
            });
        }

        (await GetAsync(Me, bypass: "true")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Asking_for_a_bypass_counts_too()
    {
        using var member = await Server.AddUserAsync(Ct);
        for (var i = 0; i < Limit; i++)
        {
            (await GetAsync(Me, member.Token, bypass: "true")).StatusCode.Should().Be(HttpStatusCode.PreconditionRequired);
        }

        (await GetAsync(Me, member.Token, bypass: "true")).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_limits_can_be_switched_off(bool all)
    {
        await using var server = await TestServer.StartAsync(
            o => (o.ApiRateLimit, o.DangerousDisableRateLimits) = all ? ("5", "true") : ("-1", "false"), Ct, beside: Server);
        using var member = await Server.AddUserAsync(Ct);
        using var client = server.With(member.Token);

        for (var i = 0; i <= Limit; i++)
        {
            var answer = await client.GetAsync(Me, Ct);
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
            answer.Header("X-RateLimit-Limit").Should().BeEmpty();
        }

        var login = await server.Anonymous.PostAsJsonAsync("/api/v2/users/login", new { }, Ct);
        login.Header("X-RateLimit-Limit").Should().Be(all ? "" : "60", "only the other switch is for limits of endpoints of their own");
    }

    [Fact]
    public async Task After_the_time_that_was_told_a_request_gets_through()
    {
        await using var server = await TestServer.StartAsync(o => o.ApiRateLimit = "5", Ct);
        for (var i = 0; i < Limit; i++)
        {
            await server.Anonymous.GetAsync(BuildInfo, Ct);
        }

        var refused = await server.Anonymous.GetAsync(BuildInfo, Ct);
        server.Clock.Advance(TimeSpan.FromSeconds(int.Parse(refused.Header("Retry-After"), CultureInfo.InvariantCulture)));

        (await server.Anonymous.GetAsync(BuildInfo, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await server.Anonymous.GetAsync(BuildInfo, Ct)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests, "one place was free");
    }

    [Fact]
    public async Task A_session_remembers_the_address_behind_the_proxy()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Password = "CorrectHorse9!Battery" }, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v2/users/login")
        {
            Content = JsonContent.Create(new { email = user.Email, password = "CorrectHorse9!Battery" }),
        };
        request.Headers.Add("X-Forwarded-For", $"6.6.6.6, {_address}");

        var response = await Server.Anonymous.SendAsync(request, Ct);

        var id = (await response.JsonAsync(Ct))["session_token"]!.GetValue<string>()[..ApiKeyToken.IdLength];
        (await Server.Database.ScalarAsync<string>("select host(ip_address) from api_keys where id = $1", Ct, id)).Should().Be(_address);
    }

    private static string NewAddress()
    {
        var number = Interlocked.Increment(ref _lastAddress);
        return $"198.51.{number / 250}.{(number % 250) + 1}";
    }

    private async Task<List<HttpResponseMessage>> ExhaustAsync(string path, string? token = null)
    {
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < Limit; i++)
        {
            answers.Add(await GetAsync(path, token));
        }

        return answers;
    }

    private Task<HttpResponseMessage> GetAsync(string path, string? token = null, string? address = null, string? bypass = null) =>
        SendAsync(HttpMethod.Get, path, token, address ?? _address, bypass);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, string address, string? bypass = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-Forwarded-For", address);
        if (token is not null)
        {
            request.Headers.Add("Coder-Session-Token", token);
        }

        if (bypass is not null)
        {
            request.Headers.Add("X-Coder-Bypass-Ratelimit", bypass);
        }

        return await Server.Anonymous.SendAsync(request, Ct);
    }

    public sealed class Limited : IAsyncLifetime
    {
        private TestServer? _server;

        public TestServer Server => _server!;

        public async ValueTask InitializeAsync()
        {
            _server = await TestServer.StartAsync(
                o => (o.ApiRateLimit, o.ProxyTrustedOrigins) = ("5", "127.0.0.0/8"), CancellationToken.None, TestControllers.Add);

            // Somewhere within a minute, as it is in life.
            _server.Clock.Advance(TimeSpan.FromSeconds(17));
        }

        public async ValueTask DisposeAsync()
        {
            if (_server is not null)
            {
                await _server.DisposeAsync();
            }
        }
    }
}
