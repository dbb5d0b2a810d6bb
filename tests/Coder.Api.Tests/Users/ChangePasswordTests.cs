using System.Net;
using Coder.Domain.Users;
using Coder.Testing;

namespace Coder.Api.Tests.Users;

public sealed class ChangePasswordTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Old = TestServer.OwnerPassword;
    private const string New = "AnotherSecurePassword?";
    private const string Mine = "/api/v2/users/me/password";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_new_password_ends_every_session_and_token_and_only_it_signs_in()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);
        using var other = await Server.LogInAsync(user.Email, Old, Ct);
        var made = await (await other.PostJsonAsync("/api/v2/users/me/keys/tokens", "{}", Ct)).JsonAsync(Ct);
        using var token = Server.With(made["key"]!.GetValue<string>());

        var response = await ChangeAsync(user, Old, New);

        response.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await response.Content.ReadAsByteArrayAsync(Ct)).Should().BeEmpty();
        foreach (var client in new[] { user.Client, other, token })
        {
            (await client.GetAsync("/api/v2/users/me", Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        }

        var withOld = await Server.Anonymous.PostJsonAsync("/api/v2/users/login", $$"""{"email":"{{user.Email}}","password":"{{Old}}"}""", Ct);
        withOld.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await Server.LogInAsync(user.Email, New, Ct)).Dispose();
    }

    [Fact]
    public async Task An_admin_needs_no_old_password()
    {
        using var admin = await Server.AddUserAsync(roles: ["user-admin"], Ct);
        using var user = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);

        var response = await admin.Client.PutJsonAsync($"/api/v2/users/{user.Id}/password", $$"""{"password":"{{New}}"}""", Ct);

        response.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await Server.LogInAsync(user.Email, New, Ct)).Dispose();
        (await admin.Client.GetAsync("/api/v2/users/me", Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("", New, "Old password is required.", null)]
    [InlineData("wrong", New, "Old password is incorrect.", "old_password")]
    [InlineData(Old, Old, "New password cannot match old password.", null)]
    [InlineData(Old, "password", "Invalid password.", "password")]
    [InlineData(Old, "", "Validation failed.", "password")]
    public async Task A_change_that_can_not_be_made_is_refused_and_the_session_lives(string old, string next, string message, string? field)
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);

        var problem = await (await ChangeAsync(user, old, next)).ProblemAsync(Ct);

        (problem.Status, problem.Message).Should().Be((HttpStatusCode.BadRequest, message));
        problem.Validations.Select(v => v.Field).Should().Equal(field is null ? [] : [field]);
        problem.Validations.Should().NotContain(v => v.Detail.Contains(Old, StringComparison.Ordinal));
        (await user.Client.GetAsync("/api/v2/users/me", Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_admin_can_not_set_the_same_password_again()
    {
        using var admin = await Server.AddUserAsync(roles: ["user-admin"], Ct);
        using var user = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);

        var response = await admin.Client.PutJsonAsync($"/api/v2/users/{user.Id}/password", $$"""{"password":"{{Old}}"}""", Ct);

        (await response.ProblemAsync(Ct)).Message.Should().Be("New password cannot match old password.");
    }

    [Fact]
    public async Task Users_who_do_not_sign_in_with_a_password_get_none()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { LoginType = LoginType.None }, Ct);

        var response = await ChangeAsync(user, "", New);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.BadRequest,
            Message = "Users without password login type cannot change their password.",
        });
    }

    [Fact]
    public async Task To_whoever_only_sees_a_user_its_password_does_not_exist()
    {
        using var auditor = await Server.AddUserAsync(roles: ["auditor"], Ct);
        using var user = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);

        var response = await auditor.Client.PutJsonAsync($"/api/v2/users/{user.Id}/password", $$"""{"password":"{{New}}"}""", Ct);

        (await response.Content.ReadAsStringAsync(Ct)).Should().Be(
            """{"message":"Resource not found or you do not have access to this resource"}""");
        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    private static Task<HttpResponseMessage> ChangeAsync(TestUser user, string old, string next) =>
        user.Client.PutJsonAsync(Mine, $$"""{"old_password":"{{old}}","password":"{{next}}"}""", Ct);
}
