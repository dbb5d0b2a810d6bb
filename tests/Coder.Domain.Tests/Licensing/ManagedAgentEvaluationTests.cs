using Coder.Domain.Common;
using Coder.Domain.Licensing;

namespace Coder.Domain.Tests.Licensing;

public sealed class ManagedAgentEvaluationTests
{
    private const string Soft = "managed_agent_limit_soft";
    private const string Hard = "managed_agent_limit_hard";

    private const string Blocked =
        "You have built more workspaces with managed agents than your license allows. Further managed agent builds will be blocked.";

    private const string Approaching =
        "You are approaching the managed agent limit in your license. Please refer to the Deployment Licenses page for more information.";

    [Theory]
    [InlineData(FeatureSet.None)]
    [InlineData(FeatureSet.Enterprise)]
    [InlineData(FeatureSet.Premium)]
    public void An_explicit_pair_is_the_limit_with_the_period_of_its_license(FeatureSet set)
    {
        var claims = Make.Claims(set, (Soft, 100), (Hard, 200));

        var result = Make.Evaluate(Make.All(claims), managedAgents: 17);

        result[FeatureName.ManagedAgentLimit].Should().Be(new Feature
        {
            Entitlement = Entitlement.Entitled,
            Enabled = true,
            SoftLimit = 100,
            Limit = 200,
            Actual = 17,
            UsagePeriod = new UsagePeriod(claims.IssuedAt, claims.NotBefore, claims.Expires),
        });
    }

    [Fact]
    public void Premium_seats_bring_a_limit_of_a_fixed_date()
    {
        var claims = Make.Claims(FeatureSet.Premium, ("user_limit", 100));

        var result = Make.Evaluate(claims);

        result[FeatureName.ManagedAgentLimit].Should().Be(new Feature
        {
            Entitlement = Entitlement.Entitled,
            Enabled = true,
            SoftLimit = 80_000,
            Limit = 100_000,
            Actual = 0,
            UsagePeriod = new UsagePeriod(new DateTimeOffset(2025, 7, 1, 0, 0, 0, TimeSpan.Zero), claims.NotBefore, claims.Expires),
        });
    }

    public static TheoryData<FeatureSet, bool, long> NoDefault => new()
    {
        { FeatureSet.Enterprise, false, 100 },
        { FeatureSet.None, true, 100 },
        { FeatureSet.None, false, 100 },
        { FeatureSet.Premium, false, 0 },
        { FeatureSet.Premium, false, -3 },
    };

    [Theory]
    [MemberData(nameof(NoDefault))]
    public void Other_licenses_bring_none(FeatureSet set, bool allFeatures, long seats)
    {
        var claims = Make.Claims(set, ("user_limit", seats)) with { AllFeatures = allFeatures };

        var result = Make.Evaluate(claims);

        result[FeatureName.ManagedAgentLimit].Should().Be(default(Feature));
    }

