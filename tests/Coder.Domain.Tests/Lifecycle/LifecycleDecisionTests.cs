using Coder.Domain.Authorization;
using Coder.Domain.Lifecycle;
using Coder.Domain.Provisioning;
using Coder.Domain.Users;
using Coder.Domain.Workspaces;
using static Coder.Domain.Tests.Times;

namespace Coder.Domain.Tests.Lifecycle;

public sealed class LifecycleDecisionTests
{
    private static readonly DateTimeOffset Tick = Utc("2024-05-15 10:00");
    private static readonly DateTimeOffset Now = Tick.AddSeconds(20);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly LifecycleFacts Idle = new()
    {
        OwnerId = new Guid("a0000000-0000-4000-8000-00000000000a"),
        OwnerStatus = UserStatus.Active,
        Transition = WorkspaceTransition.Start,
        JobStatus = JobStatus.Succeeded,
        BuildCreatedAt = Utc("2024-05-14 18:00"),
        JobCompletedAt = Utc("2024-05-14 18:01"),
        LastUsedAt = Utc("2024-05-14 18:00"),
        Template = TemplateScheduling.None,
    };

    private static readonly LifecycleFacts Overdue = Idle with { Deadline = Tick };

    private static readonly LifecycleFacts DueToStart =
        Idle with { Transition = WorkspaceTransition.Stop, Autostart = Weekly("0 10 * * *") };

    private static readonly LifecycleFacts FailedStart = Idle with
    {
        JobStatus = JobStatus.Failed,
        JobCompletedAt = Tick - Hour - TimeSpan.FromSeconds(1),
        Template = new TemplateScheduling { FailureTtl = Hour },
    };

    private static readonly LifecycleFacts Unused = Idle with
    {
        LastUsedAt = Tick - Hour - TimeSpan.FromSeconds(1),
        Template = new TemplateScheduling { TimeTilDormant = Hour, TimeTilDormantAutodelete = 2 * Hour },
    };

    private static readonly LifecycleFacts Expired = Idle with
    {
        Transition = WorkspaceTransition.Stop,
        Dormancy = new Dormancy(Tick - Hour, Tick.AddSeconds(-1)),
        Template = new TemplateScheduling { TimeTilDormant = Hour, TimeTilDormantAutodelete = Hour },
    };

    private static readonly LifecycleAction Autostop = new(new LifecycleBuild(WorkspaceTransition.Stop, BuildReason.Autostop));
    private static readonly LifecycleAction Autostart = new(new LifecycleBuild(WorkspaceTransition.Start, BuildReason.Autostart));
    private static readonly LifecycleAction Delete = new(new LifecycleBuild(WorkspaceTransition.Delete, BuildReason.AutoDelete));

    public static TheoryData<LifecycleFacts, LifecycleAction> EveryRule => new()
    {
        { Overdue, Autostop },
        { Idle with { OwnerStatus = UserStatus.Suspended }, Autostop },
        { DueToStart, Autostart },
        { FailedStart, Autostop },
        { Unused, new(new LifecycleBuild(WorkspaceTransition.Stop, BuildReason.Dormancy), new Dormancy(Now, Now + 2 * Hour)) },
        { Unused with { Transition = WorkspaceTransition.Stop }, new LifecycleAction(null, new Dormancy(Now, Now + 2 * Hour)) },
        { Expired, Delete },
    };

    [Theory]
    [MemberData(nameof(EveryRule))]
    public void A_rule_applies_to_a_users_workspace(LifecycleFacts facts, LifecycleAction expected) => Decide(facts).Should().Be(expected);

    [Theory]
    [MemberData(nameof(EveryRule))]
    public void No_rule_applies_to_a_prebuilt_workspace_but_after_a_claim_every_one_does(LifecycleFacts facts, LifecycleAction expected)
    {
        var prebuild = facts with { OwnerId = SystemActors.PrebuildsUserId };

        Decide(prebuild).Should().BeNull();
        Decide(prebuild with { OwnerId = facts.OwnerId }).Should().Be(expected);
    }

    [Theory]
    [MemberData(nameof(EveryRule))]
    public void No_rule_applies_to_a_deleted_workspace_or_while_a_build_goes_on(LifecycleFacts facts, LifecycleAction expected)
    {
        expected.Should().NotBeNull();
        Decide(facts with { Deleted = true }).Should().BeNull();
        foreach (var status in new[] { JobStatus.Pending, JobStatus.Running, JobStatus.Canceling, JobStatus.Unknown })
        {
            Decide(facts with { JobStatus = status }).Should().BeNull();
        }
    }

