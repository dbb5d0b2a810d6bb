using Coder.Domain.Workspaces;
using CsCheck;
using static Coder.Domain.Tests.Times;

namespace Coder.Domain.Tests.Workspaces;

public sealed class ScheduleTests
{
    private const string NotFiveFields =
        "validate weekly schedule: expected schedule to consist of 5 fields with an optional CRON_TZ=<timezone> prefix";

    [Theory]
    [InlineData("CRON_TZ=US/Central 30 9 * * 1-5", "2022-04-01 14:29", "2022-04-01 14:30")]
    [InlineData("CRON_TZ=US/Central 30 9 * * 1-5", "2022-04-01 14:29:59", "2022-04-01 14:30")]
    [InlineData("CRON_TZ=US/Central 30 9 * * 1-5", "2022-04-01 14:30", "2022-04-04 14:30")]
    [InlineData("30 9 * * 1-5", "2022-04-01 09:29", "2022-04-01 09:30")]
    [InlineData("*/5 12-18 * * 1,3,6", "2022-04-01 12:00", "2022-04-02 12:00")]
    [InlineData("*/5 12-18 * * 1,3,6", "2022-04-02 12:00", "2022-04-02 12:05")]
    [InlineData("*/5 12-18 * * 1,3,6", "2022-04-02 18:55", "2022-04-04 12:00")]
    [InlineData("CRON_TZ=Asia/Tokyo 0 8 * * mon", "2022-04-03 22:59", "2022-04-03 23:00")]
    [InlineData("0 0 * * 0", "2022-04-03 00:00", "2022-04-10 00:00")]
    public void The_next_time_is_the_first_one_after_an_instant(string text, string after, string expected) =>
        Weekly(text).Next(Utc(after)).Should().Be(Utc(expected));

    [Theory]
    [InlineData("30 2 * * *", "2024-03-10 06:59", "2024-03-10 07:00")]
    [InlineData("30 2 * * *", "2024-03-10 07:00", "2024-03-11 06:30")]
    [InlineData("*/15 2 * * *", "2024-03-10 06:00", "2024-03-10 07:00")]
    [InlineData("*/15 2-3 * * *", "2024-03-10 07:00", "2024-03-10 07:15")]
    [InlineData("0 3 * * *", "2024-03-10 06:59", "2024-03-10 07:00")]
    [InlineData("30 2 * * 0", "2024-03-04 00:00", "2024-03-10 07:00")]
    public void A_time_that_is_skipped_in_spring_comes_at_the_end_of_the_gap(string cron, string after, string expected) =>
        Weekly($"CRON_TZ=America/New_York {cron}").Next(Utc(after)).Should().Be(Utc(expected));

    [Theory]
    [InlineData("30 1 * * *", "2024-11-03 05:00", "2024-11-03 05:30")]
    [InlineData("30 1 * * *", "2024-11-03 05:30", "2024-11-04 06:30")]
    [InlineData("30 1 * * *", "2024-11-03 06:00", "2024-11-04 06:30")]
    [InlineData("*/30 1-2 * * *", "2024-11-03 05:30", "2024-11-03 07:00")]
    [InlineData("*/30 1-2 * * *", "2024-11-03 06:15", "2024-11-03 07:00")]
    [InlineData("0 2 * * *", "2024-11-03 05:59", "2024-11-03 07:00")]
    public void A_time_that_comes_twice_in_autumn_counts_once(string cron, string after, string expected) =>
        Weekly($"CRON_TZ=America/New_York {cron}").Next(Utc(after)).Should().Be(Utc(expected));

    [Theory]
    [InlineData(Weekdays.All, "2022-04-01 14:30")]
    [InlineData(Weekdays.Monday | Weekdays.Thursday, "2022-04-04 14:30")]
    [InlineData(Weekdays.Wednesday, "2022-04-06 14:30")]
    [InlineData(Weekdays.Friday, "2022-04-01 14:30")]
    [InlineData(Weekdays.Saturday | Weekdays.Sunday, null)]
    [InlineData(Weekdays.None, null)]
    public void Only_allowed_days_count(Weekdays allowed, string? expected) =>
        Weekly("CRON_TZ=US/Central 30 9 * * 1-5").Next(Utc("2022-04-01 14:29"), allowed).Should().Be(UtcOrNull(expected));

    [Fact]
    public void The_only_time_of_the_week_comes_again_a_week_later() =>
        Weekly("30 9 * * 5").Next(Utc("2022-04-01 09:30"), Weekdays.Friday).Should().Be(Utc("2022-04-08 09:30"));

    [Fact]
    public void The_day_is_that_of_the_schedules_zone()
    {
        var mondayInTokyo = Weekly("CRON_TZ=Asia/Tokyo 0 8 * * *");

        mondayInTokyo.Next(Utc("2022-04-01 23:30"), Weekdays.Monday).Should().Be(Utc("2022-04-03 23:00"));
    }

