using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Coder.Api.Configuration;
using Coder.Application.Users;
using Coder.Domain.Common;
using Coder.Domain.Users;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;

namespace Coder.Api.Tests.Users;

public sealed class LoginTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Login = "/api/v2/users/login";
    private const string Password = "CorrectHorse9!Battery";
    private const string Incorrect = "Incorrect email or password.";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task The_right_password_gives_a_token_and_the_same_token_as_a_cookie()
    {
        using var user = await AddAsync(new NewTestUser());

        var response = await PostAsync(Server, user.Email, Password);

        response.StatusCode.Should().Be(HttpStatusCode.Created);
        var body = await response.JsonAsync(Ct);
        var token = body.Should().ContainSingle().Which.Value!.GetValue<string>();
        token.Should().MatchRegex("^[A-Za-z0-9]{10}-[A-Za-z0-9]{22}$");
        response.Header("Set-Cookie").Should().Be($"coder_session_token={token}; path=/; samesite=lax; httponly");
        using var client = Server.With(token);
        (await (await client.GetAsync("/api/v2/users/me", Ct)).JsonAsync(Ct))["id"]!.GetValue<Guid>().Should().Be(user.Id);
    }

    [Fact]
    public async Task The_address_is_compared_without_regard_to_case()
    {
        using var user = await AddAsync(new NewTestUser());

        var response = await PostAsync(Server, user.Email.ToUpperInvariant(), Password);

        response.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_session_lives_for_the_configured_duration()
    {
        await using var server = await TestServer.StartAsync(o => o.SessionDuration = "90m", Ct, beside: Server);
        using var user = await AddAsync(new NewTestUser());

        var response = await PostAsync(server, user.Email, Password);

        var id = (await response.JsonAsync(Ct))["session_token"]!.GetValue<string>()[..ApiKeyToken.IdLength];
        (await Server.Database.ScalarAsync<long>("select lifetime_seconds from api_keys where id = $1", Ct, id)).Should().Be(5400);
        (await Server.Database.ScalarAsync<DateTime>("select expires_at from api_keys where id = $1", Ct, id))
            .Should().Be(Server.Clock.GetUtcNow().AddMinutes(90).UtcDateTime);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_are_answered_with_the_same_bytes()
    {
        using var user = await AddAsync(new NewTestUser());

        var wrong = await PostAsync(Server, user.Email, "wrong");
        var unknown = await PostAsync(Server, "nobody@example.com", "wrong");

        wrong.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        unknown.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await wrong.Content.ReadAsStringAsync(Ct)).Should().Be($$"""{"message":"{{Incorrect}}"}""");
        (await unknown.Content.ReadAsStringAsync(Ct)).Should().Be($$"""{"message":"{{Incorrect}}"}""");
        wrong.Headers.Contains("Set-Cookie").Should().BeFalse();
    }

    [Theory]
    [InlineData("""{}""", "email", "required", "", "password", "required", "")]
    [InlineData("""{"email":"nonsense","password":""}""", "email", "email", "nonsense", "password", "required", "")]
    public async Task Fields_that_break_their_rules_are_named(
        string body, string first, string firstTag, string firstValue, string second, string secondTag, string secondValue)
    {
        var response = await Server.Anonymous.PostRawAsync(Login, body, null, Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.BadRequest,
            Message = "Validation failed.",
            Validations = new[]
            {
                (first, $"Validation failed for tag \"{firstTag}\" with value: \"{firstValue}\""),
                (second, $"Validation failed for tag \"{secondTag}\" with value: \"{secondValue}\""),
            },
        });
    }

    [Fact]
    public async Task A_user_without_a_password_has_no_password_that_is_right()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { LoginType = LoginType.None }, Ct);

        var responses = await Task.WhenAll(PostAsync(Server, user.Email, "hunter2"), PostAsync(Server, user.Email, "a\0b"));

        responses.Should().OnlyContain(r => r.StatusCode == HttpStatusCode.Unauthorized);
        (await responses[0].ProblemAsync(Ct)).Message.Should().Be(Incorrect);
    }

    [Fact]
    public async Task The_prebuilds_user_and_deleted_users_are_unknown()
    {
        using var deleted = await AddAsync(new NewTestUser());
        await Server.Database.ExecuteAsync("update users set deleted = true where id = $1", Ct, deleted.Id);

        var response = await PostAsync(Server, deleted.Email, Password);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new { Status = HttpStatusCode.Unauthorized, Message = Incorrect });
    }

    [Theory]
    [InlineData(LoginType.Oidc, "oidc")]
    [InlineData(LoginType.Github, "github")]
    [InlineData(LoginType.None, "none")]
    public async Task The_right_password_of_a_user_who_signs_in_otherwise_names_how(LoginType type, string name)
    {
        using var user = await AddAsync(new NewTestUser { LoginType = type, Status = UserStatus.Suspended });

        var response = await PostAsync(Server, user.Email, Password);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.Forbidden,
            Message = $"Incorrect login type, attempting to use \"password\" but user is of login type \"{name}\"",
        });
    }

    [Fact]
    public async Task A_suspended_user_is_told_so_only_with_the_right_password()
    {
        using var user = await AddAsync(new NewTestUser { Status = UserStatus.Suspended });

        var right = await PostAsync(Server, user.Email, Password);
        var wrong = await PostAsync(Server, user.Email, "wrong");

        (await right.ProblemAsync(Ct)).Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.Unauthorized,
            Message = "Your account is suspended. Contact an admin to reactivate your account.",
        });
        (await wrong.ProblemAsync(Ct)).Message.Should().Be(Incorrect);
    }

    [Fact]
    public async Task A_dormant_user_becomes_active()
    {
        using var user = await AddAsync(new NewTestUser { Status = UserStatus.Dormant });

        var response = await PostAsync(Server, user.Email, Password);

        response.StatusCode.Should().Be(HttpStatusCode.Created);
        (await StatusAsync(user.Id)).Should().Be("active");
    }

    [Fact]
    public async Task Where_passwords_are_disabled_only_the_right_one_is_told_so_and_before_anything_else_about_the_account()
    {
        await using var server = await TestServer.StartAsync(o => o.DisablePasswordAuth = "true", Ct, beside: Server);
        using var user = await AddAsync(new NewTestUser { Status = UserStatus.Suspended, LoginType = LoginType.Oidc });

        var right = await PostAsync(server, user.Email, Password);
        var wrong = await PostAsync(server, user.Email, "wrong");

        (await right.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.Forbidden, Message = "Password authentication is disabled." });
        (await wrong.ProblemAsync(Ct)).Should().BeEquivalentTo(new { Status = HttpStatusCode.Unauthorized, Message = Incorrect });
    }

    [Fact]
    public async Task An_unknown_address_costs_as_many_derivations_as_a_wrong_password()
    {
        var counted = Substitute.For<IPasswordHasher>();
        counted.VerifyAsync("", null, Ct).ReturnsForAnyArgs(Result<PasswordVerdict>.From(PasswordVerdict.Wrong));
        await using var server = await TestServer.StartAsync(null, Ct, s => s.AddSingleton(counted), Server);
        using var user = await AddAsync(new NewTestUser());
        using var withoutPassword = await Server.AddUserAsync(new NewTestUser { LoginType = LoginType.None }, Ct);

        foreach (var email in new[] { user.Email, "nobody@example.com", withoutPassword.Email })
        {
            counted.ClearReceivedCalls();
            await PostAsync(server, email, "wrong");

            counted.ReceivedCalls().Should().ContainSingle(email);
        }
    }

    [Fact]
    public async Task A_hash_with_fewer_rounds_is_replaced_when_its_password_is_right()
    {
        using var user = await AddAsync(new NewTestUser());
        await SetHashAsync(user.Id, rounds: 1000);

        var wrong = await PostAsync(Server, user.Email, "wrong");
        var kept = await HashAsync(user.Id);
        var right = await PostAsync(Server, user.Email, Password);
        var replaced = await HashAsync(user.Id);
        var again = await PostAsync(Server, user.Email, Password);

        wrong.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        kept.Should().StartWith("$pbkdf2-sha256$1000$");
        right.StatusCode.Should().Be(HttpStatusCode.Created);
        replaced.Should().StartWith("$pbkdf2-sha256$65535$");
        again.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Too_many_derivations_at_once_make_callers_come_back_later()
    {
        var busy = Substitute.For<IPasswordHasher>();
        busy.VerifyAsync("", null, Ct).ReturnsForAnyArgs(Result<PasswordVerdict>.From(
            new Error(ErrorKind.Unavailable, "The service is temporarily unavailable.") { RetryAfter = TimeSpan.FromMilliseconds(1500) }));
        await using var server = await TestServer.StartAsync(null, Ct, s => s.AddSingleton(busy), Server);

        var response = await PostAsync(server, "anybody@example.com", Password);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.ServiceUnavailable, Message = "The service is temporarily unavailable." });
        response.Header("Retry-After").Should().Be("2");
    }

    [Theory]
    [InlineData("http://coder.example.com", "", "lax", "; path=/; samesite=lax; httponly")]
    [InlineData("https://coder.example.com", "", "lax", "; path=/; secure; samesite=lax; httponly")]
    [InlineData("https://coder.example.com", "false", "none", "; path=/; samesite=none; httponly")]
    [InlineData("http://coder.example.com", "true", "none", "; path=/; secure; samesite=none; httponly")]
    public async Task The_flags_of_the_cookie_follow_the_settings(string accessUrl, string isSecure, string sameSite, string flags)
    {
        await using var server = await TestServer.StartAsync(Configure, Ct, beside: Server);
        using var user = await AddAsync(new NewTestUser());

        var response = await PostAsync(server, user.Email, Password);

        var token = (await response.JsonAsync(Ct))["session_token"]!.GetValue<string>();
        response.Header("Set-Cookie").Should().Be($"coder_session_token={token}{flags}");

        void Configure(CoderOptions options)
        {
            options.AccessUrl = accessUrl;
            options.SecureAuthCookie = isSecure;
            options.SameSiteAuthCookie = sameSite;
        }
    }

    [Fact]
    public async Task Neither_passwords_nor_tokens_are_logged()
    {
        using var user = await AddAsync(new NewTestUser());

        var right = await PostAsync(Server, user.Email, Password);
        await PostAsync(Server, user.Email, "AWrongSecret77!");

        var secret = (await right.JsonAsync(Ct))["session_token"]!.GetValue<string>()[(ApiKeyToken.IdLength + 1)..];
        string[] secrets = [Password, "AWrongSecret77!", secret];
        fixture.Logs.Lines.Should().NotContain(line => secrets.Any(s => line.Contains(s, StringComparison.Ordinal)));
    }

    private Task<TestUser> AddAsync(NewTestUser user) => Server.AddUserAsync(user with { Password = Password }, Ct);

    private static Task<HttpResponseMessage> PostAsync(TestServer server, string email, string password) =>
        server.Anonymous.PostAsJsonAsync(Login, new { email, password }, Ct);

    private Task<string?> StatusAsync(Guid id) =>
        Server.Database.ScalarAsync<string>("select status::text from users where id = $1", Ct, id);

    private Task<string?> HashAsync(Guid id) =>
        Server.Database.ScalarAsync<string>("select convert_from(hashed_password, 'UTF8') from users where id = $1", Ct, id);

    private async Task SetHashAsync(Guid id, int rounds)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var key = Rfc2898DeriveBytes.Pbkdf2(Password, salt, rounds, HashAlgorithmName.SHA256, 64);
        var hash = string.Create(
            CultureInfo.InvariantCulture,
            $"$pbkdf2-sha256${rounds}${Convert.ToBase64String(salt).TrimEnd('=')}${Convert.ToBase64String(key).TrimEnd('=')}");
        await Server.Database.ExecuteAsync("update users set hashed_password = convert_to($2, 'UTF8') where id = $1", Ct, id, hash);
    }
}
