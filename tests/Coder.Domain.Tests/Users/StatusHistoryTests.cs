using Coder.Domain.Users;

namespace Coder.Domain.Tests.Users;

public sealed class StatusHistoryTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 1, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "2026-03-01T00:00:00Z")]
    [InlineData(-2, "2026-02-28T02:00:00Z")]
    [InlineData(14, "2026-02-28T10:00:00Z")]
    public void The_last_day_is_that_of_the_reader(int hours, string today)
    {
        var days = StatusHistory.Days(Now, TimeSpan.FromHours(hours));

        days.Should().HaveCount(StatusHistory.ReportedDays);
        days[^1].Should().Be(DateTimeOffset.Parse(today, System.Globalization.CultureInfo.InvariantCulture));
        days.Zip(days.Skip(1)).Should().OnlyContain(pair => pair.Second - pair.First == TimeSpan.FromDays(1));
    }

    [Fact]
    public void Changes_add_up_from_day_to_day_and_every_status_is_there()
    {
        var days = new[] { Now, Now.AddDays(1), Now.AddDays(2) };
        StatusChange[] changes =
        [
            new(UserStatus.Dormant, 0, 3), new(UserStatus.Dormant, 1, -1), new(UserStatus.Active, 1, 1), new(UserStatus.Dormant, 1, -1),
        ];

        var counts = StatusHistory.Sum(days, changes);

        counts[UserStatus.Dormant].Select(c => c.Count).Should().Equal(3, 1, 1);
        counts[UserStatus.Active].Select(c => c.Count).Should().Equal(0, 1, 1);
        counts[UserStatus.Suspended].Select(c => c.Count).Should().Equal(0, 0, 0);
        counts[UserStatus.Active].Select(c => c.Date).Should().Equal(days);
    }
}
