using System.Net;
using Coder.Testing;

namespace Coder.Api.Tests.Users;

/// <summary>Whom those find who administer organizations only: docs/spec/platform.md, section 12.</summary>
public sealed class RestrictedSearchTests(RestrictedSearchTests.Deployment deployment) : IClassFixture<RestrictedSearchTests.Deployment>
{
    private const string Users = "/api/v2/users";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "admin inside")]
    [InlineData("side", "inside")]
    [InlineData("outside", "outside")]
    [InlineData("OutSide", "outside")]
    [InlineData("outside@example.com", "outside")]
    [InlineData("outside@example", "")]
    [InlineData("out side", "")]
    [InlineData("outside status:suspended", "")]
    [InlineData("status:active", "admin inside")]
    public async Task An_administrator_of_an_organization_finds_its_members_and_whoever_is_named_exactly(string search, string names)
    {
        var (found, count) = await FindAsync(deployment.Admin, search);

        found.Should().Equal(names.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        count.Should().Be(found.Count);
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("user-admin")]
    [InlineData("auditor")]
    [InlineData("template-admin")]
    public async Task Whoever_reads_users_by_a_role_of_the_deployment_finds_everybody(string role)
    {
        using var caller = await deployment.Server.AddUserAsync(new NewTestUser { Roles = [role], Username = $"free-{role}" }, Ct);

        (await FindAsync(caller, "side")).Found.Should().Equal("inside", "outside");
    }

    [Fact]
    public async Task The_place_of_somebody_who_is_not_found_begins_no_page()
    {
        var page = await (await deployment.Admin.Client.GetAsync($"{Users}?after_id={deployment.Outside.Id}", Ct)).JsonAsync(Ct);
        var own = await (await deployment.Admin.Client.GetAsync($"{Users}?after_id={deployment.Admin.Id}", Ct)).JsonAsync(Ct);

        page["users"]!.AsArray().Should().BeEmpty();
        own["users"]!.AsArray().Should().ContainSingle();
    }

    [Fact]
    public async Task One_who_is_named_exactly_can_be_invited()
    {
        using var invited = await deployment.Server.AddUserAsync(new NewTestUser { IsMember = false, Username = "invited" }, Ct);

        var response = await deployment.Admin.Client.PostAsync(
            $"/api/v2/organizations/{deployment.Organization}/members/invited", null, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        await deployment.Server.Database.ExecuteAsync("delete from organization_members where user_id = $1", Ct, invited.Id);
    }

    [Fact]
    public async Task Without_the_setting_everybody_is_found()
    {
        await using var server = await TestServer.StartAsync(null, Ct, beside: deployment.Server);
        using var client = server.With(deployment.Admin.Token);

        var body = await (await client.GetAsync($"{Users}?q=side", Ct)).JsonAsync(Ct);

        body["count"]!.GetValue<long>().Should().Be(2);
    }

    private static async Task<(List<string> Found, long Count)> FindAsync(TestUser caller, string search)
    {
        var body = await (await caller.Client.GetAsync($"{Users}?q={Uri.EscapeDataString(search)}", Ct)).JsonAsync(Ct);
        return ([.. body["users"]!.AsArray().Select(u => u!["username"]!.GetValue<string>())], body["count"]!.GetValue<long>());
    }

    /// <summary>An organization with an administrator and a member, and somebody outside of it.</summary>
    public sealed class Deployment : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        public Guid Organization { get; private set; }

        public TestUser Admin { get; private set; } = null!;

        public TestUser Outside { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var ct = CancellationToken.None;
            Server = await TestServer.StartAsync(o => o.RestrictUserSearch = "true", ct);
            Organization = await Server.Database.AddOrganizationAsync("small", ct);
            Admin = await Server.AddUserAsync(new NewTestUser { Username = "admin", IsMember = true }, ct);
            using var inside = await Server.AddUserAsync(new NewTestUser { Username = "inside", IsMember = false }, ct);
            Outside = await Server.AddUserAsync(new NewTestUser { Username = "outside" }, ct);
            await Server.Database.AddMemberAsync(Organization, Admin.Id, ["organization-user-admin"], ct);
            await Server.Database.AddMemberAsync(Organization, inside.Id, [], ct);
        }

        public async ValueTask DisposeAsync()
        {
            Admin.Dispose();
            Outside.Dispose();
            await Server.DisposeAsync();
        }
    }
}
