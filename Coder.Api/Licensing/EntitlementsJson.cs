using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Domain.Licensing;

namespace Coder.Api.Licensing;

/// <summary>What the licenses of this deployment give.</summary>
/// <param name="Features">All features by name.</param>
/// <param name="Warnings">What an administrator should do something about. Empty for anonymous callers.</param>
/// <param name="Errors">What does not work until an administrator does something. Empty for anonymous callers.</param>
/// <param name="HasLicense">Whether any license is in force.</param>
/// <param name="Trial">Whether every license in force is a trial.</param>
/// <param name="RequireTelemetry">Whether a license in force requires telemetry.</param>
/// <param name="RefreshedAt">When this was computed.</param>
public sealed record EntitlementsJson(
    IReadOnlyDictionary<string, FeatureJson> Features,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Errors,
    bool HasLicense,
    bool Trial,
    bool RequireTelemetry,
    DateTimeOffset RefreshedAt)
{
    internal static EntitlementsJson From(Entitlements entitlements, bool isAnonymous) => new(
        FeatureNames.All.ToDictionary(f => f.WireName(), f => FeatureJson.From(entitlements[f], isAnonymous), StringComparer.Ordinal),
        isAnonymous ? [] : entitlements.Warnings,
        isAnonymous ? [] : entitlements.Errors,
        entitlements.HasLicense,
        entitlements.Trial,
        entitlements.RequireTelemetry,
        entitlements.RefreshedAt);
}

/// <summary>One feature. Numbers that have no value are left out; zero is a value.</summary>
public sealed record FeatureJson
{
    /// <summary>Whether the licenses give the feature, or gave it until not long ago.</summary>
    [WireNames(typeof(Domain.Licensing.Entitlement))]
    public required string Entitlement { get; init; }

    /// <summary>Whether the feature works.</summary>
    public required bool Enabled { get; init; }

    /// <summary>How much of it may be used.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Limit { get; init; }

    /// <summary>How much of it is used. Left out for anonymous callers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Actual { get; init; }

    /// <summary>How much use is included; nothing stops at it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SoftLimit { get; init; }

    /// <summary>The time in which use is counted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UsagePeriodJson? UsagePeriod { get; init; }

    internal static FeatureJson From(Feature feature, bool isAnonymous) => new()
    {
        Entitlement = feature.Entitlement.WireName(),
        Enabled = feature.Enabled,
        Limit = feature.Limit,
        Actual = isAnonymous ? null : feature.Actual,
        SoftLimit = feature.SoftLimit,
        UsagePeriod = feature.UsagePeriod is { } period ? new UsagePeriodJson(period.IssuedAt, period.Start, period.End) : null,
    };
}

/// <summary>The time in which use is counted.</summary>
/// <param name="IssuedAt">When the license that gives the limit was issued; of several the newest wins.</param>
/// <param name="Start">Use before does not count.</param>
/// <param name="End">Use after does not count.</param>
public sealed record UsagePeriodJson(DateTimeOffset IssuedAt, DateTimeOffset Start, DateTimeOffset End);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AddLicenseRequestJson))]
[JsonSerializable(typeof(LicenseJson))]
[JsonSerializable(typeof(LicenseJson[]))]
[JsonSerializable(typeof(EntitlementsJson))]
internal sealed partial class LicensingJsonContext : JsonSerializerContext;
