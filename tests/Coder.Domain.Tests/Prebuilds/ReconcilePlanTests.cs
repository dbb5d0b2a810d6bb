using Coder.Domain.Prebuilds;
using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;
using CsCheck;
using static Coder.Domain.Tests.Times;

namespace Coder.Domain.Tests.Prebuilds;

public sealed class ReconcilePlanTests
{
    private static readonly DateTimeOffset Now = Utc("2024-05-15 12:00");
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly PresetSnapshot Active = new()
    {
        PresetId = new Guid("e0000000-0000-4000-8000-000000000000"),
        IsActiveVersion = true,
        DesiredInstances = 3,
    };

    [Theory]
    [InlineData(0, 0, 3)]
    [InlineData(1, 0, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(0, 3, 0)]
    [InlineData(3, 0, 0)]
    [InlineData(3, 2, 0)]
    [InlineData(0, 5, 0)]
    public void What_is_missing_is_created(int running, int starting, int created)
    {
        var plan = Plan(Active with { Prebuilds = [.. Some(running), .. Some(starting, JobStatus.Running)] });

        plan.Create.Should().Be(created);
        plan.Delete.Should().BeEmpty();
        plan.Counts.Should().Be(new PrebuildCounts(3, running, 0, running, starting, 0, 0));
    }

    [Fact]
    public void A_build_that_waits_counts_as_starting_and_one_that_is_canceled_does_not()
    {
        Plan(Active with { Prebuilds = Some(2, JobStatus.Pending) }).Create.Should().Be(1);
        Plan(Active with { Prebuilds = Some(2, JobStatus.Canceling) }).Create.Should().Be(3);
    }

    [Fact]
    public void Too_many_are_deleted_oldest_first()
    {
        var old = Running(2, Now.AddHours(-5));
        var older = Running(1, Now.AddHours(-6));
        var sameAge = Running(3, Now.AddHours(-5));

        var plan = Plan(Active with { DesiredInstances = 1, Prebuilds = [sameAge, Running(4, Now.AddHours(-1)), old, older] });

        plan.Delete.Should().Equal(older.WorkspaceId, old.WorkspaceId, sameAge.WorkspaceId);
        plan.Create.Should().Be(0);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void One_that_is_older_than_its_time_is_replaced(int seconds, bool replaced)
    {
        var old = Running(1, Now.AddHours(-1).AddSeconds(-seconds));

        var plan = Plan(Active with { Ttl = TimeSpan.FromHours(1), Prebuilds = [old, .. Some(2)] });

        plan.Delete.Should().Equal(replaced ? [old.WorkspaceId] : []);
        plan.Create.Should().Be(replaced ? 1 : 0);
        (plan.Counts.Expired, plan.Counts.Running, plan.Counts.Eligible).Should().Be(replaced ? (1, 3, 2) : (0, 3, 3));
    }

    [Fact]
    public void Expired_and_superfluous_ones_are_deleted_together()
    {
        var expired = Running(1, Now.AddHours(-2));
        var older = Running(2, Now.AddMinutes(-30));
        var young = Running(3, Now.AddMinutes(-10));

        var plan = Plan(Active with { DesiredInstances = 1, Ttl = TimeSpan.FromHours(1), Prebuilds = [young, older, expired] });

        plan.Delete.Should().Equal(expired.WorkspaceId, older.WorkspaceId);
    }

    [Fact]
    public void Without_a_time_to_live_nothing_expires()
    {
        Plan(Active with { Prebuilds = [Running(1, Now.AddYears(-1))], Ttl = null }).Delete.Should().BeEmpty();
        Plan(Active with { Prebuilds = [Running(1, Now.AddYears(-1))], Ttl = TimeSpan.Zero }).Delete.Should().BeEmpty();
    }

    public static TheoryData<PresetSnapshot> Inactive => new()
    {
        Active with { IsActiveVersion = false },
        Active with { TemplateDeleted = true },
        Active with { TemplateDeprecated = true },
    };

    [Theory]
    [MemberData(nameof(Inactive))]
    public void Of_an_inactive_preset_everything_goes_expired_or_not(PresetSnapshot preset)
    {
        var expired = Running(1, Now.AddHours(-2));
        var fresh = Running(2, Now.AddMinutes(-1));
        var waiting = Some(1, JobStatus.Pending)[0];
        var building = Some(1, JobStatus.Running)[0];

        var plan = Plan(preset with { Ttl = TimeSpan.FromHours(1), Prebuilds = [fresh, waiting, building, expired] });

        plan.Delete.Should().Equal(expired.WorkspaceId, fresh.WorkspaceId);
        plan.CancelPending.Should().Equal(waiting.WorkspaceId);
        plan.Create.Should().Be(0);
        plan.Counts.Desired.Should().Be(0);
    }

    [Fact]
    public void Failures_do_not_hold_up_the_end_of_an_inactive_preset()
    {
        var running = Running(1, Now.AddHours(-2));

        var plan = Plan(Active with { IsActiveVersion = false, Prebuilds = [running], Attempts = Failed(Now, Now, Now) });

        plan.Delete.Should().Equal(running.WorkspaceId);
        plan.MarkHardLimited.Should().BeFalse();
    }

    [Theory]
    [InlineData(1, 59, true)]
    [InlineData(1, 60, true)]
    [InlineData(1, 61, false)]
    [InlineData(2, 120, true)]
    [InlineData(2, 121, false)]
    public void After_failures_nothing_is_done_for_as_many_intervals(int failures, int secondsAgo, bool waits)
    {
        var last = Now - secondsAgo * Second;
        var attempts = Failed([.. Enumerable.Range(0, failures).Select(i => last.AddSeconds(-i))]);

        var plan = Plan(Active with { Prebuilds = Some(5), DesiredInstances = 4, Attempts = attempts });

        plan.BackoffUntil.Should().Be(waits ? last + failures * TimeSpan.FromMinutes(1) : null);
        plan.Delete.Should().HaveCount(waits ? 0 : 1);
    }

    [Fact]
    public void Only_the_last_attempts_up_to_the_wanted_number_count_as_failures()
    {
        PrebuildAttempt[] attempts = [.. Failed(Now.AddMinutes(-3)), .. Succeeded(Now, Now.AddSeconds(-1))];

        Plan(Active with { DesiredInstances = 2, Attempts = attempts }, new ReconcileOptions { BackoffInterval = TimeSpan.FromHours(1) })
            .BackoffUntil.Should().BeNull();
        Plan(Active with { DesiredInstances = 3, Attempts = attempts }, new ReconcileOptions { BackoffInterval = TimeSpan.FromHours(1) })
            .BackoffUntil.Should().Be(Now.AddMinutes(57));
    }

    [Theory]
    [InlineData(3599, true)]
    [InlineData(3600, true)]
    [InlineData(3601, false)]
    public void Failures_before_the_look_back_do_not_count(int secondsAgo, bool waits) => Plan(
        Active with { Attempts = Failed(Now - secondsAgo * Second) },
        new ReconcileOptions { BackoffInterval = TimeSpan.FromHours(2) }).BackoffUntil.HasValue.Should().Be(waits);

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void After_three_failures_in_a_row_nothing_more_is_built(int failures, bool limited)
    {
        var attempts = Failed([.. Enumerable.Range(0, failures).Select(i => Now.AddHours(-2).AddMinutes(-i))]);

        var plan = Plan(Active with { DesiredInstances = 1, Attempts = [.. attempts, .. Succeeded(Now.AddDays(-1))] });

        plan.MarkHardLimited.Should().Be(limited);
        plan.Create.Should().Be(limited ? 0 : 1);
    }

    [Fact]
    public void A_limited_preset_is_marked_once_and_still_loses_what_is_too_much()
    {
        var preset = Active with { IsHardLimited = true, DesiredInstances = 1, Prebuilds = Some(2) };

        Plan(preset).Should().BeEquivalentTo(
            new PresetPlan { PresetId = preset.PresetId, Counts = new(1, 2, 0, 2, 0, 0, 0), Delete = [preset.Prebuilds[0].WorkspaceId] });
        Plan(preset with { Prebuilds = [] }).Create.Should().Be(0);
    }

    [Fact]
    public void A_preset_is_marked_while_its_failures_still_hold_it_up()
    {
        var plan = Plan(Active with { Attempts = Failed(Now, Now.AddSeconds(-1), Now.AddSeconds(-2)) });

        plan.MarkHardLimited.Should().BeTrue();
        plan.BackoffUntil.Should().Be(Now.AddMinutes(3));
    }

    [Fact]
    public void A_success_or_a_cancellation_among_the_last_attempts_is_no_hard_limit()
    {
        var old = Failed(Now.AddHours(-3), Now.AddHours(-4), Now.AddHours(-5));

        Plan(Active with { Attempts = [.. old, .. Succeeded(Now.AddHours(-2))] }).MarkHardLimited.Should().BeFalse();
        Plan(Active with { Attempts = [.. old, new(Now.AddHours(-2), JobStatus.Canceled, Now)] }).MarkHardLimited.Should().BeFalse();
        Plan(Active with { Attempts = [.. old, new(Now.AddHours(-2), JobStatus.Running, null)] }).MarkHardLimited.Should().BeTrue();
    }

    [Fact]
    public void A_limit_of_zero_is_off() =>
        Plan(
            Active with { Attempts = Failed(Now.AddHours(-3), Now.AddHours(-4), Now.AddHours(-5)) },
            new ReconcileOptions { FailureHardLimit = 0 }).Create.Should().Be(3);

    [Theory]
    [InlineData("2024-05-15 15:59:59", 1)]
    [InlineData("2024-05-15 16:00:00", 5)]
    [InlineData("2024-05-16 01:59:59", 5)]
    [InlineData("2024-05-16 02:00:00", 1)]
    [InlineData("2024-05-18 17:00:00", 1)]
    public void A_schedule_changes_the_wanted_number(string now, int desired)
    {
        var preset = Active with
        {
            DesiredInstances = 1,
            Timezone = "America/Los_Angeles",
            Schedules = [new PrebuildSchedule("* 9-18 * * 1-5", 5)],
        };

        var plan = ReconcilePlan.Of(new ReconcileSnapshot(false, [preset]), new ReconcileOptions(), Utc(now))[0];

        (plan.Create, plan.Counts.Desired, plan.SchedulingProblem).Should().Be((desired, desired, null));
    }

    [Theory]
    [InlineData("", "* * * * *", "* * * * *")]
    [InlineData("Mars/Olympus", "* * * * *", "* 9 * * *")]
    [InlineData("UTC", "nonsense", "* 9 * * *")]
    [InlineData("UTC", "* * * * *", "* 9 * * *")]
    public void Schedules_that_are_wrong_leave_the_default_number_and_are_reported(string timezone, string one, string other)
    {
        var plan = Plan(Active with { Timezone = timezone, Schedules = [new PrebuildSchedule(one, 9), new PrebuildSchedule(other, 9)] });

        plan.Create.Should().Be(3);
        plan.SchedulingProblem.Should().NotBeNull();
    }

    [Fact]
    public void While_paused_nothing_is_done_and_everything_counted()
    {
        var snapshot = new ReconcileSnapshot(
            true,
            [
                Active with { Prebuilds = Some(5), Attempts = Failed(Now, Now, Now) },
                Active with { IsActiveVersion = false, Prebuilds = [.. Some(2), .. Some(1, JobStatus.Pending)] },
                Active,
            ]);

        var plans = ReconcilePlan.Of(snapshot, new ReconcileOptions(), Now);

        plans.Should().HaveCount(3).And.OnlyContain(plan => plan.IsEmpty);
        plans.Select(plan => plan.Counts.Running).Should().Equal(5, 2, 0);
    }

    [Fact]
    public void One_whose_agents_are_not_ready_runs_but_cannot_be_claimed() =>
        Plan(Active with { Prebuilds = [Running(1, Now) with { AgentsReady = false }, Running(2, Now)] })
            .Counts.Should().Be(new PrebuildCounts(3, 2, 0, 1, 0, 0, 0));

    [Theory]
    [InlineData(WorkspaceTransition.Stop, JobStatus.Succeeded)]
    [InlineData(WorkspaceTransition.Stop, JobStatus.Failed)]
    [InlineData(WorkspaceTransition.Start, JobStatus.Failed)]
    [InlineData(WorkspaceTransition.Start, JobStatus.Canceled)]
    [InlineData(WorkspaceTransition.Delete, JobStatus.Failed)]
    public void One_that_will_never_be_claimed_is_replaced_at_once_and_deleted_after_a_day(WorkspaceTransition transition, JobStatus status)
    {
        PrebuildSnapshot Ended(double hoursAgo) => Running(1, Now.AddDays(-9)) with
        {
            Transition = transition,
            JobStatus = status,
            JobCompletedAt = Now.AddHours(-hoursAgo),
        };

        Plan(Active with { Prebuilds = [Ended(24)] }).Delete.Should().BeEmpty();
        Plan(Active with { Prebuilds = [Ended(24.01)] }).Delete.Should().ContainSingle();
        Plan(Active with { IsActiveVersion = false, Prebuilds = [Ended(24.01)] }).Delete.Should().ContainSingle();
        Plan(Active with { Prebuilds = [Ended(1)] }).Create.Should().Be(3);
        Plan(Active with { Prebuilds = [Ended(99)] }, new ReconcileOptions { FailedRetention = TimeSpan.Zero }).Delete.Should().BeEmpty();
    }

    [Fact]
    public void Builds_in_progress_are_counted_by_what_they_do()
    {
        PrebuildSnapshot[] prebuilds =
        [
            .. Some(1, JobStatus.Running),
            .. Some(2, JobStatus.Pending).Select(p => p with { Transition = WorkspaceTransition.Stop }),
            .. Some(3, JobStatus.Running).Select(p => p with { Transition = WorkspaceTransition.Delete }),
        ];

        Plan(Active with { Prebuilds = prebuilds }).Counts.Should().Be(new PrebuildCounts(3, 0, 0, 0, 1, 2, 3));
    }

    [Fact]
    public void Carrying_out_a_plan_leaves_nothing_to_do()
    {
        var prebuilds =
            from transition in Gen.Enum<WorkspaceTransition>()
            from status in Gen.OneOf(Gen.Const(JobStatus.Pending), Gen.Const(JobStatus.Running), Gen.Const(JobStatus.Succeeded))
            from age in Gen.Int[0, 3000]
            from id in Gen.Int[1, int.MaxValue]
            select Running(id, Now.AddMinutes(-age)) with { Transition = transition, JobStatus = status, JobCompletedAt = Now };

        Gen.Select(prebuilds.List[0, 12], Gen.Int[0, 6], Gen.Int[0, 2000], Gen.Bool).Sample((all, desired, ttl, active) =>
        {
            var preset = Active with
            {
                IsActiveVersion = active,
                DesiredInstances = desired,
                Ttl = TimeSpan.FromMinutes(ttl),
                Prebuilds = [.. all.DistinctBy(p => p.WorkspaceId)],
            };
            var plan = Plan(preset);
            var left = preset.Prebuilds.Where(p => !plan.Delete.Contains(p.WorkspaceId) && !plan.CancelPending.Contains(p.WorkspaceId));
            var made = Enumerable.Range(0, plan.Create).Select(i => Running(-i, Now) with { JobStatus = JobStatus.Pending });

            return plan.Create <= desired
                && plan.Delete.Distinct().Count() == plan.Delete.Count
                && (!active || plan.Create == 0 || plan.Delete.Count == plan.Counts.Expired)
                && Plan(preset with { Prebuilds = [.. left, .. made] }).IsEmpty;
        }, iter: 2000);
    }

    private static PresetPlan Plan(PresetSnapshot preset, ReconcileOptions? options = null) =>
        ReconcilePlan.Of(new ReconcileSnapshot(false, [preset]), options ?? new ReconcileOptions(), Now).Single();

    private static PrebuildSnapshot Running(int number, DateTimeOffset createdAt) => new()
    {
        WorkspaceId = new Guid(number, 0, 0, new byte[8]),
        CreatedAt = createdAt,
        Transition = WorkspaceTransition.Start,
        JobStatus = JobStatus.Succeeded,
        JobCompletedAt = createdAt,
        AgentsReady = true,
    };

    private static PrebuildSnapshot[] Some(int count, JobStatus status = JobStatus.Succeeded) =>
    [
        .. Enumerable.Range(0, count).Select(
            i => Running(1000 * (int)(status + 1) + i, Now.AddMinutes(-30 + i)) with
            {
                JobStatus = status,
                AgentsReady = status == JobStatus.Succeeded,
            }),
    ];

    private static PrebuildAttempt[] Failed(params DateTimeOffset[] times) =>
        [.. times.Select(time => new PrebuildAttempt(time, JobStatus.Failed, time))];

    private static PrebuildAttempt[] Succeeded(params DateTimeOffset[] times) =>
        [.. times.Select(time => new PrebuildAttempt(time, JobStatus.Succeeded, time))];
}
