using System.Globalization;
using Coder.Domain.Licensing;

namespace Coder.Domain.Tests.Licensing;

public sealed class LicenseTermsTests
{
    [Theory]
    [InlineData("1-3 2-4", "1-4")]
    [InlineData("1-2 3-4", "1-2 3-4")]
    [InlineData("1-2 2-4", "1-4")]
    [InlineData("1-3 2-5 4-6", "1-6")]
    [InlineData("1-8 3-6", "1-8")]
    [InlineData("2-1", "")]
    [InlineData("2-1 3-3", "3-3")]
    [InlineData("1-3 1-5 1-4", "1-5")]
    [InlineData("", "")]
    public void Terms_that_touch_or_overlap_are_one_block_in_any_order(string terms, string expected)
    {
        var forward = Terms(terms);

        var blocks = LicenseTerms.Join(forward);
        var fromBehind = LicenseTerms.Join(forward.AsEnumerable().Reverse());

        blocks.Should().Equal(Terms(expected));
        fromBehind.Should().Equal(blocks);
    }

    [Theory]
    [InlineData(0, 0, 9)]
    [InlineData(0, 1, 9)]
    [InlineData(24, 0, 8)]
    [InlineData(192, 0, 1)]
    [InlineData(215, 0, 1)]
    [InlineData(216, 0, 0)]
    [InlineData(216, 1, 0)]
    [InlineData(0, -1, 0)]
    public void Begun_days_count_whole_until_the_end_of_the_block_around_now(int hours, long ticks, int days)
    {
        var blocks = Terms("1-10 20-25");

        var left = LicenseTerms.DaysLeft(blocks, January(1).AddHours(hours).AddTicks(ticks));

        left.Should().Be(days);
    }

    [Fact]
    public void The_longest_block_has_days_without_overflow() =>
        LicenseTerms.DaysLeft([new LicenseTerm(DateTimeOffset.MinValue, DateTimeOffset.MaxValue)], DateTimeOffset.MinValue)
            .Should().Be(3652059);

    private static List<LicenseTerm> Terms(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(term => term.Split('-').Select(day => January(int.Parse(day, CultureInfo.InvariantCulture))).ToArray())
        .Select(days => new LicenseTerm(days[0], days[1]))];

    private static DateTimeOffset January(int day) => new(2026, 1, day, 0, 0, 0, TimeSpan.Zero);
}
