using Coder.Cli.Common;

namespace Coder.Cli.Tests.Common;

public sealed class ElapsedTests
{
    [Theory]
    [InlineData(-1, "0.0s")]
    [InlineData(0, "0.0s")]
    [InlineData(240, "0.2s")]
    [InlineData(9_949, "9.9s")]
    [InlineData(9_950, "9s")]
    [InlineData(59_999, "59s")]
    [InlineData(60_000, "1m")]
    [InlineData(192_000, "3m12s")]
    [InlineData(28_800_000, "8h")]
    [InlineData(30_600_000, "8h30m")]
    [InlineData(93_600_000, "1d2h")]
    public void A_duration_has_its_two_largest_units(long milliseconds, string text) =>
        Elapsed.Text(TimeSpan.FromMilliseconds(milliseconds)).Should().Be(text);
}
