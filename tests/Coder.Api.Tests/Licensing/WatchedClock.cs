using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Licensing;

/// <summary>
/// The clock of a server, which remembers for when somebody set a timer. A test moves the clock only after the timer was set: a timer
/// that is set afterwards counts from a later instant.
/// </summary>
internal sealed class WatchedClock(TimeProvider clock) : TimeProvider
{
    private readonly ConcurrentDictionary<DateTimeOffset, bool> _alarms = new();

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override long TimestampFrequency => clock.TimestampFrequency;

    /// <summary>Puts it between a server and its clock.</summary>
    public static WatchedClock Install(IServiceCollection services)
    {
        var watched = new WatchedClock((TimeProvider)services.Last(s => s.ServiceType == typeof(TimeProvider)).ImplementationInstance!);
        services.AddSingleton<TimeProvider>(watched);
        return watched;
    }

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = clock.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero)
        {
            _alarms[clock.GetUtcNow() + dueTime] = true;
        }

        return timer;
    }

    /// <summary>Returns once a timer is set that rings at the instant.</summary>
    public async Task AlarmIsSetAsync(DateTimeOffset instant, CancellationToken ct) =>
        (await Eventually.ReadAsync(() => Task.FromResult(_alarms.ContainsKey(instant)), isSet => isSet, ct))
            .Should().BeTrue("something has to happen at {0:O}", instant);
}
