using Coder.Domain.Workspaces;
using static Coder.Domain.Tests.Times;

namespace Coder.Domain.Tests.Workspaces;

public sealed class ActivityBumpTests
{
    private static readonly DateTimeOffset Now = Utc("2024-05-15 10:00");
    private static readonly TemplateScheduling Hourly = new() { ActivityBump = TimeSpan.FromHours(1) };

    [Theory]
    [InlineData("2024-05-15 10:10", "2024-05-15 11:00")]
    [InlineData("2024-05-15 09:59", "2024-05-15 11:00")]
    [InlineData("2024-05-15 10:56", "2024-05-15 11:00")]
    [InlineData("2024-05-15 10:57", null)]
    [InlineData("2024-05-15 10:58", null)]
    [InlineData("2024-05-15 18:00", null)]
    public void Usage_moves_the_deadline_to_the_interval_from_now_once_5_percent_of_it_are_gone(string deadline, string? expected) =>
        new Deadline(Utc(deadline), null).BumpedTo(Hourly, null, null, Now).Should().Be(UtcOrNull(expected));

    [Fact]
    public void Without_a_deadline_or_an_interval_nothing_moves()
    {
        Deadline.None.BumpedTo(Hourly, null, null, Now).Should().BeNull();
        new Deadline(Now, null).BumpedTo(Hourly with { ActivityBump = TimeSpan.Zero }, null, null, Now).Should().BeNull();
    }

    [Theory]
    [InlineData("2024-05-15 12:00", "2024-05-15 11:00")]
    [InlineData("2024-05-15 11:00", "2024-05-15 11:00")]
    [InlineData("2024-05-15 10:45", "2024-05-15 10:45")]
    [InlineData("2024-05-15 10:10", null)]
    [InlineData("2024-05-15 10:05", null)]
    public void The_maximum_is_never_passed(string max, string? expected) =>
        new Deadline(Utc("2024-05-15 10:10"), Utc(max)).BumpedTo(Hourly, null, null, Now).Should().Be(UtcOrNull(expected));

    [Theory]
    [InlineData("59 10 * * *", "2024-05-15 18:59")]
    [InlineData("0 11 * * *", "2024-05-15 11:00")]
    [InlineData("1 11 * * *", "2024-05-15 11:00")]
    public void A_bump_beyond_the_next_autostart_goes_on_to_the_end_of_that_day(string autostart, string expected) =>
        new Deadline(Utc("2024-05-15 10:10"), null).BumpedTo(Hourly, TimeSpan.FromHours(8), Weekly(autostart), Now)
            .Should().Be(Utc(expected));

    [Fact]
    public void An_autostart_that_is_not_allowed_does_not_count() =>
        new Deadline(Utc("2024-05-15 10:10"), null)
            .BumpedTo(Hourly with { AllowUserAutostart = false }, TimeSpan.FromHours(8), Weekly("30 10 * * *"), Now)
            .Should().Be(Utc("2024-05-15 11:00"));

    [Fact]
    public void The_templates_time_to_live_counts_when_users_may_not_choose() =>
        new Deadline(Utc("2024-05-15 10:10"), null)
            .BumpedTo(
                Hourly with { AllowUserAutostop = false, DefaultTtl = TimeSpan.FromHours(2) },
                TimeSpan.FromHours(8),
                Weekly("30 10 * * *"),
                Now)
            .Should().Be(Utc("2024-05-15 12:30"));
}
