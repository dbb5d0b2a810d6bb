using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Microsoft.Extensions.Logging;

namespace Coder.Infrastructure.Licensing;

/// <summary>Reads licenses and usage and lets the rules of the domain judge them.</summary>
internal sealed class EntitlementComputer(
    ILicenseStore licenses,
    IUsageCounts usage,
    ILicenseVerifier verifier,
    IFailureClassifier classifier,
    LicensingOptions options,
    TimeProvider time,
    ILogger<EntitlementComputer> logger)
    : IEntitlementComputer
{
    public async Task<Entitlements> ComputeAsync(CancellationToken ct)
    {
        var stored = await licenses.ListAsync(ct);
        var now = time.GetUtcNow();
        var used = new DeploymentUsage
        {
            ActiveUsers = await usage.ActiveUsersAsync(ct),
            Replicas = await usage.ReplicasAsync(now, ct),
            TelemetryEnabled = options.TelemetryEnabled,
        };
        var merged = LicenseEvaluator.Merge(
            [.. stored.Select(l => verifier.Read(l.Id, l.Uuid, l.Token))], used, options.Switches, now);
        var count = merged.PeriodToCount is { } period ? await CountAsync(period, ct) : default(Result<long>?);
        return LicenseEvaluator.Complete(merged, count);
    }

    public async Task<bool> IsLicensedAsync(FeatureName feature, CancellationToken ct)
    {
        var stored = await licenses.ListAsync(ct);
        var unused = new DeploymentUsage { TelemetryEnabled = options.TelemetryEnabled };
        var merged = LicenseEvaluator.Merge(
            [.. stored.Select(l => verifier.Read(l.Id, l.Uuid, l.Token))], unused, options.Switches, time.GetUtcNow());
        return LicenseEvaluator.Complete(merged, null).IsEnabled(feature);
    }

    // Without the count everything else still holds, so this failure becomes an error of the document.
    private async Task<Result<long>> CountAsync(UsagePeriod period, CancellationToken ct)
    {
        try
        {
            return await usage.ManagedAgentsAsync(UsageWindow.Of(period), ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LicensingLog.CountFailed(logger, e);
            return new Error(ErrorKind.Unavailable, classifier.Classify(e)?.Message ?? "internal error");
        }
    }
}
