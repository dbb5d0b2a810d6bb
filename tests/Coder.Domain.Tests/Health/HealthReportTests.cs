using Coder.Domain.Health;

namespace Coder.Domain.Tests.Health;

public sealed class HealthReportTests
{
    private static readonly AccessUrlHealthReport GoodUrl = new("https://x", 200, "OK", null);
    private static readonly DatabaseHealthReport GoodDatabase = new(TimeSpan.FromMilliseconds(1), null);

    [Theory]
    [InlineData(0, HealthSeverity.Ok)]
    [InlineData(14.9, HealthSeverity.Ok)]
    [InlineData(15, HealthSeverity.Warning)]
    [InlineData(4000, HealthSeverity.Warning)]
    public void A_slow_database_is_a_warning_from_15_milliseconds_on(double milliseconds, HealthSeverity severity)
    {
        var report = new DatabaseHealthReport(TimeSpan.FromMilliseconds(milliseconds), null);

        report.Severity.Should().Be(severity);
        report.Warnings.Should().HaveCount(severity == HealthSeverity.Warning ? 1 : 0);
    }

    [Fact]
    public void A_database_that_does_not_answer_is_an_error() =>
        new DatabaseHealthReport(null, "away").Severity.Should().Be(HealthSeverity.Error);

    [Theory]
    [InlineData(200, "OK", HealthSeverity.Ok)]
    [InlineData(200, "<html>", HealthSeverity.Warning)]
    [InlineData(302, "", HealthSeverity.Warning)]
    [InlineData(502, "OK", HealthSeverity.Warning)]
    [InlineData(null, "", HealthSeverity.Error)]
    public void An_access_url_must_lead_here(int? status, string body, HealthSeverity severity) =>
        new AccessUrlHealthReport("https://x", status, body, null).Severity.Should().Be(severity);

    [Fact]
    public void The_worst_part_counts()
    {
        var now = DateTimeOffset.UnixEpoch;
        var slow = new DatabaseHealthReport(TimeSpan.FromSeconds(1), null);
        var away = new AccessUrlHealthReport("https://x", null, "", "away");

        new HealthReport(now, GoodDatabase, GoodUrl).Severity.Should().Be(HealthSeverity.Ok);
        new HealthReport(now, slow, GoodUrl).Should().Match<HealthReport>(r => r.Severity == HealthSeverity.Warning && r.IsHealthy);
        new HealthReport(now, slow, away).Should().Match<HealthReport>(r => r.Severity == HealthSeverity.Error && !r.IsHealthy);
    }

    [Fact]
    public void The_middle_is_not_moved_by_one_slow_round_trip()
    {
        int[] milliseconds = [900, 2, 3, 1, 2];

        DatabaseHealthReport.Middle([.. milliseconds.Select(m => TimeSpan.FromMilliseconds(m))]).Should().Be(TimeSpan.FromMilliseconds(2));
    }
}
