namespace Coder.Domain.Licensing;

/// <summary>What a deployment may do with one feature, and what it does. Absent numbers differ from zero.</summary>
public readonly record struct Feature
{
    /// <summary>How far the licenses cover it.</summary>
    public Entitlement Entitlement { get; init; }

    /// <summary>Whether it works: covered and switched on, or soft-enforced (docs/spec/licensing.md, rule 4.8, 8).</summary>
    public bool Enabled { get; init; }

    /// <summary>Seats, or managed agent starts within <see cref="UsagePeriod"/>.</summary>
    public long? Limit { get; init; }

    /// <summary>How much of <see cref="Limit"/> is used.</summary>
    public long? Actual { get; init; }

    /// <summary>The usage that is included; only shown, and where warnings begin to be counted from.</summary>
    public long? SoftLimit { get; init; }

    /// <summary>The time in which <see cref="Actual"/> is counted.</summary>
    public UsagePeriod? UsagePeriod { get; init; }

    /// <summary>Whether the use fits into the limit; a missing number fits.</summary>
    public bool IsCapable => Limit is not { } limit || Actual is not { } actual || limit >= actual;
}
