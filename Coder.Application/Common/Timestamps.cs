namespace Coder.Application.Common;

/// <summary>Times as they are stored.</summary>
public static class Timestamps
{
    /// <summary>Cuts to whole microseconds, which is what PostgreSQL keeps, so that what was written equals what is read.</summary>
    public static DateTimeOffset ToMicroseconds(this DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
