using Coder.Domain.Licensing;

namespace Coder.Domain.Tests.Licensing;

public sealed class LicenseEvaluatorTests
{
    [Fact]
    public void Without_licenses_nothing_is_covered_and_nothing_is_said()
    {
        var usage = new DeploymentUsage { ActiveUsers = 7 };

        var result = Make.Evaluate([], usage, FeatureSwitches.Default);

        result.HasLicense.Should().BeFalse();
        result.Trial.Should().BeFalse();
        result.RequireTelemetry.Should().BeFalse();
        result.Warnings.Should().BeEmpty();
        result.Errors.Should().BeEmpty();
        result.NextChangeAt.Should().BeNull();
        result.RefreshedAt.Should().Be(Make.Now);
        result.Features.Keys.Should().Equal(FeatureNames.All);
        result.Features.Should().OnlyContain(x => x.Value == (x.Key == FeatureName.UserLimit ? new Feature { Actual = 7 } : default));
    }

    [Theory]
    [InlineData(FeatureSet.Enterprise)]
    [InlineData(FeatureSet.Premium)]
    public void A_feature_set_covers_its_features_and_enables_what_is_on(FeatureSet set)
    {
        var switches = FeatureSwitches.Of(FeatureName.AuditLog);

        var result = Make.Evaluate(Make.All(Make.Claims(set)), switches: switches);

        foreach (var (name, feature) in result.Features)
        {
            var isIn = set.Includes(name);
            feature.Entitlement.Should().Be(isIn ? Entitlement.Entitled : Entitlement.NotEntitled, name.WireName());
            feature.Enabled.Should().Be(isIn && (name is FeatureName.AuditLog || name.IsAlwaysOnWhenEntitled()), name.WireName());
            result.IsEnabled(name).Should().Be(feature.Enabled);
        }
    }

    [Fact]
    public void Premium_covers_everything_that_enterprise_covers()
    {
        var enterprise = Make.Evaluate(Make.Claims(FeatureSet.Enterprise));

        var premium = Make.Evaluate(Make.Claims(FeatureSet.Premium));

        FeatureNames.All.Where(x => enterprise[x].Entitlement.IsCovered()).Should()
            .BeSubsetOf(FeatureNames.All.Where(x => premium[x].Entitlement.IsCovered()));
    }

    [Theory]
    [InlineData(FeatureSet.None, true)]
    [InlineData(FeatureSet.Unknown, false)]
    public void The_older_claim_acts_as_enterprise_only_when_no_set_is_named(FeatureSet set, bool covered)
    {
        var claims = Make.Claims(set) with { AllFeatures = true };

        var result = Make.Evaluate(claims);

        result[FeatureName.AuditLog].Entitlement.IsCovered().Should().Be(covered);
        result[FeatureName.CustomRoles].Entitlement.IsCovered().Should().BeFalse();
    }

    [Fact]
    public void A_rejected_license_is_an_error_and_nothing_else()
    {
        StoredLicense[] licenses =
        [
            new(2, Make.Uuid(2), RejectionReason.UnknownKey("old")),
            new(1, Make.Uuid(1), RejectionReason.WrongVersion),
        ];

        var result = Make.Evaluate(licenses);

        result.HasLicense.Should().BeFalse();
        result.Warnings.Should().BeEmpty();
        result.Errors.Should().Equal(
            "Invalid license (00000001-0000-0000-0000-000000000000) parsing claims: license must be version 3",
            "Invalid license (00000002-0000-0000-0000-000000000000) parsing claims: no key with ID old");
    }

