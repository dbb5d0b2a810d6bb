namespace Coder.Domain.Licensing;

/// <summary>How far a license covers a feature.</summary>
public enum Entitlement
{
    /// <summary>Not covered.</summary>
    NotEntitled,

    /// <summary>Covered by a license past its term and before its expiry: works, with warnings.</summary>
    GracePeriod,

    /// <summary>Covered.</summary>
    Entitled,
}

/// <summary>The name and the rank of an entitlement.</summary>
public static class EntitlementExtensions
{
    /// <summary>The name in the API: <c>entitled</c>, <c>grace_period</c> or <c>not_entitled</c>.</summary>
    public static string WireName(this Entitlement entitlement) => entitlement switch
    {
        Entitlement.Entitled => "entitled",
        Entitlement.GracePeriod => "grace_period",
        Entitlement.NotEntitled => "not_entitled",
        _ => throw new ArgumentOutOfRangeException(nameof(entitlement), entitlement, "is no entitlement"),
    };

    /// <summary>Whether the feature may be used: entitled, or in grace.</summary>
    public static bool IsCovered(this Entitlement entitlement) => entitlement is Entitlement.Entitled or Entitlement.GracePeriod;

    /// <summary>What decides between two offers (docs/spec/licensing.md, 2): 2, 1, −1, and −2 for a value that is none of the three.</summary>
    public static int Weight(this Entitlement entitlement) => entitlement switch
    {
        Entitlement.Entitled => 2,
        Entitlement.GracePeriod => 1,
        Entitlement.NotEntitled => -1,
        _ => -2,
    };
}
