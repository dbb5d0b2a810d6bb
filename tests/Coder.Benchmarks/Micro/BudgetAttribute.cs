namespace Coder.Benchmarks.Micro;

/// <summary>What one call of a benchmark may cost.</summary>
/// <param name="nanoseconds">The most time that it may take.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BudgetAttribute(double nanoseconds) : Attribute
{
    /// <summary>The most time that one call may take.</summary>
    public double Nanoseconds { get; } = nanoseconds;

    /// <summary>Whether it must not allocate either.</summary>
    public bool AllocatesNothing { get; init; }
}