    [Fact]
    public void An_expired_license_is_silently_nothing()
    {
        var claims = Make.Claims(FeatureSet.Premium, ("managed_agent_limit", 1)) with { Expires = Make.Now, RequireTelemetry = true };

        var result = Make.Evaluate(Make.All(claims), new DeploymentUsage());

        result.HasLicense.Should().BeFalse();
        result.Errors.Should().BeEmpty();
        result.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Licenses_that_require_telemetry_count_only_while_it_is_on_and_others_count_anyway()
    {
        var requiring = Make.Claims(FeatureSet.Premium) with { RequireTelemetry = true };
        var licenses = Make.All(requiring, requiring.InFuture(), Make.Claims(FeatureSet.Enterprise));

        var off = Make.Evaluate(licenses, new DeploymentUsage { TelemetryEnabled = false });
        var on = Make.Evaluate(licenses, new DeploymentUsage { TelemetryEnabled = true });

        off.Errors.Should().Equal("License requires telemetry but telemetry is disabled");
        off[FeatureName.AuditLog].Entitlement.Should().Be(Entitlement.Entitled);
        off[FeatureName.CustomRoles].Entitlement.Should().Be(Entitlement.NotEntitled);
        off.RequireTelemetry.Should().BeFalse();
        on.Errors.Should().BeEmpty();
        on[FeatureName.CustomRoles].Entitlement.Should().Be(Entitlement.Entitled);
        on.RequireTelemetry.Should().BeTrue();
    }

    [Fact]
    public void The_term_of_a_license_that_lacks_telemetry_does_not_hide_an_expiry()
    {
        var ending = Make.Claims() with { LicenseExpires = Make.Now.AddDays(5), Expires = Make.Now.AddDays(9) };
        var successor = Make.Claims() with { RequireTelemetry = true };

        var result = Make.Evaluate(Make.All(ending, successor), new DeploymentUsage { TelemetryEnabled = false });

        result.Warnings.Should().Equal("Your license expires in 5 days.");
    }

    [Fact]
    public void A_license_of_the_future_counts_for_nothing_but_its_term()
    {
        var future = Make.Claims(FeatureSet.Premium, ("managed_agent_limit", 1), ("user_limit", 5)).InFuture();

        var result = Make.Evaluate(future);

        result.HasLicense.Should().BeFalse();
        result.Errors.Should().BeEmpty();
        result[FeatureName.UserLimit].Limit.Should().BeNull();
        result.NextChangeAt.Should().Be(future.NotBefore);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, false)]
    public void It_is_a_trial_only_when_every_license_in_force_is_one(bool first, bool second, bool expected)
    {
        var result = Make.Evaluate(
            Make.Claims() with { Trial = first },
            Make.Claims() with { Trial = second },
            Make.Claims().InFuture() with { Trial = !expected },
            Make.Claims().Expired() with { Trial = !expected });

        result.Trial.Should().Be(expected);
    }

    [Fact]
    public void Grace_starts_strictly_after_the_term_and_ends_with_the_expiry()
    {
        var claims = Make.Claims(FeatureSet.Enterprise);
        var licenses = Make.All(claims);

        Entitlement At(DateTimeOffset now) => Make.Evaluate(licenses, now: now)[FeatureName.Appearance].Entitlement;

        At(claims.NotBefore.AddTicks(-1)).Should().Be(Entitlement.NotEntitled);
        At(claims.NotBefore).Should().Be(Entitlement.Entitled);
        At(claims.LicenseExpires).Should().Be(Entitlement.Entitled);
        At(claims.LicenseExpires.AddTicks(1)).Should().Be(Entitlement.GracePeriod);
        At(claims.Expires.AddTicks(-1)).Should().Be(Entitlement.GracePeriod);
        At(claims.Expires).Should().Be(Entitlement.NotEntitled);
    }

