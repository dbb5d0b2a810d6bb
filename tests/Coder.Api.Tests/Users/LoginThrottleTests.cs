using System.Net;
using System.Net.Http.Json;
using Coder.Application.Users;
using Coder.Domain.Common;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;

namespace Coder.Api.Tests.Users;

/// <summary>Waits after wrong passwords (docs/spec/platform.md, section 5.6).</summary>
public sealed class LoginThrottleTests(LoginThrottleTests.Guessed fixture) : IClassFixture<LoginThrottleTests.Guessed>
{
    private const string Login = "/api/v2/users/login";
    private const string Right = "CorrectHorse9!Battery";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static int _lastAddress;

    private TestServer Server => fixture.Server;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_ten_wrong_passwords_the_account_waits_whether_or_not_it_exists(bool exists)
    {
        using var user = await AddAsync();
        var email = exists ? user.Email : $"nobody-{user.Id:N}@example.com";

        var wrong = await GuessAsync(email, 10);
        var refused = await PostAsync(email, Right);

        wrong.Should().OnlyContain(a => a.StatusCode == HttpStatusCode.Unauthorized);
        refused.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await refused.Content.ReadAsStringAsync(Ct)).Should().Be(
            """{"message":"Too many failed attempts to sign in. Wait a moment before you try again."}""");
        refused.Header("Retry-After").Should().Be("2");
    }

    [Fact]
    public async Task The_wait_ends_by_itself_and_the_right_password_ends_the_matter()
    {
        using var user = await AddAsync();
        await GuessAsync(user.Email, 10);
        Server.Clock.Advance(TimeSpan.FromSeconds(2));
        var right = await PostAsync(user.Email, Right);

        var again = await GuessAsync(user.Email, 9);

        right.StatusCode.Should().Be(HttpStatusCode.Created);
        again.Should().OnlyContain(a => a.StatusCode == HttpStatusCode.Unauthorized);
        (await PostAsync(user.Email, Right)).StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Each_further_wrong_password_doubles_the_wait()
    {
        using var user = await AddAsync();
        await GuessAsync(user.Email, 10);
        foreach (var wait in new[] { 2, 4, 8, 16, 32, 64, 128, 256, 300, 300 })
        {
            (await PostAsync(user.Email, "wrong")).Header("Retry-After").Should().Be($"{wait}");
            Server.Clock.Advance(TimeSpan.FromSeconds(wait));
            (await PostAsync(user.Email, "wrong")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task The_case_of_the_address_and_where_the_caller_is_do_not_matter()
    {
        using var user = await AddAsync();
        await GuessAsync(user.Email, 5);
        await GuessAsync(user.Email.ToUpperInvariant(), 5);

        (await PostAsync(user.Email, Right)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task A_browser_with_a_session_of_the_account_is_let_in_and_one_with_another_session_is_not()
    {
        using var user = await AddAsync();
        using var other = await AddAsync();
        await GuessAsync(user.Email, 10);

        var stranger = await PostAsync(user.Email, Right, cookie: other.Token);
        var forged = await PostAsync(user.Email, Right, cookie: $"{user.Token[..11]}{other.Token[11..]}");
        var wrong = await PostAsync(user.Email, "wrong", cookie: user.Token);
        var known = await PostAsync(user.Email, Right, cookie: user.Token);
        var others = await PostAsync(user.Email, Right);

        stranger.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        forged.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        wrong.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        known.StatusCode.Should().Be(HttpStatusCode.Created);
        others.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Without_limits_nobody_waits()
    {
        await using var server = await TestServer.StartAsync(
            o => o.DangerousDisableRateLimits = "true", Ct, Guessed.WithoutWork, Server);
        using var user = await AddAsync();

        for (var i = 0; i < 70; i++)
        {
            (await server.Anonymous.PostAsJsonAsync(Login, new { email = user.Email, password = "wrong" }, Ct))
                .StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        }
    }

    private Task<TestUser> AddAsync() => Server.AddUserAsync(new NewTestUser { Password = Right }, Ct);

    private async Task<List<HttpResponseMessage>> GuessAsync(string email, int times)
    {
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < times; i++)
        {
            answers.Add(await PostAsync(email, "wrong"));
        }

        return answers;
    }

    private async Task<HttpResponseMessage> PostAsync(string email, string password, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Login) { Content = JsonContent.Create(new { email, password }) };
        var number = Interlocked.Increment(ref _lastAddress);
        request.Headers.Add("X-Forwarded-For", $"203.0.{number / 250}.{(number % 250) + 1}");
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", $"coder_session_token={cookie}");
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
        }

        return await Server.Anonymous.SendAsync(request, Ct);
    }

    public sealed class Guessed : IAsyncLifetime
    {
        private TestServer? _server;

        public TestServer Server => _server!;

        /// <summary>Comparing costs nothing here: what is right is decided by a name.</summary>
        public static void WithoutWork(IServiceCollection services)
        {
            var passwords = Substitute.For<IPasswordHasher>();
            passwords.VerifyAsync("", null, Ct).ReturnsForAnyArgs(call => Result<PasswordVerdict>.From(
                call.ArgAt<string>(0) == Right && call.ArgAt<string?>(1) is not null ? PasswordVerdict.Right : PasswordVerdict.Wrong));
            services.AddSingleton(passwords);
        }

        public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(
            o => o.ProxyTrustedOrigins = "127.0.0.1", CancellationToken.None, WithoutWork);

        public async ValueTask DisposeAsync()
        {
            if (_server is not null)
            {
                await _server.DisposeAsync();
            }
        }
    }
}
