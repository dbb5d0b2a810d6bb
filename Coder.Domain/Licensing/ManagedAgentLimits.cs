namespace Coder.Domain.Licensing;

/// <summary>The numbers of the managed agent limit (docs/spec/licensing.md, rule 4.5). Nothing here overflows; results saturate.</summary>
public static class ManagedAgentLimits
{
    internal const string SoftName = "managed_agent_limit_soft";
    internal const string HardName = "managed_agent_limit_hard";

    /// <summary>
    /// The time of issue that limits have which come with premium seats, instead of the license's own: any explicit pair
    /// that is issued later wins, even with smaller numbers.
    /// </summary>
    public static DateTimeOffset DefaultIssuedAt { get; } = new(2025, 7, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The pair that comes with premium seats: 800 and 1000 starts a seat.</summary>
    public static (long Soft, long Hard) DefaultFor(long seats) => (Saturate((Int128)seats * 800), Saturate((Int128)seats * 1000));

    /// <summary>What is wrong with a pair as one license states it, or <see langword="null"/>; both absent is right.</summary>
    public static string? Problem(long? soft, long? hard) => (soft, hard) switch
    {
        (null, null) => null,
        (null, _) or (_, null) => "has missing soft or hard limit values",
        _ when hard < soft => "has a hard limit less than the soft limit",
        _ when soft < 0 || hard < 0 => "has a soft or hard limit less than 0",
        _ => null,
    };

    /// <summary>The count from which on a warning says that the limit is near: three quarters of the way from soft to hard.</summary>
    public static long WarningThreshold(long? soft, long hard) => soft is { } start && hard > start && start > 0
        ? Saturate(start + ((Int128)hard - start) * 3 / 4)
        : Saturate((Int128)hard * 3 / 4);

    internal static long Saturate(Int128 value) => value > long.MaxValue ? long.MaxValue : value < long.MinValue ? long.MinValue : (long)value;
}
