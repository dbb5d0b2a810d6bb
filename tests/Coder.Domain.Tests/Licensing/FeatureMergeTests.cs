using Coder.Domain.Licensing;
using CsCheck;

namespace Coder.Domain.Tests.Licensing;

public sealed class FeatureMergeTests
{
    private const Entitlement Yes = Entitlement.Entitled;
    private const Entitlement Grace = Entitlement.GracePeriod;
    private const Entitlement No = Entitlement.NotEntitled;
    private const Entitlement Unknown = (Entitlement)99;

    private static readonly DateTimeOffset Day = Make.Now;

    public static TheoryData<string, Feature, Feature> Pairs => new()
    {
        { "entitled beats grace with seats", Of(Yes), Of(Grace, 100, 50) },
        { "capable grace beats incapable term", Of(Grace, 300, 200), Of(Yes, 100, 200) },
        { "not entitled is never capable", Of(Yes, 100, 200), Of(No, 300, 200) },
        { "more of too few", Of(Yes, 110, 200), Of(Yes, 100, 200) },
        { "larger actual", Of(Yes, 100, 300), Of(Yes, 100, 200) },
        { "a limit beats none", Of(Yes, 100, 50), Of(Yes, null, 200) },
        { "a limit beats none in grace", Of(Grace, 100, 50), Of(Grace, null, 200) },
        { "actual beats none", Of(Yes, 100, 50), Of(Yes, 100) },
        { "enabled beats disabled", Of(Yes, 300, 200, true), Of(Yes, 300, 200) },
        { "not entitled beats unknown", Of(No), Of(Unknown) },
        { "entitled beats grace", Of(Yes), Of(Grace) },
        { "grace beats not entitled", Of(Grace), Of(No) },
        { "level before limit", Of(Yes, 1, 1), Of(Grace, 100, 1) },
        { "limit before enabled", Of(Yes, 2), Of(Yes, 1, null, true) },
        { "enabled before actual", Of(Yes, 1, null, true), Of(Yes, 1, 5) },
        { "extreme limits", Of(Yes, long.MaxValue), Of(Yes, long.MinValue) },
        { "extreme actuals", Of(Yes, null, long.MaxValue), Of(Yes, null, long.MinValue) },
        { "a later issue beats everything else", Metered(Grace, 1, issued: 2), Metered(Yes, 1000, issued: 1, enabled: true) },
        { "a later end beats everything but the issue", Metered(Grace, 1, issued: 1, end: 3), Metered(Yes, 1000, issued: 1, end: 2) },
        { "issue before end", Metered(Yes, 1, issued: 2, end: 2), Metered(Yes, 1, issued: 1, end: 3) },
        { "equal periods leave it to the level", Metered(Yes, 1, issued: 1), Metered(Grace, 1000, issued: 1) },
        { "one period alone decides nothing", Of(Yes, 1), Metered(Grace, 1000, issued: 9) },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_first_difference_decides_in_both_directions(string why, Feature winner, Feature loser)
    {
        FeatureMerge.Compare(winner, loser).Should().BePositive(why);
        FeatureMerge.Compare(loser, winner).Should().BeNegative(why);
    }

    [Fact]
    public void Identical_offers_are_equal()
    {
        var offer = new FeatureCandidate(Metered(Yes, 5, issued: 1), Day, Make.Uuid(1));

        FeatureMerge.Compare(offer, offer).Should().Be(0);
    }

    [Fact]
    public void Equal_offers_are_ranked_by_issue_of_the_license_and_then_by_its_id()
    {
        var older = new FeatureCandidate(Of(Yes), Day, Make.Uuid(2));
        var newer = new FeatureCandidate(Of(Yes), Day.AddSeconds(1), Make.Uuid(1));
        var greater = newer with { Uuid = Make.Uuid(2) };

        FeatureMerge.Compare(newer, older).Should().BePositive();
        FeatureMerge.Compare(older, newer).Should().BeNegative();
        FeatureMerge.Compare(greater, newer).Should().BePositive();
        FeatureMerge.Compare(newer, greater).Should().BeNegative();
    }

    [Fact]
    public void Copies_of_one_license_are_told_apart_by_what_is_left()
    {
        var offer = new FeatureCandidate(Metered(Yes, 5, issued: 1) with { SoftLimit = 3 }, Day, Make.Uuid(1));
        var moreIncluded = offer with { Feature = offer.Feature with { SoftLimit = 4 } };
        var laterStart = offer with { Feature = offer.Feature with { UsagePeriod = new UsagePeriod(Day.AddDays(1), Day, Day.AddDays(9)) } };

        FeatureMerge.Compare(moreIncluded, offer).Should().BePositive();
        FeatureMerge.Compare(offer, moreIncluded).Should().BeNegative();
        FeatureMerge.Compare(laterStart, offer).Should().BePositive();
        FeatureMerge.Compare(offer, laterStart).Should().BeNegative();
    }

    [Fact]
    public void Every_comparison_is_antisymmetric_and_zero_only_for_what_looks_the_same() =>
        Gen.Select(AnyCandidate, AnyCandidate).Sample((x, y) =>
        {
            var forth = Math.Sign(FeatureMerge.Compare(x, y));
            var back = Math.Sign(FeatureMerge.Compare(y, x));
            return forth == -back && (forth != 0 || x == y || x.Feature.UsagePeriod is null != y.Feature.UsagePeriod is null);
        });

    [Fact]
    public void Offers_of_seats_are_in_a_total_order() =>
        Gen.Select(AnySeats, AnySeats, AnySeats).Sample((x, y, z) =>
            FeatureMerge.Compare(x, y) < 0 || FeatureMerge.Compare(y, z) < 0 || FeatureMerge.Compare(x, z) >= 0);

    [Fact]
    public void Offers_of_managed_agents_are_in_a_total_order() =>
        Gen.Select(AnyAgents, AnyAgents, AnyAgents).Sample((x, y, z) =>
            FeatureMerge.Compare(x, y) < 0 || FeatureMerge.Compare(y, z) < 0 || FeatureMerge.Compare(x, z) >= 0);

    private static readonly Gen<Entitlement> AnyLevel = Make.OneOf(Yes, Grace, No, Unknown);

    private static readonly Gen<long?> AnyNumber =
        Make.OneOf<long?>(null, 0, 1, 2, 100, long.MaxValue, long.MinValue);

    private static readonly Gen<UsagePeriod?> AnyPeriod = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[0, 2], (issued, start, end) =>
        issued == 0 ? (UsagePeriod?)null : new UsagePeriod(Day.AddDays(issued), Day.AddDays(start), Day.AddDays(end)));

