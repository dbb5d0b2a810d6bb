using System.Globalization;
using Coder.Domain.Licensing;

// A host decides what time it is; this one takes an argument, so that you can walk through the life of the licenses.
var now = args.Length > 0
    ? DateTimeOffset.Parse(args[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
    : new DateTimeOffset(2026, 6, 20, 12, 0, 0, TimeSpan.Zero);

StoredLicense[] licenses =
[
    Read(1, new Guid("7b6c0f5e-2f43-4d0c-9d55-6f3c0a4f7a01"), """
        {"version":3,"iat":1767225600,"nbf":1767225600,"license_expires":1782777600,"exp":1783382400,
         "feature_set":"premium","features":{"user_limit":100}}
        """u8),
    Read(2, new Guid("7b6c0f5e-2f43-4d0c-9d55-6f3c0a4f7a02"), """{"version":2}"""u8),
];

var usage = new DeploymentUsage { ActiveUsers = 42, Replicas = 1, TelemetryEnabled = false };
var switches = FeatureSwitches.Default.With(FeatureName.BrowserOnly, true);

DateTimeOffset[] builds = [.. Enumerable.Range(1, 17).Select(day => new DateTimeOffset(2026, 5, day, 8, 0, 0, TimeSpan.Zero))];

var entitlements = LicenseEvaluator.Evaluate(
    licenses, usage, switches, now, period => builds.LongCount(at => period.Start <= at && at <= period.End));

Console.WriteLine($"at {entitlements.RefreshedAt:u}: licensed {entitlements.HasLicense}, trial {entitlements.Trial}");
foreach (var (name, feature) in entitlements.Features)
{
    var limit = feature.Limit is null ? string.Empty : $" ({feature.Actual} of {feature.Limit})";
    Console.WriteLine($"  {name.DisplayName(),-32} {feature.Entitlement.WireName(),-12} {(feature.Enabled ? "on" : "off")}{limit}");
}

entitlements.Errors.ToList().ForEach(error => Console.WriteLine($"error: {error}"));
entitlements.Warnings.ToList().ForEach(warning => Console.WriteLine($"warning: {warning}"));
Console.WriteLine($"evaluate again at {entitlements.NextChangeAt?.ToString("o") ?? "no time"}");

// Claims come from a token whose signature the host has checked; what cannot be read is kept as the reason why.
static StoredLicense Read(int id, Guid uuid, ReadOnlySpan<byte> claimsJson) =>
    LicenseClaimsParser.TryParse(claimsJson, out var claims, out var reason)
        ? new StoredLicense(id, uuid, claims)
        : new StoredLicense(id, uuid, reason);
