using System.Globalization;

namespace Coder.Application.Common;

/// <summary>Times as they are stored.</summary>
public static class Timestamps
{
    /// <summary>Cuts to whole microseconds, which is what PostgreSQL keeps, so that what was written equals what is read.</summary>
    public static DateTimeOffset ToMicroseconds(this DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    /// <summary>RFC 3339 in UTC with as many fraction digits as are needed, like times in JSON.</summary>
    public static string ToRfc3339(this DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>A moment so long ago, or the first one where the calendar does not reach back as far.</summary>
    public static DateTimeOffset Before(this DateTimeOffset now, TimeSpan age) =>
        now - DateTimeOffset.MinValue > age ? now - age : DateTimeOffset.MinValue;
}
