using System.Globalization;
using Coder.Application.Provisioning;
using Coder.Domain.Workspaces;

namespace Coder.Application.Tests.Provisioning;

/// <summary>Which of the stored rules count for a start (docs/spec/workspaces.md, section 8.3). The start ends on a Sunday at noon.</summary>
public sealed class StartedWorkspaceTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Without_any_rule_a_workspace_runs_until_somebody_stops_it()
    {
        var started = StartedWorkspace.Of(Facts(), isLicensed: true, Deadline.DefaultQuietHours, At);

        started.Should().Be(new StartedWorkspace(Deadline.None, null));
    }

    [Theory]
    [InlineData(true, true, "8h", "2026-03-01T20:00Z")]
    [InlineData(false, true, "8h", "2026-03-01T20:00Z")]
    [InlineData(true, true, null, null)]
    [InlineData(true, false, "8h", "2026-03-01T14:00Z")]
    [InlineData(true, false, null, "2026-03-01T14:00Z")]
    [InlineData(false, false, "8h", "2026-03-01T20:00Z")]
    [InlineData(false, false, null, null)]
    public void The_template_decides_on_the_time_to_live_only_if_it_may(bool isLicensed, bool allowAutostop, string? ttl, string? deadline)
    {
        var facts = Facts(ttl is null ? null : TimeSpan.FromHours(8)) with
        {
            Scheduling = new TemplateScheduling { DefaultTtl = TimeSpan.FromHours(2), AllowUserAutostop = allowAutostop },
        };

        var started = StartedWorkspace.Of(facts, isLicensed, Deadline.DefaultQuietHours, At);

        started.Deadline.Should().Be(new Deadline(Time(deadline), null));
    }

    [Theory]
    [InlineData("", "CRON_TZ=UTC 0 0 * * *", "2026-03-03T00:00Z")]
    [InlineData("", "CRON_TZ=UTC 30 3 * * *", "2026-03-03T03:30Z")]
    [InlineData("CRON_TZ=UTC 0 5 * * *", "CRON_TZ=UTC 0 0 * * *", "2026-03-03T05:00Z")]
    [InlineData("nonsense", "CRON_TZ=UTC 0 0 * * *", "2026-03-03T00:00Z")]
    public void The_required_stop_is_at_the_quiet_hours_of_the_owner_or_else_at_the_default_ones(string own, string common, string expected)
    {
        Schedule.TryParseDaily(common, out var quietHours, out _).Should().BeTrue();
        var facts = Facts() with { QuietHours = own, Scheduling = new TemplateScheduling { AutostopDays = Weekdays.Tuesday, AutostopWeeks = 1 } };

        var started = StartedWorkspace.Of(facts, isLicensed: true, quietHours!, At);

        started.Deadline.Should().Be(new Deadline(Time(expected), Time(expected)));
    }

    [Fact]
    public void Without_the_licensed_feature_no_stop_is_required()
    {
        var facts = Facts() with { Scheduling = new TemplateScheduling { AutostopDays = Weekdays.All, AutostopWeeks = 1 } };

        var started = StartedWorkspace.Of(facts, isLicensed: false, Deadline.DefaultQuietHours, At);

        started.Deadline.Should().Be(Deadline.None);
    }

    [Fact]
    public void A_time_to_live_ends_no_later_than_the_required_stop()
    {
        var facts = Facts(TimeSpan.FromDays(7)) with
        {
            Scheduling = new TemplateScheduling { AutostopDays = Weekdays.Tuesday, AutostopWeeks = 1 },
        };

        var started = StartedWorkspace.Of(facts, isLicensed: true, Deadline.DefaultQuietHours, At);

        started.Deadline.Should().Be(new Deadline(Time("2026-03-03T00:00Z"), Time("2026-03-03T00:00Z")));
    }

    [Fact]
    public void A_deadline_that_passes_the_next_autostart_counts_from_it()
    {
        var facts = Facts(TimeSpan.FromHours(24)) with { AutostartSchedule = "CRON_TZ=UTC 0 9 * * *" };

        var started = StartedWorkspace.Of(facts, isLicensed: true, Deadline.DefaultQuietHours, At);

        started.Deadline.At.Should().Be(Time("2026-03-03T09:00Z"));
    }

    [Theory]
    [InlineData("CRON_TZ=UTC 0 9 * * *", true, Weekdays.All, true, "2026-03-02T09:00Z")]
    [InlineData("CRON_TZ=UTC 0 9 * * *", true, Weekdays.Friday, true, "2026-03-06T09:00Z")]
    [InlineData("CRON_TZ=UTC 0 9 * * *", true, Weekdays.Friday, false, "2026-03-02T09:00Z")]
    [InlineData("CRON_TZ=UTC 0 9 * * *", false, Weekdays.All, true, null)]
    [InlineData("CRON_TZ=UTC 0 9 * * *", false, Weekdays.All, false, "2026-03-02T09:00Z")]
    [InlineData("nonsense", true, Weekdays.All, true, null)]
    [InlineData(null, true, Weekdays.All, true, null)]
    public void The_next_start_is_the_next_time_of_the_schedule_that_the_template_allows(
        string? schedule, bool allowAutostart, Weekdays days, bool isLicensed, string? expected)
    {
        var facts = Facts() with
        {
            AutostartSchedule = schedule,
            Scheduling = new TemplateScheduling { AllowUserAutostart = allowAutostart, AutostartDays = days },
        };

        var started = StartedWorkspace.Of(facts, isLicensed, Deadline.DefaultQuietHours, At);

        started.NextStart.Should().Be(Time(expected));
    }

    private static DateTimeOffset? Time(string? text) => text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static BuildFacts Facts(TimeSpan? ttl = null) => new()
    {
        BuildId = Guid.Empty,
        Transition = WorkspaceTransition.Start,
        WorkspaceId = Guid.Empty,
        WorkspaceName = "dev",
        OwnerId = Guid.Empty,
        OwnerName = "olga",
        OwnerEmail = "olga@example.com",
        FileId = Guid.Empty,
        IsCanceled = false,
        Scheduling = TemplateScheduling.None,
        Ttl = ttl,
        Parameters = new Dictionary<string, string>(StringComparer.Ordinal),
        Variables = new Dictionary<string, string>(StringComparer.Ordinal),
    };
}
