using Coder.Domain.Common;

namespace Coder.Domain.Tests.Common;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("0", "00:00:00")]
    [InlineData("0s", "00:00:00")]
    [InlineData("-0", "00:00:00")]
    [InlineData("90s", "00:01:30")]
    [InlineData("1h30m", "01:30:00")]
    [InlineData("168h0m0s", "7.00:00:00")]
    [InlineData("7d", "7.00:00:00")]
    [InlineData("1d12h", "1.12:00:00")]
    [InlineData("876600h", "36525.00:00:00")]
    [InlineData("1.5h", "01:30:00")]
    [InlineData(".5m", "00:00:30")]
    [InlineData("5.s", "00:00:05")]
    [InlineData("500ms", "00:00:00.5")]
    [InlineData("1m500ms", "00:01:00.5")]
    [InlineData("1us", "00:00:00.0000010")]
    [InlineData("1µs", "00:00:00.0000010")]
    [InlineData("1h1h", "02:00:00")]
    [InlineData("-1h30m", "-01:30:00")]
    public void A_duration_is_read_as_clients_and_operators_write_it(string text, string expected)
    {
        var isRead = GoDuration.TryParse(text, out var duration);

        isRead.Should().BeTrue();
        duration.Should().Be(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("--1h")]
    [InlineData("1")]
    [InlineData("24")]
    [InlineData("h")]
    [InlineData(".h")]
    [InlineData("1h ")]
    [InlineData(" 1h")]
    [InlineData("1 h")]
    [InlineData("1H")]
    [InlineData("1,5h")]
    [InlineData("1.5.2h")]
    [InlineData("1h-30m")]
    [InlineData("1e3s")]
    [InlineData("1w")]
    [InlineData("1y")]
    [InlineData("forever")]
    [InlineData("٣h")]
    [InlineData("24:00:00")]
    public void What_is_no_duration_is_refused(string text) => GoDuration.TryParse(text, out _).Should().BeFalse();

    [Theory]
    [InlineData("10675200d")]
    [InlineData("999999999999999999d")]
    [InlineData("99999999999999999999999999999999h")]
    [InlineData("10675199d10675199d")]
    public void A_duration_that_is_too_long_is_refused(string text) => GoDuration.TryParse(text, out _).Should().BeFalse();

    [Theory]
    [InlineData("00:00:00", "0s")]
    [InlineData("7.00:00:00", "168h0m0s")]
    [InlineData("00:01:30", "1m30s")]
    [InlineData("01:00:00.5", "1h0m0.5s")]
    [InlineData("00:00:00.5", "0.5s")]
    [InlineData("36525.00:00:00", "876600h0m0s")]
    [InlineData("-01:30:00", "-1h30m0s")]
    public void A_duration_is_written_in_hours_minutes_and_seconds(string duration, string expected)
    {
        var value = TimeSpan.Parse(duration, System.Globalization.CultureInfo.InvariantCulture);

        var text = GoDuration.Format(value);

        text.Should().Be(expected);
        GoDuration.TryParse(text, out var again).Should().BeTrue();
        again.Should().Be(value);
    }
}
