using Coder.Infrastructure.AuditLogs;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.AuditLogs;

public sealed class AuditLogPurgeTests : IAsyncLifetime
{
    private const string Insert = """
        insert into audit_logs (id, time, user_id, organization_id, resource_type, resource_id, resource_target, action, diff, status_code,
                                additional_fields, request_id, resource_icon)
        values (gen_random_uuid(), $1, gen_random_uuid(), gen_random_uuid(), 'workspace_agent', gen_random_uuid(), 'dev', $2::audit_action,
                '{}', 200, '{}', gen_random_uuid(), '')
        """;

    private static readonly DateTimeOffset Before = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DatabaseFixture _fixture = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private AuditLogPurge Purge => new(_fixture.NewSession());

    [Fact]
    public async Task Connection_events_go_oldest_first_and_no_more_than_are_allowed()
    {
        for (var day = 1; day <= 4; day++)
        {
            await AddAsync("connect", Before.AddDays(-day));
        }

        var first = await Purge.DeleteConnectionEventsAsync(Before, 3, Ct);
        var left = await _fixture.Database.ScalarAsync<DateTime>("select max(time) from audit_logs", Ct);
        var second = await Purge.DeleteConnectionEventsAsync(Before, 3, Ct);

        (first, second).Should().Be((3, 1));
        left.Should().Be(Before.AddDays(-1).UtcDateTime);
    }

    [Theory]
    [InlineData("connect", -1, 0)]
    [InlineData("disconnect", -1, 0)]
    [InlineData("open", -1, 0)]
    [InlineData("close", -1, 0)]
    [InlineData("open", 0, 1)]
    [InlineData("close", 1, 1)]
    [InlineData("create", -1, 1)]
    [InlineData("login", -1, 1)]
    public async Task Only_connection_events_strictly_before_the_moment_go(string action, int days, int left)
    {
        await AddAsync(action, Before.AddDays(days));

        await Purge.DeleteConnectionEventsAsync(Before, 100, Ct);

        (await _fixture.Database.ScalarAsync<long>("select count(*) from audit_logs", Ct)).Should().Be(left);
    }

    [Theory]
    [InlineData("create", -1, 0)]
    [InlineData("create", 1, 1)]
    [InlineData("connect", -1, 1)]
    public async Task Retention_takes_everything_else(string action, int days, int left)
    {
        await AddAsync(action, Before.AddDays(days));

        await Purge.DeleteEntriesAsync(Before, 100, Ct);

        (await _fixture.Database.ScalarAsync<long>("select count(*) from audit_logs", Ct)).Should().Be(left);
    }

    [Fact]
    public async Task Entries_with_hostile_text_go_like_others()
    {
        foreach (var text in HostileTexts.All)
        {
            await AddAsync("open", Before.AddDays(-1));
            await AddAsync("create", Before.AddDays(-1));
            await _fixture.Database.ExecuteAsync("update audit_logs set resource_target = $1 where resource_target = 'dev'", Ct, text);
        }

        await AddAsync("create", Before);

        (await Purge.DeleteConnectionEventsAsync(Before, 100, Ct)).Should().Be(HostileTexts.All.Count);
        (await Purge.DeleteEntriesAsync(Before, 100, Ct)).Should().Be(HostileTexts.All.Count);
        (await _fixture.Database.ScalarAsync<long>("select count(*) from audit_logs", Ct)).Should().Be(1);
    }

    public ValueTask InitializeAsync() => _fixture.InitializeAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private Task<int> AddAsync(string action, DateTimeOffset time) => _fixture.Database.ExecuteAsync(Insert, Ct, time, action);
}
