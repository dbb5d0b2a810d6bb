using System.Net;
using System.Text;
using Coder.Testing;

namespace Coder.Api.Tests.Licensing;

public sealed class LicensePermissionTests(LicensePermissionTests.Deployment deployment) : IClassFixture<LicensePermissionTests.Deployment>
{
    private const string Forbidden = "Forbidden.";

    private const string ForbiddenDetail =
        "You don't have permission to view this content. If you believe this is a mistake, please contact your administrator or try signing in with different credentials.";

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    public static TheoryData<string> Roles => [.. LicensingDatabase.RolesWithoutLicenses];

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task Only_owners_see_licenses_and_others_an_empty_list(string role)
    {
        var body = await deployment.People[role].GetStringAsync(LicensingApi.Licenses, Ct);

        body.Should().Be("[]");
        (await deployment.Owner.LicensesAsync(Ct)).Should().ContainSingle();
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task Only_owners_add_licenses_and_the_body_of_others_is_not_looked_at(string role)
    {
        string[] bodies = ["", "not json", "{}", $$"""{"license":"{{deployment.Server.Mint.License()}}"}""", new string('x', 200_000)];
        foreach (var body in bodies)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await deployment.People[role].PostAsync(LicensingApi.Licenses, content, Ct);

            (await response.ErrorAsync(Ct)).Should().Be((HttpStatusCode.Forbidden, Forbidden, ForbiddenDetail));
        }

        (await deployment.Owner.LicensesAsync(Ct)).Should().ContainSingle();
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task Only_owners_refresh_and_others_are_not_told_how_long_ago_that_was(string role)
    {
        using var response = await deployment.People[role].PostAsync(LicensingApi.Refresh, null, Ct);

        (await response.ErrorAsync(Ct)).Should().Be((HttpStatusCode.Forbidden, Forbidden, ForbiddenDetail));
        response.Headers.RetryAfter.Should().BeNull();
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task Only_owners_delete_and_others_are_not_told_what_is_there(string role)
    {
        foreach (var id in (int[])[deployment.LicenseId, int.MaxValue])
        {
            using var response = await deployment.People[role].DeleteAsync(new Uri($"{LicensingApi.Licenses}/{id}", UriKind.Relative), Ct);

            (await response.ErrorAsync(Ct)).Should().Be((HttpStatusCode.Forbidden, Forbidden, ForbiddenDetail));
        }

        (await deployment.Owner.LicensesAsync(Ct)).Should().ContainSingle();
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task The_form_of_an_id_is_judged_before_the_permission(string role)
    {
        using var response = await deployment.People[role].DeleteAsync(new Uri($"{LicensingApi.Licenses}/abc", UriKind.Relative), Ct);

        (await response.ErrorAsync(Ct)).Should().Be((HttpStatusCode.NotFound, "License ID must be an integer", null));
    }

    [Theory]
    [InlineData("GET", LicensingApi.Licenses)]
    [InlineData("POST", LicensingApi.Licenses)]
    [InlineData("POST", LicensingApi.Refresh)]
    [InlineData("DELETE", LicensingApi.Licenses + "/1")]
    [InlineData("DELETE", LicensingApi.Licenses + "/abc")]
    public async Task Nothing_but_the_entitlements_is_open_without_a_session(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await deployment.Server.Anonymous.SendAsync(request, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    public sealed class Deployment : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        public HttpClient Owner { get; private set; } = null!;

        public int LicenseId { get; private set; }

        public IDictionary<string, HttpClient> People { get; } = new Dictionary<string, HttpClient>(StringComparer.Ordinal);

        public async ValueTask InitializeAsync()
        {
            Server = await TestServer.StartAsync(null, Ct);
            Owner = await Server.CreateOwnerAsync(Ct);
            LicenseId = (await Owner.AddLicenseAsync(Server.Mint.License(), Ct)).Id();
            foreach (var role in LicensingDatabase.RolesWithoutLicenses)
            {
                People[role] = await Server.SignInAsRoleAsync(role, Ct);
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var client in People.Values)
            {
                client.Dispose();
            }

            Owner.Dispose();
            await Server.DisposeAsync();
        }
    }
}