    [Fact]
    public void An_explicit_zero_switches_premium_off()
    {
        var claims = Make.Claims(FeatureSet.Premium, ("user_limit", 100), (Soft, 0), (Hard, 0));

        var result = Make.Evaluate(Make.All(claims), managedAgents: 5);

        result[FeatureName.ManagedAgentLimit].Should().Be(new Feature
        {
            Entitlement = Entitlement.Entitled,
            Enabled = false,
            SoftLimit = 0,
            Limit = 0,
            Actual = 5,
            UsagePeriod = new UsagePeriod(claims.IssuedAt, claims.NotBefore, claims.Expires),
        });
        result.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void An_explicit_pair_older_than_the_date_of_the_default_still_is_the_one_of_its_license()
    {
        var claims = Make.Claims(FeatureSet.Premium, ("user_limit", 100), (Soft, 1), (Hard, 2)) with
        {
            IssuedAt = ManagedAgentLimits.DefaultIssuedAt.AddDays(-100),
        };

        var result = Make.Evaluate(claims);

        result[FeatureName.ManagedAgentLimit].Limit.Should().Be(2);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(-1, 100_000)]
    public void An_explicit_pair_beats_the_default_of_another_license_only_when_issued_after_its_date(int days, long limit)
    {
        var seats = Make.Claims(FeatureSet.Premium, ("user_limit", 100));
        var explicitPair = Make.Claims(FeatureSet.None, (Soft, 1), (Hard, 2)) with { IssuedAt = ManagedAgentLimits.DefaultIssuedAt.AddDays(days) };

        Make.Evaluate(seats, explicitPair)[FeatureName.ManagedAgentLimit].Limit.Should().Be(limit);
        Make.Evaluate(explicitPair, seats)[FeatureName.ManagedAgentLimit].Limit.Should().Be(limit);
    }

    [Theory]
    [InlineData(5L, null, "has missing soft or hard limit values")]
    [InlineData(null, 5L, "has missing soft or hard limit values")]
    [InlineData(-1L, 5L, "has missing soft or hard limit values")]
    [InlineData(5L, -1L, "has missing soft or hard limit values")]
    [InlineData(6L, 5L, "has a hard limit less than the soft limit")]
    [InlineData(1L, 0L, "has a hard limit less than the soft limit")]
    [InlineData(long.MaxValue, 0L, "has a hard limit less than the soft limit")]
    public void A_bad_pair_is_an_error_and_leaves_the_rest_of_the_license_in_force(long? soft, long? hard, string problem)
    {
        List<(string, long)> features = [("user_limit", 2)];
        features.AddRange(soft is { } s ? [(Soft, s)] : []);
        features.AddRange(hard is { } h ? [(Hard, h)] : []);

        var result = Make.Evaluate(Make.Claims(FeatureSet.Premium, [.. features]));

        result.Errors.Should().Equal($"Invalid license ({Make.Uuid(1)}): feature managed_agent_limit {problem}");
        result[FeatureName.AuditLog].Entitlement.Should().Be(Entitlement.Entitled);
        result[FeatureName.ManagedAgentLimit].Limit.Should().Be(2000);
    }

    [Fact]
    public void Two_negative_values_are_as_if_absent()
    {
        var result = Make.Evaluate(Make.Claims(FeatureSet.Premium, ("user_limit", 2), (Soft, -1), (Hard, -1)));

        result.Errors.Should().BeEmpty();
        result[FeatureName.ManagedAgentLimit].Limit.Should().Be(2000);
    }

    [Fact]
    public void The_license_issued_later_wins_in_either_order_even_with_less()
    {
        var older = Make.Claims(FeatureSet.None, (Soft, 100), (Hard, 200));
        var newer = Make.Claims(FeatureSet.None, (Soft, 1), (Hard, 2)) with { IssuedAt = older.IssuedAt.AddSeconds(1), NotBefore = Make.Now.AddDays(-2) };

        foreach (var result in new[] { Make.Evaluate(older, newer), Make.Evaluate(newer, older) })
        {
            result[FeatureName.ManagedAgentLimit].Limit.Should().Be(2);
            result[FeatureName.ManagedAgentLimit].UsagePeriod.Should()
                .Be(new UsagePeriod(newer.IssuedAt, newer.NotBefore, newer.Expires));
        }
    }

    [Fact]
    public void Of_the_same_issue_the_later_end_wins()
    {
        var shorter = Make.Claims(FeatureSet.None, (Soft, 100), (Hard, 200));
        var longer = Make.Claims(FeatureSet.None, (Soft, 1), (Hard, 2)) with { Expires = shorter.Expires.AddSeconds(1) };

        Make.Evaluate(shorter, longer)[FeatureName.ManagedAgentLimit].Limit.Should().Be(2);
        Make.Evaluate(longer, shorter)[FeatureName.ManagedAgentLimit].Limit.Should().Be(2);
    }

    [Fact]
    public void Of_two_defaults_the_one_that_ends_later_wins_even_with_fewer()
    {
        var shorter = Make.Claims(FeatureSet.Premium, ("user_limit", 100));
        var longer = Make.Claims(FeatureSet.Premium, ("user_limit", 1)) with { Expires = shorter.Expires.AddSeconds(1) };

        Make.Evaluate(shorter, longer)[FeatureName.ManagedAgentLimit].Limit.Should().Be(1000);
        Make.Evaluate(longer, shorter)[FeatureName.ManagedAgentLimit].Limit.Should().Be(1000);
    }

    [Fact]
    public void A_newer_license_in_grace_beats_an_older_one_in_force()
    {
        var older = Make.Claims(FeatureSet.None, (Soft, 100), (Hard, 200));
        var newer = (Make.Claims(FeatureSet.None, (Soft, 1), (Hard, 2)) with { IssuedAt = older.IssuedAt.AddDays(1) }).InGrace();

        var feature = Make.Evaluate(older, newer)[FeatureName.ManagedAgentLimit];

        feature.Limit.Should().Be(2);
        feature.Entitlement.Should().Be(Entitlement.GracePeriod);
    }

    [Fact]
    public void A_license_of_the_future_does_not_set_the_limit_yet()
    {
        var current = Make.Claims(FeatureSet.None, (Soft, 100), (Hard, 200));
        var future = (Make.Claims(FeatureSet.None, (Soft, 1), (Hard, 2)) with { IssuedAt = Make.Now.AddHours(-1) }).InFuture();
        var licenses = Make.All(current, future);

        var before = Make.Evaluate(licenses);
        var after = Make.Evaluate(licenses, now: future.NotBefore);

        before[FeatureName.ManagedAgentLimit].Limit.Should().Be(200);
        before.NextChangeAt.Should().Be(future.NotBefore);
        after[FeatureName.ManagedAgentLimit].Limit.Should().Be(2);
    }

    [Theory]
    [InlineData(100, 200, 174, null)]
    [InlineData(100, 200, 175, Approaching)]
    [InlineData(100, 200, 199, Approaching)]
    [InlineData(100, 200, 200, Blocked)]
    [InlineData(100, 200, long.MaxValue, Blocked)]
    [InlineData(100, 100, 74, null)]
    [InlineData(100, 100, 75, Approaching)]
    [InlineData(100, 100, 100, Blocked)]
    [InlineData(0, 100, 74, null)]
    [InlineData(0, 100, 75, Approaching)]
    [InlineData(1, 1, 0, Approaching)]
    [InlineData(1, 1, 1, Blocked)]
    [InlineData(1, long.MaxValue, 6_917_529_027_641_081_854, null)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue, Blocked)]
    public void Warnings_begin_three_quarters_between_soft_and_hard(long soft, long hard, long actual, string? warning)
    {
        var licenses = Make.All(Make.Claims(FeatureSet.None, (Soft, soft), (Hard, hard)));

        var result = Make.Evaluate(licenses, managedAgents: actual);

        result.Warnings.Should().Equal(warning is null ? [] : [warning]);
    }

