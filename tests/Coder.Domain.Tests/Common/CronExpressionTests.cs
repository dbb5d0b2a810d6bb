using System.Globalization;
using Coder.Domain.Common;

namespace Coder.Domain.Tests.Common;

public sealed class CronExpressionTests
{
    [Theory]
    [InlineData("30 9 * * 1-5", "2022-04-01 09:30", true)]
    [InlineData("30 9 * * 1-5", "2022-04-01 09:31", false)]
    [InlineData("30 9 * * 1-5", "2022-04-02 09:30", false)]
    [InlineData("30  9\t* * mon-Fri", "2022-04-01 09:30", true)]
    [InlineData("*/5 12-18 * * 1,3,6", "2022-04-02 12:55", true)]
    [InlineData("*/5 12-18 * * 1,3,6", "2022-04-02 12:56", false)]
    [InlineData("*/5 12-18 * * 1,3,6", "2022-04-01 12:55", false)]
    [InlineData("0-30/10 * * * *", "2022-04-01 00:30", true)]
    [InlineData("0-30/10 * * * *", "2022-04-01 00:40", false)]
    [InlineData("50/3 * * * *", "2022-04-01 00:59", true)]
    [InlineData("50/3 * * * *", "2022-04-01 00:03", false)]
    [InlineData("0 0 ? JAN,dec ?", "2022-12-31 00:00", true)]
    [InlineData("0 0 * 2 *", "2022-03-01 00:00", false)]
    [InlineData("* * * * 0", "2022-04-03 23:59", true)]
    public void An_expression_names_minutes_of_the_wall_clock(string text, string local, bool matches) =>
        Parse(text).Matches(Time(local)).Should().Be(matches);

    [Theory]
    [InlineData("2022-04-13 00:00", true)]
    [InlineData("2022-04-15 00:00", true)]
    [InlineData("2022-04-14 00:00", false)]
    public void If_both_day_fields_are_restricted_one_of_them_is_enough(string local, bool matches) =>
        Parse("0 0 13 * fri").Matches(Time(local)).Should().Be(matches);

    [Theory]
    [InlineData("", "expected 5 fields, found 0")]
    [InlineData("* * * *", "expected 5 fields, found 4")]
    [InlineData("* * * * * *", "expected 5 fields, found 6")]
    [InlineData("60 * * * *", "minute: \"60\" is not within 0-59")]
    [InlineData("* 24 * * *", "hour: \"24\" is not within 0-23")]
    [InlineData("* * 0 * *", "day of month: \"0\" is not within 1-31")]
    [InlineData("* * * 13 *", "month: \"13\" is not within 1-12")]
    [InlineData("* * * * 7", "day of week: \"7\" is not within 0-6")]
    [InlineData("* * * * fri-mon", "day of week: \"fri-mon\" ends before it begins")]
    [InlineData("* 18-9 * * *", "hour: \"18-9\" ends before it begins")]
    [InlineData("*/0 * * * *", "minute: \"*/0\" has no valid step")]
    [InlineData("*/ * * * *", "minute: \"*/\" has no valid step")]
    [InlineData("1/2/3 * * * *", "minute: \"1/2/3\" has no valid step")]
    [InlineData("1, * * * *", "minute: \"\" is not understood")]
    [InlineData("-1 * * * *", "minute: \"-1\" is not understood")]
    [InlineData("1-2-3 * * * *", "minute: \"1-2-3\" is not understood")]
    [InlineData("+1 * * * *", "minute: \"+1\" is not understood")]
    [InlineData("99999999999 * * * *", "minute: \"99999999999\" is not understood")]
    [InlineData("mon * * * *", "minute: \"mon\" is not understood")]
    [InlineData("* * * monday *", "month: \"monday\" is not understood")]
    [InlineData("@daily * * * *", "minute: \"@daily\" is not understood")]
    public void What_is_wrong_is_said_with_the_field(string text, string expected)
    {
        var isRead = CronExpression.TryParse(text, out var cron, out var problem);

        isRead.Should().BeFalse();
        cron.Should().BeNull();
        problem.Should().Be(expected);
    }

    [Theory]
    [InlineData("* 9-18 * * 1-5", "* 18 * * 5", true)]
    [InlineData("* 9-18 * * 1-5", "* 19-23 * * 1-5", false)]
    [InlineData("* 9-18 * * 1-5", "* 9-18 * * 0,6", false)]
    [InlineData("* * * 2 *", "* * * 3 *", false)]
    [InlineData("* * 29 2 *", "* * * 2 1", true)]
    [InlineData("* * 30 2 *", "* * * 2 1", false)]
    [InlineData("* * 1 * 1", "* * 2 * 2", true)]
    [InlineData("0 9 * * *", "30 9 * * *", false)]
    public void Two_expressions_overlap_when_there_is_a_minute_that_both_name(string one, string other, bool overlap)
    {
        Parse(one).Overlaps(Parse(other)).Should().Be(overlap);
        Parse(other).Overlaps(Parse(one)).Should().Be(overlap);
    }

    [Theory]
    [InlineData("* 9 * * *", true)]
    [InlineData("*/1 9 * * *", true)]
    [InlineData("0-59 9 * * *", true)]
    [InlineData("1-59 9 * * *", false)]
    public void An_expression_of_whole_hours_is_known(string text, bool expected) => Parse(text).IsEveryMinute.Should().Be(expected);

    [Fact]
    public void The_text_has_single_spaces() => Parse("  30   9 * *\tMON ").ToString().Should().Be("30 9 * * MON");

    private static CronExpression Parse(string text) =>
        CronExpression.TryParse(text, out var cron, out var problem) ? cron : throw new InvalidOperationException(problem);

    private static DateTime Time(string text) => DateTime.ParseExact(text, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture).AddSeconds(59);
}
