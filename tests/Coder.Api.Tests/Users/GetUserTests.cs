using System.Net;
using System.Text.Json.Nodes;
using Coder.Domain.Authorization;
using Coder.Testing;

namespace Coder.Api.Tests.Users;

public sealed class GetUserTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_user_is_shown_with_roles_and_organizations_and_without_what_is_empty()
    {
        using var user = await Server.AddUserAsync(roles: ["auditor", "template-admin"], Ct);
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);

        var response = await user.Client.GetAsync("/api/v2/users/me", Ct);

        var expected = JsonNode.Parse(
            $$"""
            {
              "id": "{{user.Id}}",
              "username": "{{user.Username}}",
              "email": "{{user.Email}}",
              "created_at": "2026-03-01T12:00:00Z",
              "updated_at": "2026-03-01T12:00:00Z",
              "last_seen_at": "0001-01-01T00:00:00Z",
              "status": "active",
              "login_type": "password",
              "organization_ids": ["{{organization}}"],
              "roles": [
                {"name": "auditor", "display_name": "Auditor"},
                {"name": "template-admin", "display_name": "Template Admin"}
              ]
            }
            """);
        var body = await response.JsonAsync(Ct);
        JsonNode.DeepEquals(body, expected).Should().BeTrue("the body is {0}", body.ToJsonString());
    }

    [Fact]
    public async Task Lists_are_empty_and_never_null()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { IsMember = false, Name = "Ida <&> É" }, Ct);

        var response = await user.Client.GetAsync("/api/v2/users/me", Ct);

        var text = await response.Content.ReadAsStringAsync(Ct);
        text.Should().Contain("\"organization_ids\":[]").And.Contain("\"roles\":[]").And.Contain("\"name\":\"Ida <&> É\"");
    }

    [Fact]
    public async Task A_user_is_found_by_id_and_by_name_without_regard_to_case()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        using var user = await Server.AddUserAsync(Ct);
        string[] names = [user.Id.ToString(), user.Id.ToString().ToUpperInvariant(), user.Username, user.Username.ToUpperInvariant()];

        var found = await Task.WhenAll(names.Select(name => owner.Client.GetAsync($"/api/v2/users/{name}", Ct)));

        foreach (var response in found)
        {
            response.StatusCode.Should().Be(HttpStatusCode.OK);
            (await response.JsonAsync(Ct))["id"]!.GetValue<Guid>().Should().Be(user.Id);
        }
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("ME")]
    [InlineData("5b3a4f0e-0000-4000-8000-000000000000")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task An_unknown_user_is_a_bad_request_that_names_what_was_asked_for(string name)
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);

        var response = await owner.Client.GetAsync($"/api/v2/users/{name}", Ct);

        await IsUnknownAsync(response, name);
    }

    [Fact]
    public async Task A_name_is_decoded_once()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);

        var response = await owner.Client.GetAsync("/api/v2/users/a%2520b%22%C3%A9", Ct);

        (await response.ProblemAsync(Ct)).Detail.Should().Be("queried user=\"a%20b\"é\"");
    }

    [Fact]
    public async Task What_looks_like_an_id_is_never_taken_for_a_name()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        const string Name = "0b3a4f0e-0000-4000-8000-000000000001";
        using var user = await Server.AddUserAsync(new NewTestUser { Username = Name }, Ct);

        var response = await owner.Client.GetAsync($"/api/v2/users/{Name}", Ct);

        await IsUnknownAsync(response, Name);
    }

    [Fact]
    public async Task A_user_whom_the_caller_may_not_see_is_as_unknown_as_one_who_does_not_exist()
    {
        using var member = await Server.AddUserAsync(Ct);
        using var hidden = await Server.AddUserAsync(Ct);

        var byId = await member.Client.GetAsync($"/api/v2/users/{hidden.Id}", Ct);
        var byName = await member.Client.GetAsync($"/api/v2/users/{hidden.Username}", Ct);

        await IsUnknownAsync(byId, hidden.Id.ToString());
        await IsUnknownAsync(byName, hidden.Username);
    }

    [Fact]
    public async Task A_deleted_user_is_unknown_and_the_name_finds_its_next_owner()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        using var deleted = await Server.AddUserAsync(new NewTestUser { Username = "reused" }, Ct);
        await Server.Database.ExecuteAsync("update users set deleted = true where id = $1", Ct, deleted.Id);
        using var next = await Server.AddUserAsync(new NewTestUser { Username = "Reused" }, Ct);

        var byId = await owner.Client.GetAsync($"/api/v2/users/{deleted.Id}", Ct);
        var byName = await owner.Client.GetAsync("/api/v2/users/reused", Ct);

        await IsUnknownAsync(byId, deleted.Id.ToString());
        (await byName.JsonAsync(Ct))["id"]!.GetValue<Guid>().Should().Be(next.Id);
    }

    [Fact]
    public async Task A_key_that_only_opens_applications_does_not_even_show_its_user()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Roles = ["owner"], Scope = KeyScope.ApplicationConnect }, Ct);

        var me = await user.Client.GetAsync("/api/v2/users/me", Ct);
        var byId = await user.Client.GetAsync($"/api/v2/users/{user.Id}", Ct);

        me.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await me.Content.ReadAsStringAsync(Ct)).Should().Be(
            """{"message":"Resource not found or you do not have access to this resource"}""");
        await IsUnknownAsync(byId, user.Id.ToString());
    }

    private static async Task IsUnknownAsync(HttpResponseMessage response, string name)
    {
        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(Ct)).Should().Be(
            $$"""{"message":"\"user\" must be an existing uuid or username.","detail":"queried user=\"{{name}}\""}""");
    }
}
