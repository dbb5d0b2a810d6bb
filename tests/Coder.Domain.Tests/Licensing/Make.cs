using Coder.Domain.Licensing;
using CsCheck;

namespace Coder.Domain.Tests.Licensing;

/// <summary>Builds what the evaluation takes, around one fixed instant, so that a test names only what it is about.</summary>
internal static class Make
{
    public static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    public static readonly DeploymentUsage IdleUsage = new() { TelemetryEnabled = true };

    /// <summary>In force since a month, for a year and a week more.</summary>
    public static LicenseClaims Claims(FeatureSet set = FeatureSet.None, params (string Name, long Value)[] features) => new()
    {
        IssuedAt = Now.AddDays(-31),
        NotBefore = Now.AddDays(-30),
        LicenseExpires = Now.AddDays(365),
        Expires = Now.AddDays(372),
        FeatureSet = set,
        Features = features.ToDictionary(x => x.Name, x => x.Value, StringComparer.Ordinal),
    };

    public static LicenseClaims InGrace(this LicenseClaims claims) =>
        claims with { LicenseExpires = Now.AddDays(-1), Expires = Now.AddDays(20) };

    public static LicenseClaims InFuture(this LicenseClaims claims) =>
        claims with { NotBefore = Now.AddDays(10), LicenseExpires = Now.AddDays(400), Expires = Now.AddDays(410) };

    public static LicenseClaims Expired(this LicenseClaims claims) =>
        claims with { LicenseExpires = Now.AddDays(-9), Expires = Now.AddDays(-2) };

    public static Guid Uuid(int id) => new(id, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    public static StoredLicense Stored(this LicenseClaims claims, int id = 1) => new(id, Uuid(id), claims);

    public static StoredLicense[] All(params LicenseClaims[] claims) => [.. claims.Select((x, i) => x.Stored(i + 1))];

    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    public static Entitlements Evaluate(params LicenseClaims[] claims) => Evaluate(All(claims));

    public static Entitlements Evaluate(
        IReadOnlyCollection<StoredLicense> licenses,
        DeploymentUsage? usage = null,
        FeatureSwitches? switches = null,
        DateTimeOffset? now = null,
        long managedAgents = 0) =>
        LicenseEvaluator.Evaluate(licenses, usage ?? IdleUsage, switches ?? FeatureSwitches.None, now ?? Now, _ => managedAgents);
}
