using Coder.Domain.Licensing;

namespace Coder.Domain.Tests.Licensing;

public sealed class EntitlementMessagesTests
{
    private static readonly LicenseClaims Nothing = Make.Claims();

    [Theory]
    [InlineData(false, 24, "Your license expires in 1 day.")]
    [InlineData(false, 1, "Your license expires in 1 day.")]
    [InlineData(false, 25, "Your license expires in 2 days.")]
    [InlineData(false, 48, "Your license expires in 2 days.")]
    [InlineData(false, 29 * 24, "Your license expires in 29 days.")]
    [InlineData(false, (29 * 24) + 1, null)]
    [InlineData(false, 30 * 24, null)]
    [InlineData(false, 0, null)]
    [InlineData(true, 6 * 24, "Your license expires in 6 days.")]
    [InlineData(true, (6 * 24) + 1, null)]
    [InlineData(true, 7 * 24, null)]
    [InlineData(true, 8 * 24, null)]
    public void The_end_of_the_term_is_announced(bool trial, int hours, string? warning)
    {
        var claims = Nothing with { Trial = trial, LicenseExpires = Make.Now.AddHours(hours), Expires = Make.Now.AddDays(100) };

        var result = Make.Evaluate(claims);

        result.Warnings.Should().Equal(warning is null ? [] : [warning]);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(60, true)]
    public void A_successor_silences_the_announcement_unless_there_is_a_gap(int gapSeconds, bool warns)
    {
        var ending = Nothing with { LicenseExpires = Make.Now.AddDays(2), Expires = Make.Now.AddDays(5) };
        var successor = Nothing with { NotBefore = ending.LicenseExpires.AddSeconds(gapSeconds) };

        var result = Make.Evaluate(ending, successor);

        result.Warnings.Should().Equal(warns ? ["Your license expires in 2 days."] : []);
    }

    [Fact]
    public void Of_a_chain_of_licenses_the_last_end_is_announced_once()
    {
        var first = Nothing with { LicenseExpires = Make.Now.AddDays(2), Expires = Make.Now.AddDays(5) };
        var second = Nothing with { NotBefore = Make.Now.AddDays(1), LicenseExpires = Make.Now.AddDays(9), Expires = Make.Now.AddDays(10) };

        var result = Make.Evaluate(second, first);

        result.Warnings.Should().Equal("Your license expires in 9 days.");
    }

    [Fact]
    public void An_old_license_in_grace_does_not_hide_the_end_of_the_current_one()
    {
        var old = Nothing with { LicenseExpires = Make.Now.AddDays(-10), Expires = Make.Now.AddDays(5) };
        var current = Nothing with { NotBefore = Make.Now.AddDays(-9), LicenseExpires = Make.Now.AddDays(3) };

        var result = Make.Evaluate(old, current);

        result.Warnings.Should().Equal("Your license expires in 3 days.");
    }

    public static TheoryData<FeatureName, DeploymentUsage, string, string, string> Uses => new()
    {
        {
            FeatureName.HighAvailability,
            Make.IdleUsage with { Replicas = 2 },
            "You have multiple replicas but high availability is an Enterprise feature. You will be unable to connect to workspaces.",
            "You have multiple replicas but your license is not entitled to high availability. You will be unable to connect to workspaces.",
            "You have multiple replicas but your license for high availability is expired. Reduce to one replica or workspace connections will stop working."
        },
        {
            FeatureName.MultipleExternalAuth,
            Make.IdleUsage with { ExternalAuthProviders = 2 },
            "You have multiple External Auth Providers configured but this is an Enterprise feature. Reduce to one.",
            "You have multiple External Auth Providers configured but your license is limited at one.",
            "You have multiple External Auth Providers configured but your license is expired. Reduce to one."
        },
        {
            FeatureName.WorkspaceExternalAgent,
            Make.IdleUsage with { ExternalAgentWorkspaces = 1 },
            "You have external workspaces but your license is not entitled to this feature.",
            "You have external workspaces but your license is not entitled to this feature.",
            "You have external workspaces but your license is expired."
        },
        {
            FeatureName.WorkspaceExternalAgent,
            Make.IdleUsage with { ExternalAgentTemplates = 1 },
            "You have templates which use external agents but your license is not entitled to this feature.",
            "You have templates which use external agents but your license is not entitled to this feature.",
            "You have templates which use external agents but your license is expired."
        },
    };

