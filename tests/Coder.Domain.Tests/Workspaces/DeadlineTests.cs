using Coder.Domain.Workspaces;
using CsCheck;
using static Coder.Domain.Tests.Times;

namespace Coder.Domain.Tests.Workspaces;

public sealed class DeadlineTests
{
    private static readonly TimeSpan EightHours = TimeSpan.FromHours(8);

    [Fact]
    public void Without_a_time_to_live_and_without_a_requirement_there_is_none() =>
        Of("2024-05-15 10:00", TemplateScheduling.None, ttl: null).Should().Be(Deadline.None);

    [Fact]
    public void The_time_to_live_counts_from_the_end_of_the_start() =>
        Of("2024-05-15 10:00", TemplateScheduling.None).Should().Be(new Deadline(Utc("2024-05-15 18:00"), null));

    [Fact]
    public void The_templates_time_counts_when_users_may_not_choose() =>
        Of("2024-05-15 10:00", new TemplateScheduling { AllowUserAutostop = false, DefaultTtl = TimeSpan.FromHours(1) })
            .At.Should().Be(Utc("2024-05-15 11:00"));

    [Theory]
    [InlineData("2024-05-15 00:59", "2024-05-15 08:59")]
    [InlineData("2024-05-15 01:00", "2024-05-15 09:00")]
    [InlineData("2024-05-15 01:01", "2024-05-15 17:00")]
    [InlineData("2024-05-15 08:59", "2024-05-15 17:00")]
    [InlineData("2024-05-15 09:00", "2024-05-15 17:00")]
    public void A_deadline_beyond_the_next_autostart_counts_from_that(string completed, string expected) =>
        Of(completed, TemplateScheduling.None, autostart: "0 9 * * *").At.Should().Be(Utc(expected));

    [Fact]
    public void An_autostart_that_is_not_allowed_does_not_count()
    {
        Of("2024-05-15 08:00", new TemplateScheduling { AllowUserAutostart = false }, autostart: "0 9 * * *")
            .At.Should().Be(Utc("2024-05-15 16:00"));
        Of("2024-05-15 08:00", new TemplateScheduling { AutostartDays = Weekdays.Monday }, autostart: "0 9 * * *")
            .At.Should().Be(Utc("2024-05-15 16:00"));
    }

    [Theory]
    [InlineData("2024-05-15 10:00", "2024-05-18 00:00")]
    [InlineData("2024-05-17 21:59", "2024-05-18 00:00")]
    [InlineData("2024-05-17 22:00", "2024-05-18 00:00")]
    [InlineData("2024-05-17 22:01", "2024-05-25 00:00")]
    [InlineData("2024-05-18 10:00", "2024-05-25 00:00")]
    public void A_required_stop_is_in_the_quiet_hours_of_the_next_allowed_day_at_least_2_hours_away(string completed, string expected)
    {
        var deadline = Of(completed, new TemplateScheduling { AutostopDays = Weekdays.Saturday }, ttl: null);

        deadline.Should().Be(new Deadline(Utc(expected), Utc(expected)));
    }

    [Theory]
    [InlineData(Weekdays.All, "2024-05-16 00:00")]
    [InlineData(Weekdays.Wednesday, "2024-05-22 00:00")]
    [InlineData(Weekdays.Thursday | Weekdays.Sunday, "2024-05-16 00:00")]
    [InlineData(Weekdays.Sunday, "2024-05-19 00:00")]
    public void The_first_of_the_allowed_days_counts(Weekdays days, string expected) =>
        Of("2024-05-15 10:00", new TemplateScheduling { AutostopDays = days }, ttl: null).Max.Should().Be(Utc(expected));

    // Monday 2024-05-20 begins week 72 after Monday 2023-01-02.
    [Theory]
    [InlineData(0, "2024-05-15 10:00", "2024-05-18")]
    [InlineData(1, "2024-05-15 10:00", "2024-05-18")]
    [InlineData(2, "2024-05-15 10:00", "2024-05-25")]
    [InlineData(3, "2024-05-15 10:00", "2024-05-25")]
    [InlineData(5, "2024-05-15 10:00", "2024-06-15")]
    [InlineData(16, "2024-05-15 10:00", "2024-07-20")]
    [InlineData(2, "2024-05-19 21:59", "2024-05-25")]
    [InlineData(2, "2024-05-20 00:00", "2024-05-25")]
    [InlineData(2, "2024-05-21 00:00", "2024-06-08")]
    public void With_several_weeks_the_search_begins_on_the_next_monday_of_a_multiple(int weeks, string completed, string expected) =>
        Of(completed, new TemplateScheduling { AutostopDays = Weekdays.Saturday, AutostopWeeks = weeks }, ttl: null)
            .Max.Should().Be(Utc(expected));

