using Coder.Domain.Licensing;

namespace Coder.Domain.Tests.Licensing;

public sealed class ManagedAgentLimitsTests
{
    [Theory]
    [InlineData(null, null, null)]
    [InlineData(1L, null, "has missing soft or hard limit values")]
    [InlineData(null, 1L, "has missing soft or hard limit values")]
    [InlineData(2L, 1L, "has a hard limit less than the soft limit")]
    [InlineData(-2L, -1L, "has a soft or hard limit less than 0")]
    [InlineData(-1L, 0L, "has a soft or hard limit less than 0")]
    [InlineData(0L, 0L, null)]
    [InlineData(0L, 1L, null)]
    [InlineData(long.MaxValue, long.MaxValue, null)]
    public void A_pair_is_both_or_none_and_in_order(long? soft, long? hard, string? problem) =>
        ManagedAgentLimits.Problem(soft, hard).Should().Be(problem);

    [Theory]
    [InlineData(1, 800, 1000)]
    [InlineData(100, 80_000, 100_000)]
    [InlineData(9_223_372_036_854_775, 7_378_697_629_483_820_000, 9_223_372_036_854_775_000)]
    [InlineData(9_223_372_036_854_776, 7_378_697_629_483_820_800, long.MaxValue)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue)]
    public void Premium_seats_bring_800_and_1000_starts_each(long seats, long soft, long hard) =>
        ManagedAgentLimits.DefaultFor(seats).Should().Be((soft, hard));

    [Theory]
    [InlineData(100L, 200, 175)]
    [InlineData(100L, 100, 75)]
    [InlineData(1L, 1, 0)]
    [InlineData(0L, 100, 75)]
    [InlineData(null, 100, 75)]
    [InlineData(1L, 2, 1)]
    [InlineData(1L, 3, 2)]
    [InlineData(1L, long.MaxValue, 6_917_529_027_641_081_855)]
    [InlineData(long.MaxValue, long.MaxValue, 6_917_529_027_641_081_855)]
    public void The_limit_is_near_after_three_quarters_of_what_is_not_included(long? soft, long hard, long threshold) =>
        ManagedAgentLimits.WarningThreshold(soft, hard).Should().Be(threshold);
}
