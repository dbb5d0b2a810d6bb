using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Users;

public sealed class FirstUserTests
{
    private const string First = "/api/v2/users/first";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_user_is_the_active_owner_and_a_member_of_the_default_organization()
    {
        await using var server = await TestServer.StartAsync(null, Ct);

        var response = await server.Anonymous.PostAsJsonAsync(First, Body(name: "  Olga Owner "), Ct);

        response.StatusCode.Should().Be(HttpStatusCode.Created);
        var created = await response.JsonAsync(Ct);
        var organization = await server.Database.DefaultOrganizationAsync(Ct);
        created.Should().HaveCount(2);
        created["organization_id"]!.GetValue<Guid>().Should().Be(organization);
        using var owner = await server.LogInAsync("olga@example.com", TestServer.OwnerPassword, Ct);
        var user = await (await owner.GetAsync("/api/v2/users/me", Ct)).JsonAsync(Ct);
        user["id"]!.GetValue<Guid>().Should().Be(created["user_id"]!.GetValue<Guid>());
        user["name"]!.GetValue<string>().Should().Be("Olga Owner");
        user["status"]!.GetValue<string>().Should().Be("active");
        JsonNode.DeepEquals(user["roles"], JsonNode.Parse("""[{"name":"owner","display_name":"Owner"}]""")).Should().BeTrue();
        JsonNode.DeepEquals(user["organization_ids"], new JsonArray(organization.ToString())).Should().BeTrue();
    }

    [Fact]
    public async Task There_is_only_one_first_user()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);

        var again = await server.Anonymous.PostAsJsonAsync(First, Body(), Ct);
        var exists = await server.Anonymous.GetAsync(First, Ct);

        again.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await again.Content.ReadAsStringAsync(Ct)).Should().Be("""{"message":"The initial user has already been created."}""");
        exists.StatusCode.Should().Be(HttpStatusCode.OK);
        (await exists.Content.ReadAsStringAsync(Ct)).Should().Be("""{"message":"The initial user has already been created!"}""");
    }

    [Fact]
    public async Task Of_many_who_try_at_once_on_two_servers_exactly_one_creates_the_first_user()
    {
        await using var one = await TestServer.StartAsync(null, Ct);
        await using var other = await TestServer.StartAsync(null, Ct, beside: one);

        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(i =>
            (i % 2 == 0 ? one : other).Anonymous.PostAsJsonAsync(First, Body($"user-{i}"), Ct)));

        responses.Select(r => r.StatusCode).Should().ContainSingle(s => s == HttpStatusCode.Created);
        responses.Where(r => r.StatusCode != HttpStatusCode.Created).Should().OnlyContain(r => r.StatusCode == HttpStatusCode.Conflict);
        (await one.Database.ScalarAsync<long>("select count(*) from users where not is_system", Ct)).Should().Be(1);
        (await one.Database.ScalarAsync<long>("select count(*) from organization_members", Ct)).Should().Be(1);
    }

    [Fact]
    public async Task A_deployment_whose_users_are_all_deleted_can_be_set_up_again()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);
        await server.Database.ExecuteAsync("update users set deleted = true where not is_system", Ct);

        var response = await server.Anonymous.PostAsJsonAsync(First, Body("owner"), Ct);

        response.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    private static object Body(string username = "olga", string name = "") =>
        new { email = $"{username}@example.com", username, name, password = TestServer.OwnerPassword };
}