    [Fact]
    public void A_term_that_ends_with_the_expiry_has_no_grace()
    {
        var claims = Make.Claims(FeatureSet.Enterprise) with { LicenseExpires = Make.Now.AddDays(50), Expires = Make.Now.AddDays(40) };

        var result = Make.Evaluate(Make.All(claims), now: claims.Expires.AddTicks(-1));

        result[FeatureName.Appearance].Entitlement.Should().Be(Entitlement.Entitled);
        result.Warnings.Should().Equal("Your license expires in 1 day.");
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(long.MaxValue, true)]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(long.MinValue, false)]
    public void A_single_feature_is_covered_by_any_positive_number(long value, bool covered)
    {
        var switches = FeatureSwitches.Of(FeatureName.AuditLog);

        var result = Make.Evaluate(Make.All(Make.Claims(FeatureSet.None, ("audit_log", value), ("unknown", 1))), switches: switches);

        result[FeatureName.AuditLog].Should().Be(covered ? new Feature { Entitlement = Entitlement.Entitled, Enabled = true } : default);
        result.Errors.Should().BeEmpty();
    }

    [Fact]
    public void A_single_feature_is_enabled_by_its_switch_or_always()
    {
        var claims = Make.Claims(FeatureSet.None, ("audit_log", 1), ("appearance", 1));

        var result = Make.Evaluate(claims);

        result.IsEnabled(FeatureName.AuditLog).Should().BeFalse();
        result.IsEnabled(FeatureName.Appearance).Should().BeTrue();
    }

    [Fact]
    public void A_single_feature_in_grace_does_not_take_away_one_in_force()
    {
        var current = Make.Claims(FeatureSet.None, ("audit_log", 1));
        var grace = current.InGrace();

        var result = Make.Evaluate(current, grace);

        result[FeatureName.AuditLog].Entitlement.Should().Be(Entitlement.Entitled);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(1, true)]
    [InlineData(long.MaxValue, true)]
    [InlineData(0, false)]
    [InlineData(-5, false)]
    public void Seats_are_a_limit_with_the_active_users_beside_it(long seats, bool covered)
    {
        var usage = new DeploymentUsage { ActiveUsers = 1 };

        var result = Make.Evaluate(Make.All(Make.Claims(FeatureSet.None, ("user_limit", seats))), usage);

        result[FeatureName.UserLimit].Should().Be(covered
            ? new Feature { Entitlement = Entitlement.Entitled, Enabled = true, Limit = seats, Actual = 1 }
            : new Feature { Actual = 1 });
    }

    [Theory]
    [InlineData(50, 100, Entitlement.Entitled)]
    [InlineData(150, 200, Entitlement.GracePeriod)]
    [InlineData(300, 100, Entitlement.Entitled)]
    public void Enough_seats_in_grace_beat_too_few_in_force(long users, long limit, Entitlement level)
    {
        var usage = new DeploymentUsage { ActiveUsers = users };
        var current = Make.Claims(FeatureSet.None, ("user_limit", 100));
        var grace = Make.Claims(FeatureSet.None, ("user_limit", 200)).InGrace();

        var result = Make.Evaluate(Make.All(current, grace), usage);

        result[FeatureName.UserLimit].Limit.Should().Be(limit);
        result[FeatureName.UserLimit].Entitlement.Should().Be(level);
    }

    [Fact]
    public void The_managed_agent_limit_may_not_be_stated_under_its_own_name()
    {
        var claims = Make.Claims(FeatureSet.None, ("managed_agent_limit", -1), ("audit_log", 1));

        var result = Make.Evaluate(claims);

        result.Errors.Should().Equal("Feature managed_agent_limit is forbidden to be set in a license.");
        result[FeatureName.ManagedAgentLimit].Should().Be(default(Feature));
        result[FeatureName.AuditLog].Entitlement.Should().Be(Entitlement.Entitled);
    }

    [Fact]
    public void The_feature_table_is_a_whole_dictionary()
    {
        var features = Make.Evaluate(Make.Claims(FeatureSet.Premium)).Features;

        features.Should().HaveCount(22);
        features.ContainsKey(FeatureName.Scim).Should().BeTrue();
        features.ContainsKey((FeatureName)22).Should().BeFalse();
        features.TryGetValue((FeatureName)(-1), out _).Should().BeFalse();
        features.TryGetValue(FeatureName.CustomRoles, out var roles).Should().BeTrue();
        roles.Should().Be(features[FeatureName.CustomRoles]);
        features.Values.Should().Equal(features.Select(x => x.Value));
    }

    [Fact]
    public void Now_may_be_told_in_any_offset()
    {
        var licenses = Make.All(Make.Claims(FeatureSet.Premium, ("user_limit", 3)));

        var result = Make.Evaluate(licenses, now: Make.Now.ToOffset(TimeSpan.FromHours(11)));

        result.Should().BeEquivalentTo(Make.Evaluate(licenses));
        result.RefreshedAt.Offset.Should().Be(TimeSpan.Zero);
    }
}
