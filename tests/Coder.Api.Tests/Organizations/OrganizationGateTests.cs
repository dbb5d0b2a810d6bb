using System.Net;
using Coder.Testing;

namespace Coder.Api.Tests.Organizations;

/// <summary>Without a license what is there keeps working, and only changes are refused.</summary>
public sealed class OrganizationGateTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Default = $"{OrganizationsApi.Root}/default";
    private const string Organizations = "Multiple Organizations is a Premium feature. Contact sales!";
    private const string Roles = "Custom Roles is a Premium feature. Contact sales!";

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Theory]
    [InlineData("POST", OrganizationsApi.Root, Organizations)]
    [InlineData("PATCH", Default, Organizations)]
    [InlineData("DELETE", Default, Organizations)]
    [InlineData("POST", $"{Default}/members/roles", Roles)]
    [InlineData("PUT", $"{Default}/members/roles", Roles)]
    [InlineData("DELETE", $"{Default}/members/roles/x", Roles)]
    public async Task Changes_are_refused_before_anything_else_is_looked_at(string method, string path, string message)
    {
        using var member = await Server.AddUserAsync(Ct);
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent("no json") };
        using var again = new HttpRequestMessage(new HttpMethod(method), path);

        var response = await member.Client.SendAsync(request, Ct);
        var anonymous = await Server.Anonymous.SendAsync(again, Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new { Status = HttpStatusCode.Forbidden, Message = message });
        anonymous.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Existing_organizations_members_and_custom_roles_keep_working()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        var id = await Server.Database.AddOrganizationAsync("unlicensed", Ct);
        await Server.Database.AddCustomRoleAsync(id, "helper", ["organization_member:read"], Ct);
        using var user = await Server.AddUserAsync(new NewTestUser { IsMember = false }, Ct);
        var organization = new TestOrganization(id, "unlicensed");

        var added = await owner.Client.PostAsync($"{organization.Members}/{user.Id}", null, Ct);
        var given = await owner.Client.SetRolesAsync(organization, user.Id, "helper", Ct);
        var listed = await user.Client.GetAsync($"{organization.Path}/paginated-members", Ct);

        added.StatusCode.Should().Be(HttpStatusCode.OK);
        given.StatusCode.Should().Be(HttpStatusCode.OK);
        (await listed.JsonAsync(Ct))["count"]!.GetValue<int>().Should().Be(1);
        (await (await user.Client.GetAsync(organization.Roles, Ct)).JsonArrayAsync(Ct)).Should().HaveCount(6);
    }
}