    private static readonly Gen<FeatureCandidate> AnyCandidate =
        Gen.Select(AnyLevel, Gen.Bool, Gen.Select(AnyNumber, AnyNumber, AnyNumber), AnyPeriod, Gen.Select(Gen.Int[0, 1], Gen.Int[0, 1]))
            .Select((level, enabled, numbers, period, license) => new FeatureCandidate(
                new Feature
                {
                    Entitlement = level,
                    Enabled = enabled,
                    Limit = numbers.Item1,
                    Actual = numbers.Item2,
                    SoftLimit = numbers.Item3,
                    UsagePeriod = period,
                },
                Day.AddDays(license.Item1),
                Make.Uuid(license.Item2)));

    private static readonly Gen<FeatureCandidate> AnySeats = AnyCandidate.Select(x =>
        x with { Feature = x.Feature with { Actual = 50, UsagePeriod = null } });

    private static readonly Gen<FeatureCandidate> AnyAgents = AnyCandidate.Where(x => x.Feature.UsagePeriod is not null)
        .Select(x => x with { Feature = x.Feature with { Actual = null } });

    private static Feature Of(Entitlement level, long? limit = null, long? actual = null, bool enabled = false) =>
        new() { Entitlement = level, Enabled = enabled, Limit = limit, Actual = actual };

    private static Feature Metered(Entitlement level, long limit, int issued, int end = 9, bool enabled = false) =>
        Of(level, limit, null, enabled) with { UsagePeriod = new UsagePeriod(Day.AddDays(issued), Day.AddDays(-1), Day.AddDays(end)) };
}
