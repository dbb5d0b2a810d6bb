using Coder.Cli.Workspaces;

namespace Coder.Cli.Tests.Workspaces;

public sealed class ScheduleTextTests
{
    [Theory]
    [InlineData("9:30AM Mon-Fri Europe/Dublin", "CRON_TZ=Europe/Dublin 30 9 * * Mon-Fri")]
    [InlineData("9:30pm", "CRON_TZ=UTC 30 21 * * *")]
    [InlineData("8AM Mon,Wed", "CRON_TZ=UTC 0 8 * * Mon,Wed")]
    [InlineData("17:05 1-5", "CRON_TZ=UTC 5 17 * * 1-5")]
    [InlineData("07:00 America/Los_Angeles", "CRON_TZ=America/Los_Angeles 0 7 * * *")]
    [InlineData("12AM", "CRON_TZ=UTC 0 0 * * *")]
    [InlineData("CRON_TZ=UTC  30 9 * * 1-5", "CRON_TZ=UTC 30 9 * * 1-5")]
    [InlineData("30 9 * * 1-5", "30 9 * * 1-5")]
    public void A_weekly_time_becomes_a_schedule(string text, string schedule)
    {
        ScheduleText.ToSchedule(text, TimeZoneInfo.Utc).Is(out var read, out _).Should().BeTrue();
        read.Should().Be(schedule);
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("25:00")]
    [InlineData("9:30AM Europe/Dublin Mon-Fri")]
    [InlineData("9:30AM Mon Fri Sat")]
    public void What_is_none_is_refused(string text) =>
        ScheduleText.ToSchedule(text, TimeZoneInfo.Utc).Error!.Message.Should().Be($"\"{text}\" is no weekly time");

    [Theory]
    [InlineData("CRON_TZ=Europe/Dublin 30 9 * * Mon-Fri", "09:30 Mon-Fri (Europe/Dublin)")]
    [InlineData("5 17 * * *", "17:05 daily (UTC)")]
    [InlineData("*/5 12-18 * * 1,3,6", "*/5 12-18 * * 1,3,6")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void A_schedule_is_shown_as_a_time_where_it_is_one(string? schedule, string text) =>
        ScheduleText.Describe(schedule).Should().Be(text);
}
