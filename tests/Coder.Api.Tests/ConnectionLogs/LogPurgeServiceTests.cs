using System.Collections.Concurrent;
using System.Threading.Channels;
using Coder.Api.ConnectionLogs;
using Coder.Api.Tests.Licensing;
using Coder.Application.AuditLogs;
using Coder.Application.ConnectionLogs;
using Coder.Testing;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Coder.Api.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, section 9 rule 1 and section 12.3 b: when the work of upkeep is done.</summary>
public sealed class LogPurgeServiceTests : IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly WatchedClock _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Sender _sender = new();
    private readonly TestLogs _logs = new();
    private ServiceProvider? _services;
    private LogPurgeService? _service;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_logs_are_looked_after_at_the_start_and_ten_minutes_after_each_tick()
    {
        await StartAsync();

        (await _clock.NextWaitAsync(Ct)).Should().Be(Interval);
        _sender.Taken().Should().Equal(
            new PurgeConnectionLogs(_clock.GetUtcNow().AddSeconds(10)), new PurgeAuditLogs(_clock.GetUtcNow().AddSeconds(10)));

        _clock.Advance(Interval - TimeSpan.FromMilliseconds(1));
        _sender.Taken().Should().BeEmpty();

        // A tick that takes three minutes does not bring the next one nearer.
        _sender.OnSend = request => _clock.Advance(request is PurgeAuditLogs ? TimeSpan.FromMinutes(3) : TimeSpan.Zero);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        (await _clock.NextWaitAsync(Ct)).Should().Be(Interval);
        _sender.Taken().Select(r => r.GetType()).Should().Equal(typeof(PurgeConnectionLogs), typeof(PurgeAuditLogs));
    }

    [Fact]
    public async Task A_tick_that_fails_is_logged_and_the_next_one_runs()
    {
        _sender.OnSend = request => throw new InvalidOperationException($"{request.GetType().Name} is broken");
        await StartAsync();

        await _clock.NextWaitAsync(Ct);
        _sender.Taken().Select(r => r.GetType()).Should().Equal(typeof(PurgeConnectionLogs), typeof(PurgeAuditLogs));
        _logs.Lines.Where(l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains("is broken", StringComparison.Ordinal))
            .Should().HaveCount(2);

        _sender.OnSend = null;
        _clock.Advance(Interval);
        await _clock.NextWaitAsync(Ct);
        _sender.Taken().Should().HaveCount(2);
    }

    [Fact]
    public async Task From_an_hour_after_the_start_on_each_tick_asks_for_the_daily_check()
    {
        await StartAsync();
        for (var tick = 0; tick < 6; tick++)
        {
            await _clock.NextWaitAsync(Ct);
            _sender.Taken().Select(r => r.GetType()).Should().Equal(typeof(PurgeConnectionLogs), typeof(PurgeAuditLogs));
            _clock.Advance(Interval);
        }

        for (var tick = 0; tick < 2; tick++)
        {
            await _clock.NextWaitAsync(Ct);
            _sender.Taken().Select(r => r.GetType()).Should().Equal(
                typeof(PurgeConnectionLogs), typeof(PurgeAuditLogs), typeof(CheckConnectionLog));
            _clock.Advance(Interval);
        }
    }

    [Fact]
    public async Task A_server_mends_what_differs_from_the_log_and_says_so_once_a_day()
    {
        using var logs = new TestLogs();
        await using var server = await TestServer.StartAsync(null, Ct, logs.Listen);
        var checkedAt = await MendedAsync(server, logs, 1);

        var again = await MendedAsync(server, logs, 2);

        (again - checkedAt).Should().BeGreaterThanOrEqualTo(TimeSpan.FromDays(1));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.StopAsync(CancellationToken.None);
            _service.Dispose();
        }

        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        _logs.Dispose();
    }

    // The server's other work goes on meanwhile, so that only the day of the check is sure and not its minute.
    private static async Task<DateTimeOffset> MendedAsync(TestServer server, TestLogs logs, int times)
    {
        await server.Database.ExecuteAsync(
            """
            insert into connection_log_counts as c (day, organization_id, type, slot, rows)
            values ('2026-03-01', '00000000-0000-0000-0000-000000000001', 'ssh', 0, 7)
            on conflict (organization_id, type, day, slot) do update set rows = c.rows + excluded.rows
            """,
            Ct);
        var mended = await Eventually.ReadAsync(
            () =>
            {
                server.Clock.Advance(Interval);
                return Task.FromResult(logs.Lines.Count(l =>
                    l.StartsWith("Warning", StringComparison.Ordinal) && l.Contains("were wrong by 7 rows", StringComparison.Ordinal)));
            },
            count => count >= times,
            Ct);
        mended.Should().Be(times);
        (await server.Database.ScalarAsync<long>("select coalesce(sum(rows), 0)::bigint from connection_log_counts", Ct)).Should().Be(0);
        return DateTimeOffset.Parse(
            (await server.Database.ScalarAsync<string>("select value from site_configs where key = 'connection_log_checked_at'", Ct))!,
            System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task StartAsync()
    {
        _services = new ServiceCollection().AddLogging(logging => logging.AddProvider(_logs)).AddScoped<ISender>(_ => _sender).BuildServiceProvider();
        _service = new LogPurgeService(
            _services.GetRequiredService<IServiceScopeFactory>(), _clock, _services.GetRequiredService<ILogger<LogPurgeService>>());
        await _service.StartAsync(Ct);
    }

    /// <summary>Says when somebody begins to wait, so that a test moves the clock neither too early nor too late.</summary>
    private sealed class WatchedClock(DateTimeOffset start) : FakeTimeProvider(start)
    {
        private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

        public ValueTask<TimeSpan> NextWaitAsync(CancellationToken ct) => _waits.Reader.ReadAsync(ct);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _waits.Writer.TryWrite(dueTime);
            return timer;
        }
    }

    private sealed class Sender : ISender
    {
        private readonly ConcurrentQueue<object> _sent = new();

        public Action<object>? OnSend { get; set; }

        /// <summary>What was sent since the last time.</summary>
        public IReadOnlyList<object> Taken()
        {
            var taken = new List<object>();
            while (_sent.TryDequeue(out var next))
            {
                taken.Add(next);
            }

            return taken;
        }

        public Task<TResponse> Send<TResponse>(IRequest<TResponse> request, CancellationToken cancellationToken = default)
        {
            _sent.Enqueue(request);
            OnSend?.Invoke(request);
            return Task.FromResult(default(TResponse)!);
        }

        public Task Send<TRequest>(TRequest request, CancellationToken cancellationToken = default)
            where TRequest : IRequest => throw new NotSupportedException();

        public Task<object?> Send(object request, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<TResponse> CreateStream<TResponse>(
            IStreamRequest<TResponse> request, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<object?> CreateStream(object request, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
