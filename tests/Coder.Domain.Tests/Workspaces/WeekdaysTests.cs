using Coder.Domain.Workspaces;

namespace Coder.Domain.Tests.Workspaces;

public sealed class WeekdaysTests
{
    [Theory]
    [InlineData(DayOfWeek.Monday, 1)]
    [InlineData(DayOfWeek.Tuesday, 2)]
    [InlineData(DayOfWeek.Wednesday, 4)]
    [InlineData(DayOfWeek.Thursday, 8)]
    [InlineData(DayOfWeek.Friday, 16)]
    [InlineData(DayOfWeek.Saturday, 32)]
    [InlineData(DayOfWeek.Sunday, 64)]
    public void Monday_is_the_first_bit(DayOfWeek day, int bits)
    {
        ((Weekdays)bits).Includes(day).Should().BeTrue();
        ((Weekdays)bits).Inverse().Includes(day).Should().BeFalse();
        ((Weekdays)bits).Inverse().Should().Be((Weekdays)(127 - bits));
        ((Weekdays)bits).WireNames().Should().Equal($"{(Weekdays)bits}".ToLowerInvariant());
    }

    [Fact]
    public void Names_are_read_in_any_order_and_written_from_monday_on()
    {
        WeekdaySets.TryParse(["sunday", "monday", "sunday"], out var set, out _).Should().BeTrue();

        set.Should().Be(Weekdays.Monday | Weekdays.Sunday);
        set.WireNames().Should().Equal("monday", "sunday");
    }

    [Theory]
    [InlineData("Monday")]
    [InlineData("mon")]
    [InlineData("")]
    public void A_name_that_is_no_day_is_named(string name)
    {
        WeekdaySets.TryParse(["friday", name], out _, out var unknown).Should().BeFalse();

        unknown.Should().Be(name);
    }

    [Fact]
    public void No_names_are_no_days()
    {
        WeekdaySets.TryParse([], out var set, out _).Should().BeTrue();

        set.Should().Be(Weekdays.None);
        Weekdays.All.Inverse().Should().Be(Weekdays.None);
        Weekdays.None.WireNames().Should().BeEmpty();
    }
}
