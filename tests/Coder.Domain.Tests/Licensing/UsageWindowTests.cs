using Coder.Domain.Licensing;

namespace Coder.Domain.Tests.Licensing;

public sealed class UsageWindowTests
{
    [Theory]
    [InlineData("2025-01-01T00:00:00Z", "2025-01-03T00:00:00Z", "2025-01-01", "2025-01-03")]
    [InlineData("2025-01-01T10:00:00Z", "2025-01-03T12:00:00Z", "2025-01-02", "2025-01-03")]
    [InlineData("2025-01-01T10:00:00Z", "2025-01-01T12:00:00Z", "2025-01-02", "2025-01-01")]
    [InlineData("2025-01-01T10:00:00Z", "2025-01-02T12:00:00Z", "2025-01-02", "2025-01-02")]
    [InlineData("2025-01-02T08:38:00+11:00", "2025-01-04T00:00:00+11:00", "2025-01-02", "2025-01-03")]
    public void Whole_days_are_those_of_UTC(string start, string end, string firstWholeDay, string endDay)
    {
        var window = UsageWindow.Of(new UsagePeriod(Make.Now, At(start), At(end)));

        window.FirstWholeDay.Should().Be(DateOnly.Parse(firstWholeDay, null));
        window.EndDay.Should().Be(DateOnly.Parse(endDay, null));
    }

    [Theory]
    [InlineData("2025-01-01T10:00:00Z", "2025-01-03T12:00:00Z")]
    [InlineData("2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z")]
    [InlineData("2025-01-01T10:00:00Z", "2025-01-01T12:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")]
    public void Every_instant_of_the_period_is_counted_once(string start, string end)
    {
        var window = UsageWindow.Of(new UsagePeriod(Make.Now, At(start), At(end)));

        DateTimeOffset[] instants = [At(start), At(end), At(start) + ((At(end) - At(start)) / 2), window.FirstEdgeEnd, window.LastEdgeStart];
        foreach (var instant in instants.Where(i => i >= window.Start && i <= window.End))
        {
            var day = DateOnly.FromDateTime(instant.UtcDateTime);
            bool[] places = [day >= window.FirstWholeDay && day < window.EndDay, instant < window.FirstEdgeEnd, instant >= window.LastEdgeStart];
            places.Count(p => p).Should().Be(1, $"{instant:O} lies in {window}");
        }
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, null);
}
