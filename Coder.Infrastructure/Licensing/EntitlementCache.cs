using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Coder.Infrastructure.Licensing;

/// <summary>
/// Holds the entitlements of this node. One computation runs at a time; a change that arrives meanwhile causes one more, however many
/// callers wait for it (docs/spec/licensing.md, rule 4.9).
/// </summary>
internal sealed class EntitlementCache(
    IServiceScopeFactory scopes,
    ILicenseVerifier verifier,
    IFailureClassifier classifier,
    LicensingOptions options,
    TimeProvider time,
    ILogger<EntitlementCache> logger)
    : IEntitlementSource, IEntitlementRefresher
{
    private readonly Lock _gate = new();
    private Entitlements? _current;
    private Task<Result<Done>> _running = Task.FromResult<Result<Done>>(Done.Value);
    private Task<Result<Done>>? _next;

    public Entitlements Current =>
        Volatile.Read(ref _current) ?? throw new InvalidOperationException("Entitlements are read before they were computed for the first time.");

    public Task<Result<Done>> RefreshAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            // Many callers share it, so none of them cancels it.
            return (_next ??= RunAfterAsync(_running, CancellationToken.None)).WaitAsync(ct);
        }
    }

    private async Task<Result<Done>> RunAfterAsync(Task<Result<Done>> before, CancellationToken ct)
    {
        // Leaves the lock of the caller before anything else happens.
        await Task.Yield();
        await before;
        lock (_gate)
        {
            _running = _next!;
            _next = null;
        }

        try
        {
            Volatile.Write(ref _current, await ComputeAsync(ct));
            return Done.Value;
        }
        catch (Exception e)
        {
            LicensingLog.RefreshFailed(logger, e);
            return new Error(ErrorKind.Unavailable, "Failed to compute entitlements", classifier.Classify(e)?.Message ?? "internal error");
        }
    }

    private async Task<Entitlements> ComputeAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var usage = scope.ServiceProvider.GetRequiredService<IUsageCounts>();
        var stored = await scope.ServiceProvider.GetRequiredService<ILicenseStore>().ListAsync(ct);
        var now = time.GetUtcNow();
        var used = new DeploymentUsage
        {
            ActiveUsers = await usage.ActiveUsersAsync(ct),
            Replicas = await usage.ReplicasAsync(now, ct),
            TelemetryEnabled = options.TelemetryEnabled,
        };
        var merged = LicenseEvaluator.Merge(
            [.. stored.Select(l => verifier.Read(l.Id, l.Uuid, l.Token))], used, options.Switches, now);
        var count = merged.PeriodToCount is { } period ? await CountAsync(usage, period, ct) : default(Result<long>?);
        return LicenseEvaluator.Complete(merged, count);
    }

    // Without the count everything else still holds, so this failure becomes an error of the document.
    private async Task<Result<long>> CountAsync(IUsageCounts usage, UsagePeriod period, CancellationToken ct)
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
