using System.Globalization;
using Coder.Cli.Common;

namespace Coder.Cli.Tests.Common;

public sealed class TimeTextTests
{
    private static readonly DateTimeOffset Now = new(2025, 8, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("now", "2025-08-01T12:00:00Z")]
    [InlineData("2026-02-03T04:05:06Z", "2026-02-03T04:05:06Z")]
    [InlineData("2026-02-03T04:05:06+02:00", "2026-02-03T02:05:06Z")]
    [InlineData("2026-02-03T04:05:06.5Z", "2026-02-03T04:05:06.5Z")]
    [InlineData("2026-02-03", "2026-02-03T00:00:00Z")]
    [InlineData("365d", "2026-08-01T12:00:00Z")]
    [InlineData("+12h", "2025-08-02T00:00:00Z")]
    [InlineData("-1h30m", "2025-08-01T10:30:00Z")]
    [InlineData("2w1d", "2025-08-16T12:00:00Z")]
    [InlineData("90s", "2025-08-01T12:01:30Z")]
    [InlineData("0s", "2025-08-01T12:00:00Z")]
    public void A_time_is_absolute_or_counted_from_now(string text, string expected)
    {
        var time = TimeText.Parse(text, Now);

        time.Should().Be(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("365")]
    [InlineData("d")]
    [InlineData("1y")]
    [InlineData("1.5d")]
    [InlineData("1d 2h")]
    [InlineData("--1d")]
    [InlineData("2026-13-01")]
    [InlineData("tomorrow")]
    [InlineData("999999999w")]
    [InlineData("-900000d")]
    [InlineData("9999999999999999999s")]
    public void What_is_no_time_or_leaves_the_calendar_is_refused(string text)
    {
        var time = TimeText.Parse(text, Now);

        time.Should().BeNull();
    }
}
