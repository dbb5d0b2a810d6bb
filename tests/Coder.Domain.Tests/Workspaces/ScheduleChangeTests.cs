using Coder.Domain.Workspaces;

namespace Coder.Domain.Tests.Workspaces;

public sealed class ScheduleChangeTests
{
    // A Wednesday.
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly TemplateScheduling OnSaturdays = TemplateScheduling.None with { AutostopDays = Weekdays.Saturday };

    private static readonly DateTimeOffset Saturday = new(2026, 3, 7, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_new_requirement_limits_the_deadline()
    {
        var unlimited = Change(Deadline.None, OnSaturdays, null, Noon);
        var late = Change(new Deadline(Saturday.AddHours(9), null), OnSaturdays, TimeSpan.FromHours(80), Noon);
        var early = Change(new Deadline(Noon.AddHours(8), null), OnSaturdays, TimeSpan.FromHours(8), Noon);

        unlimited.Should().Be(new Deadline(Saturday, Saturday));
        late.Should().Be(new Deadline(Saturday, Saturday));
        early.Should().Be(new Deadline(Noon.AddHours(8), Saturday));
    }

    [Fact]
    public void Nobody_is_stopped_within_the_leeway()
    {
        var now = Saturday.AddDays(10);

        Change(Deadline.None, OnSaturdays, null, now).Should().Be(new Deadline(now + Deadline.Leeway, now + Deadline.Leeway));
    }

    [Fact]
    public void Without_a_requirement_only_what_people_asked_for_stays()
    {
        var own = new Deadline(Noon.AddHours(8), Saturday);
        var required = new Deadline(Saturday, Saturday);

        Change(own, TemplateScheduling.None, TimeSpan.FromHours(8), Noon).Should().Be(new Deadline(Noon.AddHours(8), null));
        Change(required, TemplateScheduling.None, null, Noon).Should().Be(Deadline.None);
        Change(required, TemplateScheduling.None, TimeSpan.FromHours(90), Noon).Should().Be(new Deadline(Saturday, null));
    }

    [Fact]
    public void Only_days_weeks_and_autostart_move_times()
    {
        var before = OnSaturdays;

        var other = before with { DefaultTtl = TimeSpan.FromHours(1), FailureTtl = TimeSpan.FromHours(1) };
        ScheduleChange.MovesTimes(before, other).Should().BeFalse();
        ScheduleChange.MovesTimes(before, before with { AutostopDays = Weekdays.None }).Should().BeTrue();
        ScheduleChange.MovesTimes(before, before with { AutostopWeeks = 2 }).Should().BeTrue();
        ScheduleChange.MovesTimes(before, before with { AutostartDays = Weekdays.Monday }).Should().BeTrue();
        ScheduleChange.MovesTimes(before, before with { AllowUserAutostart = false }).Should().BeTrue();
    }

    private static Deadline Change(Deadline old, TemplateScheduling template, TimeSpan? ttl, DateTimeOffset now) =>
        ScheduleChange.Reschedule(old, Noon, template, ttl, null, Deadline.DefaultQuietHours, now);
}
