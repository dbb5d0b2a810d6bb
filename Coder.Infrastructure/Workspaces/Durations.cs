namespace Coder.Infrastructure.Workspaces;

/// <summary>Durations as they are stored: nanoseconds, as clients send them.</summary>
internal static class Durations
{
    private const long NanosecondsPerTick = 100;

    public static long? ToNanoseconds(TimeSpan? duration) => duration?.Ticks * NanosecondsPerTick;

    public static TimeSpan? FromNanoseconds(long? nanoseconds) =>
        nanoseconds is { } stored ? TimeSpan.FromTicks(stored / NanosecondsPerTick) : null;
}
