using Coder.Domain.Users;

namespace Coder.Domain.Tests.Users;

public sealed class LoginThrottleTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, null)]
    [InlineData(9, null)]
    [InlineData(10, 2)]
    [InlineData(11, 4)]
    [InlineData(12, 8)]
    [InlineData(13, 16)]
    [InlineData(14, 32)]
    [InlineData(15, 64)]
    [InlineData(16, 128)]
    [InlineData(17, 256)]
    [InlineData(18, 300)]
    [InlineData(30, 300)]
    public void Ten_failures_are_free_and_each_later_one_doubles_the_wait_up_to_five_minutes(int failures, int? seconds)
    {
        var (throttle, now) = Fail(failures);

        throttle.Refuses(now).Should().Be(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null);
    }

    [Fact]
    public void The_wait_runs_off_and_then_one_attempt_is_allowed_at_a_time()
    {
        var (throttle, now) = Fail(10);

        throttle.Refuses(now.AddMilliseconds(500)).Should().Be(TimeSpan.FromMilliseconds(1500));
        throttle.Refuses(now.AddSeconds(2)).Should().BeNull();
        throttle.Begin().Refuses(now.AddSeconds(2)).Should().Be(LoginThrottle.FirstWait);
    }

    [Fact]
    public void Failures_that_are_older_than_five_minutes_do_not_count()
    {
        var throttle = LoginThrottle.None;
        for (var i = 0; i < 40; i++)
        {
            throttle = throttle.Begin().Fail(Start.AddSeconds(34 * i));
        }

        throttle.Refuses(Start.AddSeconds(34 * 39)).Should().BeNull("within five minutes there were nine");
    }

    [Theory]
    [InlineData(301, 4)]
    [InlineData(302, null)]
    public void The_wait_is_doubled_until_five_minutes_have_passed_since_the_last_one(int secondsAfter, int? wait)
    {
        var (throttle, now) = Fail(10);
        var later = now.AddSeconds(secondsAfter);

        throttle.Begin().Fail(later).Refuses(later).Should().Be(wait is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
    }

    [Fact]
    public void Attempts_under_way_count_like_failures_so_that_a_burst_is_not_free()
    {
        var throttle = Fail(4).Throttle;
        for (var i = 0; i < 6; i++)
        {
            throttle.Refuses(Start).Should().BeNull();
            throttle = throttle.Begin();
        }

        throttle.Refuses(Start).Should().Be(LoginThrottle.FirstWait);
        throttle.Abandon().Refuses(Start).Should().BeNull("an attempt without a verdict is none");
    }

    [Fact]
    public void It_need_not_be_kept_once_it_has_no_consequences()
    {
        LoginThrottle.None.IsOver(Start).Should().BeTrue();
        LoginThrottle.None.Begin().IsOver(Start).Should().BeFalse();
        LoginThrottle.None.Begin().Abandon().IsOver(Start).Should().BeTrue();
        LoginThrottle.None.Begin().Fail(Start).IsOver(Start.AddMinutes(5).AddTicks(-1)).Should().BeFalse();
        LoginThrottle.None.Begin().Fail(Start).IsOver(Start.AddMinutes(5)).Should().BeTrue();
        var (waiting, now) = Fail(18);
        waiting.IsOver(now.AddMinutes(10).AddTicks(-1)).Should().BeFalse();
        waiting.IsOver(now.AddMinutes(10)).Should().BeTrue();
    }

    private static (LoginThrottle Throttle, DateTimeOffset Now) Fail(int times)
    {
        var (throttle, now) = (LoginThrottle.None, Start);
        for (var i = 0; i < times; i++)
        {
            now += throttle.Refuses(now) ?? TimeSpan.Zero;
            throttle = throttle.Begin().Fail(now);
        }

        return (throttle, now);
    }
}
