namespace Coder.Domain.Licensing;

/// <summary>A named group of features in a license. <see cref="Premium"/> contains all of <see cref="Enterprise"/> and more.</summary>
public enum FeatureSet
{
    /// <summary>The license names no set; the older <c>all_features</c> claim may still stand for <see cref="Enterprise"/>.</summary>
    None,

    /// <summary>Everything except the limits, custom roles and multiple organizations.</summary>
    Enterprise,

    /// <summary>Everything except the limits; brings a managed agent limit of its own when seats are licensed (rule 4.5).</summary>
    Premium,

    /// <summary>The license names a set that this version does not know; it contains nothing and <c>all_features</c> does not apply.</summary>
    Unknown,
}

/// <summary>What is in a feature set.</summary>
public static class FeatureSets
{
    /// <summary>Whether the set contains the feature. Limits are in no set.</summary>
    public static bool Includes(this FeatureSet set, FeatureName feature) => set switch
    {
        FeatureSet.Premium => !feature.IsLimit(),
        FeatureSet.Enterprise => !feature.IsLimit() && feature is not (FeatureName.CustomRoles or FeatureName.MultipleOrganizations),
        _ => false,
    };

    /// <summary>Reads the claim <c>feature_set</c> without regard to case; absent and empty are <see cref="FeatureSet.None"/>.</summary>
    public static FeatureSet FromClaim(string? claim) => claim switch
    {
        null or "" => FeatureSet.None,
        _ when claim.Equals("premium", StringComparison.OrdinalIgnoreCase) => FeatureSet.Premium,
        _ when claim.Equals("enterprise", StringComparison.OrdinalIgnoreCase) => FeatureSet.Enterprise,
        _ => FeatureSet.Unknown,
    };
}
