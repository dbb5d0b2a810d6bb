using System.Net;
using System.Text;
using Coder.Testing;

namespace Coder.Api.Tests.Licensing;

public sealed class EntitlementsEndpointTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private static readonly string[] Catalogue =
    [
        "user_limit", "audit_log", "connection_log", "browser_only", "scim", "template_rbac", "high_availability", "multiple_external_auth",
        "external_provisioner_daemons", "appearance", "advanced_template_scheduling", "workspace_proxy", "user_role_management",
        "external_token_encryption", "workspace_batch_actions", "access_control", "control_shared_ports", "custom_roles",
        "multiple_organizations", "workspace_prebuilds", "managed_agent_limit", "workspace_external_agent",
    ];

    private static readonly string[] NineWarnings =
    [
        .. new[]
        {
            "Audit Log", "Connection Log", "Template RBAC", "External Provisioner Daemons",
            "Advanced Template Scheduling", "Workspace Proxy", "User Role Management", "Access Control", "Control Shared Ports",
        }.Select(name => $"{name} is enabled but your license is not entitled to this feature."),
    ];

    private TestServer _server = null!;
    private HttpClient _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, Ct);
        _owner = await _server.CreateOwnerAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_license_all_features_are_there_and_nothing_is_warned_of()
    {
        await _server.NotifyAsync(Ct);

        var entitlements = await _owner.EntitlementsWhenAsync(e => e.Feature("user_limit").Number("actual") == 1, Ct);

        entitlements.Select(p => p.Key).Should().Equal(
            "features", "warnings", "errors", "has_license", "trial", "require_telemetry", "refreshed_at");
        var features = entitlements["features"]!.AsObject();
        features.Select(f => f.Key).Should().Equal(Catalogue);
        features.Where(f => f.Key != "user_limit").Select(f => f.Value!.ToJsonString()).Should()
            .AllBe("""{"entitlement":"not_entitled","enabled":false}""");
        features["user_limit"]!.ToJsonString().Should().Be("""{"entitlement":"not_entitled","enabled":false,"actual":1}""");
        entitlements["warnings"]!.ToJsonString().Should().Be("[]");
        entitlements["errors"]!.ToJsonString().Should().Be("[]");
        entitlements.HasLicense().Should().BeFalse();
        entitlements["refreshed_at"]!.GetValue<string>().Should().Be("2026-03-01T12:00:00Z");
    }

    [Fact]
    public async Task A_premium_license_gives_numbers_only_where_there_are_some()
    {
        await _owner.AddLicenseAsync(_server.Mint.License(), Ct);

        var entitlements = await _owner.EntitlementsAsync(Ct);

        entitlements["features"]!.AsObject().Select(f => f.Key).Should().Equal(Catalogue);
        entitlements.Feature("user_limit").ToJsonString().Should().Be(
            """{"entitlement":"entitled","enabled":true,"limit":100,"actual":1}""");
        entitlements.Feature("managed_agent_limit").ToJsonString().Should().Be(
            """{"entitlement":"entitled","enabled":true,"limit":100000,"actual":0,"soft_limit":80000,"usage_period":"""
            + """{"issued_at":"2025-07-01T00:00:00Z","start":"2026-03-01T12:00:00Z","end":"2027-03-31T12:00:00Z"}}""");
        entitlements.Feature("browser_only").ToJsonString().Should().Be("""{"entitlement":"entitled","enabled":false}""");
        entitlements.Feature("custom_roles").ToJsonString().Should().Be("""{"entitlement":"entitled","enabled":true}""");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not a token")]
    [InlineData("abcdefghij-0123456789012345678901")]
    public async Task Callers_without_a_good_credential_see_no_counts_and_no_messages(string? credential)
    {
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.Empty().Feature("managed_agent_limit")), Ct);
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.Empty().Seats(10).ManagedAgents(5, 10)), Ct);
        var full = await _owner.EntitlementsAsync(Ct);
        using var caller = credential is null ? null : _server.With(credential);

        using var response = await (caller ?? _server.Anonymous).GetAsync(new Uri(LicensingApi.Entitlements, UriKind.Relative), Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Headers.Contains(LicensingApi.WarningHeader).Should().BeFalse();
        full.Texts("warnings").Should().NotBeEmpty();
        full.Texts("errors").Should().NotBeEmpty();
        foreach (var feature in full["features"]!.AsObject())
        {
            feature.Value!.AsObject().Remove("actual");
        }

        full["warnings"]!.AsArray().Clear();
        full["errors"]!.AsArray().Clear();
        (await response.Content.ReadAsStringAsync(Ct)).Should().Be(full.ToJsonString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("template-admin")]
    public async Task Every_signed_in_user_sees_everything(string role)
    {
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.Empty().Seats(10)), Ct);
        using var user = await _server.SignInAsRoleAsync(role, Ct);

        var seen = await user.EntitlementsAsync(Ct);

        seen.ToJsonString().Should().Be((await _owner.EntitlementsAsync(Ct)).ToJsonString());
        seen.Texts("warnings").Should().Equal(NineWarnings);
        seen.Feature("user_limit").Number("actual").Should().Be(1);
    }

    [Fact]
    public async Task Owners_and_auditors_get_one_header_a_warning_with_every_answer()
    {
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.Empty()), Ct);
        using var auditor = await _server.SignInAsRoleAsync("auditor", Ct);
        (string Method, string Path)[] requests =
        [
            ("GET", "/api/v2/users/me"),
            ("GET", LicensingApi.Entitlements),
            ("DELETE", LicensingApi.Licenses + "/99"),
            ("POST", LicensingApi.Licenses),
        ];

        foreach (var client in (HttpClient[])[_owner, auditor])
        {
            foreach (var (method, path) in requests)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                using var response = await client.SendAsync(request, Ct);

                response.Headers.GetValues(LicensingApi.WarningHeader).Should().Equal(NineWarnings, "{0} {1}", method, path);
            }
        }
    }

    [Fact]
    public async Task Answers_to_what_goes_wrong_carry_the_warnings_too()
    {
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.Empty()), Ct);
        using var content = new StringContent(new string('x', 200_000), Encoding.UTF8, "application/json");

        using var response = await _owner.PostAsync(LicensingApi.Licenses, content, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        response.Headers.GetValues(LicensingApi.WarningHeader).Should().Equal(NineWarnings);
    }

    [Fact]
    public async Task The_answer_to_an_upload_warns_of_what_is_wrong_after_it()
    {
        using var bad = await _owner.PostLicenseAsync(_server.Mint.License(b => b.Empty()), Ct);

        using var good = await _owner.PostLicenseAsync(_server.Mint.License(), Ct);

        bad.Headers.GetValues(LicensingApi.WarningHeader).Should().Equal(NineWarnings);
        good.Headers.Contains(LicensingApi.WarningHeader).Should().BeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("template-admin")]
    [InlineData("user-admin")]
    [InlineData("organization-admin:")]
    public async Task Others_get_no_warning_headers(string role)
    {
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.Empty()), Ct);
        using var user = await _server.SignInAsRoleAsync(role, Ct);

        using var response = await user.GetAsync(new Uri("/api/v2/users/me", UriKind.Relative), Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Headers.Contains(LicensingApi.WarningHeader).Should().BeFalse();
    }

    [Fact]
    public async Task Without_warnings_there_is_no_header()
    {
        await _owner.AddLicenseAsync(_server.Mint.License(), Ct);

        using var response = await _owner.GetAsync(new Uri("/api/v2/users/me", UriKind.Relative), Ct);

        response.Headers.Contains(LicensingApi.WarningHeader).Should().BeFalse();
    }
}
