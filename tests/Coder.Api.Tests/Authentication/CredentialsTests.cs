using System.Net;
using Coder.Domain.Users;
using Coder.Testing;

namespace Coder.Api.Tests.Authentication;

public sealed class CredentialsTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Me = "/api/v2/users/me";
    private const string SignedOut = "You are signed out or your session has expired. Please sign in again to continue.";
    private const string InvalidToken = "error=\"invalid_token\", error_description=\"The access token is invalid\", ";
    private const string ExpiredToken = "error=\"invalid_token\", error_description=\"The access token has expired\", ";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    /// <summary>The places of a credential, the strongest first.</summary>
    private static readonly string[] Sources = ["cookie", "query", "header", "bearer", "access_token"];

    public static TheoryData<string> EverySource => [.. Sources];

    public static TheoryData<string, string> EveryPair =>
        [.. Sources.SelectMany((stronger, i) => Sources.Skip(i + 1).Select(weaker => (stronger, weaker)))];

    private TestServer Server => fixture.Server;

    [Theory]
    [MemberData(nameof(EverySource))]
    public async Task A_credential_is_read_from_every_source(string source)
    {
        using var user = await Server.AddUserAsync(Ct);

        var response = await SendAsync((source, user.Token));

        (await IdAsync(response)).Should().Be(user.Id);
    }

    [Theory]
    [MemberData(nameof(EveryPair))]
    public async Task Of_two_credentials_that_of_the_stronger_source_counts(string stronger, string weaker)
    {
        using var user = await Server.AddUserAsync(Ct);
        using var other = await Server.AddUserAsync(Ct);

        var response = await SendAsync((stronger, user.Token), (weaker, other.Token));

        (await IdAsync(response)).Should().Be(user.Id);
    }

    [Theory]
    [MemberData(nameof(EveryPair))]
    public async Task An_empty_credential_counts_as_none(string empty, string source)
    {
        using var user = await Server.AddUserAsync(Ct);

        var response = await SendAsync((empty, ""), (source, user.Token));

        (await IdAsync(response)).Should().Be(user.Id);
    }

    [Fact]
    public async Task A_bad_credential_of_a_stronger_source_is_not_made_good_by_a_weaker_one()
    {
        using var user = await Server.AddUserAsync(Ct);

        var response = await SendAsync(("cookie", "nonsense"), ("header", user.Token));

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("bearer ")]
    [InlineData("BEARER ")]
    [InlineData("Bearer   ")]
    public async Task The_scheme_of_bearer_tokens_is_read_without_regard_to_case(string prefix)
    {
        using var user = await Server.AddUserAsync(Ct);
        using var request = new HttpRequestMessage(HttpMethod.Get, Me);
        request.Headers.TryAddWithoutValidation("Authorization", prefix + user.Token);

        var response = await Server.Anonymous.SendAsync(request, Ct);

        (await IdAsync(response)).Should().Be(user.Id);
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    public async Task Other_schemes_and_empty_bearer_tokens_are_no_credential(string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Me);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);

        var response = await Server.Anonymous.SendAsync(request, Ct);

        await IsRefusedAsync(response, "Cookie \"coder_session_token\" or query parameter must be provided.", "");
    }

    [Fact]
    public async Task Without_a_credential_the_challenge_names_no_error()
    {
        var response = await Server.Anonymous.GetAsync(Me, Ct);

        await IsRefusedAsync(response, "Cookie \"coder_session_token\" or query parameter must be provided.", "");
    }

    [Theory]
    [InlineData("nonsense", "expected two parts, an id and a secret, with one hyphen between them")]
    [InlineData("a-b-c", "expected two parts, an id and a secret, with one hyphen between them")]
    [InlineData("short-0123456789012345678901", "the id must have 10 characters")]
    [InlineData("0123456789-short", "the secret must have 22 characters")]
    [InlineData("012345678!-0123456789012345678901", "only letters and digits may stand in it")]
    [InlineData("012345678\0-0123456789012345678901", "only letters and digits may stand in it")]
    [InlineData("012345678é-0123456789012345678901", "only letters and digits may stand in it")]
    public async Task A_malformed_credential_is_told_what_is_wrong_and_is_not_repeated(string credential, string reason)
    {
        var response = await Server.Anonymous.GetAsync($"{Me}?coder_session_token={Uri.EscapeDataString(credential)}", Ct);

        await IsRefusedAsync(response, $"Invalid API key format: {reason}", InvalidToken);
        (await response.Content.ReadAsStringAsync(Ct)).Should().NotContain(credential);
    }

    [Fact]
    public async Task An_unknown_id_and_a_wrong_secret_are_told_the_same()
    {
        using var user = await Server.AddUserAsync(Ct);
        var wrongSecret = $"{user.Token[..ApiKeyToken.IdLength]}-0123456789012345678901";

        var unknown = await SendAsync(("header", "0123456789-0123456789012345678901"));
        var wrong = await SendAsync(("header", wrongSecret));

        await IsRefusedAsync(unknown, "API key is invalid.", InvalidToken);
        await IsRefusedAsync(wrong, "API key is invalid.", InvalidToken);
    }

    [Fact]
    public async Task An_expired_key_is_told_when_it_expired()
    {
        using var user = await Server.AddUserAsync(Ct);
        var end = Server.Clock.GetUtcNow().AddMilliseconds(-1500);
        await Server.Database.ExecuteAsync("update api_keys set expires_at = $2 where id = $1", Ct, user.Account.Token.Id, end);

        var response = await SendAsync(("header", user.Token));

        await IsRefusedAsync(response, $"API key expired at {end:yyyy-MM-dd'T'HH:mm:ss'Z'}", ExpiredToken);
    }

    [Fact]
    public async Task A_key_is_good_until_the_very_instant_of_its_end()
    {
        using var user = await Server.AddUserAsync(Ct);
        await Server.Database.ExecuteAsync(
            "update api_keys set expires_at = $2 where id = $1", Ct, user.Account.Token.Id, Server.Clock.GetUtcNow().AddMicroseconds(1));

        var before = await SendAsync(("header", user.Token));
        await Server.Database.ExecuteAsync(
            "update api_keys set expires_at = $2 where id = $1", Ct, user.Account.Token.Id, Server.Clock.GetUtcNow());
        var at = await SendAsync(("header", user.Token));

        before.StatusCode.Should().Be(HttpStatusCode.OK);
        at.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_suspended_user_is_told_so()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Status = UserStatus.Suspended }, Ct);

        var response = await SendAsync(("header", user.Token));

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await response.Content.ReadAsStringAsync(Ct)).Should().Be(
            """{"message":"User is not active (status = \"suspended\"). Contact an admin to reactivate your account."}""");
        response.Header("WWW-Authenticate").Should().Be(Challenge(InvalidToken));
    }

    [Fact]
    public async Task Suspension_ends_a_session_at_once()
    {
        using var user = await Server.AddUserAsync(Ct);
        (await SendAsync(("header", user.Token))).StatusCode.Should().Be(HttpStatusCode.OK);

        await Server.Database.ExecuteAsync("update users set status = 'suspended' where id = $1", Ct, user.Id);

        (await SendAsync(("header", user.Token))).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_keys_of_a_deleted_user_are_unknown()
    {
        using var user = await Server.AddUserAsync(Ct);
        await Server.Database.ExecuteAsync("update users set deleted = true where id = $1", Ct, user.Id);

        var response = await SendAsync(("header", user.Token));

        await IsRefusedAsync(response, "API key is invalid.", InvalidToken);
    }

    [Fact]
    public async Task A_bad_credential_does_not_close_what_is_open_to_everybody()
    {
        using var client = Server.With("nonsense");

        var response = await client.GetAsync("/api/v2/buildinfo", Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_challenge_names_the_access_url()
    {
        await using var server = await TestServer.StartAsync(o => o.AccessUrl = "https://coder.example.com/", Ct, beside: Server);

        var response = await server.Anonymous.GetAsync(Me, Ct);

        response.Header("WWW-Authenticate").Should().Be(
            "Bearer realm=\"coder\", resource_metadata=\"https://coder.example.com/.well-known/oauth-protected-resource\"");
    }

    [Fact]
    public async Task Credentials_are_not_logged()
    {
        using var user = await Server.AddUserAsync(Ct);
        var secret = user.Account.Token.Secret;

        foreach (var source in Sources)
        {
            await SendAsync((source, user.Token));
            await SendAsync((source, $"0123456789-{secret}"));
        }

        fixture.Logs.Lines.Should().NotContain(line => line.Contains(secret, StringComparison.Ordinal));
    }

    private async Task<HttpResponseMessage> SendAsync(params (string Source, string Token)[] credentials)
    {
        var query = new List<string>();
        using var request = new HttpRequestMessage();
        foreach (var (source, token) in credentials)
        {
            switch (source)
            {
                case "cookie":
                    request.Headers.Add("Cookie", $"other=1; coder_session_token={token}");
                    break;
                case "query":
                    query.Add($"coder_session_token={token}");
                    break;
                case "header":
                    request.Headers.Add("Coder-Session-Token", token);
                    break;
                case "bearer":
                    request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
                    break;
                default:
                    query.Add($"access_token={token}");
                    break;
            }
        }

        request.RequestUri = new Uri($"{Me}?{string.Join('&', query)}", UriKind.Relative);
        return await Server.Anonymous.SendAsync(request, Ct);
    }

    private static async Task<Guid> IdAsync(HttpResponseMessage response)
    {
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return (await response.JsonAsync(Ct))["id"]!.GetValue<Guid>();
    }

    private async Task IsRefusedAsync(HttpResponseMessage response, string detail, string error)
    {
        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new Problem(HttpStatusCode.Unauthorized, SignedOut, detail, []));
        response.Header("WWW-Authenticate").Should().Be(Challenge(error));
    }

    private string Challenge(string error)
    {
        var url = Server.Anonymous.BaseAddress!.ToString().TrimEnd('/');
        return $"Bearer realm=\"coder\", {error}resource_metadata=\"{url}/.well-known/oauth-protected-resource\"";
    }
}
