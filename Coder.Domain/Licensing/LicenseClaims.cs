using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Coder.Domain.Licensing;

/// <summary>
/// What one license says, typed (docs/spec/licensing.md, 2.2). All required claims are there; whether the times are in order and
/// have come is judged by <see cref="LicenseTimes"/> and by the evaluation. Equality is by reference for the collections.
/// </summary>
public sealed record LicenseClaims
{
    /// <summary>The only version there is.</summary>
    public const long SupportedVersion = 3;

    /// <summary>Claim <c>version</c>.</summary>
    public long Version { get; init; } = SupportedVersion;

    /// <summary>Claim <c>iat</c>: when the license was made. Between two usage periods the later one wins.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Claim <c>nbf</c>: the first instant at which the license is in force.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>Claim <c>license_expires</c>: the last instant of the term; grace starts strictly after it.</summary>
    public required DateTimeOffset LicenseExpires { get; init; }

    /// <summary>Claim <c>exp</c>: the first instant at which the license is worth nothing.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Claim <c>jti</c>; <see langword="null"/> when absent or not a UUID, and then the store chooses one.</summary>
    public Guid? Id { get; init; }

    /// <summary>Claim <c>feature_set</c> as written; see <see cref="EffectiveFeatureSet"/>.</summary>
    public FeatureSet FeatureSet { get; init; }

    /// <summary>Claim <c>all_features</c> of older licenses.</summary>
    public bool AllFeatures { get; init; }

    /// <summary>Claim <c>features</c>: value by wire name, unknown and negative ones included.</summary>
    public IReadOnlyDictionary<string, long> Features
    {
        get;
        init => field = value.ToFrozenDictionary(StringComparer.Ordinal);
    } = FrozenDictionary<string, long>.Empty;

    /// <summary>Claim <c>trial</c>.</summary>
    public bool Trial { get; init; }

    /// <summary>Claim <c>require_telemetry</c>: the license counts only while telemetry is on.</summary>
    public bool RequireTelemetry { get; init; }

    /// <summary>Claim <c>publish_usage_data</c>: shown, without effect.</summary>
    public bool PublishUsageData { get; init; }

    /// <summary>Claim <c>deployment_ids</c>; empty means any deployment.</summary>
    public IReadOnlyList<string> DeploymentIds
    {
        get;
        init => field = [.. value];
    } = ImmutableArray<string>.Empty;

    /// <summary>The set that counts: <see cref="AllFeatures"/> stands for enterprise when no set is named.</summary>
    public FeatureSet EffectiveFeatureSet => FeatureSet is FeatureSet.None && AllFeatures ? FeatureSet.Enterprise : FeatureSet;

    /// <summary>Whether the license may be used on a deployment (checked on upload).</summary>
    public bool IsFor(string deploymentId) =>
        DeploymentIds.Count == 0 || DeploymentIds.Contains(deploymentId, StringComparer.OrdinalIgnoreCase);
}

/// <summary>
/// The claims of a token whose types are right and whose required claims may still be missing. Verification looks at it between
/// the two steps, because the signature and the times are judged before the required claims (docs/spec/licensing.md, 4.1).
/// </summary>
public sealed record UncheckedClaims
{
    internal UncheckedClaims(LicenseClaims rest) => Rest = rest;

    /// <summary>Claim <c>version</c>; 0 when absent.</summary>
    public long Version { get; internal init; }

    /// <summary>Claim <c>iat</c>.</summary>
    public DateTimeOffset? IssuedAt { get; internal init; }

    /// <summary>Claim <c>nbf</c>.</summary>
    public DateTimeOffset? NotBefore { get; internal init; }

    /// <summary>Claim <c>license_expires</c>.</summary>
    public DateTimeOffset? LicenseExpires { get; internal init; }

    /// <summary>Claim <c>exp</c>.</summary>
    public DateTimeOffset? Expires { get; internal init; }

    /// <summary>Everything else, on a record whose four times mean nothing yet.</summary>
    internal LicenseClaims Rest { get; }
}
