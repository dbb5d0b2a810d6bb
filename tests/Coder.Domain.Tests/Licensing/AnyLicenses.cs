using Coder.Domain.Licensing;
using CsCheck;

namespace Coder.Domain.Tests.Licensing;

/// <summary>Licenses whose numbers and times come from few values, so that they meet, touch and tie often.</summary>
internal static class AnyLicenses
{
    private static readonly Gen<DateTimeOffset> IssuedAt = Make.OneOf(
        Make.Now.AddDays(-40),
        Make.Now.AddDays(-41),
        ManagedAgentLimits.DefaultIssuedAt,
        ManagedAgentLimits.DefaultIssuedAt.AddDays(-3));

    private static readonly Gen<DateTimeOffset> NotBefore = Make.OneOf(-30.0, -1, 0, 1, 3, 3.5, 29, 33, 40).Select(Make.Now.AddDays);

    private static readonly Gen<DateTimeOffset> LicenseExpires =
        Gen.Select(Make.OneOf(-1.0, 0, 1, 3, 3.4, 7, 29, 30, 33, 64), Make.OneOf(0, 0, 0, 1, -1))
            .Select((days, ticks) => Make.Now.AddDays(days).AddTicks(ticks));

    private static readonly Gen<TimeSpan> Grace = Make.OneOf(TimeSpan.Zero, TimeSpan.FromTicks(1), TimeSpan.FromDays(5), TimeSpan.FromDays(-1));

    private static readonly Gen<Dictionary<string, long>> Features =
        Gen.Select(
            Make.OneOf<string?>(null, "audit_log", "scim", "managed_agent_limit", "external_token_encryption", "nonsense"),
            Make.OneOf(0L, 0, 1, -1),
            Make.OneOf(0L, 0, 50, 100, 200, long.MaxValue),
            Make.OneOf<long?>(null, null, 0, 1, 100, -1),
            Make.OneOf<long?>(null, null, 0, 1, 100, 200))
        .Select((name, value, seats, soft, hard) =>
        {
            var features = new Dictionary<string, long>(StringComparer.Ordinal);
            if (name is not null)
            {
                features[name] = value;
            }

            if (seats > 0)
            {
                features["user_limit"] = seats;
            }

            if (soft is { } s)
            {
                features["managed_agent_limit_soft"] = s;
            }

            if (hard is { } h)
            {
                features["managed_agent_limit_hard"] = h;
            }

            return features;
        });

    private static readonly Gen<LicenseClaims> Claims =
        Gen.Select(
            Gen.Select(IssuedAt, NotBefore, LicenseExpires, Grace),
            Make.OneOf(FeatureSet.None, FeatureSet.None, FeatureSet.Enterprise, FeatureSet.Premium, FeatureSet.Unknown),
            Features,
            Gen.Select(Gen.Bool, Make.OneOf(false, false, false, true), Make.OneOf(false, false, true)))
        .Select((times, set, features, flags) => new LicenseClaims
        {
            IssuedAt = times.Item1,
            NotBefore = times.Item2,
            LicenseExpires = times.Item3,
            Expires = times.Item3 + times.Item4,
            FeatureSet = set,
            AllFeatures = flags.Item1,
            Features = features,
            Trial = flags.Item3,
            RequireTelemetry = flags.Item2,
        });

    private static readonly Gen<Func<int, StoredLicense>> License =
        Gen.Select(Claims, Gen.Int[1, 3], Gen.Int[0, 9]).Select((claims, uuid, kind) => new Func<int, StoredLicense>(id =>
            kind == 0
                ? new StoredLicense(id, Make.Uuid(uuid), RejectionReason.BadSignature)
                : new StoredLicense(id, Make.Uuid(uuid), claims)));

    /// <summary>Up to four licenses, each to be given the id of its place in the order of upload.</summary>
    public static readonly Gen<Func<int, StoredLicense>[]> Uploads = License.Array[0, 4];

    public static readonly Gen<DeploymentUsage> Usage = Gen.Select(Make.OneOf(10L, 75, 150, 500), Gen.Int[1, 2], Gen.Int[0, 2], Gen.Bool)
        .Select((users, replicas, others, telemetry) => new DeploymentUsage
        {
            ActiveUsers = users,
            Replicas = replicas,
            ExternalAuthProviders = others,
            ExternalAgentWorkspaces = others,
            ExternalAgentTemplates = others / 2,
            TelemetryEnabled = telemetry,
        });

    public static readonly Gen<FeatureSwitches> Switches = Make.OneOf(
        FeatureSwitches.None,
        FeatureSwitches.Default,
        FeatureSwitches.Default.With(FeatureName.ExternalTokenEncryption, true).With(FeatureName.Scim, true));

    /// <summary>Everything that is told, as text.</summary>
    public static string Answer(Entitlements entitlements) => string.Join('\n',
        entitlements.Features.Select(x => $"{x.Key}: {x.Value}")
            .Concat(entitlements.Warnings)
            .Concat(entitlements.Errors)
            .Append($"{entitlements.HasLicense} {entitlements.Trial} {entitlements.RequireTelemetry} {entitlements.TermEnd:O}"));
}
