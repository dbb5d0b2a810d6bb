using System.Data;
using System.Threading.Channels;
using Coder.Application.Common;
using Coder.Domain.Common;
using Coder.Infrastructure.Database;
using Coder.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coder.Infrastructure.Tests.Database;

public sealed class NotificationHubTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private const string Licenses = NotificationChannels.Licenses;
    private const string EndListeners = """
        select count(pg_terminate_backend(pid))
        from pg_stat_activity
        where datname = current_database() and application_name = 'coder notifications'
        """;

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly NotificationHub _hub = new(fixture.Database.ConnectionString, TestClock.System, NullLogger<NotificationHub>.Instance);
    private readonly CancellationTokenSource _stop = new();
    private readonly DbSession _db = fixture.NewSession();
    private Task _running = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        await _hub.ConnectAsync(Ct);
        _running = _hub.RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await FluentActions.Awaiting(() => _running).Should().ThrowAsync<OperationCanceledException>();
        await _hub.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_notification_arrives_once_it_is_committed_and_not_before()
    {
        var received = Subscribe(out _);

        await _db.RunAsync(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                await _db.NotifyAsync(Licenses, "within", ct);
                await fixture.NewSession().NotifyAsync(Licenses, "before", ct);
                (await received.ReadAsync(ct)).Should().Be("before");
                return Result<Done>.From(Done.Value);
            },
            Ct);

        (await received.ReadAsync(Ct)).Should().Be("within");
    }

    [Fact]
    public async Task After_a_rollback_nothing_arrives()
    {
        var received = Subscribe(out _);

        await _db.RunAsync(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                await _db.NotifyAsync(Licenses, "rolled back", ct);
                return Result<Done>.From(new Error(ErrorKind.Conflict, "Taken."));
            },
            Ct);
        await _db.NotifyAsync(Licenses, "after", Ct);

        (await received.ReadAsync(Ct)).Should().Be("after");
    }

    [Fact]
    public async Task All_subscribers_are_told_even_if_one_fails_and_nobody_who_has_left()
    {
        using var failing = _hub.Subscribe(Licenses, _ => throw new InvalidOperationException("bug"));
        var left = Subscribe(out var leaving);
        var received = Subscribe(out _);
        leaving.Dispose();

        await _db.NotifyAsync(Licenses, "payload", Ct);

        (await received.ReadAsync(Ct)).Should().Be("payload");
        left.TryRead(out _).Should().BeFalse();
    }

    [Fact]
    public async Task A_notification_goes_to_its_channel_only()
    {
        var other = Channel.CreateUnbounded<string?>();
        using var subscription = _hub.Subscribe("other", p => other.Writer.TryWrite(p));
        var received = Subscribe(out _);

        await _db.NotifyAsync(Licenses, "payload", Ct);

        (await received.ReadAsync(Ct)).Should().Be("payload");
        other.Reader.TryRead(out _).Should().BeFalse();
    }

    [Fact]
    public async Task After_a_lost_connection_everybody_is_told_to_read_again_and_notifications_arrive_again()
    {
        var received = Subscribe(out _);

        var ended = await fixture.Database.ScalarAsync<long>(EndListeners, Ct);
        var missed = await received.ReadAsync(Ct);
        await _db.NotifyAsync(Licenses, "again", Ct);

        ended.Should().Be(1);
        missed.Should().BeNull();
        (await received.ReadAsync(Ct)).Should().Be("again");
    }

    private ChannelReader<string?> Subscribe(out IDisposable subscription)
    {
        var channel = Channel.CreateUnbounded<string?>();
        subscription = _hub.Subscribe(Licenses, p => channel.Writer.TryWrite(p));
        return channel.Reader;
    }
}