    [Theory]
    [InlineData("CRON_TZ=America/Los_Angeles 30 1 * * *", "2024-05-17 20:00", Weekdays.Saturday, "2024-05-18 08:30")]
    [InlineData("CRON_TZ=Australia/Sydney 0 3 * * *", "2024-05-17 10:00", Weekdays.Saturday, "2024-05-17 17:00")]
    [InlineData("CRON_TZ=Australia/Sydney 0 3 * * *", "2024-05-17 15:00", Weekdays.Saturday, "2024-05-17 17:00")]
    [InlineData("CRON_TZ=Australia/Sydney 0 3 * * *", "2024-05-17 15:01", Weekdays.Saturday, "2024-05-24 17:00")]
    [InlineData("CRON_TZ=America/New_York 30 2 * * *", "2024-03-09 12:00", Weekdays.Sunday, "2024-03-10 07:00")]
    [InlineData("CRON_TZ=America/New_York 30 1 * * *", "2024-11-02 12:00", Weekdays.Sunday, "2024-11-03 05:30")]
    [InlineData("CRON_TZ=UTC 50 23 * * *", "2024-05-17 10:00", Weekdays.Saturday, "2024-05-18 23:50")]
    [InlineData("CRON_TZ=UTC 50 23 * * *", "2024-05-18 21:50", Weekdays.Saturday, "2024-05-18 23:50")]
    [InlineData("CRON_TZ=UTC 50 23 * * *", "2024-05-18 21:51", Weekdays.Saturday, "2024-05-25 23:50")]
    public void Days_and_quiet_hours_are_those_of_the_owners_zone(string quietHours, string completed, Weekdays days, string expected) =>
        Deadline.OfStart(Utc(completed), new TemplateScheduling { AutostopDays = days }, null, null, Daily(quietHours))
            .Max.Should().Be(Utc(expected));

    [Theory]
    [InlineData(8, "2024-05-15 18:00")]
    [InlineData(14, "2024-05-16 00:00")]
    [InlineData(15, "2024-05-16 00:00")]
    public void The_earlier_one_counts_when_there_are_both(int ttl, string expected)
    {
        var deadline = Of("2024-05-15 10:00", new TemplateScheduling { AutostopDays = Weekdays.All }, TimeSpan.FromHours(ttl));

        deadline.Should().Be(new Deadline(Utc(expected), Utc("2024-05-16 00:00")));
    }

    [Fact]
    public void A_deadline_is_never_in_the_past_and_never_beyond_its_maximum()
    {
        var start = Utc("2024-01-01");
        string[] quietHours =
            ["0 0 * * *", "CRON_TZ=America/New_York 30 2 * * *", "CRON_TZ=Australia/Sydney 59 23 * * *", "CRON_TZ=Europe/Dublin */20 1 * * *"];

        Gen.Select(Gen.Int[0, 366 * 24 * 60], Gen.Int[0, 127], Gen.Int[0, 16], Gen.Int[0, 48], Gen.Int[0, 3]).Sample(
            (minutes, days, weeks, ttl, quiet) =>
            {
                var completed = start.AddMinutes(minutes);
                var schedule = Daily(quietHours[quiet]);
                var template = new TemplateScheduling { AutostopDays = (Weekdays)days, AutostopWeeks = weeks };
                var deadline = Deadline.OfStart(completed, template, TimeSpan.FromHours(ttl), Weekly("0 9 * * 1-5"), schedule);
                return (deadline.At is null) == (ttl == 0 && days == 0)
                    && (deadline.At ?? DateTimeOffset.MaxValue) > completed
                    && (deadline.Max is null) == (days == 0)
                    && (deadline.Max is not { } max
                        || (max >= completed + Deadline.Leeway
                            && deadline.At <= max
                            && template.AutostopDays.Includes(TimeZoneInfo.ConvertTime(max, schedule.Zone).DayOfWeek)));
            },
            iter: 3000);
    }

    private static Deadline Of(string completed, TemplateScheduling template, string? autostart) => Deadline.OfStart(
        Utc(completed), template, EightHours, autostart is null ? null : Weekly(autostart), Deadline.DefaultQuietHours);

    private static Deadline Of(string completed, TemplateScheduling template, TimeSpan? ttl) =>
        Deadline.OfStart(Utc(completed), template, ttl, null, Deadline.DefaultQuietHours);

    private static Deadline Of(string completed, TemplateScheduling template) => Of(completed, template, EightHours);
}
