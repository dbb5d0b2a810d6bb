namespace Coder.Domain.ConnectionLogs;

/// <summary>Which time of an event counts (docs/spec/connection-logs.md, section 4.1).</summary>
internal static class ConnectionTime
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>The time as sent, in whole microseconds, unless it lies more than five minutes ahead of the server's, which then counts.</summary>
    public static DateTimeOffset Of(DateTimeOffset sent, DateTimeOffset now)
    {
        var time = sent - now > Tolerance ? now : sent;
        return new DateTimeOffset(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }
}
