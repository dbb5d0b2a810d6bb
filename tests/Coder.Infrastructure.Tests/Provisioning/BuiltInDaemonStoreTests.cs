using System.Data;
using Coder.Domain.Builds;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Infrastructure.Common;
using Coder.Infrastructure.Provisioning;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.Provisioning;

/// <summary>How the daemons of the server take jobs: by a statement of their own (docs/spec/workspaces.md, sections 3.2 and 3.5).</summary>
public sealed class BuiltInDaemonStoreTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Jobs_that_somebody_waits_for_come_first_and_then_the_oldest()
    {
        var (daemon, waiting) = await PlaceAsync();
        var stock = await AddAsync(waiting with { Priority = QueuePriority.Stock, CreatedAt = Now.AddHours(-3) });
        var second = await AddAsync(waiting with { CreatedAt = Now.AddHours(-1) });
        var first = await AddAsync(waiting with { CreatedAt = Now.AddHours(-2) });

        var taken = new List<Guid?>();
        for (var i = 0; i < 4; i++)
        {
            taken.Add(await Store().AcquireAsync(daemon, Now, Ct));
        }

        taken.Should().Equal(first, second, stock, null);
    }

    [Fact]
    public async Task They_get_nothing_that_was_canceled_or_taken_or_is_for_others()
    {
        var (daemon, waiting) = await PlaceAsync();
        var elsewhere = await fixture.Database.AddOrganizationAsync($"org-{TestIds.New():N}"[..30], Ct);
        await AddAsync(waiting with { CanceledAt = Now });
        await AddAsync(waiting with { CompletedAt = Now });
        await AddAsync(waiting with { StartedAt = Now });
        await AddAsync(waiting with { Tags = JobTags.Of([new("gpu", "yes")], Guid.Empty) });
        await AddAsync(waiting with { Organization = elsewhere });

        (await Store().AcquireAsync(daemon, Now, Ct)).Should().BeNull();
    }

    [Fact]
    public async Task Of_canceling_and_taking_a_waiting_job_exactly_one_wins()
    {
        var (daemon, waiting) = await PlaceAsync();
        for (var i = 0; i < 200; i++)
        {
            var job = await AddAsync(waiting);

            var canceling = Task.Run(() => CancelAsync(job), Ct);
            var taking = Task.Run(() => Store().AcquireAsync(daemon, Now, Ct), Ct);
            var refusal = await canceling;
            var taken = await taking;

            var status = await fixture.Database.ScalarAsync<string>("select job_status::text from provisioner_jobs where id = $1", Ct, job);
            if (refusal is null)
            {
                taken.Should().BeNull();
                status.Should().Be("canceled");
            }
            else
            {
                refusal.Kind.Should().Be(ErrorKind.PreconditionFailed);
                taken.Should().Be(job);
                status.Should().Be("running");
            }
        }
    }

    [Fact]
    public async Task Eight_of_them_at_once_take_every_job_once()
    {
        var (_, waiting) = await PlaceAsync();
        var jobs = new List<Guid>();
        for (var i = 0; i < 100; i++)
        {
            jobs.Add(await AddAsync(waiting with { CreatedAt = Now.AddSeconds(i) }));
        }

        var daemons = new List<Guid>();
        for (var i = 0; i < 8; i++)
        {
            daemons.Add((await Store().RegisterAsync($"many-{i}", TestIds.New(), Now, Ct)).Id);
        }

        var taken = await Task.WhenAll(daemons.Select(daemon => Task.Run(() => TakeAllAsync(daemon), Ct)));

        taken.SelectMany(t => t).Should().BeEquivalentTo(jobs).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task A_name_that_somebody_else_had_is_the_servers_from_then_on()
    {
        var (_, waiting) = await PlaceAsync();
        var user = await fixture.Database.AddUserAsync(new NewTestUser(), Now, Ct);
        var id = await fixture.Database.AddDaemonAsync(waiting.Organization, Now, JobTags.Default, Ct);
        await fixture.Database.ExecuteAsync(
            "update provisioner_daemons set name = 'host-built-in-7', registered_by = $2 where id = $1", Ct, id, user.Id);

        var daemon = await Store().RegisterAsync("host-built-in-7", TestIds.New(), Now, Ct);

        daemon.Id.Should().Be(id);
        var isServers = await fixture.Database.ScalarAsync<bool>(
            "select built_in and registered_by is null and key_id is null from provisioner_daemons where id = $1", Ct, id);
        isServers.Should().BeTrue();
    }

    private async Task<List<Guid>> TakeAllAsync(Guid daemon)
    {
        var taken = new List<Guid>();
        while (await Store().AcquireAsync(daemon, Now, Ct) is { } job)
        {
            taken.Add(job);
        }

        return taken;
    }

    private async Task<Error?> CancelAsync(Guid job)
    {
        var session = fixture.NewSession();
        var queue = new JobQueue(session, new JobReader(session, TestClock.System));
        var outcome = await session.RunAsync(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                var locked = await queue.LockAsync(job, ct) ?? throw new InvalidOperationException();
                if (!CancelDecision.Decide(JobStatus.Pending, locked.Status, locked.WorkerId is not null).Is(out _, out var refusal))
                {
                    return Result<Done>.From(refusal);
                }

                await queue.CancelAsync(locked, Now, ct);
                return Done.Value;
            },
            Ct);
        return outcome.Error;
    }

    private Task<Guid> AddAsync(NewTestJob job) => fixture.Database.AddJobAsync(job, Ct);

    private async Task<(Guid Daemon, NewTestJob Waiting)> PlaceAsync()
    {
        var daemon = await Store().RegisterAsync($"host-{TestIds.New():N}"[..20], TestIds.New(), Now, Ct);
        var user = await fixture.Database.AddUserAsync(new NewTestUser(), Now, Ct);
        var file = await fixture.Database.AddFileAsync(user.Id, [1, 2, 3], Ct);
        return (daemon.Id, new NewTestJob { Organization = daemon.Organization, File = file, CreatedAt = Now.AddHours(-4) });
    }

    private BuiltInDaemonStore Store() => new(fixture.NewSession(), new ServerVersion("v1"));
}
