namespace Coder.Domain.Licensing;

/// <summary>
/// A usage period cut into whole UTC days, which are kept as sums, and its two edges, which are counted one by one; together they are exact
/// (docs/spec/licensing.md, rule 4.6).
/// </summary>
/// <param name="Start">First instant, included.</param>
/// <param name="End">Last instant, included.</param>
/// <param name="FirstWholeDay">The first UTC day that lies in the period as a whole.</param>
/// <param name="EndDay">The first UTC day after that which does not; not later than <paramref name="FirstWholeDay"/> when there is no whole day.</param>
public readonly record struct UsageWindow(DateTimeOffset Start, DateTimeOffset End, DateOnly FirstWholeDay, DateOnly EndDay)
{
    /// <summary>Events before this instant belong to the first edge.</summary>
    public DateTimeOffset FirstEdgeEnd => Midnight(FirstWholeDay);

    /// <summary>Events from this instant on belong to the last edge.</summary>
    public DateTimeOffset LastEdgeStart => Midnight(EndDay > FirstWholeDay ? EndDay : FirstWholeDay);

    /// <summary>Cuts a period.</summary>
    public static UsageWindow Of(UsagePeriod period)
    {
        var startDay = DateOnly.FromDateTime(period.Start.UtcDateTime);
        var startsAtMidnight = period.Start.UtcDateTime.TimeOfDay == TimeSpan.Zero;
        var firstWholeDay = startsAtMidnight || startDay == DateOnly.MaxValue ? startDay : startDay.AddDays(1);
        return new UsageWindow(period.Start, period.End, firstWholeDay, DateOnly.FromDateTime(period.End.UtcDateTime));
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
