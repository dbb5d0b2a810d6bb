using Coder.Domain.Common;
using Coder.Domain.Licensing;

namespace Coder.Domain.Tests.Licensing;

public sealed class BuildGatesTests
{
    private const string NotEntitled = "Your license is not entitled to managed agents. Please contact sales to continue using managed agents.";

    private const string Breached =
        "You have breached the managed agent limit in your license. Please contact sales to continue using managed agents.";

    [Fact]
    public void Without_a_license_builds_are_not_limited_and_nothing_is_counted()
    {
        var entitlements = Make.Evaluate();

        ManagedAgentGate.PeriodToCount(entitlements).Should().BeNull();
        ManagedAgentGate.Check(entitlements, long.MaxValue, long.MaxValue).Should().BeNull();
        ManagedAgentGate.NeedsLock(entitlements, long.MaxValue, 0).Should().BeFalse();
    }

    public static TheoryData<LicenseClaims> Uncovered => new()
    {
        Make.Claims(FeatureSet.Enterprise),
        Make.Claims(FeatureSet.Premium, ("user_limit", 5), ("managed_agent_limit_soft", 0), ("managed_agent_limit_hard", 0)),
    };

    [Theory]
    [MemberData(nameof(Uncovered))]
    public void A_license_without_managed_agents_refuses_and_nothing_is_counted(LicenseClaims claims)
    {
        var entitlements = Make.Evaluate(claims);

        var refusal = ManagedAgentGate.Check(entitlements, 0, 0);

        refusal.Should().Be(new BuildRefusal(NotEntitled));
        ManagedAgentGate.PeriodToCount(entitlements).Should().BeNull();
        ManagedAgentGate.NeedsLock(entitlements, 0, 0).Should().BeFalse();
    }

    [Theory]
    [InlineData(1, 0, 0, true)]
    [InlineData(1, 1, 0, false)]
    [InlineData(1, 0, 1, false)]
    [InlineData(10, 5, 4, true)]
    [InlineData(10, 5, 5, false)]
    [InlineData(10, 50, 0, false)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue, false)]
    [InlineData(long.MaxValue, long.MaxValue - 2, 1, true)]
    public void A_build_fits_while_counted_and_in_flight_are_below_the_limit(long limit, long counted, long inFlight, bool allowed)
    {
        var entitlements = Limited(limit);

        var refusal = ManagedAgentGate.Check(entitlements, counted, inFlight);

        refusal.Should().Be(allowed ? null : new BuildRefusal(Breached));
        ManagedAgentGate.PeriodToCount(entitlements).Should().Be(entitlements[FeatureName.ManagedAgentLimit].UsagePeriod);
    }

    [Theory]
    [InlineData(100, 49, 0, false)]
    [InlineData(100, 50, 0, true)]
    [InlineData(100, 40, 10, true)]
    [InlineData(100, 99, 0, true)]
    [InlineData(100, 100, 0, false)]
    [InlineData(10_000, 9_499, 0, false)]
    [InlineData(10_000, 9_500, 0, true)]
    [InlineData(10, 0, 0, true)]
    [InlineData(long.MaxValue, 0, 0, false)]
    public void Only_an_allowed_build_within_50_or_5_percent_of_the_limit_needs_the_lock(long limit, long counted, long inFlight, bool needed) =>
        ManagedAgentGate.NeedsLock(Limited(limit), counted, inFlight).Should().Be(needed);

    [Fact]
    public void A_refusal_becomes_403_with_the_text_twice() =>
        new BuildRefusal("Because.").ToError().Should().Be(
            new Error(ErrorKind.Forbidden, "Build is not permitted: Because.", "Build is not permitted: Because."));

    [Fact]
    public void External_agents_need_their_feature_also_without_a_license()
    {
        var refusal = new BuildRefusal(
            "You have a template which uses external agents but your license is not entitled to this feature. You will be unable to create new workspaces from these templates.");

        ExternalAgentGate.Check(Make.Evaluate()).Should().Be(refusal);
        ExternalAgentGate.Check(Make.Evaluate(Make.Claims())).Should().Be(refusal);
        ExternalAgentGate.Check(Make.Evaluate(Make.Claims(FeatureSet.Enterprise))).Should().BeNull();
        ExternalAgentGate.Check(Make.Evaluate(Make.Claims(FeatureSet.Enterprise).InGrace())).Should().BeNull();
    }

    private static Entitlements Limited(long limit) =>
        Make.Evaluate(Make.Claims(FeatureSet.None, ("managed_agent_limit_soft", limit), ("managed_agent_limit_hard", limit)));
}
