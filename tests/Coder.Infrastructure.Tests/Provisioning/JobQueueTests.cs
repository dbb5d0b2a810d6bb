using System.Data;
using Coder.Application.Common;
using Coder.Application.Provisioning;
using Coder.Domain.Builds;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.Provisioning;
using Coder.Testing;
using CsCheck;
using Npgsql;

namespace Coder.Infrastructure.Tests.Provisioning;

public sealed class JobQueueTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Guid User = new("0b3a4f0e-0000-4000-8000-000000000001");

    private static readonly Gen<JobTags> Tags =
        from scope in Gen.OneOf("organization", "user", "other")
        from pairs in Gen.OneOf("a", "b").Array[0, 2]
        from value in Gen.OneOf("1", "2", "")
        select JobTags.Of(pairs.Distinct(StringComparer.Ordinal).Select(key => KeyValuePair.Create(key, value)).Append(new("scope", scope)), User);

    private static readonly Gen<DateTimeOffset?> Time = Gen.Bool.Select(isSet => isSet ? (DateTimeOffset?)Now : null);

    [Fact]
    public async Task The_generated_column_is_the_function_of_the_domain()
    {
        var (organization, file) = await PlaceAsync();

        await Gen.Select(Time, Time, Time, Gen.OneOf<string?>(null, "", "broken")).SampleAsync(
            async (started, canceled, completed, error) =>
            {
                var id = await fixture.Database.AddJobAsync(
                    new NewTestJob
                    {
                        Organization = organization,
                        File = file,
                        CreatedAt = Now,
                        StartedAt = started,
                        CanceledAt = canceled,
                        CompletedAt = completed,
                        Error = error,
                    },
                    Ct);
                var view = (await Queue().ReadAsync([id], Ct))[id];
                return view.Status == JobStatuses.Of(started, canceled, completed, error);
            },
            iter: 200,
            threads: 1);
    }

    [Fact]
    public async Task The_statement_gives_a_job_to_those_whose_tags_the_domain_accepts()
    {
        var (organization, file) = await PlaceAsync();

        await Gen.Select(Tags, Tags).SampleAsync(
            async (daemonTags, jobTags) =>
            {
                var daemon = await fixture.Database.AddDaemonAsync(organization, Seen(), daemonTags, Ct);
                var job = await fixture.Database.AddJobAsync(Waiting(organization, file) with { Tags = jobTags }, Ct);
                var before = (await Queue().ReadAsync([job], Ct))[job];
                var acquired = await Queue().AcquireAsync(daemon, null, Now, Ct);
                await fixture.Database.ExecuteAsync("delete from provisioner_jobs where id = $1", Ct, job);
                await fixture.Database.ExecuteAsync("delete from provisioner_daemons where id = $1", Ct, daemon);

                var fits = daemonTags.CanRun(jobTags);
                return acquired == (fits ? job : (Guid?)null)
                    && before.Matched.Count == (fits ? 1 : 0)
                    && before.QueuePosition == (fits ? 1 : 0);
            },
            iter: 150,
            threads: 1);
    }

    [Fact]
    public async Task Jobs_that_somebody_waits_for_come_first_and_then_the_oldest()
    {
        var (organization, file) = await PlaceAsync();
        var daemon = await fixture.Database.AddDaemonAsync(organization, Seen(), JobTags.Default, Ct);
        var stock = await AddAsync(Waiting(organization, file) with { Priority = QueuePriority.Stock, CreatedAt = Now.AddHours(-3) });
        var second = await AddAsync(Waiting(organization, file) with { CreatedAt = Now.AddHours(-1) });
        var first = await AddAsync(Waiting(organization, file) with { CreatedAt = Now.AddHours(-2) });

        var taken = new List<Guid?>();
        for (var i = 0; i < 4; i++)
        {
            taken.Add(await Queue().AcquireAsync(daemon, null, Now, Ct));
        }

        taken.Should().Equal(first, second, stock, null);
    }

    [Fact]
    public async Task A_daemon_gets_nothing_that_was_canceled_or_is_for_others()
    {
        var (organization, file) = await PlaceAsync();
        var (elsewhere, _) = await PlaceAsync();
        var daemon = await fixture.Database.AddDaemonAsync(organization, Seen(), JobTags.Default, Ct);
        await AddAsync(Waiting(organization, file) with { CanceledAt = Now });
        await AddAsync(Waiting(organization, file) with { CompletedAt = Now });
        await AddAsync(Waiting(organization, file) with { StartedAt = Now });
        await AddAsync(Waiting(organization, file) with { Provisioner = "terraform" });
        await AddAsync(Waiting(elsewhere, file));

        (await Queue().AcquireAsync(daemon, null, Now, Ct)).Should().BeNull();
    }

    [Fact]
    public async Task A_job_that_is_taken_belongs_to_its_daemon()
    {
        var (organization, file) = await PlaceAsync();
        var daemon = await fixture.Database.AddDaemonAsync(organization, Seen(), JobTags.Default, Ct);
        var job = await AddAsync(Waiting(organization, file));

        await Queue().AcquireAsync(daemon, null, Now, Ct);

        var view = (await Queue().ReadAsync([job], Ct))[job];
        view.Status.Should().Be(JobStatus.Running);
        view.StartedAt.Should().Be(Now);
        view.WorkerId.Should().Be(daemon);
        view.WorkerName.Should().StartWith("daemon-");
        (view.QueuePosition, view.QueueSize).Should().Be((0, 0));
        view.AvailableWorkers.Should().BeEmpty();
    }

    [Fact]
    public async Task A_request_is_answered_once()
    {
        var (organization, file) = await PlaceAsync();
        var daemon = await fixture.Database.AddDaemonAsync(organization, Seen(), JobTags.Default, Ct);
        var job = await AddAsync(Waiting(organization, file));
        var other = await AddAsync(Waiting(organization, file) with { CreatedAt = Now });
        var request = TestIds.New();

        var taken = await Queue().AcquireAsync(daemon, request, Now, Ct);
        var again = await Queue().AcquireAsync(daemon, request, Now, Ct);
        var found = await Queue().FindAcquiredAsync(daemon, request, Ct);
        await fixture.Database.ExecuteAsync("update provisioner_jobs set completed_at = $2 where id = $1", Ct, job, Now);
        var ended = await Queue().FindAcquiredAsync(daemon, request, Ct);
        var next = await Queue().AcquireAsync(daemon, request, Now, Ct);

        new[] { taken, again, found, ended, next }.Should().Equal(job, null, job, null, other);
    }

    [Fact]
    public async Task Sixteen_daemons_at_once_take_every_job_once()
    {
        var (organization, file) = await PlaceAsync();
        var jobs = new List<Guid>();
        for (var i = 0; i < 200; i++)
        {
            jobs.Add(await AddAsync(Waiting(organization, file) with { CreatedAt = Now.AddSeconds(i) }));
        }

        var daemons = new List<Guid>();
        for (var i = 0; i < 16; i++)
        {
            daemons.Add(await fixture.Database.AddDaemonAsync(organization, Seen(), JobTags.Default, Ct));
        }

        var taken = await Task.WhenAll(daemons.Select(daemon => Task.Run(() => TakeAllAsync(daemon), Ct)));

        taken.SelectMany(t => t).Should().BeEquivalentTo(jobs).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Of_canceling_and_taking_a_waiting_job_exactly_one_wins()
    {
        var (organization, file) = await PlaceAsync();
        var pairs = new List<(Guid Job, Guid Daemon)>();
        for (var i = 0; i < 200; i++)
        {
            var tags = JobTags.Of([new("pair", $"{i}")], Guid.Empty);
            pairs.Add((
                await AddAsync(Waiting(organization, file) with { Tags = tags }),
                await fixture.Database.AddDaemonAsync(organization, Seen(), tags, Ct)));
        }

        var canceled = 0;
        await Parallel.ForEachAsync(pairs, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Ct }, async (pair, ct) =>
        {
            var canceling = Task.Run(() => CancelAsync(pair.Job, JobStatus.Pending, ct), ct);
            var taking = Task.Run(() => Queue().AcquireAsync(pair.Daemon, null, Now, ct), ct);
            var refusal = await canceling;
            var taken = await taking;

            var status = (await Queue().ReadAsync([pair.Job], ct))[pair.Job].Status;
            if (refusal is null)
            {
                taken.Should().BeNull();
                status.Should().Be(JobStatus.Canceled);
                Interlocked.Increment(ref canceled);
            }
            else
            {
                refusal.Kind.Should().Be(ErrorKind.PreconditionFailed);
                taken.Should().Be(pair.Job);
                status.Should().Be(JobStatus.Running);
            }
        });

        canceled.Should().BeInRange(0, 200);
    }

    [Fact]
    public async Task A_running_job_goes_on_canceling_until_its_daemon_ends_it()
    {
        var (organization, file) = await PlaceAsync();
        var daemon = await fixture.Database.AddDaemonAsync(organization, Seen(), JobTags.Default, Ct);
        var job = await AddAsync(Waiting(organization, file) with { StartedAt = Now, Worker = daemon });

        (await CancelAsync(job, null, Ct)).Should().BeNull();
        var canceling = (await Queue().ReadAsync([job], Ct))[job];
        var ended = await Queue().EndAsync(job, null, null, Now.AddMinutes(1), Ct);
        var again = await Queue().EndAsync(job, "late", null, Now.AddMinutes(2), Ct);

        canceling.Status.Should().Be(JobStatus.Canceling);
        (ended, again).Should().Be((true, false));
        var view = (await Queue().ReadAsync([job], Ct))[job];
        view.Status.Should().Be(JobStatus.Canceled);
        view.CompletedAt.Should().Be(Now.AddMinutes(1));
        view.Error.Should().BeEmpty();
    }

    [Fact]
    public async Task Waiting_for_the_lock_of_a_job_ends()
    {
        var (organization, file) = await PlaceAsync();
        var job = await AddAsync(Waiting(organization, file));
        var (holder, waiter) = (fixture.NewSession(), fixture.NewSession());

        var waiting = () => holder.RunAsync(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                await Queue(holder).LockAsync(job, ct);
                return await LockAsync(waiter, job, ct);
            },
            Ct);

        var refused = (await waiting.Should().ThrowAsync<PostgresException>()).Which;
        refused.SqlState.Should().Be(PostgresErrorCodes.LockNotAvailable);
        new PostgresErrors().Classify(refused)!.Kind.Should().Be(ErrorKind.Unavailable);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_job_that_was_passed_over_while_it_was_locked_is_offered_again_when_that_comes_to_nothing(bool isTaken)
    {
        var (organization, file) = await PlaceAsync();
        var daemon = await fixture.Database.AddDaemonAsync(organization, Seen(), JobTags.Default, Ct);
        var job = await AddAsync(Waiting(organization, file));
        await using var listener = new NpgsqlConnection(fixture.Database.ConnectionString);
        await listener.OpenAsync(Ct);
        await using var listen = new NpgsqlCommand($"listen {NotificationChannels.ProvisionerJobPosted}", listener);
        await listen.ExecuteNonQueryAsync(Ct);
        var offered = new List<string>();
        listener.Notification += (_, notification) => offered.Add(notification.Payload);

        var session = fixture.NewSession();
        await session.RunAsync<Result<Done>>(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                _ = isTaken ? await Queue(session).AcquireAsync(daemon, null, Now, ct) : (await Queue(session).LockAsync(job, ct))?.Id;
                return Error.NotFound;
            },
            Ct);

        while (!offered.Contains(organization.ToString()))
        {
            await listener.WaitAsync(Ct);
        }

        (await Queue().AcquireAsync(daemon, null, Now, Ct)).Should().Be(job);
    }

    [Fact]
    public async Task Only_the_wait_for_the_job_itself_is_short()
    {
        var (organization, file) = await PlaceAsync();
        var job = await AddAsync(Waiting(organization, file));

        (await LockAsync(fixture.NewSession(), job, Ct)).Match(limit => limit, _ => "").Should().Be("0");
    }

    [Fact]
    public async Task A_place_counts_only_jobs_that_the_same_daemons_can_run()
    {
        var (organization, file) = await PlaceAsync();
        var gpu = JobTags.Of([new("gpu", "yes")], Guid.Empty);
        var nobody = JobTags.Of([new("moon", "yes")], Guid.Empty);
        var plain = await fixture.Database.AddDaemonAsync(organization, Seen(), JobTags.Default, Ct);
        await fixture.Database.AddDaemonAsync(organization, Seen(), gpu, Ct);
        var unknown = await AddAsync(Waiting(organization, file) with { Tags = nobody, CreatedAt = Now.AddHours(-9) });
        var stock = await AddAsync(Waiting(organization, file) with { Priority = QueuePriority.Stock, CreatedAt = Now.AddHours(-8) });
        var first = await AddAsync(Waiting(organization, file) with { CreatedAt = Now.AddHours(-7) });
        var special = await AddAsync(Waiting(organization, file) with { Tags = gpu, CreatedAt = Now.AddHours(-6) });
        var second = await AddAsync(Waiting(organization, file) with { CreatedAt = Now.AddHours(-5) });

        var views = await Queue().ReadAsync([unknown, stock, first, special, second], Ct);

        new[] { unknown, stock, first, special, second }.Select(id => (views[id].QueuePosition, views[id].QueueSize))
            .Should().Equal((0, 0), (3, 3), (1, 3), (1, 1), (2, 3));
        views[first].AvailableWorkers.Should().Equal(plain);
        views[unknown].Matched.Should().Be(new MatchedDaemons(0, 0, null));
    }

    [Fact]
    public async Task A_place_with_the_servers_own_daemons_counts_no_jobs_that_they_leave_to_others()
    {
        var (organization, file) = await PlaceAsync();
        var own = await fixture.Database.AddDaemonAsync(organization, Seen(), JobTags.Default, Ct, "echo", "terraform");
        await fixture.Database.ExecuteAsync("update provisioner_daemons set built_in = true where id = $1", Ct, own);
        var plan = await AddAsync(Waiting(organization, file) with { Provisioner = "terraform", CreatedAt = Now.AddHours(-7) });
        var echo = await AddAsync(Waiting(organization, file) with { CreatedAt = Now.AddHours(-6) });
        var alone = await Queue().ReadAsync([plan, echo], Ct);

        await fixture.Database.AddDaemonAsync(organization, Seen(), JobTags.Default, Ct, "terraform");
        var beside = await Queue().ReadAsync([plan, echo], Ct);

        new[] { alone, beside }.SelectMany(views => new[] { views[plan], views[echo] }).Select(view => (view.QueuePosition, view.QueueSize))
            .Should().Equal((1, 2), (2, 2), (1, 1), (1, 1));
    }

    [Theory]
    [InlineData(89, 1)]
    [InlineData(90, 1)]
    [InlineData(91, 0)]
    public async Task A_daemon_that_was_not_seen_for_more_than_90_seconds_has_no_queue(int seconds, int available)
    {
        var (organization, file) = await PlaceAsync();
        var time = new FixedTime(Now);
        var seen = Now.AddSeconds(-seconds);
        await fixture.Database.AddDaemonAsync(organization, seen, JobTags.Default, Ct);
        var job = await AddAsync(Waiting(organization, file));
        var session = fixture.NewSession();

        var view = (await new JobQueue(session, new JobReader(session, time)).ReadAsync([job], Ct))[job];

        view.Matched.Should().Be(new MatchedDaemons(1, available, seen));
        (view.QueuePosition, view.QueueSize).Should().Be((available, available));
        view.AvailableWorkers.Should().HaveCount(available);
    }

    [Fact]
    public async Task A_posted_job_is_read_as_it_was_posted()
    {
        var (organization, file) = await PlaceAsync();
        var posted = new NewJob
        {
            Id = TestIds.New(),
            CreatedAt = Now,
            OrganizationId = organization,
            InitiatorId = User,
            Provisioner = ProvisionerType.Terraform,
            Type = JobType.WorkspaceBuild,
            Input = new JobInput
            {
                WorkspaceBuildId = User,
                UserVariableValues = new Dictionary<string, string>(StringComparer.Ordinal) { ["region"] = "eu" },
                LogLevel = "debug",
                Stage = PrebuildStage.Claim,
            },
            FileId = file,
            Tags = JobTags.Of([new("scope", "user")], User),
            Priority = QueuePriority.Stock,
        };

        await Queue().PostAsync(posted, Ct);
        var views = await Queue().ReadAsync([posted.Id, User], Ct);

        views.Should().ContainSingle();
        var view = views[posted.Id];
        (view.CreatedAt, view.OrganizationId, view.InitiatorId, view.FileId, view.Type)
            .Should().Be((posted.CreatedAt, organization, User, file, JobType.WorkspaceBuild));
        (view.Input.WorkspaceBuildId, view.Input.TemplateVersionId, view.Input.LogLevel, view.Input.Stage)
            .Should().Be((User, (Guid?)null, "debug", PrebuildStage.Claim));
        view.Input.UserVariableValues.Should().Equal(posted.Input.UserVariableValues);
        view.Tags.Should().Be(posted.Tags);
        view.Status.Should().Be(JobStatus.Pending);
    }

    private async Task<List<Guid>> TakeAllAsync(Guid daemon)
    {
        var taken = new List<Guid>();
        while (await Queue().AcquireAsync(daemon, null, Now, Ct) is { } job)
        {
            taken.Add(job);
        }

        return taken;
    }

    private async Task<Error?> CancelAsync(Guid job, JobStatus? expected, CancellationToken ct)
    {
        var session = fixture.NewSession();
        var outcome = await session.RunAsync(
            IsolationLevel.ReadCommitted,
            async inner =>
            {
                var queue = Queue(session);
                var locked = await queue.LockAsync(job, inner) ?? throw new InvalidOperationException();
                if (!CancelDecision.Decide(expected, locked.Status, locked.WorkerId is not null).Is(out _, out var refusal))
                {
                    return Result<Done>.From(refusal);
                }

                await queue.CancelAsync(locked, Now, inner);
                return Done.Value;
            },
            ct);
        return outcome.Error;
    }

    private Task<Guid> AddAsync(NewTestJob job) => fixture.Database.AddJobAsync(job, Ct);

    private async Task<(Guid Organization, Guid File)> PlaceAsync()
    {
        var organization = await fixture.Database.AddOrganizationAsync($"org-{TestIds.New():N}"[..30], Ct);
        var user = await fixture.Database.AddUserAsync(new NewTestUser(), Now, Ct);
        return (organization, await fixture.Database.AddFileAsync(user.Id, [1, 2, 3], Ct));
    }

    private static NewTestJob Waiting(Guid organization, Guid file) => new() { Organization = organization, File = file, CreatedAt = Now.AddHours(-4) };

    private static DateTimeOffset Seen() => TestClock.System.GetUtcNow();

    /// <summary>Locks a job, and tells how long the transaction would wait for something else.</summary>
    private static Task<Result<string>> LockAsync(DbSession session, Guid job, CancellationToken ct) => session.RunAsync(
        IsolationLevel.ReadCommitted,
        async inner =>
        {
            await Queue(session).LockAsync(job, inner);
            return Result<string>.From((await session.ScalarAsync<string>("show lock_timeout", null, inner))!);
        },
        ct);

    private JobQueue Queue() => Queue(fixture.NewSession());

    private static JobQueue Queue(DbSession session) => new(session, new JobReader(session, TestClock.System));

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