    [Fact]
    public void A_counting_failure_is_an_error_and_leaves_the_count_absent()
    {
        var licenses = Make.All(Make.Claims(FeatureSet.None, (Soft, 1), (Hard, 1)));

        var result = LicenseEvaluator.Evaluate(
            licenses, Make.IdleUsage, FeatureSwitches.None, Make.Now, _ => throw new InvalidOperationException("no connection"));

        result.Errors.Should().Equal("Error getting managed agent count: no connection");
        result.Warnings.Should().BeEmpty();
        result[FeatureName.ManagedAgentLimit].Actual.Should().BeNull();
        result[FeatureName.ManagedAgentLimit].Enabled.Should().BeTrue();
    }

    [Fact]
    public void Cancellation_of_the_count_passes_through()
    {
        var licenses = Make.All(Make.Claims(FeatureSet.None, (Soft, 1), (Hard, 1)));

        var evaluate = () => LicenseEvaluator.Evaluate(
            licenses, Make.IdleUsage, FeatureSwitches.None, Make.Now, _ => throw new OperationCanceledException());

        evaluate.Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void Nothing_is_counted_without_a_period()
    {
        var result = LicenseEvaluator.Evaluate(
            Make.All(Make.Claims(FeatureSet.Enterprise)),
            Make.IdleUsage,
            FeatureSwitches.None,
            Make.Now,
            _ => throw new InvalidOperationException("must not be asked"));

        result.Errors.Should().BeEmpty();
    }

    [Fact]
    public void Two_steps_give_what_one_does()
    {
        var claims = Make.Claims(FeatureSet.Premium, ("user_limit", 3));
        var merged = LicenseEvaluator.Merge(Make.All(claims), Make.IdleUsage, FeatureSwitches.Default, Make.Now);

        var counted = LicenseEvaluator.Complete(merged, 2999L);
        var failed = LicenseEvaluator.Complete(merged, new Error(ErrorKind.Unavailable, "gone"));
        var uncounted = LicenseEvaluator.Complete(merged, null);

        merged.PeriodToCount.Should().Be(new UsagePeriod(ManagedAgentLimits.DefaultIssuedAt, claims.NotBefore, claims.Expires));
        counted.Should().BeEquivalentTo(Make.Evaluate(Make.All(claims), switches: FeatureSwitches.Default, managedAgents: 2999));
        failed.Errors.Should().Equal("Error getting managed agent count: gone");
        uncounted[FeatureName.ManagedAgentLimit].Actual.Should().BeNull();
        uncounted.Errors.Should().BeEmpty();
    }
}
