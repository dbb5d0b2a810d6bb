using Coder.Domain.Prebuilds;
using static Coder.Domain.Tests.Times;

namespace Coder.Domain.Tests.Prebuilds;

public sealed class PrebuildSchedulingTests
{
    [Theory]
    [InlineData("2024-05-15 08:59:59", null)]
    [InlineData("2024-05-15 09:00:00", 5)]
    [InlineData("2024-05-15 18:59:59", 5)]
    [InlineData("2024-05-15 19:00:00", null)]
    [InlineData("2024-05-17 12:00:00", 5)]
    [InlineData("2024-05-18 12:00:00", 2)]
    [InlineData("2024-05-18 13:00:00", null)]
    [InlineData("2024-05-19 12:00:00", null)]
    public void A_schedule_is_one_continuous_range_of_whole_hours(string now, int? expected) =>
        Create("UTC", new("* 9-18 * * 1-5", 5), new("* 12 * * 6", 2)).InstancesAt(Utc(now)).Should().Be(expected);

    [Theory]
    [InlineData("2024-05-15 15:59:59", null)]
    [InlineData("2024-05-15 16:00:00", 5)]
    [InlineData("2024-05-16 01:59:59", 5)]
    [InlineData("2024-05-16 02:00:00", null)]
    [InlineData("2024-05-18 01:59:59", 5)]
    [InlineData("2024-12-16 16:00:00", null)]
    [InlineData("2024-12-16 17:00:00", 5)]
    public void The_clocks_of_its_zone_count(string now, int? expected) =>
        Create("America/Los_Angeles", new PrebuildSchedule("* 9-18 * * 1-5", 5)).InstancesAt(Utc(now)).Should().Be(expected);

    [Fact]
    public void Zero_instances_are_a_number_too() =>
        Create("UTC", new PrebuildSchedule("* * * * 0,6", 0)).InstancesAt(Utc("2024-05-18")).Should().Be(0);

    [Fact]
    public void Without_schedules_no_number_is_named() => Create("UTC").InstancesAt(Utc("2024-05-18")).Should().BeNull();

    [Theory]
    [InlineData("", "* 9 * * *", 1, null, "is required")]
    [InlineData("Mars/Olympus", "* 9 * * *", 1, null, "is not a time zone: \"Mars/Olympus\"")]
    [InlineData("Local", "* 9 * * *", 1, null, "is not a time zone: \"Local\"")]
    [InlineData("UTC", "0 9 * * *", 1, 1, "the minute must be *")]
    [InlineData("UTC", "* 9 * *", 1, 1, "expected 5 fields, found 4")]
    [InlineData("UTC", "* 25 * * *", 1, 1, "hour: \"25\" is not within 0-23")]
    [InlineData("UTC", "* 9 * * *", -1, 1, "the number of instances must not be negative")]
    [InlineData("UTC", "* 18-20 * * 5-6", 1, 1, "overlaps \"* 9-18 * * 1-5\"")]
    public void What_is_wrong_is_said_with_its_place(string timezone, string cron, int instances, int? index, string text)
    {
        var isCreated = PrebuildScheduling.TryCreate(
            timezone,
            [new PrebuildSchedule("* 9-18 * * 1-5", 5), new PrebuildSchedule(cron, instances)],
            out var scheduling,
            out var problem);

        isCreated.Should().BeFalse();
        scheduling.Should().BeNull();
        problem.Should().Be(new SchedulingProblem(index, text));
    }

    private static PrebuildScheduling Create(string timezone, params PrebuildSchedule[] schedules) =>
        PrebuildScheduling.TryCreate(timezone, schedules, out var scheduling, out var problem)
            ? scheduling
            : throw new InvalidOperationException(problem.Text);
}