    [Theory]
    [InlineData("", NotFiveFields)]
    [InlineData("   ", NotFiveFields)]
    [InlineData("30 9 * *", NotFiveFields)]
    [InlineData("30 9 * * 1-5 2022", NotFiveFields)]
    [InlineData("TZ=UTC 30 9 * * 1-5", NotFiveFields)]
    [InlineData("CRON_TZ=UTC", NotFiveFields)]
    [InlineData("CRON_TZ= UTC 30 9 * * 1-5", NotFiveFields)]
    [InlineData("cron_tz=UTC 30 9 * * 1-5", NotFiveFields)]
    [InlineData("30 9 1 * 1-5", "validate weekly schedule: expected day-of-month and month to be *")]
    [InlineData("30 9 * 1 1-5", "validate weekly schedule: expected day-of-month and month to be *")]
    [InlineData("30 9 ? * 1-5", "validate weekly schedule: expected day-of-month and month to be *")]
    [InlineData("CRON_TZ=Mars/Olympus 30 9 * * 1-5", "parse schedule: provided bad location Mars/Olympus: unknown time zone Mars/Olympus")]
    [InlineData("CRON_TZ=Local 30 9 * * 1-5", "parse schedule: provided bad location Local: unknown time zone Local")]
    [InlineData("CRON_TZ= 30 9 * * 1-5", "parse schedule: provided bad location : unknown time zone ")]
    [InlineData("CRON_TZ=Local 30 9 1 * 1-5", "validate weekly schedule: expected day-of-month and month to be *")]
    [InlineData("60 9 * * 1-5", "parse schedule: minute: \"60\" is not within 0-59")]
    [InlineData("30 24 * * 1-5", "parse schedule: hour: \"24\" is not within 0-23")]
    [InlineData("30 9 * * 1-8", "parse schedule: day of week: \"1-8\" is not within 0-6")]
    [InlineData("30 9 * * someday", "parse schedule: day of week: \"someday\" is not understood")]
    public void What_is_wrong_is_said(string text, string expected)
    {
        Schedule.TryParse(text, out var schedule, out var problem).Should().BeFalse();

        schedule.Should().BeNull();
        problem.Should().Be(expected);
    }

    [Theory]
    [InlineData("0 0 * * 1", "validate daily schedule: expected day-of-week to be *")]
    [InlineData("0 0 1 * *", "validate daily schedule: expected day-of-month and month to be *")]
    [InlineData("0 0 * *", "validate daily schedule: expected schedule to consist of 5 fields with an optional CRON_TZ=<timezone> prefix")]
    public void A_daily_schedule_has_no_weekday(string text, string expected)
    {
        Schedule.TryParseDaily(text, out _, out var problem).Should().BeFalse();

        problem.Should().Be(expected);
    }

    [Fact]
    public void A_schedule_says_its_zone_and_its_fields()
    {
        var schedule = Weekly("  30   9 * *\tMON-fri ");

        schedule.ToString().Should().Be("CRON_TZ=UTC 30 9 * * MON-fri");
        schedule.Cron.Should().Be("30 9 * * MON-fri");
        Weekly(schedule.ToString()).ToString().Should().Be(schedule.ToString());
    }

    [Fact]
    public void The_next_time_is_within_the_week_on_the_minute_and_not_after_a_later_ones_next()
    {
        var texts = Gen.Select(
            Gen.OneOf(Gen.Const("*"), Gen.Const("*/7"), Gen.Int[0, 59].Select(minute => $"{minute}")),
            Gen.OneOf(Gen.Const("*"), Gen.Const("1-3"), Gen.Int[0, 23].Select(hour => $"{hour}")),
            Gen.OneOf(Gen.Const("*"), Gen.Const("1-5"), Gen.Int[0, 6].Select(day => $"{day}")),
            Gen.OneOf(Gen.Const("UTC"), Gen.Const("America/New_York"), Gen.Const("Europe/Dublin"), Gen.Const("Australia/Lord_Howe")),
            (minute, hour, day, zone) => $"CRON_TZ={zone} {minute} {hour} * * {day}");
        var start = Utc("2024-01-01");

        Gen.Select(texts, Gen.Int[0, 366 * 24 * 60], Gen.Int[0, 600]).Sample((text, minutes, more) =>
        {
            var after = start.AddMinutes(minutes);
            var next = Weekly(text).Next(after);
            return next > after
                && next - after <= TimeSpan.FromDays(7) + TimeSpan.FromHours(2)
                && next.Ticks % TimeSpan.TicksPerMinute == 0
                && Weekly(text).Next(after.AddMinutes(more)) >= next;
        }, iter: 3000);
    }
}
