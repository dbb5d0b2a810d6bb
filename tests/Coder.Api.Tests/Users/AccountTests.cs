using System.Net;
using Coder.Application.Users;
using Coder.Domain.Common;
using Coder.Domain.Users;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Users;

/// <summary>Deletion, profile, status, login type, organizations and appearance: docs/spec/platform.md, section 8.2.</summary>
public sealed class AccountTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_deleted_user_is_gone_with_every_session_and_name_and_address_are_free()
    {
        using var admin = await Server.AddUserAsync(roles: ["user-admin"], Ct);
        using var user = await Server.AddUserAsync(Ct);

        var response = await admin.Client.DeleteAsync($"/api/v2/users/{user.Username}", Ct);
        var after = await user.Client.GetAsync("/api/v2/users/me", Ct);
        var again = await admin.Client.DeleteAsync($"/api/v2/users/{user.Id}", Ct);
        using var next = await Server.AddUserAsync(new NewTestUser { Username = user.Username }, Ct);

        (await response.Content.ReadAsStringAsync(Ct)).Should().Be("""{"message":"User has been deleted!"}""");
        after.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await again.ProblemAsync(Ct)).Message.Should().Be("\"user\" must be an existing uuid or username.");
        next.Id.Should().NotBe(user.Id);
    }

    [Fact]
    public async Task Nobody_deletes_himself()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);

        var response = await owner.Client.DeleteAsync("/api/v2/users/me", Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new { Status = HttpStatusCode.Forbidden, Message = "You cannot delete yourself!" });
    }

    [Fact]
    public async Task Whoever_only_sees_a_user_may_neither_delete_nor_change_it()
    {
        using var auditor = await Server.AddUserAsync(roles: ["auditor"], Ct);
        using var user = await Server.AddUserAsync(Ct);
        var path = $"/api/v2/users/{user.Id}";

        HttpResponseMessage[] refused =
        [
            await auditor.Client.DeleteAsync(path, Ct),
            await auditor.Client.PutJsonAsync($"{path}/profile", """{"username":"stolen"}""", Ct),
            await auditor.Client.PutAsync($"{path}/status/suspend", null, Ct),
            await auditor.Client.PutAsync($"{path}/status/activate", null, Ct),
            await auditor.Client.GetAsync($"{path}/appearance", Ct),
            await auditor.Client.PutJsonAsync($"{path}/appearance", """{"theme_preference":"x","terminal_font":"fira-code"}""", Ct),
        ];

        foreach (var response in refused)
        {
            (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new { Status = HttpStatusCode.Forbidden, Message = "Forbidden." });
        }
    }

    [Fact]
    public async Task The_user_of_the_system_is_changed_by_nobody()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);

        var deleted = await owner.Client.DeleteAsync("/api/v2/users/prebuilds", Ct);
        var token = await owner.Client.PostJsonAsync("/api/v2/users/prebuilds/keys/tokens", "{}", Ct);

        deleted.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        token.StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_user_who_still_owns_something_is_not_deleted()
    {
        await using var server = await TestServer.StartAsync(null, Ct, services => services.AddScoped<IUserDeletionGuard, HasWorkspaces>());
        using var owner = await server.AddUserAsync(roles: ["owner"], Ct);
        using var user = await server.AddUserAsync(Ct);

        var response = await owner.Client.DeleteAsync($"/api/v2/users/{user.Id}", Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.ExpectationFailed, Message = HasWorkspaces.Message });
        (await user.Client.GetAsync("/api/v2/users/me", Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_user_changes_its_own_names()
    {
        using var user = await Server.AddUserAsync(Ct);

        var response = await user.Client.PutJsonAsync(
            "/api/v2/users/me/profile", $$"""{"username":"{{user.Username}}-x","name":"Ada L"}""", Ct);

        var body = await response.JsonAsync(Ct);
        (body["username"]!.GetValue<string>(), body["name"]!.GetValue<string>(), body["email"]!.GetValue<string>())
            .Should().Be(($"{user.Username}-x", "Ada L", user.Email));
        (await (await user.Client.GetAsync("/api/v2/users/me", Ct)).JsonAsync(Ct))["name"]!.GetValue<string>().Should().Be("Ada L");
    }

    [Theory]
    [InlineData("username", "A user with this username already exists.")]
    [InlineData("email", "A user with this email already exists.")]
    public async Task A_name_or_address_of_another_is_taken(string field, string message)
    {
        using var admin = await Server.AddUserAsync(roles: ["user-admin"], Ct);
        using var other = await Server.AddUserAsync(Ct);
        using var user = await Server.AddUserAsync(Ct);
        var body = field == "username"
            ? $$"""{"username":"{{other.Username.ToUpperInvariant()}}"}"""
            : $$"""{"username":"{{user.Username}}","email":"{{other.Email.ToUpperInvariant()}}"}""";

        var response = await admin.Client.PutJsonAsync($"/api/v2/users/{user.Id}/profile", body, Ct);

        var problem = await response.ProblemAsync(Ct);
        (problem.Status, problem.Message).Should().Be((HttpStatusCode.Conflict, message));
        problem.Validations.Should().ContainSingle().Which.Field.Should().Be(field);
    }

    [Fact]
    public async Task Only_those_who_may_update_users_correct_an_address()
    {
        using var admin = await Server.AddUserAsync(roles: ["user-admin"], Ct);
        using var user = await Server.AddUserAsync(Ct);
        var body = $$"""{"username":"{{user.Username}}","email":"new-{{user.Email}}"}""";

        var own = await user.Client.PutJsonAsync("/api/v2/users/me/profile", body, Ct);
        var byAdmin = await admin.Client.PutJsonAsync($"/api/v2/users/{user.Id}/profile", body, Ct);
        var unchanged = await user.Client.PutJsonAsync("/api/v2/users/me/profile", body, Ct);

        own.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await byAdmin.JsonAsync(Ct))["email"]!.GetValue<string>().Should().Be($"new-{user.Email}");
        unchanged.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"username":""}""", "username", "Validation failed for tag \"required\" with value: \"\"")]
    [InlineData("""{"username":"create"}""", "username", "Validation failed for tag \"username\" with value: \"create\"")]
    [InlineData("""{"username":"a","name":"x "}""", "name", "Validation failed for tag \"user_real_name\" with value: \"x \"")]
    [InlineData("""{"username":"a","email":"b"}""", "email", "Validation failed for tag \"email\" with value: \"b\"")]
    public async Task A_profile_obeys_the_rules_of_names(string body, string field, string detail)
    {
        using var user = await Server.AddUserAsync(Ct);

        var problem = await (await user.Client.PutJsonAsync("/api/v2/users/me/profile", body, Ct)).ProblemAsync(Ct);

        (problem.Status, problem.Message).Should().Be((HttpStatusCode.BadRequest, "Validation failed."));
        problem.Validations.Should().Equal((field, detail));
    }

    [Fact]
    public async Task Suspension_ends_sessions_at_once_and_tokens_wait()
    {
        using var admin = await Server.AddUserAsync(roles: ["user-admin"], Ct);
        using var user = await Server.AddUserAsync(Ct);
        var made = await (await user.Client.PostJsonAsync("/api/v2/users/me/keys/tokens", "{}", Ct)).JsonAsync(Ct);
        using var token = Server.With(made["key"]!.GetValue<string>());

        var suspended = await (await admin.Client.PutAsync($"/api/v2/users/{user.Id}/status/suspend", null, Ct)).JsonAsync(Ct);
        var session = await user.Client.GetAsync("/api/v2/users/me", Ct);
        var refused = await token.GetAsync("/api/v2/users/me", Ct);
        var active = await (await admin.Client.PutAsync($"/api/v2/users/{user.Id}/status/activate", null, Ct)).JsonAsync(Ct);

        suspended["status"]!.GetValue<string>().Should().Be("suspended");
        (await session.ProblemAsync(Ct)).Detail.Should().Be("API key is invalid.");
        (await refused.ProblemAsync(Ct)).Message.Should().StartWith("User is not active (status = \"suspended\").");
        active["status"]!.GetValue<string>().Should().Be("active");
        (await user.Client.GetAsync("/api/v2/users/me", Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await token.GetAsync("/api/v2/users/me", Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Neither_oneself_nor_an_owner_is_suspended()
    {
        using var admin = await Server.AddUserAsync(roles: ["user-admin"], Ct);
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);

        var self = await admin.Client.PutAsync("/api/v2/users/me/status/suspend", null, Ct);
        var other = await admin.Client.PutAsync($"/api/v2/users/{owner.Id}/status/suspend", null, Ct);

        (await self.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.BadRequest, Message = "You cannot suspend yourself." });
        (await other.ProblemAsync(Ct)).Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.BadRequest,
            Message = "You cannot suspend a user with the \"owner\" role. You must remove the role first.",
        });
    }

    [Fact]
    public async Task A_login_type_is_shown_to_its_user_only()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        using var user = await Server.AddUserAsync(new NewTestUser { LoginType = LoginType.None }, Ct);

        var own = await user.Client.GetAsync($"/api/v2/users/{user.Username}/login-type", Ct);
        var other = await owner.Client.GetAsync($"/api/v2/users/{user.Username}/login-type", Ct);

        (await own.Content.ReadAsStringAsync(Ct)).Should().Be("""{"login_type":"none"}""");
        (await other.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.Forbidden, Message = "You are not authorized to view this user's login type." });
    }

    [Fact]
    public async Task Of_the_organizations_of_a_user_those_are_listed_that_the_caller_may_read()
    {
        using var admin = await Server.AddUserAsync(new NewTestUser { OrganizationRoles = ["organization-admin"] }, Ct);
        using var user = await Server.AddUserAsync(Ct);
        var shared = await Server.Database.DefaultOrganizationAsync(Ct);
        var hidden = await Server.Database.AddOrganizationAsync($"h-{user.Username}", Ct);
        await Server.Database.AddMemberAsync(hidden, user.Id, [], Ct);
        var path = $"/api/v2/users/{user.Id}/organizations";

        var own = await user.Client.GetAsync("/api/v2/users/me/organizations", Ct);
        var byAdmin = await admin.Client.GetAsync(path, Ct);
        var one = await admin.Client.GetAsync($"{path}/CODER", Ct);
        var none = await admin.Client.GetAsync($"{path}/{hidden}", Ct);

        (await Lists.IdsAsync(own, Ct)).Should().Equal(shared, hidden);
        (await Lists.IdsAsync(byAdmin, Ct)).Should().Equal(shared);
        (await one.JsonAsync(Ct))["is_default"]!.GetValue<bool>().Should().BeTrue();
        (await none.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.NotFound, Error.NotFound.Message });
    }

    [Fact]
    public async Task An_organization_that_the_user_does_not_belong_to_is_unknown()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        using var user = await Server.AddUserAsync(new NewTestUser { IsMember = false }, Ct);

        var response = await owner.Client.GetAsync($"/api/v2/users/{user.Id}/organizations/default", Ct);

        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_appearance_is_empty_until_it_is_chosen()
    {
        using var user = await Server.AddUserAsync(Ct);

        var before = await user.Client.GetAsync("/api/v2/users/me/appearance", Ct);
        var changed = await user.Client.PutJsonAsync(
            "/api/v2/users/me/appearance", """{"theme_preference":"auto","terminal_font":"jetbrains-mono"}""", Ct);
        var after = await user.Client.GetAsync("/api/v2/users/me/appearance", Ct);

        (await before.Content.ReadAsStringAsync(Ct)).Should().Be("""{"theme_preference":"","terminal_font":""}""");
        var text = await after.Content.ReadAsStringAsync(Ct);
        text.Should().Be("""{"theme_preference":"auto","terminal_font":"jetbrains-mono"}""");
        (await changed.Content.ReadAsStringAsync(Ct)).Should().Be(text);
    }

    [Theory]
    [InlineData("""{"theme_preference":"a","terminal_font":"comic-sans"}""", "Unsupported font family.")]
    [InlineData("""{"theme_preference":"a","terminal_font":""}""", "Validation failed.")]
    [InlineData("""{"terminal_font":"fira-code"}""", "Validation failed.")]
    [InlineData("""{"theme_preference":"12345678901234567890123456789012345678901234567890123456789012345","terminal_font":"fira-code"}""", "Validation failed.")]
    public async Task An_appearance_has_a_theme_and_a_known_font(string body, string message)
    {
        using var user = await Server.AddUserAsync(Ct);

        var response = await user.Client.PutJsonAsync("/api/v2/users/me/appearance", body, Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = message });
    }

    private sealed class HasWorkspaces : IUserDeletionGuard
    {
        public const string Message = "You cannot delete a user that has workspaces. Delete their workspaces and try again!";

        public Task<Error?> JudgeAsync(Guid userId, CancellationToken ct) =>
            Task.FromResult<Error?>(new Error(ErrorKind.ExpectationFailed, Message));
    }
}
