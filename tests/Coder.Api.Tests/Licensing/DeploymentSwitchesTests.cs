using Coder.Api.Configuration;
using Coder.Testing;

namespace Coder.Api.Tests.Licensing;

/// <summary>What the configuration of a server has to do with its entitlements (docs/spec/licensing.md, 2.1 and 4.8).</summary>
public sealed class DeploymentSwitchesTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Features_with_a_setting_are_enabled_by_license_and_setting_together()
    {
        await using var server = await TestServer.StartAsync(SwitchAll, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);
        var before = await owner.EntitlementsAsync(Ct);

        await owner.AddLicenseAsync(server.Mint.License(), Ct);

        var after = await owner.EntitlementsAsync(Ct);
        before.Feature("browser_only").ToJsonString().Should().Be("""{"entitlement":"not_entitled","enabled":false}""");
        foreach (var feature in (string[])["browser_only", "scim", "external_token_encryption"])
        {
            after.Feature(feature).ToJsonString().Should().Be("""{"entitlement":"entitled","enabled":true}""");
        }

        after.Texts("warnings").Should().BeEmpty();
    }

    [Fact]
    public async Task Encrypted_tokens_stay_readable_without_a_license_and_the_document_says_so()
    {
        await using var server = await TestServer.StartAsync(SwitchAll, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);

        var entitlements = await owner.EntitlementsAsync(Ct);

        entitlements.Feature("external_token_encryption").ToJsonString().Should().Be("""{"entitlement":"not_entitled","enabled":true}""");
        entitlements.Texts("warnings").Should().Equal(
            "External Token Encryption is enabled (due to setting external token encryption keys) but your license is not entitled to this feature.");
    }

    [Theory]
    [InlineData("false", false)]
    [InlineData("true", true)]
    public async Task A_license_that_requires_telemetry_counts_only_while_it_is_on(string telemetry, bool counts)
    {
        await using var server = await TestServer.StartAsync(o => o.TelemetryEnable = telemetry, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);
        await owner.AddLicenseAsync(server.Mint.License(b => b.Empty().Feature("scim")), Ct);

        await owner.AddLicenseAsync(server.Mint.License(b => b.Empty().Feature("appearance").RequireTelemetry()), Ct);

        var entitlements = await owner.EntitlementsAsync(Ct);
        entitlements.Level("scim").Should().Be("entitled");
        entitlements.Level("appearance").Should().Be(counts ? "entitled" : "not_entitled");
        entitlements["require_telemetry"]!.GetValue<bool>().Should().Be(counts);
        entitlements.Texts("errors").Should().Equal(counts ? [] : ["License requires telemetry but telemetry is disabled"]);
    }

    [Fact]
    public async Task A_deployment_is_on_trial_while_all_of_its_licenses_are()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);
        await owner.AddLicenseAsync(server.Mint.License(b => b.Trial()), Ct);
        var trial = await owner.EntitlementsAsync(Ct);

        await owner.AddLicenseAsync(server.Mint.License(), Ct);

        var paid = await owner.EntitlementsAsync(Ct);
        trial["trial"]!.GetValue<bool>().Should().BeTrue();
        paid["trial"]!.GetValue<bool>().Should().BeFalse();
    }

    private static void SwitchAll(CoderOptions options)
    {
        options.BrowserOnly = "true";
        options.ScimAuthHeader = "secret-of-the-identity-provider";
        options.ExternalTokenEncryptionKeys = "bm90IHVzZWQgaGVyZSwgMzIgYnl0ZXMgb2YgYSBrZXk=";
    }
}