    [Theory]
    [MemberData(nameof(Uses))]
    public void Use_without_cover_is_an_error_and_in_grace_a_warning(
        FeatureName feature, DeploymentUsage usage, string unlicensed, string notEntitled, string grace)
    {
        var without = Make.Evaluate([], usage);
        var licensed = Make.Evaluate(Make.All(Nothing), usage);
        var inGrace = Make.Evaluate(
            Make.All(Make.Claims(FeatureSet.None, (feature.WireName(), 1)).InGrace()),
            usage);
        var entitled = Make.Evaluate(Make.All(Make.Claims(FeatureSet.Enterprise)), usage);

        without.Errors.Should().Equal(unlicensed);
        without.Warnings.Should().BeEmpty();
        licensed.Errors.Should().Equal(notEntitled);
        inGrace.Warnings.Should().Contain(grace);
        inGrace.Errors.Should().BeEmpty();
        entitled.Errors.Should().BeEmpty();
        entitled.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void One_replica_and_one_provider_need_no_license()
    {
        var result = Make.Evaluate([], new DeploymentUsage { Replicas = 1, ExternalAuthProviders = 1 });

        result.Errors.Should().BeEmpty();
    }

    [Theory]
    [InlineData(11, false, "Your deployment has 11 active users but is only licensed for 10.")]
    [InlineData(11, true, "Your deployment has 11 active users but is only licensed for 10.")]
    [InlineData(10, true, "Your deployment has 10 active users but the license with the limit 10 is expired.")]
    [InlineData(10, false, null)]
    public void Users_beyond_the_seats_are_told(long users, bool grace, string? warning)
    {
        var claims = Make.Claims(FeatureSet.None, ("user_limit", 10));

        var result = Make.Evaluate(Make.All(grace ? claims.InGrace() : claims), new DeploymentUsage { ActiveUsers = users });

        result.Warnings.Should().Equal(warning is null ? [] : [warning]);
    }

    [Fact]
    public void A_license_with_nothing_in_it_gives_nine_warnings_on_a_default_deployment()
    {
        var result = Make.Evaluate(Make.All(Nothing), switches: FeatureSwitches.Default);

        result.Warnings.Should().Equal(
            "Audit Log is enabled but your license is not entitled to this feature.",
            "Connection Log is enabled but your license is not entitled to this feature.",
            "Template RBAC is enabled but your license is not entitled to this feature.",
            "External Provisioner Daemons is enabled but your license is not entitled to this feature.",
            "Advanced Template Scheduling is enabled but your license is not entitled to this feature.",
            "Workspace Proxy is enabled but your license is not entitled to this feature.",
            "User Role Management is enabled but your license is not entitled to this feature.",
            "Access Control is enabled but your license is not entitled to this feature.",
            "Control Shared Ports is enabled but your license is not entitled to this feature.");
        result.Errors.Should().BeEmpty();
        FeatureNames.All.Should().NotContain(x => result.IsEnabled(x));
    }

    [Fact]
    public void Enabled_features_in_grace_are_told_and_stay_enabled()
    {
        var switches = FeatureSwitches.Of(FeatureName.Scim, FeatureName.UserLimit, FeatureName.ManagedAgentLimit);
        var claims = Make.Claims(FeatureSet.None, ("scim", 1), ("browser_only", 1), ("custom_roles", 1), ("high_availability", 1)).InGrace();

        var result = Make.Evaluate(Make.All(claims), switches: switches);

        result.Warnings.Should().Equal(
            "SCIM is enabled but your license for this feature is expired.",
            "Custom Roles is enabled but your license for this feature is expired.");
        result.IsEnabled(FeatureName.Scim).Should().BeTrue();
        result.IsEnabled(FeatureName.BrowserOnly).Should().BeFalse();
    }

    [Fact]
    public void Token_encryption_stays_enabled_while_keys_are_configured()
    {
        const string Told =
            "External Token Encryption is enabled (due to setting external token encryption keys) but your license is not entitled to this feature.";
        var switches = FeatureSwitches.Of(FeatureName.ExternalTokenEncryption);

        var unlicensed = Make.Evaluate([], switches: switches);
        var notEntitled = Make.Evaluate(Make.All(Nothing), switches: switches);
        var grace = Make.Evaluate(Make.All(Make.Claims(FeatureSet.None, ("external_token_encryption", 1)).InGrace()), switches: switches);
        var entitled = Make.Evaluate(Make.All(Make.Claims(FeatureSet.Enterprise)), switches: switches);

        unlicensed.Warnings.Should().Equal(Told);
        notEntitled.Warnings.Should().Equal(
            "External Token Encryption is enabled but your license is not entitled to this feature.", Told);
        grace.Warnings.Should().Equal("External Token Encryption is enabled but your license for this feature is expired.", Told);
        entitled.Warnings.Should().BeEmpty();
        new[] { unlicensed, notEntitled, grace, entitled }.Should().OnlyContain(x => x.IsEnabled(FeatureName.ExternalTokenEncryption));
    }

    [Fact]
    public void Without_keys_token_encryption_is_off()
    {
        var result = Make.Evaluate(Make.Claims(FeatureSet.Enterprise));

        result.IsEnabled(FeatureName.ExternalTokenEncryption).Should().BeFalse();
    }

    [Fact]
    public void Everything_is_told_in_a_fixed_order()
    {
        var claims = Make.Claims(
            FeatureSet.None,
            ("managed_agent_limit_soft", 1),
            ("managed_agent_limit_hard", 1),
            ("user_limit", 1),
            ("high_availability", 1)).InGrace();
        var current = Nothing with { LicenseExpires = Make.Now.AddDays(2) };
        var usage = new DeploymentUsage { ActiveUsers = 2, Replicas = 3, ExternalAuthProviders = 2, ExternalAgentWorkspaces = 1, ExternalAgentTemplates = 1 };
        StoredLicense[] licenses = [claims.Stored(2), new(1, Make.Uuid(1), RejectionReason.BadSignature), current.Stored(3)];

        var result = Make.Evaluate(
            licenses,
            usage,
            FeatureSwitches.Of(FeatureName.AuditLog, FeatureName.ExternalTokenEncryption),
            managedAgents: 1);

        result.Errors.Should().SatisfyRespectively(
            x => x.Should().StartWith("Invalid license ("),
            x => x.Should().Contain("External Auth Providers"),
            x => x.Should().Contain("external workspaces"),
            x => x.Should().Contain("templates"));
        result.Warnings.Should().SatisfyRespectively(
            x => x.Should().Be("Your license expires in 2 days."),
            x => x.Should().Contain("multiple replicas"),
            x => x.Should().Contain("built more workspaces"),
            x => x.Should().Contain("2 active users"),
            x => x.Should().StartWith("Audit Log is enabled"),
            x => x.Should().StartWith("External Token Encryption is enabled but"),
            x => x.Should().Contain("due to setting"));
    }
}
