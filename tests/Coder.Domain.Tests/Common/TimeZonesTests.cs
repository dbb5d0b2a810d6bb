using System.Globalization;
using Coder.Domain.Common;

namespace Coder.Domain.Tests.Common;

public sealed class TimeZonesTests
{
    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("US/Central")]
    [InlineData("America/Los_Angeles")]
    public void A_zone_is_found_by_its_name(string name)
    {
        TimeZones.TryFind(name, out var zone).Should().BeTrue();
        zone!.Id.Should().Be(name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Local")]
    [InlineData("localtime")]
    [InlineData("utc")]
    [InlineData("us/central")]
    [InlineData("Mars/Olympus")]
    [InlineData("../zoneinfo/UTC")]
    [InlineData("/usr/share/zoneinfo/UTC")]
    [InlineData("zone.tab")]
    [InlineData("a\0b")]
    public void Anything_else_is_no_zone_whoever_asked_before(string name)
    {
        TimeZones.TryFind("US/Central", out _).Should().BeTrue();

        TimeZones.TryFind(name, out _).Should().BeFalse();
    }

    [Theory]
    [InlineData("America/New_York", "2024-03-10 01:59", "2024-03-10 06:59")]
    [InlineData("America/New_York", "2024-03-10 02:00", "2024-03-10 07:00")]
    [InlineData("America/New_York", "2024-03-10 02:30", "2024-03-10 07:00")]
    [InlineData("America/New_York", "2024-03-10 03:00", "2024-03-10 07:00")]
    [InlineData("America/New_York", "2024-11-03 00:59", "2024-11-03 04:59")]
    [InlineData("America/New_York", "2024-11-03 01:30", "2024-11-03 05:30")]
    [InlineData("America/New_York", "2024-11-03 02:00", "2024-11-03 07:00")]
    [InlineData("Europe/Dublin", "2024-03-31 01:30", "2024-03-31 01:00")]
    [InlineData("Europe/Dublin", "2024-10-27 01:30", "2024-10-27 00:30")]
    [InlineData("America/Sao_Paulo", "2018-11-04 00:00", "2018-11-04 03:00")]
    [InlineData("Australia/Lord_Howe", "2024-10-06 02:15", "2024-10-05 15:30")]
    [InlineData("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 10:00")]
    [InlineData("Asia/Kolkata", "2024-01-01 00:00", "2023-12-31 18:30")]
    public void A_skipped_time_is_the_end_of_the_gap_and_a_double_one_the_first(string name, string local, string utc)
    {
        TimeZones.TryFind(name, out var zone).Should().BeTrue();

        var instant = TimeZones.ToInstant(Time(local), zone!);

        instant.Should().Be(new DateTimeOffset(Time(utc), TimeSpan.Zero));
        instant.Offset.Should().Be(TimeSpan.Zero);
    }

    private static DateTime Time(string text) => DateTime.ParseExact(text, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
