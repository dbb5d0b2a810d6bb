using System.Data;
using Coder.Domain.Common;
using Coder.Infrastructure.Builds;
using Coder.Infrastructure.Database;
using Coder.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests.Builds;

/// <summary>Who counts AI starts near the limit counts those of everybody before: docs/spec/licensing.md, section 4.6.</summary>
public sealed class AiUsageHoldTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;
    private ReadyTemplate _template = null!;
    private Guid _user;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(Ct);
        _source = NpgsqlDataSource.Create(_database.ConnectionString);
        _user = (await _database.AddUserAsync(new NewTestUser(), DateTimeOffset.UnixEpoch, Ct)).Id;
        _template = await _database.AddReadyTemplateAsync(await _database.DefaultOrganizationAsync(Ct), _user, Ct);
        await _database.ExecuteAsync("update template_versions set has_ai_task = true where id = $1", Ct, _template.VersionId);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData(IsolationLevel.ReadCommitted)]
    [InlineData(IsolationLevel.RepeatableRead)]
    [InlineData(IsolationLevel.Serializable)]
    public async Task What_was_started_while_somebody_waited_is_counted_whatever_the_isolation(IsolationLevel isolation)
    {
        var (session, attempts) = (NewSession(), 0);
        var store = new BuildStore(session);

        var counted = await session.RunAsync<Result<long>>(
            isolation,
            async ct =>
            {
                // The snapshot is taken here.
                await store.CountAiStartsAsync(ct);
                if (attempts++ == 0)
                {
                    await StartAsync();
                }

                await store.HoldAiUsageAsync(ct);
                return await store.CountAiStartsAsync(ct);
            },
            Ct);

        counted.Match(count => count, error => throw new InvalidOperationException(error.Message)).Should().Be(1);
    }

    [Fact]
    public async Task Whoever_holds_the_count_keeps_others_waiting()
    {
        var (first, second) = (NewSession(), NewSession());
        var (isHeld, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        var holding = first.RunAsync<Result<Done>>(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                await new BuildStore(first).HoldAiUsageAsync(ct);
                isHeld.SetResult();
                await mayEnd.Task.WaitAsync(ct);
                return Done.Value;
            },
            Ct);
        await isHeld.Task.WaitAsync(Ct);

        var waiting = second.RunAsync<Result<Done>>(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                await new BuildStore(second).HoldAiUsageAsync(ct);
                return Done.Value;
            },
            Ct);
        await _database.UntilAsync("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')", Ct);
        waiting.IsCompleted.Should().BeFalse();
        mayEnd.SetResult();

        (await holding).Error.Should().BeNull();
        (await waiting).Error.Should().BeNull();
    }

    // As the gate does it: hold, count, add.
    private async Task StartAsync()
    {
        var session = NewSession();
        (await session.RunAsync<Result<Done>>(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                await new BuildStore(session).HoldAiUsageAsync(ct);
                await _database.AddWorkspaceAsync(_template, _user, new NewWorkspace { Job = RowJob.Pending }, ct);
                return Done.Value;
            },
            Ct)).Error.Should().BeNull();
    }

    private DbSession NewSession() => new(_source, TestClock.System);
}
