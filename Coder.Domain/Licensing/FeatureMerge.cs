namespace Coder.Domain.Licensing;

/// <summary>A feature as one license offers it, with what ranks offers that are equal otherwise.</summary>
/// <param name="Feature">What is offered; it is taken or left as a whole.</param>
/// <param name="IssuedAt">When the license was made.</param>
/// <param name="Uuid">The license's id.</param>
public readonly record struct FeatureCandidate(Feature Feature, DateTimeOffset IssuedAt, Guid Uuid);

/// <summary>Which of two offers of one feature stays (docs/spec/licensing.md, rule 4.4).</summary>
public static class FeatureMerge
{
    /// <summary>Compares two offers; the first difference decides, in the order of the rule.</summary>
    /// <returns>
    /// Positive when <paramref name="x"/> stays, negative when <paramref name="y"/> does, and 0 only when nothing tells them apart.
    /// </returns>
    public static int Compare(in FeatureCandidate x, in FeatureCandidate y)
    {
        var result = Compare(x.Feature, y.Feature);
        if (result != 0)
        {
            return result;
        }

        result = x.IssuedAt.CompareTo(y.IssuedAt);
        if (result != 0)
        {
            return result;
        }

        result = x.Uuid.CompareTo(y.Uuid);
        return result != 0 ? result : CompareRest(x.Feature, y.Feature);
    }

    /// <summary>Compares by what is offered alone, without the license it comes from (differences 1 to 6 of the rule).</summary>
    /// <inheritdoc cref="Compare(in FeatureCandidate, in FeatureCandidate)" path="/returns"/>
    public static int Compare(in Feature x, in Feature y)
    {
        var result = ComparePeriods(x.UsagePeriod, y.UsagePeriod);
        if (result != 0)
        {
            return result;
        }

        result = CompareCapability(x, y);
        if (result != 0)
        {
            return result;
        }

        result = x.Entitlement.Weight().CompareTo(y.Entitlement.Weight());
        if (result != 0)
        {
            return result;
        }

        result = Nullable.Compare(x.Limit, y.Limit);
        if (result != 0)
        {
            return result;
        }

        result = x.Enabled.CompareTo(y.Enabled);
        return result != 0 ? result : Nullable.Compare(x.Actual, y.Actual);
    }

    private static int ComparePeriods(UsagePeriod? x, UsagePeriod? y)
    {
        if (x is not { } left || y is not { } right)
        {
            return 0;
        }

        var result = left.IssuedAt.CompareTo(right.IssuedAt);
        return result != 0 ? result : left.End.CompareTo(right.End);
    }

    // Enough seats in grace beat too few seats in force.
    private static int CompareCapability(in Feature x, in Feature y) =>
        x.Actual is not null && y.Actual is not null && x.Entitlement.IsCovered() && y.Entitlement.IsCovered()
            ? x.IsCapable.CompareTo(y.IsCapable)
            : 0;

    // Licenses may share id and time of issue (a corrected copy); what is left must still not depend on the order of upload.
    private static int CompareRest(in Feature x, in Feature y)
    {
        var result = Nullable.Compare(x.SoftLimit, y.SoftLimit);
        return result != 0 ? result : Nullable.Compare(x.UsagePeriod?.Start, y.UsagePeriod?.Start);
    }
}
