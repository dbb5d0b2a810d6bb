using Coder.Application;
using Coder.Application.AuditLogs;
using Coder.Infrastructure.AuditLogs;
using Coder.Testing;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Coder.Infrastructure.Tests.AuditLogs;

/// <summary>docs/spec/connection-logs.md, section 9 rules 2 and 4, and section 11 item 10.</summary>
public sealed class PurgeAuditLogsTests : IAsyncLifetime
{
    private const string Insert = """
        insert into audit_logs (id, time, user_id, organization_id, resource_type, resource_id, resource_target, action, diff, status_code,
                                additional_fields, request_id, resource_icon)
        select gen_random_uuid(), $1, gen_random_uuid(), gen_random_uuid(), 'workspace_agent', gen_random_uuid(), 'dev', $2::audit_action,
               '{}', 200, '{}', gen_random_uuid(), ''
        from generate_series(1, $3)
        """;

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DatabaseFixture _fixture = new();
    private readonly FakeTimeProvider _clock = new(Now);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connection_events_stay_for_ninety_days_and_everything_else_for_ever()
    {
        string[] legacy = ["connect", "disconnect", "open", "close"];
        foreach (var action in legacy)
        {
            await AddAsync(action, Now.AddDays(-91));
            await AddAsync(action, Now.AddDays(-90));
            await AddAsync(action, Now.AddDays(-89));
            await AddAsync(action, Now.AddDays(-30));
        }

        await AddAsync("create", Now.AddDays(-91));
        await AddAsync("create", Now.AddYears(-20));

        (await PurgeAsync(TimeSpan.Zero)).Should().Be(new PurgedAuditLogs(4, 0));

        (await AgesAsync("action in ('connect', 'disconnect', 'open', 'close')")).Should().Equal(30, 30, 30, 30, 89, 89, 89, 89, 90, 90, 90, 90);
        (await AgesAsync("action = 'create'")).Should().HaveCount(2);
        (await PurgeAsync(TimeSpan.Zero)).Should().Be(new PurgedAuditLogs(0, 0));
    }

    [Fact]
    public async Task A_tick_removes_a_thousand_connection_events()
    {
        await AddAsync("connect", Now.AddDays(-100), 1_500);

        (await PurgeAsync(TimeSpan.Zero)).ConnectionEvents.Should().Be(1_000);
        (await PurgeAsync(TimeSpan.Zero)).ConnectionEvents.Should().Be(500);
    }

    [Fact]
    public async Task Retention_takes_older_entries_and_leaves_connection_events_to_their_own_rule()
    {
        await AddAsync("create", Now.AddDays(-31), 3);
        await AddAsync("login", Now.AddDays(-29), 2);
        await AddAsync("open", Now.AddDays(-31), 4);

        (await PurgeAsync(TimeSpan.FromDays(30))).Should().Be(new PurgedAuditLogs(0, 3));

        (await AgesAsync("true")).Should().Equal(29, 29, 31, 31, 31, 31);
    }

    [Fact]
    public async Task One_replica_purges_at_a_time_and_others_pass()
    {
        await AddAsync("connect", Now.AddDays(-100));

        (await new AuditLogPurge(_fixture.NewSession()).TryAloneAsync(
            async _ => (await PurgeAsync(TimeSpan.FromDays(1))).Should().Be(new PurgedAuditLogs(0, 0)), Ct)).Should().BeTrue();

        (await PurgeAsync(TimeSpan.Zero)).ConnectionEvents.Should().Be(1, "the lock is free again");
    }

    [Fact]
    public async Task Entries_go_in_batches_until_one_is_not_full()
    {
        var purge = Purge();
        purge.DeleteEntriesAsync(default, default, Ct).ReturnsForAnyArgs(10_000, 10_000, 17);

        (await PurgeAsync(TimeSpan.FromDays(365), purge)).Entries.Should().Be(20_017);

        await purge.Received(3).DeleteEntriesAsync(Now.AddDays(-365), 10_000, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_tick_stops_at_its_time_however_much_is_left()
    {
        var purge = Purge();
        purge.DeleteEntriesAsync(default, default, Ct).ReturnsForAnyArgs(_ =>
        {
            _clock.Advance(TimeSpan.FromSeconds(4));
            return 10_000;
        });

        (await PurgeAsync(TimeSpan.FromDays(365), purge)).Entries.Should().Be(30_000, "the third batch began within ten seconds");

        await purge.Received(3).DeleteEntriesAsync(Now.AddDays(-365), 10_000, Arg.Any<CancellationToken>());
    }

    public ValueTask InitializeAsync() => _fixture.InitializeAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private static IAuditLogPurge Purge()
    {
        var purge = Substitute.For<IAuditLogPurge>();
        purge.TryAloneAsync(default!, Ct).ReturnsForAnyArgs(async call =>
        {
            await call.Arg<Func<CancellationToken, Task>>()(call.Arg<CancellationToken>());
            return true;
        });
        return purge;
    }

    private async Task<PurgedAuditLogs> PurgeAsync(TimeSpan retention, IAuditLogPurge? purge = null)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddCoderApplication()
            .AddSingleton<TimeProvider>(_clock)
            .AddSingleton(new AuditLogOptions(retention))
            .AddScoped(_ => purge ?? new AuditLogPurge(_fixture.NewSession()))
            .BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        var outcome = await scope.ServiceProvider.GetRequiredService<ISender>().Send(new PurgeAuditLogs(_clock.GetUtcNow().AddSeconds(10)), Ct);
        return outcome.Match(purged => purged, error => throw new InvalidOperationException(error.Message));
    }

    private Task<int> AddAsync(string action, DateTimeOffset time, int count = 1) =>
        _fixture.Database.ExecuteAsync(Insert, Ct, time, action, count);

    // In days, the youngest first.
    private async Task<int[]> AgesAsync(string condition) => await _fixture.Database.ScalarAsync<int[]>(
        $"select coalesce(array_agg(extract(day from $1 - time)::int order by time desc), '{{}}') from audit_logs where {condition}", Ct, Now) ?? [];
}