    [Fact]
    public void Nothing_happens_to_a_workspace_without_limits()
    {
        Decide(Idle).Should().BeNull();
        Decide(Idle with { Transition = WorkspaceTransition.Stop }).Should().BeNull();
        Decide(Idle with { JobStatus = JobStatus.Failed }).Should().BeNull();
        Decide(Idle with { Dormancy = new Dormancy(Tick - Hour, null) }).Should().BeNull();
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(0, true)]
    [InlineData(-1, true)]
    public void A_workspace_is_stopped_at_its_deadline(int secondsAfterTick, bool stops) =>
        Decide(Overdue with { Deadline = Tick.AddSeconds(secondsAfterTick) }).Should().Be(stops ? Autostop : null);

    [Fact]
    public void Autostop_is_for_running_workspaces()
    {
        Decide(Overdue with { JobStatus = JobStatus.Canceled }).Should().Be(Autostop);
        Decide(Overdue with { JobStatus = JobStatus.Failed }).Should().BeNull();
        Decide(Overdue with { Transition = WorkspaceTransition.Stop }).Should().BeNull();
        Decide(Overdue with { Transition = WorkspaceTransition.Delete }).Should().BeNull();
        Decide(Overdue with { Dormancy = new Dormancy(Tick, null) }).Should().BeNull();
        Decide(Overdue with { OwnerStatus = UserStatus.Dormant }).Should().Be(Autostop);
    }

    [Theory]
    [InlineData("1 10 * * *", false)]
    [InlineData("0 10 * * *", true)]
    [InlineData("59 9 * * *", true)]
    public void A_workspace_is_started_at_its_time(string schedule, bool starts) =>
        Decide(DueToStart with { Autostart = Weekly(schedule) }).Should().Be(starts ? Autostart : null);

    [Theory]
    [InlineData("2024-05-15 09:59", true)]
    [InlineData("2024-05-15 10:00", false)]
    [InlineData("2024-05-15 10:01", false)]
    public void An_autostart_comes_after_the_latest_build(string buildCreatedAt, bool starts) =>
        Decide(DueToStart with { BuildCreatedAt = Utc(buildCreatedAt) }).Should().Be(starts ? Autostart : null);

    [Fact]
    public void A_missed_autostart_is_made_up_for() =>
        Decide(DueToStart with { BuildCreatedAt = Tick.AddDays(-30), Autostart = Weekly("0 3 * * 6") }).Should().Be(Autostart);

    [Fact]
    public void Autostart_is_for_stopped_workspaces_of_active_owners()
    {
        Decide(DueToStart with { OwnerStatus = UserStatus.Suspended }).Should().BeNull();
        Decide(DueToStart with { OwnerStatus = UserStatus.Dormant }).Should().BeNull();
        Decide(DueToStart with { JobStatus = JobStatus.Canceled }).Should().Be(Autostart);
        Decide(DueToStart with { JobStatus = JobStatus.Failed }).Should().BeNull();
        Decide(DueToStart with { Transition = WorkspaceTransition.Start }).Should().BeNull();
        Decide(DueToStart with { Dormancy = new Dormancy(Tick, null) }).Should().BeNull();
        Decide(DueToStart with { Autostart = null }).Should().BeNull();
    }

    [Fact]
    public void The_template_may_forbid_autostart_or_some_of_its_days()
    {
        Decide(DueToStart with { Template = new TemplateScheduling { AllowUserAutostart = false } }).Should().BeNull();
        Decide(DueToStart with { Template = new TemplateScheduling { AutostartDays = Weekdays.Thursday } }).Should().BeNull();
        Decide(DueToStart with { Template = new TemplateScheduling { AutostartDays = Weekdays.Wednesday } }).Should().Be(Autostart);
    }

    [Theory]
    [InlineData(false, AutomaticUpdates.Never, false)]
    [InlineData(true, AutomaticUpdates.Never, true)]
    [InlineData(false, AutomaticUpdates.Always, true)]
    [InlineData(true, AutomaticUpdates.Always, true)]
    public void An_autostart_takes_the_active_version_if_the_template_or_the_workspace_says_so(
        bool required, AutomaticUpdates updates, bool expected) =>
        Decide(DueToStart with { RequireActiveVersion = required, AutomaticUpdates = updates })!
            .Build!.UsesActiveVersion.Should().Be(expected);

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void A_failed_start_is_stopped_after_the_failure_limit(int seconds, bool stops) =>
        Decide(FailedStart with { JobCompletedAt = Tick - Hour - TimeSpan.FromSeconds(seconds) }).Should().Be(stops ? Autostop : null);

