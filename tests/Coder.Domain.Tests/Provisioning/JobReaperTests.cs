using System.Globalization;
using Coder.Domain.Provisioning;

namespace Coder.Domain.Tests.Provisioning;

public sealed class JobReaperTests
{
    private static readonly DateTimeOffset Now = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Started = Now.AddHours(-1);

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void A_running_job_is_hung_after_5_minutes_without_an_update(int seconds, bool reaped)
    {
        var silence = TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(seconds);

        var job = JobReaper.Decide(Started, null, Now - silence, ReaperLimits.Default, Now);

        job.Should().Be(reaped ? new ReapedJob(ReapReason.Hung, TimeSpan.FromMinutes(5), Started, Now) : null);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void A_job_that_nobody_took_is_given_up_after_30_minutes(int seconds, bool reaped)
    {
        var silence = TimeSpan.FromMinutes(30) + TimeSpan.FromSeconds(seconds);

        var job = JobReaper.Decide(null, null, Now - silence, ReaperLimits.Default, Now);

        job.Should().Be(reaped ? new ReapedJob(ReapReason.Pending, TimeSpan.FromMinutes(30), Now, Now) : null);
    }

    [Fact]
    public void An_ended_job_is_left_alone()
    {
        JobReaper.Decide(Started, Started, Started, ReaperLimits.Default, Now).Should().BeNull();
        JobReaper.Decide(null, Started, Started, ReaperLimits.Default, Now).Should().BeNull();
    }

    [Theory]
    [InlineData("00:05:00", "5")]
    [InlineData("01:30:00", "90")]
    [InlineData("00:01:30", "1.5")]
    [InlineData("00:00:20", "0.33")]
    [InlineData("00:00:00.5", "0.01")]
    [InlineData("00:00:00.1", "0")]
    public void The_texts_name_the_limit_in_minutes_with_at_most_two_decimals(string limit, string minutes)
    {
        var limits = new ReaperLimits(TimeSpan.Parse(limit, CultureInfo.InvariantCulture), TimeSpan.Zero);

        var job = JobReaper.Decide(Started, null, Now.AddDays(-1), limits, Now)!;

        job.Error.Should().Be($"Coder: Build has been detected as hung for {minutes} minutes and has been terminated by the reaper.");
    }

    [Fact]
    public void Five_error_lines_end_the_log()
    {
        var job = JobReaper.Decide(null, null, Started, ReaperLimits.Default, Now)!;

        var lines = job.LogLines("Planning infrastructure");

        lines.Select(line => line.Output).Should().Equal(
            "",
            "====================",
            "Coder: Build has been detected as pending for 30 minutes and will be terminated.",
            "====================",
            "");
        lines.Should().OnlyContain(line => line.CreatedAt == Now
            && line.Level == LogLevel.Error && line.Source == LogSource.ProvisionerDaemon && line.Stage == "Planning infrastructure");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_stage_the_lines_are_in_the_unknown_one(string? stage)
    {
        var job = JobReaper.Decide(Started, null, Started, ReaperLimits.Default, Now)!;

        job.LogLines(stage).Should().OnlyContain(line => line.Stage == "Unknown");
    }
}
