using System.Net;
using Coder.Domain.Authorization;
using Coder.Domain.Users;
using Coder.Testing;

namespace Coder.Api.Tests.Users;

public sealed class LogoutTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Logout = "/api/v2/users/logout";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task Signing_out_ends_the_session_and_takes_the_cookie_back()
    {
        using var user = await Server.AddUserAsync(Ct);

        var response = await user.Client.PostAsync(Logout, null, Ct);
        var after = await user.Client.GetAsync("/api/v2/users/me", Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync(Ct)).Should().Be("""{"message":"Logged out!"}""");
        response.Header("Set-Cookie").Should().Be("coder_session_token=; max-age=0; path=/; samesite=lax; httponly");
        (await after.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.Unauthorized, Detail = "API key is invalid." });
    }

    [Fact]
    public async Task Signing_out_ends_what_only_opens_applications_and_leaves_other_sessions()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var other = await Server.AddUserAsync(Ct);
        var application = await AddKeyAsync(user, KeyScope.ApplicationConnect);
        var session = await AddKeyAsync(user, KeyScope.All);
        var applicationOfOther = await AddKeyAsync(other, KeyScope.ApplicationConnect);

        await user.Client.PostAsync(Logout, null, Ct);

        (await ExistsAsync(application)).Should().BeFalse();
        (await ExistsAsync(session)).Should().BeTrue();
        (await ExistsAsync(applicationOfOther)).Should().BeTrue();
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_can_not_sign_out()
    {
        var response = await Server.Anonymous.PostAsync(Logout, null, Ct);

        (await response.ProblemAsync(Ct)).Status.Should().Be(HttpStatusCode.Unauthorized);
        response.Headers.Contains("Set-Cookie").Should().BeFalse();
    }

    private Task<ApiKeyToken> AddKeyAsync(TestUser user, KeyScope scope) =>
        Server.Database.AddKeyAsync(user.Id, scope, Server.Clock.GetUtcNow(), TimeSpan.FromHours(1), Ct);

    private Task<bool> ExistsAsync(ApiKeyToken token) =>
        Server.Database.ScalarAsync<bool>("select exists (select from api_keys where id = $1)", Ct, token.Id);
}
