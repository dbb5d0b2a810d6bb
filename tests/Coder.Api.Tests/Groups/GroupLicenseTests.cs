using System.Net;
using Coder.Testing;

namespace Coder.Api.Tests.Groups;

/// <summary>Without a license groups can be seen, as dashboards need it, and not be changed.</summary>
public sealed class GroupLicenseTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Theory]
    [InlineData("POST", GroupsApi.OfDefault)]
    [InlineData("PATCH", "/api/v2/groups/nothing")]
    [InlineData("DELETE", "/api/v2/groups/nothing")]
    public async Task Writing_takes_the_feature_and_is_refused_before_anything_else(string method, string path)
    {
        using var member = await Server.AddUserAsync(Ct);
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent("no json") };

        var problem = await (await member.Client.SendAsync(request, Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(
            new { Status = HttpStatusCode.Forbidden, Message = "Template RBAC is a Premium feature. Contact sales!" });
    }

    [Fact]
    public async Task Reading_does_not()
    {
        using var owner = await Server.AddUserAsync(["owner"], Ct);
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);
        var id = await Server.Database.AddGroupAsync(organization, "kept", [owner.Id], Ct);

        (await owner.Client.ListGroupsAsync("?has_member=me", Ct)).Names().Should().Equal("Everyone", "kept");
        (await owner.Client.GroupAsync(id, Ct)).Count().Should().Be(1);
        (await owner.Client.GetAsync($"{GroupsApi.OfDefault}/kept", Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await owner.Client.GetAsync(GroupsApi.OfDefault, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
    }
}