    [Fact]
    public void A_failed_stop_is_tried_again_after_the_failure_limit_and_a_failed_deletion_is_not()
    {
        Decide(FailedStart with { Transition = WorkspaceTransition.Stop }).Should().Be(Autostop);
        Decide(FailedStart with { Transition = WorkspaceTransition.Delete }).Should().BeNull();
        Decide(FailedStart with { JobStatus = JobStatus.Canceled }).Should().BeNull();
        Decide(FailedStart with { JobCompletedAt = null }).Should().BeNull();
        Decide(FailedStart with { Template = TemplateScheduling.None }).Should().BeNull();
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void An_unused_workspace_becomes_dormant_after_the_limit(int seconds, bool dormant) =>
        (Decide(Unused with { LastUsedAt = Tick - Hour - TimeSpan.FromSeconds(seconds) }) is { Dormancy: not null }).Should().Be(dormant);

    [Fact]
    public void A_dormant_workspace_is_deleted_only_if_the_template_says_so() =>
        Decide(Unused with { Template = new TemplateScheduling { TimeTilDormant = Hour } })!.Dormancy.Should().Be(new Dormancy(Now, null));

    [Fact]
    public void A_failed_workspace_becomes_dormant_too() =>
        Decide(Unused with { JobStatus = JobStatus.Failed })!.Build!.Reason.Should().Be(BuildReason.Dormancy);

    [Fact]
    public void A_dormant_workspace_does_not_become_dormant_again() =>
        Decide(Unused with { Dormancy = new Dormancy(Tick - Hour, null) }).Should().BeNull();

    [Theory]
    [InlineData(1, false)]
    [InlineData(0, false)]
    [InlineData(-1, true)]
    public void A_dormant_workspace_is_deleted_after_its_time(int secondsAfterTick, bool deletes) =>
        Decide(Expired with { Dormancy = new Dormancy(Tick - Hour, Tick.AddSeconds(secondsAfterTick)) })
            .Should().Be(deletes ? Delete : null);

    [Fact]
    public void A_stale_date_deletes_nothing()
    {
        Decide(Expired with { Dormancy = new Dormancy(null, Tick.AddDays(-1)), Template = TemplateScheduling.None }).Should().BeNull();
        Decide(Expired with { Template = new TemplateScheduling { TimeTilDormant = Hour } }).Should().BeNull();
        Decide(Expired with { Dormancy = new Dormancy(Tick.AddDays(-9), null) }).Should().BeNull();
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void A_failed_deletion_is_tried_again_after_a_day(int seconds, bool deletes) =>
        Decide(Expired with
        {
            JobStatus = JobStatus.Failed,
            Transition = WorkspaceTransition.Delete,
            JobCompletedAt = Tick.AddHours(-24).AddSeconds(-seconds),
        }).Should().Be(deletes ? Delete : null);

    [Fact]
    public void Another_failed_build_does_not_delay_the_deletion() =>
        Decide(Expired with { JobStatus = JobStatus.Failed, JobCompletedAt = Tick }).Should().Be(Delete);

    [Fact]
    public void The_first_rule_that_matches_is_taken()
    {
        Decide(Overdue with { Template = Unused.Template, LastUsedAt = Unused.LastUsedAt }).Should().Be(Autostop);
        Decide(DueToStart with { Template = Unused.Template, LastUsedAt = Unused.LastUsedAt }).Should().Be(Autostart);
        Decide(FailedStart with { Template = Unused.Template with { FailureTtl = Hour }, LastUsedAt = Unused.LastUsedAt })
            .Should().Be(Autostop);
    }

    [Theory]
    [InlineData("2024-05-15 10:00:00", "2024-05-15 10:00")]
    [InlineData("2024-05-15 10:00:59", "2024-05-15 10:00")]
    public void A_tick_is_the_time_cut_to_the_minute(string now, string expected) =>
        LifecycleDecision.TickOf(Utc(now).AddTicks(9_999_999).ToOffset(TimeSpan.FromHours(5.5))).Should().Be(Utc(expected));

    private static LifecycleAction? Decide(LifecycleFacts facts) => LifecycleDecision.Decide(facts, Tick, Now);
}
